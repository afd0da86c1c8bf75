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
	{"₂", "2"},  {"ₓ", "x"},  {"Ⅱ", "ii"}, {"【", "("}, {"】", ")"},
	{"〔", "("}, {"〕", ")"}, {"、", ","}, {"　", ""},  {"\xc2\xa0", ""},
};

/* The next character in its plain form; returns how many bytes it takes. */
static size_t plain_character(const char *at, char ret[4])
{
	const unsigned char *b = (const unsigned char *)at;
	for (size_t i = 0; i < sizeof(plain_forms) / sizeof(plain_forms[0]); i++) {
		size_t n = strlen(plain_forms[i].from);
		if (strncmp(at, plain_forms[i].from, n) == 0) {
			memcpy(ret, plain_forms[i].to, strlen(plain_forms[i].to) + 1);
			return n;
		}
	}
	/* U+FF01..U+FF5E are the wide forms of ! to ~ */
	if (b[0] == 0xef && (b[1] == 0xbc || b[1] == 0xbd) && b[2] >= 0x80) {
		unsigned code = (b[1] == 0xbd ? 0x40u : 0) + (b[2] & 0x3fu);
		if (code >= 1 && code <= 0x5e) {
			ret[0] = (char)(code + 0x20);
			ret[1] = '\0';
			return 3;
		}
	}
	ret[0] = at[0];
	ret[1] = '\0';
	return 1;
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
