/* SPDX-License-Identifier: MIT */
#include "text_hj212.h"

#include <string.h>

#include "time_text.h"
#include "words.h"
#include "words_hj212.h"

#define KEY_COLUMNS 10
#define MINUTE_TEXT 17 /* "2016-08-01 09:00" */

static const char *minute_text(int64_t ms, char ret[MINUTE_TEXT])
{
	char whole[TIME_TEXT_SIZE];
	time_text(ms, whole);
	snprintf(ret, MINUTE_TEXT, "%.10s %.5s", whole, whole + 11);
	return ret;
}

/* ---- what is wrong with the frame ---- */

static const char *crc_variant(enum hj212_crc crc)
{
	switch (crc) {
	case HJ212_CRC_STANDARD:
		return tr("it is the standard's; crc: hj212 in a profile would fit");
	case HJ212_CRC_MODBUS:
		return tr("it is that of MODBUS; crc: modbus in a profile would fit");
	case HJ212_CRC_MODBUS_SWAPPED:
		return tr("it is that of MODBUS with its bytes swapped; crc: modbus-swapped "
			  "in a profile would fit");
	case HJ212_CRC_SWAPPED:
		return tr("it is the right one with its bytes swapped");
	case HJ212_CRC_NONE:
		break;
	}
	return tr("it is of no kind that is known");
}

static void print_crc_fault(const struct explained *explained, bool has_key, FILE *out)
{
	const struct hj212_event *event = explained->event;
	fprintf(out, tr("  wrong: the CRC says %04X, and %04X would be right: %s\n"), event->crc,
		event->right, crc_variant(event->fits));
	if (!explained->readable)
		fputs(has_key ? tr("    what stands in CP is no text: it is enciphered by another "
				   "key, or damaged\n")
			      : tr("    what stands in CP is no text: if it is enciphered, --key "
				   "FILE deciphers it\n"),
		      out);
}

static bool is_cause(const struct hj212_event *event, const char *cause)
{
	const char *causes[HJ212_CAUSES_MAX];
	int n = hj212_causes(event, causes), i = 0;
	while (i < n && strcmp(causes[i], cause) != 0)
		i++;
	return i < n;
}

static void print_length_fault(const struct hj212_event *event, FILE *out)
{
	int over = event->declared - (int)event->n;
	fprintf(out, tr("  wrong: the length says %0*d, and the segment has %zu bytes"),
		event->digits, event->declared, event->n);
	if (over == 6)
		fputs(tr(": CRC and line end are counted, too; length: segment+6 in a profile "
			 "would fit\n"),
		      out);
	else if (over == 0)
		fputs(tr(": it is the standard's; length: segment in a profile would fit\n"), out);
	else if (is_cause(event, "length_characters"))
		fputs(tr(": characters are counted, and not bytes\n"), out);
	else if (over == 4)
		fputs(tr(": the CRC is counted, too\n"), out);
	else if (over == 12)
		fputs(tr(": the whole frame is counted\n"), out);
	else
		fprintf(out, tr(": %+d\n"), over);
}

static void print_faults(const struct explained *explained, bool has_key, FILE *out)
{
	const struct hj212_event *event = explained->event;
	if (event->faults & HJ212_FAULT_DIGITS)
		fprintf(out, tr("  wrong: the length has %d digits and not four\n"), event->digits);
	if (event->faults & HJ212_FAULT_LENGTH)
		print_length_fault(event, out);
	if (event->faults & HJ212_FAULT_CRC)
		print_crc_fault(explained, has_key, out);
	if (event->faults & HJ212_FAULT_NO_CRC)
		fputs(tr("  wrong: the CRC is missing behind the last &&\n"), out);
	if (event->faults & HJ212_FAULT_TOO_LONG)
		fprintf(out,
			tr("  wrong: the segment has %zu bytes, more than %d: it should have been "
			   "split\n"),
			event->n, HJ212_SEGMENT_MAX);
	if (event->faults & HJ212_FAULT_CUT)
		fprintf(out, tr("  wrong: it is cut off after %zu bytes of %d\n"), event->n,
			event->declared);
}

