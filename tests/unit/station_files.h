/* SPDX-License-Identifier: MIT */
/* The files of a station in the test's own folder, and damage to them. */
#ifndef TESTS_STATION_FILES_H
#define TESTS_STATION_FILES_H

#include <check.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"

static const char *station_path(const char *file)
{
	static char path[4][512];
	static int next;
	char *to = path[next++ % 4];
	snprintf(to, sizeof(path[0]), "%s/station%s%s", unit_tmpdir(), *file ? "/" : "", file);
	return to;
}

static void overwrite(const char *file, off_t offset, size_t size)
{
	int fd = open(station_path(file), O_WRONLY);
	ck_assert_int_ge(fd, 0);
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)unit_random();
		ck_assert_int_eq(pwrite(fd, &byte, 1, offset + (off_t)i), 1);
	}
	close(fd);
}

#endif
