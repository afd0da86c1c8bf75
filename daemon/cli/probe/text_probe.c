/* SPDX-License-Identifier: MIT */
#include "text_probe.h"

#include <math.h>
#include <stdlib.h>

#include "decode.h"
#include "words.h"

#define FAR_MIN 1e-6
#define FAR_MAX 1e9

void text_probe_line(const struct link_conf *link, char ret[TEXT_LINE_MAX])
{
	if (link->kind == LINK_TCP)
		snprintf(ret, TEXT_LINE_MAX, tr("%s port %d"), link->host, link->port);
	else if (link->kind == LINK_RTU_TCP)
		snprintf(ret, TEXT_LINE_MAX, tr("RTU over TCP, %s port %d"), link->host,
			 link->port);
	else
		snprintf(ret, TEXT_LINE_MAX, "%s %d %d%c%d", link->device, link->baud,
			 link->data_bits, link->parity, link->stop_bits);
}

const char *text_probe_exception(int code)
{
	static const char *const names[] = {
		[1] = TR_LATER("illegal function"),   [2] = TR_LATER("illegal data address"),
		[3] = TR_LATER("illegal data value"), [4] = TR_LATER("device failure"),
		[5] = TR_LATER("acknowledge"),        [6] = TR_LATER("device busy"),
	};

	if (code < 1 || code >= (int)(sizeof(names) / sizeof(names[0])))
		return "";
	return tr(names[code]);
}

/* ---- registers ---- */

static bool is_alike(const struct sweep_register *a, const struct sweep_register *b)
{
	return a->asked == b->asked && a->why == b->why && a->code == b->code;
}

/* At most 11 characters, and a mark. What no instrument sends is not worth its digits. */
static bool print_float(FILE *out, const uint16_t words[2], enum byte_order order, bool marked)
{
	char text[32];
	bool likely = recognise_float(words, order);
	double number = decode_number(TYPE_F32, decode_bits(TYPE_F32, order, words));
	bool far = isfinite(number) && fabs(number) > 0 &&
		   (fabs(number) < FAR_MIN || fabs(number) > FAR_MAX);

	if (isnan(number) || far)
		snprintf(text, sizeof(text), "%s", far ? "-" : "nan");
	else
		snprintf(text, sizeof(text), likely ? "%.6g" : "%.4g", number);
	fprintf(out, "%*s%s", marked ? 11 : 12, text, likely ? "*" : "");
	return likely;
}

static void print_register(FILE *out, const struct sweep *sweep, int at)
{
	uint16_t word = sweep->registers[at].word, words[2];
	int address = sweep->from + at;

	fprintf(out, "%5d %04Xh  %04X %6u %6d", address, (unsigned)address, word, word,
		(int16_t)word);
	bool marked = true;
	for (int order = 0; sweep_pair(sweep, at, words) && order < BYTE_ORDER_COUNT; order++)
		marked = print_float(out, words, (enum byte_order)order, marked);
	fputs("\n", out);
}

static const char *why_text(const struct sweep_register *what)
{
	if (!what->asked)
		return tr("not asked");
	if (what->why == WHY_TIMEOUT)
		return tr("no answer");
	if (what->why == WHY_ECHO)
		return tr("our own request came back (local echo)");
	return tr("answers that are not right");
}

/* Registers that were not read, as one line for all that have the same reason; where they end. */
static int print_gap(FILE *out, const struct sweep *sweep, int at)
{
	const struct sweep_register *what = &sweep->registers[at];
	int end = at + 1;

	while (end < sweep->count && is_alike(&sweep->registers[end], what))
		end++;
	if (end - at > 1)
		fprintf(out, "%5d-%d  ", sweep->from + at, sweep->from + end - 1);
	else
		fprintf(out, "%5d %04Xh  ", sweep->from + at, (unsigned)(sweep->from + at));
	if (what->asked && what->why == WHY_EXCEPTION)
		fprintf(out, tr("exception %d  %s\n"), what->code,
			text_probe_exception(what->code));
	else
		fprintf(out, "%s\n", why_text(what));
	return end;
}

static void print_words(FILE *out, const struct sweep *sweep)
{
	fputs(tr("address       hex    u16    s16   f32 abcd    f32 cdab    f32 badc    f32 "
		 "dcba\n"),
	      out);
	for (int at = 0; at < sweep->count;) {
		if (sweep_is_read(sweep, at))
			print_register(out, sweep, at++);
		else
			at = print_gap(out, sweep, at);
	}
	fputs(tr("* may be a float: it takes two registers; one register off, it looks like one "
		 "in another\n  order. - below 1e-6 or above 1e9\n"),
	      out);
}

/* ---- whole numbers of two registers ---- */

static bool is_empty_word(uint16_t word)
{
	return word == 0 || word == UINT16_MAX;
}

static void print_pair(FILE *out, int address, const uint16_t words[2])
{
	fprintf(out, "%5d-%-5d ", address, address + 1);
	for (int order = 0; order < BYTE_ORDER_COUNT; order++)
		fprintf(out, " %12u",
			(unsigned)decode_bits(TYPE_U32, (enum byte_order)order, words));
	fputs("\n", out);
}

/* Pairs that hold nothing are left out. */
static void print_pairs(FILE *out, const struct sweep *sweep)
{
	uint16_t words[2];
	bool any = false;

	for (int at = 0; at < sweep->count; at++) {
		if (!sweep_pair(sweep, at, words) ||
		    (is_empty_word(words[0]) && is_empty_word(words[1])))
			continue;
		if (!any) {
			fputs(tr("\nregisters   "), out);
			for (int order = 0; order < BYTE_ORDER_COUNT; order++)
				fprintf(out, "     u32 %s",
					byte_order_name((enum byte_order)order));
			fputs("\n", out);
		}
		print_pair(out, sweep->from + at, words);
		any = true;
	}
}

void text_probe_registers(FILE *out, const struct sweep *sweep)
{
	int n = 0;

	for (int at = 0; at < sweep->count; at++)
		n += sweep_is_read(sweep, at);
	fprintf(out, tr("unit %d, function %d, registers %d to %d: %d read, %d not\n\n"),
		sweep->unit_id, sweep->function, sweep->from, sweep->from + sweep->count - 1, n,
		sweep->count - n);
	print_words(out, sweep);
	print_pairs(out, sweep);
}
