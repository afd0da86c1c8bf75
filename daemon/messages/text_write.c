/* SPDX-License-Identifier: MIT */
/* The pieces that texts are made of. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "text_inside.h"
#include "text_term.h"
#include "time_text.h"

#define FIRST_OF_LETTER(byte) (((unsigned char)(byte)&0xc0) != 0x80)

struct text_writer text_begin(const struct conf *conf, enum text_language language, char *text,
			      size_t size)
{
	text[0] = '\0';
	return (struct text_writer){
		.text = text, .size = size, .conf = conf, .zh = language == TEXT_ZH};
}

/* The bytes of the letter that begins with this one. */
static size_t letter_size(unsigned char first)
{
	return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static void cut_broken_letter(struct text_writer *w)
{
	size_t first = w->n;
	while (first > 0 && !FIRST_OF_LETTER(w->text[first - 1]))
		first--;
	if (first > 0 && first - 1 + letter_size((unsigned char)w->text[first - 1]) > w->n)
		w->n = first - 1;
	w->text[w->n] = '\0';
}

void text_say(struct text_writer *w, const char *format, ...)
{
	size_t room = w->size - w->n;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(w->text + w->n, room, format, args);
	va_end(args);
	if (n > 0 && (size_t)n < room) {
		w->n += (size_t)n;
	} else if (n > 0) {
		w->n += room - 1;
		cut_broken_letter(w);
	}
}

void text_say_one(struct text_writer *w, const char *zh, const char *en)
{
	text_say(w, "%s", w->zh ? zh : en);
}

void text_end(struct text_writer *w)
{
	if (w->n > 0 && w->text[w->n - 1] == ' ')
		w->text[--w->n] = '\0';
}

void text_say_opening(struct text_writer *w, const char *zh, const char *en)
{
	const struct station_conf *station = &w->conf->station;
	if (w->conf->exercise)
		text_say_one(w, "【演练】", "【演练】EXERCISE. ");
	if (w->zh)
		text_say(w, "%s%s：", station->name_zh, zh);
	else
		text_say(w, "%s, %s: ", station->name_en, en);
}

void text_say_advice(struct text_writer *w, int level)
{
	if (level > LEVEL_NONE && level_warned(&w->conf->plan, level) == LEVEL_NONE)
		text_say_opening(w, "建议", "advice");
	else
		text_say_opening(w, "预警建议", "warning advice");
}

int text_clock_hour(int64_t hour, struct tm *ret_day)
{
	*ret_day = time_beijing(hour * HOUR_MS);
	if (ret_day->tm_hour != 0)
		return ret_day->tm_hour;
	*ret_day = time_beijing((hour - 1) * HOUR_MS);
	return 24;
}

void text_say_moment(struct text_writer *w, int64_t wall_ms)
{
	char text[TEXT_INSTANT_MAX];
	text_say(w, "%s", text_instant(wall_ms, false, w->zh ? TEXT_ZH : TEXT_EN, text));
}

void text_say_end(struct text_writer *w, int64_t wall_ms)
{
	char text[TEXT_INSTANT_MAX];
	text_say(w, "%s", text_instant(wall_ms, true, w->zh ? TEXT_ZH : TEXT_EN, text));
}

void text_say_level(struct text_writer *w, int level)
{
	const struct plan_level *l = &w->conf->plan.levels[level];
	char response[TEXT_RESPONSE_MAX];
	if (level <= LEVEL_NONE)
		text_say_one(w, "无预警", "none");
	else if (w->zh)
		text_say(w, "%s%s（%s响应）", l->name_zh, l->stage ? "" : "预警",
			 text_response(l, TEXT_ZH, response));
	else
		text_say(w, "%s (response %s)", l->name_en, l->response);
}
