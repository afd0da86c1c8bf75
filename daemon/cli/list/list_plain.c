/* SPDX-License-Identifier: MIT */
#include "list_plain.h"

#include <stddef.h>
#include <string.h>

struct writer {
	char *to;
	size_t n;
	bool full;
};

static void write_byte(struct writer *w, char byte)
{
	if (w->n + 1 < LIST_NAME_MAX)
		w->to[w->n++] = byte;
	else
		w->full = true;
	w->to[w->n] = '\0';
}

/* Characters that stand for others: subscripts, Roman numbers, brackets, the two blanks. */
static const struct {
	const char *from, *to;
} plain_forms[] = {
	{"₂", "2"},   {"₃", "3"},  {"₁", "1"},   {"₀", "0"},  {"₅", "5"},        {"ₓ", "x"},
	{"Ⅰ", "i"},   {"Ⅱ", "ii"}, {"Ⅲ", "iii"}, {"Ⅳ", "iv"}, {"【", "("},       {"】", ")"},
	{"〔", "("},  {"〕", ")"}, {"、", ","},  {"　", " "}, {"\xc2\xa0", " "}, {"\t", " "},
	{"㎏", "kg"}, {"µ", "μ"},  {"⁻", "-"},   {"¹", "1"},  {"³", "3"},        {"²", "2"},
};

/* The next character, ASCII where it is the wide form of that (U+FF01..U+FF5E of ! to ~); returns
 * how many bytes it takes. */
static size_t narrow_character(const char *at, char ret[4])
{
	const unsigned char *b = (const unsigned char *)at;
	ret[0] = at[0];
	ret[1] = '\0';
	if (b[0] != 0xef || (b[1] != 0xbc && b[1] != 0xbd) || b[2] < 0x80)
		return 1;
	unsigned code = (b[1] == 0xbd ? 0x40u : 0) + (b[2] & 0x3fu);
	if (code < 1 || code > 0x5e)
		return 1;
	ret[0] = (char)(code + 0x20);
	return 3;
}

/* The next character in its plain form; returns how many bytes it takes. */
static size_t plain_character(const char *at, char ret[4])
{
	for (size_t i = 0; i < sizeof(plain_forms) / sizeof(plain_forms[0]); i++) {
		const char *from = plain_forms[i].from;
		size_t n = strlen(from);
		if (from[0] == at[0] && strncmp(at, from, n) == 0) {
			memcpy(ret, plain_forms[i].to, strlen(plain_forms[i].to) + 1);
			return n;
		}
	}
	size_t n = narrow_character(at, ret);
	if (ret[0] == '[' || ret[0] == ']')
		ret[0] = ret[0] == '[' ? '(' : ')';
	return n;
}

static char lower_letter(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (char)(byte | 0x20);
	return byte;
}

bool list_plain_name(const char *header, char ret_name[LIST_NAME_MAX],
		     char ret_notes[LIST_NAME_MAX])
{
	struct writer name = {ret_name, 0, false}, notes = {ret_notes, 0, false};
	int depth = 0;
	ret_name[0] = ret_notes[0] = '\0';
	while (*header != '\0') {
		char plain[4];
		header += plain_character(header, plain);
		for (const char *b = plain; *b != '\0'; b++) {
			struct writer *to = depth > 0 ? &notes : &name;
			if (*b == '(' && depth++ == 0 && notes.n > 0)
				write_byte(&notes, ',');
			else if (*b == ')' && depth > 0)
				depth--;
			else if (!strchr(" \n_-()", *b))
				write_byte(to, lower_letter(*b));
		}
	}
	return !name.full && !notes.full;
}

/* ---- the pieces of an amount's header ---- */

static bool is_ascii_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/* What parts pieces. A point after a letter or digit belongs to it: "pm2.5". */
static bool is_gap(char byte, const struct writer *writer)
{
	if (byte == '.' && writer->n > 0 && is_ascii_word(writer->to[writer->n - 1]))
		return false;
	return strchr(" \n_-().;:,", byte) != NULL;
}

static void write_piece(struct writer *writer, char byte, bool gap)
{
	if (gap && writer->n > 0 && is_ascii_word(writer->to[writer->n - 1]) && is_ascii_word(byte))
		write_byte(writer, ' ');
	write_byte(writer, byte);
}

bool list_plain_header(const char *header, char ret[LIST_NAME_MAX])
{
	struct writer writer = {ret, 0, false};
	bool gap = false;
	ret[0] = '\0';
	while (*header != '\0') {
		char plain[4];
		header += plain_character(header, plain);
		for (const char *b = plain; *b != '\0'; b++) {
			bool parts = is_gap(*b, &writer);
			if (!parts)
				write_piece(&writer, lower_letter(*b), gap);
			gap = parts;
		}
	}
	return !writer.full;
}

/* ---- cells ---- */

static bool is_wide_blank(const char *text)
{
	return strncmp(text, "　", 3) == 0 || strncmp(text, "\xc2\xa0", 2) == 0;
}

bool list_plain_cell(const char *text, char ret[LIST_NAME_MAX])
{
	struct writer writer = {ret, 0, false};
	ret[0] = '\0';
	while (*text != '\0') {
		char plain[4] = " ";
		if (is_wide_blank(text))
			text += *text == '\xc2' ? 2 : 3;
		else
			text += narrow_character(text, plain);
		if (writer.n > 0 || !strchr(" \n\t", plain[0]))
			write_byte(&writer, lower_letter(plain[0]));
	}
	while (writer.n > 0 && strchr(" \n\t", ret[writer.n - 1]))
		ret[--writer.n] = '\0';
	return !writer.full;
}
