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

/* ---- GB18030 ---- */

static int line_of(const char *bytes, size_t at)
{
	int line = 1;
	for (size_t i = 0; i < at; i++)
		line += bytes[i] == '\n';
	return line;
}

/* GB18030 of two bytes makes three of UTF-8, one of one byte one: half as many again are enough,
 * and four make at most four. False at a byte that is no GB18030: *ret_at. */
static bool convert_bytes(iconv_t cd, struct sheet *sheet, size_t *ret_at)
{
	size_t room = sheet->n + sheet->n / 2, left = room, from_left = sheet->n;
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
	sheet->converted = true;
	bytes[sheet->n] = '\0';
	return true;
}

static int convert_or_tell(const char *path, struct problems *problems, struct sheet *sheet,
			   size_t not_utf8_at)
{
	size_t at = 0;
	iconv_t cd = iconv_open("UTF-8", "GB18030");
	if (cd == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): so it says */
		return -errno;
	bool converted = convert_bytes(cd, sheet, &at);
	iconv_close(cd);
	if (converted)
		return 0;
	problems_add(
		problems, path, line_of(sheet->bytes, at), 0,
		tr("the file is neither UTF-8 (see line %d) nor GB18030 (see this line); save it "
		   "as CSV UTF-8"),
		line_of(sheet->bytes, not_utf8_at));
	return 1;
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

static int decode_sheet(const char *path, struct problems *problems, struct sheet *sheet)
{
	size_t at = 0;
	const char *nul = memchr(sheet->bytes, '\0', sheet->n);
	if (sheet->n > SHEET_BYTES_MAX)
		problems_add(problems, path, 0, 0, tr("is larger than %d MiB, the most allowed"),
			     SHEET_BYTES_MAX / 1024 / 1024);
	else if (is_utf16(sheet))
		problems_add(problems, path, 0, 0,
			     tr("is UTF-16 (Unicode text); save it as CSV UTF-8"));
	else if (sheet->n >= 4 && memcmp(sheet->bytes, "PK\003\004", 4) == 0)
		problems_add(problems, path, 0, 0,
			     tr("is a workbook of a spreadsheet program; save it as CSV UTF-8"));
	else if (nul)
		problems_add(problems, path, line_of(sheet->bytes, (size_t)(nul - sheet->bytes)), 0,
			     tr("a NUL byte; only text is allowed"));
	else if (sheet_is_utf8(sheet->bytes, sheet->n, &at))
		return 0;
	else
		return convert_or_tell(path, problems, sheet, at);
	return 1;
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
	if (r == 0)
		*ret = sheet;
	else
		sheet_done(&sheet);
	return r;
}

void sheet_done(struct sheet *sheet)
{
	free(sheet->bytes);
	*sheet = (struct sheet){0};
}
