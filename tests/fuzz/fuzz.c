/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Keys of JSON lie where chance puts them, if nobody says that it be the same place each time. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	json_object_seed(1);
	return 0;
}

uint64_t bytes_number(struct bytes *bytes, size_t size)
{
	uint64_t number = 0;
	for (size_t i = 0; i < size && bytes->left > 0; i++, bytes->left--)
		number |= (uint64_t)*bytes->next++ << (8 * i);
	return number;
}

int64_t bytes_between(struct bytes *bytes, int64_t min, int64_t max)
{
	uint64_t choices = (uint64_t)max - (uint64_t)min + 1;
	size_t size = choices <= 256 ? 1 : choices <= 65536 ? 2 : choices <= UINT32_MAX ? 4 : 8;
	return (int64_t)((uint64_t)min + bytes_number(bytes, size) % choices);
}

/* One file in memory for all inputs: no file system is in the way. */
const char *bytes_path(const uint8_t *data, size_t size)
{
	static int memory = -1;
	static char path[64];
	if (memory < 0) {
		memory = memfd_create("input", MFD_CLOEXEC);
		assert(memory >= 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	}
	ssize_t written = pwrite(memory, data, size, 0);
	int cut = ftruncate(memory, (off_t)size);
	assert(written == (ssize_t)size && cut == 0);
	return path;
}

struct yaml_file *bytes_open(const uint8_t *data, size_t size, struct arena *arena,
			     struct problems *problems)
{
	return yaml_open(bytes_path(data, size), arena, problems);
}
