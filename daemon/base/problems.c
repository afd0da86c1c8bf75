/* SPDX-License-Identifier: MIT */
#include "problems.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "words.h"

void problems_done(struct problems *problems)
{
	int kept = problems->n < PROBLEMS_MAX ? problems->n : PROBLEMS_MAX;
	for (int i = 0; i < kept; i++)
		free(problems->text[i]);
	for (int i = 0; i < problems->n_warnings && i < WARNINGS_MAX; i++)
		free(problems->warning[i]);
	memset(problems, 0, sizeof(*problems));
}

/* Two stations that name one broken file have its problems in common. */
static bool is_repeated_problem(const struct problems *problems, int i)
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
		if (!is_repeated_problem(problems, i))
			fprintf(out, "%s\n", problems->text[i]);
	}
	if (problems->n > kept)
		fprintf(out, tr("and %d more problems, not shown\n"), problems->n - kept);
}

void problems_print_warnings(const struct problems *problems, FILE *out)
{
	for (int i = 0; i < problems->n_warnings && i < WARNINGS_MAX; i++)
		fprintf(out, "%s\n", problems->warning[i]);
}

static void log_problem(const char *text, const struct problem_place *place)
{
	char where[256];
	const struct log_fields about = {.file = where};
	snprintf(where, sizeof(where), "%.*s:%d:%d", (int)place->file_length, text, place->line,
		 place->column);
	log_line(LOG_LEVEL_ERROR, LOG_FILE_WRONG, &about, "%s", text);
}

void problems_log(const struct problems *problems)
{
	int kept = problems->n < PROBLEMS_MAX ? problems->n : PROBLEMS_MAX;
	for (int i = 0; i < kept; i++) {
		if (!is_repeated_problem(problems, i))
			log_problem(problems->text[i], &problems->place[i]);
	}
	if (problems->n > kept)
		log_error(LOG_FILE_WRONG, "and %d more problems, not shown", problems->n - kept);
	for (int i = 0; i < problems->n_warnings && i < WARNINGS_MAX; i++)
		log_warning(LOG_FILE_UNWISE, "%s", problems->warning[i]);
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

static void insert_problem(struct problems *problems, const struct problem_place *place, char *text)
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

static char *compose_problem(const char *file, int line, int column, const char *text)
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
	insert_problem(problems, &place, compose_problem(file, line, column, text));
	free(text);
}

void problems_warn(struct problems *problems, const char *file, int line, int column,
		   const char *format, ...)
{
	char text[512];
	int n = snprintf(text, sizeof(text), "%s", tr("warning: "));
	va_list args;
	va_start(args, format);
	vsnprintf(text + n, sizeof(text) - (size_t)n, format, args);
	va_end(args);
	if (problems->n_warnings < WARNINGS_MAX)
		problems->warning[problems->n_warnings] = compose_problem(file, line, column, text);
	problems->n_warnings++;
}