static const char *oddity_words(int bit)
{
	static const char *const words[EXPLAIN_ODDITIES] = {
		TR_LATER("there is no CP=&&...&&"),
		TR_LATER("there is no MN"),
		TR_LATER("a field has no ="),
		TR_LATER("a ; or , stands behind the last field"),
		TR_LATER("QN or Flag stands inside of CP"),
		TR_LATER("more fields than are read: the rest is left out"),
		TR_LATER("more than 950 bytes stand in CP"),
		TR_LATER("Flag and PNUM, PNO do not say the same about parts"),
		TR_LATER("there is no CN"),
		TR_LATER("CR LF is missing behind it"),
		TR_LATER("ST is not that of the profile"),
		TR_LATER("the version in Flag is not the profile's edition"),
		TR_LATER("QN is no time of 17 digits"),
		TR_LATER("DataTime is no time"),
		TR_LATER("DataTime has more than 14 digits: the first 14 count"),
		TR_LATER("not the answer that the profile's ack says; ack: lenient would fit"),
		TR_LATER("a factor has no flag: nothing says whether it is valid"),
		TR_LATER("DataTime is not the begin of an hour or a day"),
		TR_LATER("RF=1 belongs to back-filled data of the edition of 2025 alone"),
		TR_LATER("data without DataTime: nobody knows when they were measured"),
		TR_LATER("a field stands twice: which of them counts is not said"),
		TR_LATER("PNO is not one of PNUM parts"),
	};
	return tr(words[bit]);
}

static void print_oddities(const struct explained *explained, FILE *out)
{
	for (int bit = 0; bit < EXPLAIN_ODDITIES; bit++) {
		if (explained->oddities & 1u << bit)
			fprintf(out, tr("  odd: %s\n"), oddity_words(bit));
	}
}

/* ---- the head ---- */

/* Behind what it explains; nothing of "". */
static void print_words(const char *words, FILE *out)
{
	fprintf(out, "%s%s", words[0] ? "  " : "", words);
}

static void print_flag(const struct explained *explained, FILE *out)
{
	static const char *const editions[] = {"HJ/T 212-2005", "HJ 212-2017", "HJ 212-2025"};
	struct hj212_flag flag = explained->flag;
	print_words(flag.version < 3 ? editions[flag.version] : tr("an unknown edition"), out);
	fputs(flag.answer ? tr(", an answer is wanted") : tr(", no answer is wanted"), out);
	if (flag.parts)
		fputs(tr(", in parts"), out);
}

static void print_head_words(const struct explained *explained, const struct hj212_item *item,
			     FILE *out)
{
	const struct hj212_segment *segment = &explained->segment;
	char text[TIME_TEXT_SIZE];
	int64_t ms;
	if (hj212_is(segment, item->key, "ST"))
		print_words(words_of_st(explained->st), out);
	else if (hj212_is(segment, item->key, "CN"))
		print_words(words_of_cn(explained->cn), out);
	else if (hj212_is(segment, item->key, "Flag") && explained->flagged)
		print_flag(explained, out);
	else if (hj212_is(segment, item->key, "RF"))
		print_words(tr("back-filled"), out);
	else if (hj212_is(segment, item->key, "QN") && hj212_time_read(segment, item->value, &ms))
		print_words(time_text(ms, text), out);
}

/* "ST         22   air quality monitoring"; whoever has words for it prints them behind it. */
static void print_item(const struct explained *explained, const struct hj212_item *item, FILE *out)
{
	char key[EXPLAIN_VALUE_MAX], value[EXPLAIN_VALUE_MAX];
	explain_text(explained, item->key, key);
	fprintf(out, "  %-*s %s", KEY_COLUMNS, item->equals ? key : "?",
		explain_value(explained, item, value));
}

static void print_head(const struct explained *explained, FILE *out)
{
	for (int i = 0; i < explained->segment.n_head; i++) {
		const struct hj212_item *item = &explained->segment.head[i];
		if (item->key.n == 0 && !item->equals)
			continue;
		print_item(explained, item, out);
		print_head_words(explained, item, out);
		fputc('\n', out);
	}
}

/* ---- inside of CP ---- */

static void print_time(const struct explained *explained, FILE *out)
{
	char start[MINUTE_TEXT], end[MINUTE_TEXT], moment[TIME_TEXT_SIZE];
	minute_text(explained->start_ms, start);
	minute_text(explained->end_ms, end);
	if (explained->cn == 2061)
		fprintf(out, tr("  the hour %s, named by its end"), end);
	else if (explained->cn == 2031)
		fprintf(out, tr("  the day that ends at %s"), end);
	else if (explained->cn == 2051)
		fprintf(out, tr("  the minutes that begin at %s"), start);
	else
		fprintf(out, tr("  the moment %s"), time_text(explained->start_ms, moment));
}

