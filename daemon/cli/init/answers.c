/* SPDX-License-Identifier: MIT */
#include "answers.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool answers_are_there(void)
{
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

/* A line without the blanks around it; what is longer than there is room for is cut, and refused
 * by whoever looks at it. */
static bool read_answer(char *ret, size_t size)
{
	char line[1024];
	if (!fgets(line, sizeof(line), stdin))
		return false;
	char *begin = line + strspn(line, " \t");
	size_t n = strcspn(begin, "\r\n");
	while (n > 0 && strchr(" \t", begin[n - 1]))
		n--;
	snprintf(ret, size, "%.*s", (int)n, begin);
	return true;
}

bool answers_ask(const char *question, const char *otherwise, bool (*is_good)(const char *text),
		 char *ret, size_t size)
{
	for (;;) {
		if (otherwise)
			fprintf(stderr, "%s [%s]: ", question, otherwise);
		else
			fprintf(stderr, "%s: ", question);
		fflush(stderr);
		if (!read_answer(ret, size))
			return false;
		if (ret[0] == '\0' && otherwise)
			snprintf(ret, size, "%s", otherwise);
		if (is_good(ret))
			return true;
	}
}
