/* SPDX-License-Identifier: MIT */
/* A key that signs, in a file of the test's own: the first of RFC 8032 section 7.1. */
#ifndef TESTS_SIGNING_KEY_H
#define TESTS_SIGNING_KEY_H

#include <stdio.h>

#include "unit.h"

static const char pem[] = "-----BEGIN PRIVATE KEY-----\n"
			  "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
			  "-----END PRIVATE KEY-----\n";
/* Its public half. */
#define PUBLIC_TEXT "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

/* The second of those, for who needs two. */
#define OTHER_PEM                                                                                  \
	"-----BEGIN PRIVATE KEY-----\n"                                                            \
	"MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"                       \
	"-----END PRIVATE KEY-----\n"
#define OTHER_PUBLIC_TEXT "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

/* The key of SM2's printed example (GB/T 32918.5 annex A). */
#define SM2_PEM                                                                                    \
	"-----BEGIN PRIVATE KEY-----\n"                                                            \
	"MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgOUUgj3shRLE/NuOK\n"                       \
	"xtOflYiTk2koYLUaQvuB7033xbihRANCAAQJ+d8xHlQhoVDdfRYeS8XGchefrRgz\n"                       \
	"/AdrsI/zVvNQIMzqSQziZ3WlLcbqcYzBqmAK7QX7814ISmYy9gctqa0T\n"                               \
	"-----END PRIVATE KEY-----\n"
#define SM2_PUBLIC_TEXT                                                                            \
	"sm2-sm3:BAn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/NW81Ag"                                     \
	"zOpJDOJndaUtxupxjMGqYArtBfvzXghKZjL2By2prRM="

static char key_path[512];

static void write_key_text(const char *text)
{
	snprintf(key_path, sizeof(key_path), "%s/key.pem", unit_tmpdir());
	FILE *file = fopen(key_path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static inline void write_key(void)
{
	write_key_text(pem);
}

#endif
