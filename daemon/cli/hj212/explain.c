/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "plain_text.h"

#define CN_MAX 9999
#define CN_NEW_PASSWORD 1072
#define CN_NEW_KEY 1014
#define CN_DATA_ANSWER 9014
#define ST_SYSTEM 91
#define BEIJING_MS (8 * 3600000LL)
#define STARS "******"

static bool is_cn(const struct explained *explained, int cn)
{
	return explained->cn == cn;
}

static int number_of_head(const struct explained *explained, const char *key, int most)
{
	return hj212_number(&explained->segment, hj212_head(&explained->segment, key), most);
}

/* ---- what is odd ---- */

static bool is_data(const struct explained *explained)
{
	return is_cn(explained, 2011) || is_cn(explained, 2051) || is_cn(explained, 2061) ||
	       is_cn(explained, 2031);
}

static unsigned look_at_answer(const struct explained *explained)
{
	enum hj212_ack ack = explained->profile->ack;
	bool plain = explained->st == ST_SYSTEM && explained->segment.n_items == 0 &&
		     !(explained->flagged && explained->flag.answer) &&
		     hj212_head(&explained->segment, "QN");
	if (!is_cn(explained, CN_DATA_ANSWER) || ack == HJ212_ACK_LENIENT)
		return 0;
	return ack == HJ212_ACK_NONE || !plain ? EXPLAIN_ACK : 0;
}

static unsigned look_at_head_fields(const struct explained *explained, bool given)
{
	const struct hj212_segment *segment = &explained->segment;
	const struct hj212_item *qn = hj212_head(segment, "QN"), *rf = hj212_head(segment, "RF");
	unsigned odd = 0;
	int parts = number_of_head(explained, "PNUM", CN_MAX);
	int part = number_of_head(explained, "PNO", CN_MAX);
	int64_t ms;

	if (part == 0 || (part > parts && parts >= 0))
		odd |= EXPLAIN_PART;
	if (explained->st >= 0 && explained->st != ST_SYSTEM &&
	    explained->st != explained->profile->st && given)
		odd |= EXPLAIN_ST;
	if (explained->flagged && given &&
	    explained->flag.version != (int)explained->profile->edition)
		odd |= EXPLAIN_EDITION;
	if (qn && (qn->value.n != 17 || !hj212_time_read(segment, qn->value, &ms)))
		odd |= EXPLAIN_QN;
	if (rf && (explained->flag.version != HJ212_2025 || hj212_number(segment, rf, 1) != 1))
		odd |= EXPLAIN_RF;
	return odd;
}

static void read_time(struct explained *ret)
{
	for (int i = 0; i < ret->segment.n_items; i++) {
		const struct hj212_item *item = &ret->segment.items[i];
		if (!hj212_is(&ret->segment, item->key, "DataTime"))
			continue;
		ret->period_ms = hj212_period_ms(ret->cn, 0);
		if (!hj212_time_read(&ret->segment, item->value, &ret->start_ms) ||
		    !hj212_end_read(&ret->segment, item->value, ret->period_ms, &ret->end_ms))
			ret->oddities |= EXPLAIN_TIME;
		else
			ret->time = item;
		/* Beijing's days begin at 16:00 UTC */
		if (ret->time && ret->period_ms > 0 &&
		    (ret->start_ms + BEIJING_MS) % ret->period_ms != 0)
			ret->oddities |= EXPLAIN_BEGIN;
		if (ret->time && item->value.n > 14)
			ret->oddities |= EXPLAIN_TIME_LONG;
		return;
	}
}

/* Data of which a factor has a value and no flag; one Flag for all of them counts. */
static bool has_flagless_value(const struct explained *explained)
{
	bool value = false, flag = false;
	for (int i = 0; i < explained->segment.n_items; i++) {
		const struct hj212_item *item = &explained->segment.items[i];
		struct explained_field field = explain_field(explained, item);
		if (hj212_is(&explained->segment, item->key, "Flag"))
			return false;
		value |= field.is_value;
		flag |= field.is_flag;
		if (item->mark == ',' && i + 1 < explained->segment.n_items)
			continue;
		if (value && !flag)
			return true;
		value = flag = false;
	}
	return false;
}

static bool is_same_text(const struct hj212_segment *segment, struct hj212_text a,
			 struct hj212_text b)
{
	return a.n == b.n && strncasecmp(segment->bytes + a.at, segment->bytes + b.at, a.n) == 0;
}

static bool has_field_twice(const struct hj212_segment *segment)
{
	for (int i = 1; i < segment->n_items; i++) {
		for (int j = 0; j < i; j++) {
			if (is_same_text(segment, segment->items[i].key, segment->items[j].key))
				return true;
		}
	}
	return false;
}

/* Of a message in parts only the first has to have it; what asks for data has no values. */
static bool lacks_time(const struct explained *explained)
{
	bool time = number_of_head(explained, "PNO", CN_MAX) > 1, value = false;
	for (int i = 0; i < explained->segment.n_items; i++) {
		const struct hj212_item *item = &explained->segment.items[i];
		time |= hj212_is(&explained->segment, item->key, "DataTime");
		value |= explain_field(explained, item).is_value;
	}
	return value && !time;
}

/* What is refused may be ciphertext: its letters tell. */
static bool is_text(const struct hj212_event *event)
{
	const char *bytes = (const char *)event->segment;
	for (size_t i = 0; event->kind == HJ212_REFUSED && i < event->n;) {
		size_t n = plain_text_character(bytes + i, event->n - i);
		if (n == 0 || event->segment[i] < ' ')
			return false;
		i += n;
	}
	return true;
}

