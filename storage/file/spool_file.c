/* SPDX-License-Identifier: MIT */
#include "spool_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "crc.h"

static const char magic[4] = "HzSp";

/* In front of each payload, in the byte order of the machine: nobody else reads it. */
struct header {
	char magic[4];
	uint32_t crc; /* of what follows, the payload included */
	int64_t number;
	uint32_t length;
	uint32_t flags;
	char kind[SPOOL_KIND_MAX];
};
_Static_assert(sizeof(struct header) == SPOOL_HEADER_BYTES, "the header has no holes");

static uint32_t sum_record(const struct header *header, const void *payload)
{
	const size_t from = offsetof(struct header, number);
	uint32_t crc = crc32_of_bytes(0, (const char *)header + from, sizeof(*header) - from);
	return crc32_of_bytes(crc, payload, header->length);
}

/* ---- the file ---- */

static bool complain_of_file(struct spool_file *file, size_t size, char *why, const char *what)
{
	snprintf(why, size, "%.200s: %s", file->path, what);
	return false;
}

/* So that a new file's name is on the card, too. */
static void sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* Without O_NONBLOCK a FIFO would hold the daemon until somebody reads it. */
bool spool_file_open(struct spool_file *file, const char *dir, int number, size_t size, char *why)
{
	struct stat st;
	*file = (struct spool_file){.fd = -1};
	int n = snprintf(file->path, sizeof(file->path), "%s/commands-%d.spool", dir, number);
	if (n < 0 || (size_t)n >= sizeof(file->path))
		return complain_of_file(file, size, why, strerror(ENAMETOOLONG));
	int fd = open(file->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
		      0600);
	if (fd < 0)
		return complain_of_file(file, size, why, strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return complain_of_file(file, size, why, "is no regular file");
	}
	fchmod(fd, 0600); /* one that was there already, too */
	file->fd = fd;
	file->end = st.st_size;
	if (file->end == 0)
		sync_folder(dir);
	return true;
}

void spool_file_close(struct spool_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

bool spool_file_is_gone(const struct spool_file *file)
{
	struct stat st;
	return file->fd < 0 || fstat(file->fd, &st) < 0 || st.st_nlink == 0;
}

/* ---- writing ---- */

bool spool_file_has_room(const struct spool_file *file, int length)
{
	int64_t need = (int64_t)sizeof(struct header) + length;
	return file->fd >= 0 && !file->broken && file->end + need <= SPOOL_FILE_BYTES;
}

/* What is written half is taken back, so that the next record stands behind a whole one. */
static bool take_back(struct spool_file *file, size_t size, char *why, int error)
{
	file->broken = ftruncate(file->fd, file->end) < 0;
	return complain_of_file(file, size, why, error ? strerror(error) : strerror(ENOSPC));
}

bool spool_file_write(struct spool_file *file, const struct spool_entry *entry, size_t size,
		      char *why)
{
	struct header header = {.number = entry->number,
				.length = (uint32_t)entry->length,
				.flags = (entry->retained ? SPOOL_RETAINED : 0) |
					 (entry->from_box ? SPOOL_FROM_BOX : 0)};
	if (file->fd < 0)
		return false;
	if (spool_file_is_gone(file))
		return complain_of_file(file, size, why, "was deleted");
	if (!spool_file_has_room(file, entry->length))
		return complain_of_file(file, size, why, "is full");
	memcpy(header.magic, magic, sizeof(magic));
	memcpy(header.kind, entry->kind, sizeof(header.kind));
	header.crc = sum_record(&header, entry->payload);
	struct iovec parts[2] = {{&header, sizeof(header)},
				 {(void *)entry->payload, (size_t)entry->length}};
	ssize_t need = (ssize_t)sizeof(header) + entry->length;
	errno = 0;
	if (pwritev(file->fd, parts, 2, file->end) != need || fdatasync(file->fd) < 0)
		return take_back(file, size, why, errno);
	file->end += need;
	return true;
}

/* Not synchronised: what a power cut brings back is known as a repetition, and the next record's
 * fdatasync takes the new length with it. */
void spool_file_cut(struct spool_file *file)
{
	if (file->fd < 0 || ftruncate(file->fd, 0) < 0)
		return;
	file->end = 0;
	file->broken = false;
}

/* ---- reading ---- */

/* Copied out: a record may stand at any byte. False if there is none. */
static bool read_record_header(const char *bytes, int64_t n, struct header *ret)
{
	if (n < (int64_t)sizeof(*ret) || memcmp(bytes, magic, sizeof(magic)) != 0)
		return false;
	memcpy(ret, bytes, sizeof(*ret));
	return ret->length <= SPOOL_PAYLOAD_MAX && n - (int64_t)sizeof(*ret) >= ret->length &&
	       ret->number > 0 && memchr(ret->kind, '\0', sizeof(ret->kind)) != NULL &&
	       ret->crc == sum_record(ret, bytes + sizeof(*ret));
}

static int64_t read_records(const char *bytes, int64_t n,
			    void (*take)(void *ctx, const struct spool_entry *entry), void *ctx,
			    int64_t *ret_end)
{
	struct header header;
	int64_t unreadable = 0;
	for (int64_t at = 0; at < n;) {
		if (!read_record_header(bytes + at, n - at, &header)) {
			at++;
			continue;
		}
		unreadable += at - *ret_end;
		struct spool_entry entry = {.number = header.number,
					    .retained = (header.flags & SPOOL_RETAINED) != 0,
					    .from_box = (header.flags & SPOOL_FROM_BOX) != 0,
					    .on_disk = true,
					    .length = (int)header.length,
					    .payload = bytes + at + sizeof(header)};
		memcpy(entry.kind, header.kind, sizeof(entry.kind));
		at += (int64_t)sizeof(header) + header.length;
		*ret_end = at;
		take(ctx, &entry);
	}
	return unreadable;
}

static int64_t read_all(int fd, char *bytes, int64_t size)
{
	int64_t n = 0;
	while (n < size) {
		ssize_t got = pread(fd, bytes + n, (size_t)(size - n), n);
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += got;
	}
	return n;
}

int64_t spool_file_read(struct spool_file *file,
			void (*take)(void *ctx, const struct spool_entry *entry), void *ctx)
{
	int64_t size = file->end < SPOOL_FILE_BYTES ? file->end : SPOOL_FILE_BYTES;
	int64_t too_long = file->end - size, unreadable = 0;
	if (file->fd < 0 || size == 0)
		return 0;
	char *bytes = malloc((size_t)size);
	int64_t n = bytes ? read_all(file->fd, bytes, size) : -ENOMEM;
	if (n > 0) {
		file->end = 0;
		unreadable = read_records(bytes, n, take, ctx, &file->end);
		file->torn = size - file->end;
		/* behind a torn end nothing is written: it would be read past */
		file->broken = file->end < size && ftruncate(file->fd, file->end) < 0;
	}
	free(bytes);
	return n < 0 ? n : unreadable + too_long;
}
