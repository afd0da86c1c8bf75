/* SPDX-License-Identifier: MIT */
#include "sheet.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "plain_text.h"
#include "words.h"

#define FIRST_BYTES 65536

/* ---- UTF-8 ---- */

bool sheet_is_utf8(const char *bytes, size_t n, size_t *ret_at)
{
	size_t at = 0;
	while (at < n) {
		size_t size = plain_text_character(bytes + at, n - at);
		if (size == 0) {
			*ret_at = at;
			return false;
		}
		at += size;
	}
	return true;
}

/* ---- other encodings ---- */

static int line_of(const char *bytes, size_t at)
{
	int line = 1;
	for (size_t i = 0; i < at; i++)
		line += bytes[i] == '\n';
	return line;
}

/* Two bytes make four at most, as some of two do in GB18030; four make four. False at a byte that
 * is not of the encoding: *ret_at. */
static bool convert_bytes(iconv_t cd, struct sheet *sheet, size_t *ret_at)
{
	size_t room = 2 * sheet->n, left = room, from_left = sheet->n;
	char *bytes = malloc(room + 1), *to = bytes, *from = sheet->bytes;
	if (!bytes)
		log_out_of_memory();
	if (iconv(cd, &from, &from_left, &to, &left) == (size_t)-1) {
		*ret_at = (size_t)(from - sheet->bytes);
		free(bytes);
		return false;
	}
	free(sheet->bytes);
	sheet->bytes = bytes;
	sheet->n = room - left;
	bytes[sheet->n] = '\0';
	return true;
}

/* 1: a byte is not of the encoding, *ret_at; a negative errno. */
static int convert_sheet(struct sheet *sheet, const char *encoding, size_t *ret_at)
{
	iconv_t cd = iconv_open("UTF-8", encoding);
	if (cd == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): so it says */
		return -errno;
	bool converted = convert_bytes(cd, sheet, ret_at);
	iconv_close(cd);
	return converted ? 0 : 1;
}

static int convert_gb18030(const char *path, struct problems *problems, struct sheet *sheet,
			   size_t not_utf8_at)
{
	size_t at = 0;
	int r = convert_sheet(sheet, "GB18030", &at);
	sheet->encoding = "gb18030";
	if (r == 1)
		problems_add(problems, path, line_of(sheet->bytes, at), 0,
			     tr("the file is neither UTF-8 (see line %d) nor GB18030 (see this "
				"line); save it as CSV UTF-8"),
			     line_of(sheet->bytes, not_utf8_at));
	return r;
}

static int convert_utf16(const char *path, struct problems *problems, struct sheet *sheet)
{
	size_t at = 0;
	int r = convert_sheet(sheet, "UTF-16", &at);
	sheet->encoding = "utf-16";
	if (r == 1)
		problems_add(problems, path, 0, 0,
			     tr("begins as UTF-16 and is none at byte %zu; save it as CSV UTF-8"),
			     at + 1);
	return r;
}

/* ---- the file ---- */

/* More than fits in a file is told by n. */
static int read_sheet_bytes(FILE *in, struct sheet *sheet)
{
	size_t room = 0;
	while (sheet->n <= SHEET_BYTES_MAX) {
		if (room < sheet->n + FIRST_BYTES) {
			room = room == 0 ? 2 * FIRST_BYTES : 2 * room;
			char *bytes = realloc(sheet->bytes, room + 1);
			if (!bytes)
				return -ENOMEM;
			sheet->bytes = bytes;
		}
		errno = 0;
		size_t n = fread(sheet->bytes + sheet->n, 1, FIRST_BYTES, in);
		sheet->n += n;
		if (n == 0)
			break;
	}
	sheet->bytes[sheet->n] = '\0';
	return ferror(in) ? -(errno != 0 ? errno : EIO) : 0;
}

static bool is_utf16(const struct sheet *sheet)
{
	return sheet->n >= 2 && (memcmp(sheet->bytes, "\xff\xfe", 2) == 0 ||
				 memcmp(sheet->bytes, "\xfe\xff", 2) == 0);
}

static int check_text(const char *path, struct problems *problems, const struct sheet *sheet)
{
	const char *nul = memchr(sheet->bytes, '\0', sheet->n);
	if (!nul)
		return 0;
	problems_add(problems, path, line_of(sheet->bytes, (size_t)(nul - sheet->bytes)), 0,
		     tr("a NUL byte; only text is allowed"));
	return 1;
}

