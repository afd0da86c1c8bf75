/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "words.h"

#define CUT "…"

struct screen screen_begin(FILE *out, int width, int lines)
{
	return (struct screen){.out = out,
			       .left = lines,
			       .width = width < SCREEN_WIDTH_MIN ? SCREEN_WIDTH_MIN : width};
}

/* One letter: how many bytes, and how many columns. */
static size_t measure_letter(const char *text, int *ret_columns)
{
	mbstate_t state = {0};
	wchar_t letter;
	size_t n = mbrtowc(&letter, text, MB_CUR_MAX, &state);
	if (n == 0 || n > MB_CUR_MAX) {
		*ret_columns = 1;
		return 1;
	}
	int columns = wcwidth(letter);
	*ret_columns = columns > 0 ? columns : 0;
	return n;
}

static bool is_one_of(const char *text, const char *const marks[])
{
	for (; *marks; marks++) {
		if (strncmp(text, *marks, strlen(*marks)) == 0)
			return true;
	}
	return false;
}

/* No line ends behind an opening mark or before a closing one. */
static bool is_joined(const char *before, const char *after)
{
	static const char *const opening[] = {"（", "〔", "「", "【", "《", NULL};
	static const char *const closing[] = {"，", "。", "；", "：", "）", "、",
					      "〕", "」", "】", "》", NULL};
	return is_one_of(before, opening) || is_one_of(after, closing);
}

size_t screen_fold(const char *text, int room, size_t *ret_gap)
{
	size_t at = 0, end = 0;
	*ret_gap = 0;
	if (text[0] == '\0')
		return 0;
	int used = 0, columns;
	while (text[at]) {
		size_t n = measure_letter(text + at, &columns);
		if (used + columns > room)
			break;
		used += columns;
		at += n;
		if (text[at] == ' ' || text[at] == '\0' ||
		    (columns == 2 && !is_joined(text + at - n, text + at)))
			end = at;
	}
	if (end == 0)
		end = at > 0 ? at : 1;
	*ret_gap = text[end] == ' ';
	return end;
}

static void print_label(const struct screen *screen)
{
	int width = words_width(screen->label);
	fputs(screen->label, screen->out);
	for (int i = width; i < SCREEN_LABEL_WIDTH; i++)
		fputc(' ', screen->out);
}

static void print_row(struct screen *screen)
{
	const char *text = screen->text;
	int edge = screen->label ? SCREEN_LABEL_WIDTH : 0;
	int most = screen->most < screen->left ? screen->most : screen->left;
	if (most > 0 && screen->label)
		print_label(screen);
	for (int line = 1; line <= most; line++, screen->left--) {
		size_t gap, n = screen_fold(text, screen->width - edge, &gap);
		bool last = text[n + gap] == '\0', cut = !last && line == most;
		if (cut)
			n = screen_fold(text, screen->width - edge - 1, &gap);
		fprintf(screen->out, "%*s%.*s%s\n", line > 1 ? edge : 0, "", (int)n, text,
			cut ? CUT : "");
		text += n + gap;
		if (last)
			line = most;
	}
}

void screen_row(struct screen *screen, const char *label, int most)
{
	if (screen->most > 0)
		print_row(screen);
	screen->label = label;
	screen->most = most;
	screen->n = 0;
	screen->text[0] = '\0';
}

/* The last character may be cut, too. */
static size_t cut_whole(const char *text, size_t n)
{
	while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
		n--;
	return n > 0 && (unsigned char)text[n - 1] >= 0xc0 ? n - 1 : n;
}

void screen_say(struct screen *screen, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(screen->text + screen->n, sizeof(screen->text) - screen->n, format, args);
	va_end(args);
	if (n > 0)
		screen->n += (size_t)n;
	if (screen->n >= sizeof(screen->text))
		screen->n = cut_whole(screen->text, sizeof(screen->text) - 1);
}

void screen_tab(struct screen *screen, int column)
{
	int edge = screen->label ? SCREEN_LABEL_WIDTH : 0;
	int blanks = column - edge - words_width(screen->text);
	screen_say(screen, "%*s", blanks > 0 ? blanks : 1, "");
}

void screen_end(struct screen *screen)
{
	screen_row(screen, NULL, 0);
}
