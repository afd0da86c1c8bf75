/* SPDX-License-Identifier: MIT */
#include "csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "words.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";
#define MARK_SIZE (sizeof(byte_order_mark) - 1)

__attribute__((format(printf, 4, 0))) static void
add_csv_problem(struct csv *csv, int line, int column, const char *format, va_list args)
{
	char *text = NULL;
	if (vasprintf(&text, format, args) < 0)
		log_out_of_memory();
	problems_add(csv->problems, csv->path, line, column, "%s", text);
	free(text);
}

void csv_problem(struct csv *csv, int column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_csv_problem(csv, csv->line, column, format, args);
	va_end(args);
}

void csv_field_problem(struct csv *csv, int field, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_csv_problem(csv, csv->fields[field].line, csv->fields[field].column, format, args);
	va_end(args);
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
		snprintf(ret, CSV_SHOWN, "%s", tr("an empty field"));
	else
		snprintf(ret, CSV_SHOWN, "\"%.*s%s\"", (int)n, text, whole ? "" : dots);
	return ret;
}

static long find_row_limit(const struct csv *csv)
{
	return csv->spreadsheet ? CSV_ROW_MAX : CSV_LINE_MAX;
}

/* Where a byte stands, as far as it decides whether a line's end ends the row. */
enum place { FIELD_BEGINS, IN_PLAIN, IN_QUOTES, QUOTE_CLOSED };

static int separator_of(const struct csv *csv)
{
	return csv->separator != '\0' ? csv->separator : ',';
}

static enum place place_after(const struct csv *csv, enum place place, int c)
{
	if (place == IN_QUOTES)
		return c == '"' ? QUOTE_CLOSED : IN_QUOTES;
	if (c == separator_of(csv))
		return FIELD_BEGINS;
	return c == '"' && place != IN_PLAIN ? IN_QUOTES : IN_PLAIN;
}

/* The bytes up to the row's end, which is left out; -1 at the end of the file. More than fit are
 * read and counted, not kept. */
static long read_row_bytes(struct csv *csv)
{
	long n = 0, most = find_row_limit(csv);
	enum place place = FIELD_BEGINS;
	int c;
	while ((c = getc_unlocked(csv->in)) != EOF) {
		if (++csv->read > CSV_BYTES_MAX)
			return -1;
		if (c == '\n' && !(csv->spreadsheet && place == IN_QUOTES))
			break;
		csv->extra += c == '\n';
		place = place_after(csv, place, c);
		if (n < most)
			csv->bytes[n] = (char)c;
		n++;
	}
	if (c == EOF && ferror(csv->in))
		csv->error = errno != 0 ? errno : EIO;
	return c == EOF && n == 0 ? -1 : n;
}

static int count_column(const char *bytes, const char *at)
{
	int column = 1;
	for (const char *b = bytes; b < at; b++)
		column += begins_character(*b);
	return column;
}

/* Tabs become blanks and CRLF within a field LF; returns how many bytes are left. */
static size_t tidy_row(const struct csv *csv, char *bytes, size_t n)
{
	char *to = bytes;
	bool blank = separator_of(csv) != '\t';
	for (const char *from = bytes; from < bytes + n; from++) {
		if (*from == '\r' && from + 1 < bytes + n && from[1] == '\n')
			continue;
		if (*from == '\t' && blank)
			*to++ = ' ';
		else
			*to++ = *from;
	}
	return (size_t)(to - bytes);
}

/* Only what a person can see belongs into a row; false after a problem. */
static bool check_visible(struct csv *csv, size_t n)
{
	const char *begin = csv->bytes;
	int line = csv->line;
	for (const char *b = begin; b < csv->bytes + n; b++) {
		if (*b == '\n') { /* only in the quotes of a spreadsheet */
			line++;
			begin = b + 1;
		} else if (((unsigned char)*b < ' ' && *b != separator_of(csv)) || *b == 0x7f) {
			problems_add(csv->problems, csv->path, line, count_column(begin, b),
				     tr("a control character; only text is allowed"));
			return false;
		}
	}
	return true;
}

/* The end of the field in quotes that begins at `at`; NULL after a problem. */
static char *end_of_quoted(struct csv *csv, char *at)
{
	char *closing = at + 1;
	while (*closing != '\0' && (*closing != '"' || closing[1] == '"'))
		closing += *closing == '"' ? 2 : 1;
	if (*closing == '"' && (closing[1] == separator_of(csv) || closing[1] == '\0'))
		return closing + 1;
	if (*closing == '\0')
		csv_field_problem(csv, csv->n, tr("the quote that opens this field is not closed"));
	else
		csv_field_problem(csv, csv->n,
				  tr("the field goes on after its closing quote; a comma or the "
				     "line's end is allowed there"));
	return NULL;
}