static int decode_sheet(const char *path, struct problems *problems, struct sheet *sheet)
{
	size_t at = 0;
	int r = 1;
	sheet->encoding = "utf-8";
	if (sheet->n > SHEET_BYTES_MAX)
		problems_add(problems, path, 0, 0, tr("is larger than %d MiB, the most allowed"),
			     SHEET_BYTES_MAX / 1024 / 1024);
	else if (sheet->n >= 4 && memcmp(sheet->bytes, "PK\003\004", 4) == 0)
		problems_add(problems, path, 0, 0,
			     tr("is a workbook of a spreadsheet program; save it as CSV UTF-8, or: "
				"xlsx2csv FILE.xlsx FILE.csv"));
	else if (sheet->n >= 4 && memcmp(sheet->bytes, "\xd0\xcf\x11\xe0", 4) == 0)
		problems_add(
			problems, path, 0, 0,
			tr("is an old workbook (.xls) of a spreadsheet program; save it as CSV "
			   "UTF-8"));
	else if (is_utf16(sheet))
		r = convert_utf16(path, problems, sheet);
	else if ((r = check_text(path, problems, sheet)) == 0 &&
		 !sheet_is_utf8(sheet->bytes, sheet->n, &at))
		return convert_gb18030(path, problems, sheet, at);
	return r == 0 ? check_text(path, problems, sheet) : r;
}

/* ---- fields ---- */

/* How often a byte stands in a line, outside of quotes. */
static int count_outside_quotes(const char *line, char byte)
{
	bool quoted = false;
	int n = 0;
	for (; *line != '\0' && *line != '\n'; line++) {
		quoted = quoted != (*line == '"');
		n += !quoted && *line == byte;
	}
	return n;
}

/* What parts the fields of the first line that has any; of equals the comma. */
static char find_separator(const char *bytes)
{
	static const char separators[] = ",\t;";
	for (const char *line = bytes; line; line = strchr(line, '\n')) {
		char found = ',';
		int most = 0;
		line += *line == '\n';
		for (const char *s = separators; *s != '\0'; s++) {
			int n = count_outside_quotes(line, *s);
			if (n > most) {
				most = n;
				found = *s;
			}
		}
		if (most > 0)
			return found;
	}
	return ',';
}

static void drop_begin(struct sheet *sheet, size_t n)
{
	memmove(sheet->bytes, sheet->bytes + n, sheet->n - n + 1);
	sheet->n -= n;
}

/* A byte order mark, and a first line "sep=;" for a spreadsheet program, of which an empty one is
 * left. */
static void take_begin(struct sheet *sheet)
{
	if (strncmp(sheet->bytes, "\xef\xbb\xbf", 3) == 0)
		drop_begin(sheet, 3);
	bool said = strncmp(sheet->bytes, "sep=", 4) == 0 && sheet->n > 5 &&
		    strchr(",;\t", sheet->bytes[4]) &&
		    sheet->bytes[5 + strspn(sheet->bytes + 5, "\r")] == '\n';
	sheet->separator = find_separator(sheet->bytes);
	if (said) {
		sheet->separator = sheet->bytes[4];
		drop_begin(sheet, 5 + strspn(sheet->bytes + 5, "\r"));
	}
}

const char *sheet_separator(const struct sheet *sheet)
{
	if (sheet->separator == '\t')
		return tr("tabs");
	return sheet->separator == ';' ? tr("semicolons") : tr("commas");
}

int sheet_load(const char *path, struct problems *problems, struct sheet *ret)
{
	bool standard_input = strcmp(path, "-") == 0;
	FILE *in = standard_input ? stdin : fopen(path, "rbe");
	if (!in)
		return -errno;
	struct sheet sheet = {0};
	int r = read_sheet_bytes(in, &sheet);
	if (!standard_input)
		fclose(in);
	if (r == 0) {
		checksum_of(sheet.bytes, sheet.n, sheet.sha256);
		r = decode_sheet(path, problems, &sheet);
	}
	if (r == 0) {
		take_begin(&sheet);
		*ret = sheet;
	} else {
		sheet_done(&sheet);
	}
	return r;
}

void sheet_done(struct sheet *sheet)
{
	free(sheet->bytes);
	*sheet = (struct sheet){0};
}
