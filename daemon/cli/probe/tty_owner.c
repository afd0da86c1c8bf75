/* SPDX-License-Identifier: MIT */
#include "tty_owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* " 00:05:321 ", as /proc/locks names a file. */
static void write_lock_place(const struct stat *file, char *ret, size_t size)
{
	snprintf(ret, size, " %02x:%02x:%llu ", major(file->st_dev), minor(file->st_dev),
		 (unsigned long long)file->st_ino);
}

/* "3: FLOCK  ADVISORY  WRITE 1234 00:05:321 0 EOF": the process, if the lock is on that place. */
static long pid_of(const char *line, const char *place)
{
	const char *at = strstr(line, place);

	if (!at || !strstr(line, " FLOCK "))
		return 0;
	while (at > line && at[-1] != ' ')
		at--;
	return strtol(at, NULL, 10);
}

static bool read_holder_name(struct tty_owner *holder)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/comm", holder->pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	bool good = fgets(holder->name, sizeof(holder->name), file);
	holder->name[strcspn(holder->name, "\n")] = '\0';
	fclose(file);
	return good;
}

bool tty_owner_find(const char *path, struct tty_owner *ret)
{
	char line[256], place[64];
	struct stat file;
	struct tty_owner holder = {0};
	FILE *locks = stat(path, &file) == 0 ? fopen("/proc/locks", "re") : NULL;

	if (!locks)
		return false;
	write_lock_place(&file, place, sizeof(place));
	while (holder.pid == 0 && fgets(line, sizeof(line), locks))
		holder.pid = pid_of(line, place);
	fclose(locks);
	if (holder.pid <= 0 || !read_holder_name(&holder))
		return false;
	*ret = holder;
	return true;
}
