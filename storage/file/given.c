/* SPDX-License-Identifier: MIT */
#include "given.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crc.h"
#include "directory.h"

#define LINE_SIZE 80 /* always so long, so that it never needs another block */
#define NUMBER_MAX (INT64_C(1) << 53)

static int open_beside(const char *path, int flags)
{
	char beside[PATH_MAX + sizeof(GIVEN_SUFFIX)];
	snprintf(beside, sizeof(beside), "%s" GIVEN_SUFFIX, path);
	return open(beside, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, DATABASE_MODE);
}

static uint32_t sum_given(const struct given *given)
{
	char text[48];
	snprintf(text, sizeof(text), "%lld|%lld", (long long)given->seq, (long long)given->event);
	return crc32_of_text(text);
}

/* A number behind its word; a space ends it. */
static bool read_number(const char **at, const char *word, int64_t *ret)
{
	size_t n = strlen(word);
	char *end;
	if (strncmp(*at, word, n) != 0)
		return false;
	*ret = strtoll(*at + n, &end, 10);
	if (end == *at + n || *end != ' ' || *ret < 0 || *ret > NUMBER_MAX)
		return false;
	*at = end + 1;
	return true;
}

struct given given_read(const char *path)
{
	static const struct given nothing = {-1, -1};
	char line[LINE_SIZE + 1] = "";
	int64_t seq, event, crc;
	int fd = open_beside(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, line, LINE_SIZE);
	if (fd >= 0)
		close(fd);
	const char *at = line;
	if (n != LINE_SIZE || !read_number(&at, "seq ", &seq) ||
	    !read_number(&at, "event ", &event) || !read_number(&at, "crc ", &crc))
		return nothing;
	struct given given = {seq, event};
	return crc == sum_given(&given) ? given : nothing;
}

bool given_write(const char *path, const struct given *given)
{
	char line[LINE_SIZE + 1], text[LINE_SIZE];
	snprintf(text, sizeof(text), "seq %lld event %lld crc %u", (long long)given->seq,
		 (long long)given->event, sum_given(given));
	snprintf(line, sizeof(line), "%-*s\n", LINE_SIZE - 1, text);
	int fd = open_beside(path, O_WRONLY | O_CREAT);
	if (fd < 0)
		return false;
	fchmod(fd, DATABASE_MODE); /* whatever the umask */
	bool written = pwrite(fd, line, LINE_SIZE, 0) == LINE_SIZE && fdatasync(fd) == 0;
	return close(fd) == 0 && written;
}

int given_make_uuid(char ret[GIVEN_UUID_SIZE])
{
	uint8_t b[16];
	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return -EIO;
	b[6] = (uint8_t)(0x40 | (b[6] & 0x0f));
	b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
	char *to = ret;
	for (int i = 0; i < 16; i++)
		to += sprintf(to, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
	return 0;
}
