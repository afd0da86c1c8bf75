/* SPDX-License-Identifier: MIT */
/*
 * Texts of other people on one line, so that nobody can forge one or steer a terminal: control
 * characters and what is no UTF-8 become \xNN. Knows nothing of who wrote them.
 */
#ifndef DAEMON_BASE_PLAIN_TEXT_H
#define DAEMON_BASE_PLAIN_TEXT_H

#include <stddef.h>

/* Writes as many whole characters as fit, and a NUL; returns how many bytes. `text` may not be
 * `ret`. */
size_t plain_text_write(char *ret, size_t size, const char *text);

/* The bytes of the character of UTF-8 (by the book: nothing overlong, no surrogates, at most
 * U+10FFFF) at the begin of n > 0 bytes; 0: there is none. */
size_t plain_text_character(const char *bytes, size_t n);

#endif
