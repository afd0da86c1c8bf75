/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share: the entry points that libFuzzer calls, and its bytes as numbers or
 * as a file. A target asserts what must hold for any input; the sanitizers see the rest.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "yaml.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes not yet used. */
struct bytes {
	const uint8_t *next;
	size_t left;
};

/* The next `size` bytes (at most 8) as a number; zeros after the end. */
uint64_t bytes_number(struct bytes *bytes, size_t size);

/* A number of min..max; max - min + 1 must fit. */
int64_t bytes_between(struct bytes *bytes, int64_t min, int64_t max);

/* Bytes as a file: its path, the same for every input. */
const char *bytes_path(const uint8_t *data, size_t size);

/* Bytes as a file for the YAML reader; arena and problems as for yaml_open. The file's path is the
 * same for every input. */
struct yaml_file *bytes_open(const uint8_t *data, size_t size, struct arena *arena,
			     struct problems *problems);

#endif