static char *end_of_plain(struct csv *csv, char *at)
{
	const char stops[] = {(char)separator_of(csv), '"', '\0'};
	char *end = at + strcspn(at, stops);
	if (*end != '"')
		return end;
	csv_field_problem(csv, csv->n,
			  tr("a quote inside a field; it is allowed around the whole field only"));
	return NULL;
}

/* Takes off the quotes of the field that ends at `end`, and makes one of two inside. */
static void unquote_field(char *at, const char *end)
{
	char *to = at;
	for (const char *from = at + 1; from < end - 1; from++) {
		*to++ = *from;
		if (*from == '"')
			from++;
	}
	*to = '\0';
}

/* Moves a position on from the begin of a field to the comma after its end. */
static void move_on(const char *begin, const char *end, struct csv_field *at)
{
	for (const char *b = begin; b < end; b++) {
		if (*b == '\n') {
			at->line++;
			at->column = 0;
		}
		at->column += begins_character(*b);
	}
	at->column++;
}

/* One more field, in place; true if another follows, at *next. n is 0 after a problem. */
static bool take_field(struct csv *csv, char **at, struct csv_field *next)
{
	char *begin = *at;
	csv->fields[csv->n] = (struct csv_field){begin, next->line, next->column};
	bool quoted = *begin == '"';
	char *end = quoted ? end_of_quoted(csv, begin) : end_of_plain(csv, begin);
	if (!end) {
		csv->n = 0;
		return false;
	}
	move_on(begin, end, next);
	*at = end + 1;
	bool more = *end == separator_of(csv);
	*end = '\0';
	if (quoted)
		unquote_field(begin, end);
	csv->n++;
	return more;
}

static void split_row(struct csv *csv)
{
	char *at = csv->bytes;
	struct csv_field next = {NULL, csv->line, 1};
	int most = csv->most > 0 ? csv->most : CSV_FIELDS_MAX;
	while (take_field(csv, &at, &next)) {
		if (csv->n < most)
			continue;
		problems_add(csv->problems, csv->path, next.line, next.column,
			     tr("more than %d fields, the most allowed"), most);
		csv->n = 0;
		return;
	}
}

static void refuse_long(struct csv *csv, long read)
{
	if (csv->spreadsheet)
		csv_problem(
			csv, 1,
			tr("the row has %ld bytes in %d lines; at most %d are allowed (is a quote "
			   "not closed?)"),
			read, csv->extra + 1, CSV_ROW_MAX - 1);
	else
		csv_problem(csv, 1, tr("the line has %ld bytes; at most %d are allowed"), read,
			    CSV_LINE_MAX - 1);
}

/* What is read on is not the file that somebody meant. */
static void refuse_endless(struct csv *csv)
{
	if (csv->read > CSV_BYTES_MAX)
		problems_add(csv->problems, csv->path, 0, 0,
			     tr("is larger than %d MiB, the most allowed"),
			     CSV_BYTES_MAX / 1024 / 1024);
}

static size_t trim_ends(struct csv *csv, size_t n)
{
	if (n > 0 && csv->bytes[n - 1] == '\r')
		n--;
	if (csv->line == 1 && n >= MARK_SIZE && memcmp(csv->bytes, byte_order_mark, MARK_SIZE) == 0)
		memmove(csv->bytes, csv->bytes + MARK_SIZE, n -= MARK_SIZE);
	return csv->spreadsheet ? tidy_row(csv, csv->bytes, n) : n;
}

bool csv_next(struct csv *csv)
{
	size_t n = 0;
	do {
		csv->line += 1 + csv->extra;
		csv->n = csv->extra = 0;
		long read = read_row_bytes(csv);
		if (read < 0) {
			refuse_endless(csv);
			csv->line--;
			return false;
		}
		if (read >= find_row_limit(csv)) {
			refuse_long(csv, read);
			return true;
		}
		n = trim_ends(csv, (size_t)read);
		csv->bytes[n] = '\0';
	} while (csv->spreadsheet && n == 0);
	if (!check_visible(csv, n))
		return true;
	if (n == 0)
		csv_problem(csv, 1, tr("the line is empty; an hour that is missing has no line"));
	else
		split_row(csv);
	return true;
}
