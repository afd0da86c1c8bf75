/* SPDX-License-Identifier: MIT */
#include "nearest.h"

#include <ctype.h>
#include <string.h>

#define LETTERS_MAX 63

static int pick_smaller(int a, int b)
{
	return a < b ? a : b;
}

static bool are_different(char a, char b)
{
	return tolower((unsigned char)a) != tolower((unsigned char)b);
}

static bool begins_with(const char *whole, const char *part)
{
	size_t n = strlen(part);
	return n > 2 && strncmp(whole, part, n) == 0 && whole[n] != '\0';
}

int nearest_edits(const char *a, const char *b)
{
	int row[LETTERS_MAX + 1];
	int n = (int)strnlen(b, LETTERS_MAX), m = (int)strnlen(a, LETTERS_MAX);
	if (begins_with(a, b) || begins_with(b, a))
		return 1;
	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 1; i <= m; i++) {
		int corner = row[0];
		row[0] = i;
		for (int j = 1; j <= n; j++) {
			int above = row[j];
			int changed = corner + are_different(a[i - 1], b[j - 1]);
			row[j] = pick_smaller(changed, pick_smaller(above, row[j - 1]) + 1);
			corner = above;
		}
	}
	return row[n];
}

bool nearest_is_slip(const char *word, int edits)
{
	return edits <= 1 || edits <= ((int)strlen(word) + 2) / 3;
}
