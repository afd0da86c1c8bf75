/* SPDX-License-Identifier: MIT */
#include "csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";
#define MARK_SIZE (sizeof(byte_order_mark) - 1)

void csv_problem(struct csv *csv, int column, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	problems_add(csv->problems, csv->path, csv->line, column, "%s", text);
	free(text);
}

static bool begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

const char *csv_shown(const char *text, char ret[CSV_SHOWN])
{
	static const char dots[] = "...";
	size_t most = CSV_SHOWN - sizeof("\"\"") - sizeof(dots);
	size_t n = strlen(text);
	bool whole = n <= most;
	if (!whole)
		n = most;
	while (!whole && n > 0 && !begins_character(text[n]))
		n--;
	if (text[0] == '\0')
		snprintf(ret, CSV_SHOWN, "an empty field");
	else
		snprintf(ret, CSV_SHOWN, "\"%.*s%s\"", (int)n, text, whole ? "" : dots);
	return ret;
}

/* The bytes up to the line's end, which is left out; -1 at the end of the file. More than fit are
 * read and counted, not kept. */
static long read_bytes(struct csv *csv)
{
	long n = 0;
	int c;
	while ((c = getc_unlocked(csv->in)) != EOF && c != '\n') {
		if (n < CSV_LINE_MAX)
			csv->bytes[n] = (char)c;
		n++;
	}
	if (c == EOF && ferror(csv->in))
		csv->error = errno != 0 ? errno : EIO;
	return c == EOF && n == 0 ? -1 : n;
}

static int column_of(const char *bytes, const char *at)
{
	int column = 1;
	for (const char *b = bytes; b < at; b++)
		column += begins_character(*b);
	return column;
}

/* Only what a person can see belongs into a line; column 0: all of it does. */
static int hidden_column(const char *bytes, size_t n)
{
	for (const char *b = bytes; b < bytes + n; b++) {
		if ((unsigned char)*b < ' ' || *b == 0x7f)
			return column_of(bytes, b);
	}
	return 0;
}

/* The end of the field in quotes that begins at `at`; NULL after a problem. */
static char *end_of_quoted(struct csv *csv, char *at)
{
	char *closing = at + 1;
	while (*closing != '\0' && (*closing != '"' || closing[1] == '"'))
		closing += *closing == '"' ? 2 : 1;
	if (*closing == '"' && (closing[1] == ',' || closing[1] == '\0'))
		return closing + 1;
	int column = csv->fields[csv->n].column;
	if (*closing == '\0')
		csv_problem(csv, column, "the quote that opens this field is not closed");
	else
		csv_problem(csv, column,
			    "the field goes on after its closing quote; a comma or the line's end "
			    "is allowed there");
	return NULL;
}

static char *end_of_plain(struct csv *csv, char *at)
{
	char *end = at + strcspn(at, ",\"");
	if (*end != '"')
		return end;
	csv_problem(csv, csv->fields[csv->n].column,
		    "a quote inside a field; it is allowed around the whole field only");
	return NULL;
}

/* Takes off the quotes of the field that ends at `end`, and makes one of two inside. */
static void unquote(char *at, const char *end)
{
	char *to = at;
	for (const char *from = at + 1; from < end - 1; from++) {
		*to++ = *from;
		if (*from == '"')
			from++;
	}
	*to = '\0';
}

/* One more field, in place; true if another follows at *at. n is 0 after a problem. */
static bool take_field(struct csv *csv, char **at, int *column)
{
	char *begin = *at;
	csv->fields[csv->n] = (struct csv_field){begin, *column};
	bool quoted = *begin == '"';
	char *end = quoted ? end_of_quoted(csv, begin) : end_of_plain(csv, begin);
	if (!end) {
		csv->n = 0;
		return false;
	}
	*column += column_of(begin, end); /* the comma is one more */
	*at = end + 1;
	bool more = *end == ',';
	*end = '\0';
	if (quoted)
		unquote(begin, end);
	csv->n++;
	return more;
}

static void split(struct csv *csv)
{
	char *at = csv->bytes;
	int column = 1;
	while (take_field(csv, &at, &column)) {
		if (csv->n < CSV_FIELDS_MAX)
			continue;
		csv_problem(csv, column, "more than %d fields, the most allowed", CSV_FIELDS_MAX);
		csv->n = 0;
		return;
	}
}

bool csv_next(struct csv *csv)
{
	long read = read_bytes(csv);
	if (read < 0)
		return false;
	csv->line++;
	csv->n = 0;
	if (read >= CSV_LINE_MAX) {
		csv_problem(csv, 1, "the line has %ld bytes; at most %d are allowed", read,
			    CSV_LINE_MAX - 1);
		return true;
	}
	size_t n = (size_t)read;
	if (n > 0 && csv->bytes[n - 1] == '\r')
		n--;
	if (csv->line == 1 && n >= MARK_SIZE && memcmp(csv->bytes, byte_order_mark, MARK_SIZE) == 0)
		memmove(csv->bytes, csv->bytes + MARK_SIZE, n -= MARK_SIZE);
	csv->bytes[n] = '\0';
	int hidden = hidden_column(csv->bytes, n);
	if (hidden > 0)
		csv_problem(csv, hidden, "a control character; only text is allowed");
	else if (n == 0)
		csv_problem(csv, 1, "the line is empty; an hour that is missing has no line");
	else
		split(csv);
	return true;
}
