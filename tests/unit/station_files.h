/* SPDX-License-Identifier: MIT */
/* The files of a station in the test's own folder, and damage to them. */
#ifndef TESTS_STATION_FILES_H
#define TESTS_STATION_FILES_H

#include <check.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
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

/* Begins of a record: 2000 bytes of column types, of which 489 are on the page; no number and a
 * text of 1.1 GB. */
#define CLAIMED_TYPES "\x8f\x50"
#define CLAIMED_TEXT "\x65\0\x88\x99\x85\xac\x0d"

/* The newest row of the last leaf of a table in state.db, of 600 bytes and more, says that it has
 * nearly 4 GiB and begins like this; its number stays. */
__attribute__((unused)) static void claim_4_gib(int64_t page, const char *record, size_t n)
{
	static const uint8_t size[9] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	static const uint8_t no_page[4];
	uint8_t bytes[4096], *cell = bytes;
	int fd = open(station_path("state.db"), O_RDWR);
	ck_assert_int_eq(pread(fd, bytes, sizeof(bytes), (page - 1) * 4096), sizeof(bytes));
	ck_assert_int_eq(bytes[0], 13); /* a leaf of a table */
	cell += bytes[5] << 8 | bytes[6];
	ck_assert(cell[0] >= 128 + 4 && cell[1] < 128); /* its size, of two bytes */
	size_t number = cell[2] < 128 ? 1 : 2;
	memmove(cell + sizeof(size), cell + 2, number);
	memcpy(cell, size, sizeof(size));
	cell += sizeof(size) + number;
	memcpy(cell, record, n);
	memcpy(cell + 489, no_page, sizeof(no_page));
	ck_assert_int_eq(pwrite(fd, bytes, sizeof(bytes), (page - 1) * 4096), sizeof(bytes));
	close(fd);
}

#endif