static void print_plain_words(const struct explained *explained, const struct hj212_item *item,
			      const struct explained_field *field, FILE *out)
{
	const struct hj212_segment *segment = &explained->segment;
	int number = item->equals ? hj212_number(segment, item, 1000) : -1;
	if (item == explained->time)
		print_time(explained, out);
	else if (hj212_is(segment, item->key, "QnRtn"))
		print_words(words_of_qn_rtn(number), out);
	else if (hj212_is(segment, item->key, "ExeRtn"))
		print_words(words_of_exe_rtn(number), out);
	else if (field->is_flag)
		fprintf(out, tr("  for all factors: %s"),
			field->flag_known ? words_of_quality(field->quality)
					  : tr("no flag of the standard"));
}

static void print_plain(const struct explained *explained, const struct hj212_item *item,
			const struct explained_field *field, FILE *out)
{
	if (item->key.n == 0 && !item->equals)
		return;
	print_item(explained, item, out);
	print_plain_words(explained, item, field, out);
	fputc('\n', out);
}

/* "a34004     PM2.5: ": once for the fields of a factor that stand together. */
static void begin_factor(const struct explained *explained, const struct explained_field *field,
			 FILE *out)
{
	char code[EXPLAIN_VALUE_MAX];
	fprintf(out, "  %-*s ", KEY_COLUMNS, explain_text(explained, field->code, code));
	if (field->factor)
		fputs(words_are_chinese() ? field->factor->zh : field->factor->en, out);
	else
		fputs(field->other_case
			      ? tr("(only the case of its letters is not the profile's; case: any "
				   "would take it)")
			      : tr("(not in the profile)"),
		      out);
	fputs(tr(": "), out);
}

static void print_factor_field(const struct explained *explained, const struct hj212_item *item,
			       const struct explained_field *field, FILE *out)
{
	char name[EXPLAIN_VALUE_MAX], value[EXPLAIN_VALUE_MAX];
	const struct hj212_factor *factor = field->factor;
	explain_text(explained, field->field, name);
	fprintf(out, "%s %s", name, explain_value(explained, item, value));
	if (field->is_flag)
		fprintf(out, " (%s)",
			field->flag_known ? words_of_quality(field->quality)
					  : tr("no flag of the standard"));
	else if (field->is_value && field->decimals < 0)
		fprintf(out, " (%s)", tr("not a number"));
	else if (field->is_value && factor && factor->unit[0])
		fprintf(out, " %s", factor->unit);
	if (field->is_value && factor && field->decimals > factor->decimals)
		fprintf(out, tr(" (decimals: %d, of the profile: %d)"), field->decimals,
			factor->decimals);
}

static void print_body(const struct explained *explained, FILE *out)
{
	const struct hj212_segment *segment = &explained->segment;
	struct hj212_text before = {0, 0};
	bool open = false;
	for (int i = 0; i < segment->n_items; i++) {
		const struct hj212_item *item = &segment->items[i];
		struct explained_field field = explain_field(explained, item);
		bool same = open && field.code.n == before.n && field.code.n > 0 &&
			    memcmp(segment->bytes + field.code.at, segment->bytes + before.at,
				   before.n) == 0;
		if (open && !same)
			fputc('\n', out);
		open = field.code.n > 0;
		before = field.code;
		if (!open)
			print_plain(explained, item, &field, out);
		else if (same)
			fputs(tr(", "), out);
		else
			begin_factor(explained, &field, out);
		if (open)
			print_factor_field(explained, item, &field, out);
	}
	if (open)
		fputc('\n', out);
}

void text_hj212_frame(const struct explained *explained, long number, bool has_key, FILE *out)
{
	const struct hj212_event *event = explained->event;
	if (event->skipped > 0)
		fprintf(out, tr("%lld bytes that belong to no frame\n"), (long long)event->skipped);
	fprintf(out,
		event->kind == HJ212_FRAME ? tr("frame %ld, at byte %lld: right\n")
					   : tr("frame %ld, at byte %lld: refused\n"),
		number, (long long)event->offset);
	print_faults(explained, has_key, out);
	if (event->kind == HJ212_FRAME)
		fprintf(out, tr("  %zu bytes, CRC %04X%s\n"), event->n, event->crc,
			event->enciphered ? tr(", enciphered by SM4") : "");
	if (!explained->readable)
		return;
	print_oddities(explained, out);
	print_head(explained, out);
	print_body(explained, out);
}

void text_hj212_counts(const struct hj212_counts *counts, FILE *out)
{
	fprintf(out, tr("%ld frames right, %ld refused, %lld bytes of no frame\n"), counts->frames,
		counts->refused, (long long)counts->other);
}
