/* SPDX-License-Identifier: MIT */
#include "yaml.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

void problems_done(struct problems *problems)
{
	int kept = problems->n < PROBLEMS_MAX ? problems->n : PROBLEMS_MAX;
	for (int i = 0; i < kept; i++)
		free(problems->text[i]);
	memset(problems, 0, sizeof(*problems));
}

/* Two stations that name one broken file have its problems in common. */
static bool is_repeated(const struct problems *problems, int i)
{
	for (int j = 0; j < i; j++) {
		if (strcmp(problems->text[j], problems->text[i]) == 0)
			return true;
	}
	return false;
}

void problems_print(const struct problems *problems, FILE *out)
{
	int kept = problems->n < PROBLEMS_MAX ? problems->n : PROBLEMS_MAX;
	for (int i = 0; i < kept; i++) {
		if (!is_repeated(problems, i))
			fprintf(out, "%s\n", problems->text[i]);
	}
	if (problems->n > kept)
		fprintf(out, "and %d more problems, not shown\n", problems->n - kept);
}

/* Files keep the order of their first problem. */
static int order_of_file(const struct problems *problems, const char *file)
{
	int order = 0;
	for (int i = 0; i < problems->n; i++) {
		const struct problem_place *place = &problems->place[i];
		if (strlen(file) == place->file_length &&
		    strncmp(problems->text[i], file, place->file_length) == 0)
			return place->file;
		if (place->file >= order)
			order = place->file + 1;
	}
	return order;
}

static bool is_after(const struct problem_place *a, const struct problem_place *b)
{
	if (a->file != b->file)
		return a->file > b->file;
	if (a->line != b->line)
		return a->line > b->line;
	return a->column > b->column;
}

static void insert(struct problems *problems, const struct problem_place *place, char *text)
{
	int i = problems->n;
	for (; i > 0 && is_after(&problems->place[i - 1], place); i--) {
		problems->place[i] = problems->place[i - 1];
		problems->text[i] = problems->text[i - 1];
	}
	problems->place[i] = *place;
	problems->text[i] = text;
	problems->n++;
}

static char *compose(const char *file, int line, int column, const char *text)
{
	char *whole = NULL;
	int length;
	if (line > 0 && column > 0)
		length = asprintf(&whole, "%s:%d:%d: %s", file, line, column, text);
	else if (line > 0)
		length = asprintf(&whole, "%s:%d: %s", file, line, text);
	else
		length = asprintf(&whole, "%s: %s", file, text);
	if (length < 0)
		log_out_of_memory();
	return whole;
}

void problems_add(struct problems *problems, const char *file, int line, int column,
		  const char *format, ...)
{
	if (problems->n >= PROBLEMS_MAX) {
		problems->n++;
		return;
	}
	char *text = NULL;
	va_list args;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		log_out_of_memory();
	va_end(args);
	struct problem_place place = {
		.file = order_of_file(problems, file),
		.file_length = strlen(file),
		.line = line,
		.column = column,
	};
	insert(problems, &place, compose(file, line, column, text));
	free(text);
}