void explain_event(const struct hj212_event *event, const struct hj212_profile *profile, bool given,
		   struct explained *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->event = event;
	ret->profile = profile;
	ret->readable = is_text(event);
	hj212_segment_read(event->segment, event->n, &ret->segment);
	ret->st = number_of_head(ret, "ST", CN_MAX);
	ret->cn = number_of_head(ret, "CN", CN_MAX);
	int byte = number_of_head(ret, "Flag", UINT8_MAX);
	ret->flagged = byte >= 0;
	ret->flag = hj212_flag_read(byte >= 0 ? byte : 0);
	ret->oddities = ret->segment.oddities;
	ret->oddities |= event->unended ? EXPLAIN_UNENDED : 0;
	ret->oddities |= look_at_head_fields(ret, given) | look_at_answer(ret);
	read_time(ret);
	if (is_data(ret) && has_flagless_value(ret))
		ret->oddities |= EXPLAIN_FLAGLESS;
	if (is_data(ret) && has_field_twice(&ret->segment))
		ret->oddities |= EXPLAIN_TWICE;
	if (is_data(ret) && lacks_time(ret))
		ret->oddities |= EXPLAIN_TIMELESS;
	if (event->faults & HJ212_FAULT_CUT) /* they follow from it */
		ret->oddities = 0;
}

/* ---- fields ---- */

/* The digits behind the point; -1: it is no number. */
static int count_decimals(const struct hj212_segment *segment, struct hj212_text text)
{
	const char *at = segment->bytes + text.at;
	int point = -1, digits = 0;
	for (int i = at[0] == '-' && text.n > 0 ? 1 : 0; i < text.n; i++) {
		if (at[i] == '.' && point < 0)
			point = i;
		else if (at[i] >= '0' && at[i] <= '9')
			digits++;
		else
			return -1;
	}
	if (digits == 0)
		return -1;
	return point < 0 ? 0 : text.n - 1 - point;
}

struct explained_field explain_field(const struct explained *explained,
				     const struct hj212_item *item)
{
	static const char *const values[] = {"Rtd", "Avg", "Min", "Max"};
	const struct hj212_segment *segment = &explained->segment;
	struct explained_field ret = {.decimals = -1};

	if (!item->equals || !hj212_key_split(segment, item->key, &ret.code, &ret.field)) {
		ret.is_flag = item->equals && hj212_is(segment, item->key, "Flag");
	} else {
		ret.factor =
			hj212_factor_find(explained->profile, segment, ret.code, &ret.other_case);
		ret.is_flag = hj212_is(segment, ret.field, "Flag");
	}
	for (size_t i = 0; ret.code.n > 0 && i < sizeof(values) / sizeof(values[0]); i++)
		ret.is_value |= hj212_is(segment, ret.field, values[i]);
	if (ret.is_flag)
		ret.flag_known = hj212_quality_read(segment, item->value, &ret.quality);
	if (ret.is_value)
		ret.decimals = count_decimals(segment, item->value);
	return ret;
}

/* ---- what may be shown ---- */

const char *explain_text(const struct explained *explained, struct hj212_text text,
			 char ret[EXPLAIN_VALUE_MAX])
{
	char whole[EXPLAIN_VALUE_MAX];
	snprintf(whole, sizeof(whole), "%.*s", (int)text.n, explained->segment.bytes + text.at);
	plain_text_write(ret, EXPLAIN_VALUE_MAX, whole);
	return ret;
}

/* A field that was glued to the one before it is part of its value. */
static bool has_word(const struct explained *explained, struct hj212_text text, const char *word)
{
	uint16_t n = (uint16_t)strlen(word);
	for (int i = 0; i + n <= text.n; i++) {
		struct hj212_text part = {(uint16_t)(text.at + i), n};
		if (hj212_is(&explained->segment, part, word))
			return true;
	}
	return false;
}

static bool is_open_head(const struct explained *explained, const struct hj212_item *item)
{
	static const char *const keys[] = {"QN", "ST", "CN", "MN", "Flag", "PNUM", "PNO", "RF"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (hj212_is(&explained->segment, item->key, keys[i]))
			return true;
	}
	return false;
}

/* Of the head what is not known to be harmless; inside of CP all that a command with a new password
 * or key brings. */
static bool is_secret(const struct explained *explained, const struct hj212_item *item)
{
	const struct hj212_item *items = explained->segment.items;
	bool inside = item >= items && item < items + HJ212_ITEMS_MAX;
	if (inside && (is_cn(explained, CN_NEW_PASSWORD) || is_cn(explained, CN_NEW_KEY)))
		return true;
	if (hj212_is(&explained->segment, item->key, "PW") ||
	    has_word(explained, item->value, "PW=") ||
	    (!item->equals && has_word(explained, item->key, "PW")))
		return true;
	return !inside && !is_open_head(explained, item);
}

const char *explain_value(const struct explained *explained, const struct hj212_item *item,
			  char ret[EXPLAIN_VALUE_MAX])
{
	if (is_secret(explained, item))
		snprintf(ret, EXPLAIN_VALUE_MAX, "%s", STARS);
	else
		explain_text(explained, item->equals ? item->value : item->key, ret);
	return ret;
}

const char *explain_oddity_name(int bit)
{
	static const char *const names[EXPLAIN_ODDITIES] = {
		"no_body",     "no_mn",       "no_equals",
		"mark_last",   "head_inside", "too_many",
		"body_long",   "part_unsaid", "no_cn",
		"no_cr_lf",    "st",          "edition",
		"qn",          "data_time",   "data_time_long",
		"ack",         "no_flag",     "data_time_begin",
		"rf",          "no_time",     "field_twice",
		"part_beyond",
	};
	return names[bit];
}
