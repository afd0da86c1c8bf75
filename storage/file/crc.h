/* SPDX-License-Identifier: MIT */
/*
 * The check sum of rows that decide: a flipped bit on the card must not become a warning.
 */
#ifndef STORAGE_FILE_CRC_H
#define STORAGE_FILE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 as zlib, PNG and Ethernet have it, of a text without its NUL. */
uint32_t crc32_of_text(const char *text);
/* Of one text and then another. */
uint32_t crc32_of_texts(const char *first, const char *second);
/* Of n bytes that follow those whose sum is `before`; 0: of none. */
uint32_t crc32_of_bytes(uint32_t before, const void *bytes, size_t n);

#endif
