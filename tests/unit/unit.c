/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

int main(void)
{
	char base[] = "/tmp/hazewatch-unit-XXXXXX";
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
