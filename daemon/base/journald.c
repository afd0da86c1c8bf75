/* SPDX-License-Identifier: MIT */
#include "journald.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <threads.h>
#include <unistd.h>

#define JOURNAL "/run/systemd/journal/socket"

static const char *journal = JOURNAL;
static once_flag begun = ONCE_FLAG_INIT;
static int journal_fd = -1;

void journald_divert(const char *path)
{
	journal = path ? path : JOURNAL;
}

bool journald_reads(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char ours[48];
	struct stat stat;
	if (!stream || fstat(fd, &stat) != 0)
		return false;
	snprintf(ours, sizeof(ours), "%llu:%llu", (unsigned long long)stat.st_dev,
		 (unsigned long long)stat.st_ino);
	return strcmp(stream, ours) == 0;
}

static void open_socket(void)
{
	journal_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* By address each time: a journal that was started anew has another socket under the name. */
bool journald_send(const char *entry, size_t n)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", journal);
	call_once(&begun, open_socket);
	return journal_fd >= 0 &&
	       sendto(journal_fd, entry, n, MSG_DONTWAIT | MSG_NOSIGNAL,
		      (const struct sockaddr *)&address, sizeof(address)) == (ssize_t)n;
}
