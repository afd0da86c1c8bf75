/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the daemon: kill -9 becomes a power cut for the spool of commands. What is written
 * to a *.spool file stays in the process, as it stays in the system's cache on a real machine,
 * until fdatasync or close; a kill loses it. With HAZEWATCH_SYNC=no fdatasync does nothing: what
 * would be lost if it were left out.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES_MAX 1024

static struct page {
	struct page *next;
	off_t at;
	size_t n;
	char bytes[];
} * pages[FILES_MAX];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int is_spool(int fd)
{
	char link[64], path[4096];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = fd >= 0 && fd < FILES_MAX ? readlink(link, path, sizeof(path) - 1) : -1;
	if (n < 6)
		return 0;
	path[n] = '\0';
	return strcmp(path + n - 6, ".spool") == 0;
}

/* The oldest first; what lies behind `end` is dropped. */
static void write_back(int fd, off_t end)
{
	struct page *page = pages[fd];
	pages[fd] = NULL;
	while (page) {
		struct page *next = page->next;
		if (page->at < end && pwrite(fd, page->bytes, page->n, page->at) < 0)
			abort();
		free(page);
		page = next;
	}
}

static void flush_if_spool(int fd, off_t end)
{
	if (!is_spool(fd))
		return;
	pthread_mutex_lock(&mutex);
	write_back(fd, end);
	pthread_mutex_unlock(&mutex);
}

static ssize_t keep(int fd, const struct iovec *parts, int n, off_t offset)
{
	size_t size = 0;
	for (int i = 0; i < n; i++)
		size += parts[i].iov_len;
	struct page *page = malloc(sizeof(*page) + size), **at = &pages[fd];
	if (!page)
		abort();
	*page = (struct page){.at = offset};
	for (int i = 0; i < n; i++) {
		memcpy(page->bytes + page->n, parts[i].iov_base, parts[i].iov_len);
		page->n += parts[i].iov_len;
	}
	while (*at)
		at = &(*at)->next;
	*at = page;
	return (ssize_t)size;
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset)
{
	if (!is_spool(fd)) {
		__typeof__(pwritev) *real;
		*(void **)&real = dlsym(RTLD_NEXT, "pwritev64");
		return real(fd, parts, n, offset);
	}
	pthread_mutex_lock(&mutex);
	ssize_t size = keep(fd, parts, n, offset);
	pthread_mutex_unlock(&mutex);
	return size;
}

int fdatasync(int fd)
{
	const char *sync = getenv("HAZEWATCH_SYNC");
	if (is_spool(fd) && sync && strcmp(sync, "no") == 0)
		return 0;
	flush_if_spool(fd, INT64_MAX);
	return (int)syscall(SYS_fdatasync, fd);
}

int ftruncate(int fd, off_t size)
{
	flush_if_spool(fd, size);
	return (int)syscall(SYS_ftruncate, fd, size);
}

int close(int fd)
{
	if (fd >= 0 && fd < FILES_MAX && pages[fd])
		flush_if_spool(fd, INT64_MAX);
	return (int)syscall(SYS_close, fd);
}
