/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MEMORY "/dev/shm"
#define MEMORY_BYTES (256ull << 20) /* free there, or the files go to the disk */

static char tmpdir[64];
static pid_t tmpdir_owner;
static unsigned seed;

const char *unit_source(const char *path)
{
	static char full[4096];
	const char *root = getenv("HAZEWATCH_SOURCE");
	snprintf(full, sizeof(full), "%s/%s", root ? root : ".", path);
	return full;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

TCase *unit_slow_case(Suite *suite, double timeout_s)
{
	TCase *tc = tcase_create("slow");
	tcase_set_tags(tc, "slow");
	tcase_set_timeout(tc, timeout_s);
	suite_add_tcase(suite, tc);
	return tc;
}

/* Each test runs in a process of its own (Check forks), so each has a directory of its own. */
const char *unit_tmpdir(void)
{
	if (tmpdir_owner == getpid())
		return tmpdir;
	const char *base = getenv("HAZEWATCH_UNIT_TMP");
	snprintf(tmpdir, sizeof(tmpdir), "%s/XXXXXX", base ? base : "/tmp");
	tmpdir_owner = getpid();
	return mkdtemp(tmpdir) ? tmpdir : "/nonexistent";
}

/* xorshift32: the same sequence for the same seed on every machine. */
unsigned unit_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

static bool is_memory_roomy(void)
{
	struct statvfs memory;
	return access(MEMORY, W_OK | X_OK) == 0 && statvfs(MEMORY, &memory) == 0 &&
	       memory.f_bavail * memory.f_frsize >= MEMORY_BYTES;
}

/* Where a sync costs nothing, unless the disk is the subject. */
static const char *choose_folder(void)
{
	return getenv("HAZEWATCH_UNIT_DISK") || !is_memory_roomy() ? "/tmp" : MEMORY;
}

/* Nor does it where memory is small: nothing is switched off here. A test of the syncs has its own.
 */
__attribute__((weak)) int fdatasync(int fd)
{
	return getenv("HAZEWATCH_UNIT_DISK") ? (int)syscall(SYS_fdatasync, fd) : 0;
}

__attribute__((weak)) int fsync(int fd)
{
	return getenv("HAZEWATCH_UNIT_DISK") ? (int)syscall(SYS_fsync, fd) : 0;
}

int main(void)
{
	char base[48];
	snprintf(base, sizeof(base), "%s/hazewatch-unit-XXXXXX", choose_folder());
	if (!mkdtemp(base))
		return EXIT_FAILURE;
	setenv("HAZEWATCH_UNIT_TMP", base, 1);
	const char *given = getenv("HAZEWATCH_SEED");
	seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	if (seed == 0)
		seed = 1;
	fprintf(stderr, "HAZEWATCH_SEED=%u\n", seed);
	SRunner *runner = srunner_create(unit_suite());
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	nftw(base, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
