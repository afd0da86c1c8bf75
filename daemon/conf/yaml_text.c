/* SPDX-License-Identifier: MIT */
#include "yaml_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "plain_file.h"
#include "words.h"

#define ROOM_FIRST (16 * 1024) /* nearly every file fits; doubled, it comes to YAML_FILE_MAX */

/* Up to one byte more than may be, with room for a NUL after them. */
static char *read_bytes(FILE *in, size_t *ret_size)
{
	char *bytes = NULL;
	size_t size = 0;
	for (size_t room = ROOM_FIRST; room <= YAML_FILE_MAX; room *= 2) {
		bytes = realloc(bytes, room + 2);
		if (!bytes)
			log_out_of_memory();
		size += fread(bytes + size, 1, room + 1 - size, in);
		if (size <= room)
			break;
	}
	*ret_size = size;
	return bytes;
}

static char *read_whole_file(struct yaml_file *file, FILE *in, size_t *ret_size)
{
	size_t size;
	char *bytes = read_bytes(in, &size);
	if (ferror(in)) {
		yaml_problem_at(file, 0, 0, tr("cannot be read: %s"), strerror(errno));
	} else if (size > YAML_FILE_MAX) {
		yaml_problem_at(file, 0, 0,
				tr("the file is larger than %d bytes, the most allowed"),
				YAML_FILE_MAX);
	} else {
		bytes[size] = '\0';
		*ret_size = size;
		return bytes;
	}
	free(bytes);
	return NULL;
}

char *text_load(struct yaml_file *file, size_t *ret_size)
{
	if (strcmp(file->path, "-") == 0)
		return read_whole_file(file, stdin, ret_size);
	char why[PLAIN_WHY_MAX];
	FILE *in = plain_open(file->path, why);
	if (!in) {
		yaml_problem_at(file, 0, 0, "%s", why);
		return NULL;
	}
	char *bytes = read_whole_file(file, in, ret_size);
	fclose(in);
	return bytes;
}

/* The character that begins at `at` and its length; 0 if these bytes are no UTF-8. Overlong forms,
 * surrogates and what lies above U+10FFFF are none either. */
static size_t decode_character(const unsigned char *at, size_t left, uint32_t *ret)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = at[0] < 0x80   ? 1
			: at[0] < 0xc2 ? 0
			: at[0] < 0xe0 ? 2
			: at[0] < 0xf0 ? 3
				       : 4;
	if (length == 0 || length > left || at[0] > 0xf4)
		return 0;
	uint32_t character = length == 1 ? at[0] : at[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (at[i] & 0x3fu);
	}
	if (character < smallest[length] || character > 0x10ffff ||
	    (character >= 0xd800 && character <= 0xdfff))
		return 0;
	*ret = character;
	return length;
}

/* Characters that YAML forbids, or takes for line ends where an editor shows none. */
static bool is_forbidden(uint32_t c, uint32_t next)
{
	if (c == '\r')
		return next != '\n';
	return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
	       c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff;
}

struct position {
	int line, column;
	bool indent; /* only blanks so far in this line */
};

/* False if it makes no sense to look further. */
static bool check_character(struct yaml_file *file, const struct position *at, uint32_t c,
			    uint32_t next)
{
	if (c == 0) {
		yaml_problem_at(file, at->line, at->column,
				tr("a NUL byte: this is not a text file"));
		return false;
	}
	if (is_forbidden(c, next)) {
		yaml_problem_at(file, at->line, at->column,
				tr("the control character U+%04X, which no text may hold"), c);
		return false;
	}
	if (c == '\t' && at->indent)
		yaml_problem_at(file, at->line, at->column,
				tr("a tab in the indentation; only spaces are allowed"));
	return true;
}

static void advance_position(struct position *at, uint32_t c)
{
	if (c == '\n') {
		at->line++;
		at->column = 1;
		at->indent = true;
		return;
	}
	at->column++;
	/* one message a line */
	if (c != ' ')
		at->indent = false;
}

/* "0,1" */
static bool has_decimal_comma(const char *text)
{
	static const char digits[] = "0123456789";
	size_t whole = strspn(text + (text[0] == '-'), digits) + (text[0] == '-');
	return whole > 0 && text[whole] == ',' && text[whole + 1] &&
	       strspn(text + whole + 1, digits) == strlen(text + whole + 1);
}

const char *yaml_hint(const char *text)
{
	static const struct {
		const char *letter, *hint;
	} wide[] = {
		{"：", TR_LATER("; it has a full-width colon ：: write : and a blank")},
		{"，", TR_LATER("; it has a full-width comma ，: write ,")},
		{"、", TR_LATER("; it has a full-width comma 、: write ,")},
		{"“", TR_LATER("; it has a full-width quotation mark “: write \"")},
	};
	if (text && has_decimal_comma(text))
		return tr("; it has a decimal comma: write a point");
	for (size_t i = 0; text && i < sizeof(wide) / sizeof(wide[0]); i++) {
		if (strstr(text, wide[i].letter))
			return tr(wide[i].hint);
	}
	return "";
}

bool text_check(struct yaml_file *file, const char *bytes, size_t size)
{
	const unsigned char *text = (const unsigned char *)bytes;
	size_t i = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	struct position at = {.line = 1, .column = 1, .indent = true};
	while (i < size) {
		uint32_t c = 0;
		size_t length = decode_character(text + i, size - i, &c);
		if (length == 0) {
			yaml_problem_at(file, at.line, at.column,
					tr("byte 0x%02X is not UTF-8; only UTF-8 text is allowed"),
					text[i]);
			return false;
		}
		if (!check_character(file, &at, c, i + 1 < size ? text[i + 1] : 0))
			return false;
		advance_position(&at, c);
		i += length;
	}
	return file->n_problems == 0;
}
