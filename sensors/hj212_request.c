/* SPDX-License-Identifier: MIT */
#include "hj212_request.h"

#include <string.h>

#include "hj212_factor.h"
#include "hj212_part.h"

#define BEIJING_MS (8 * 3600000LL)
#define DAY_MS 86400000LL
#define CN_MAX 9999
#define ST_MAX 999
#define ST_SYSTEM 91
#define KEY_BYTES 16
#define KEY_AHEAD_MS DAY_MS /* what the clocks of two sides may differ by */

/* ---- what is asked ---- */

static enum hj212_ask kind_of(int cn)
{
	static const struct {
		int cn;
		enum hj212_ask ask;
	} kinds[] = {
		{1011, HJ212_ASK_TIME},      {1061, HJ212_ASK_INTERVAL}, {1063, HJ212_ASK_INTERVAL},
		{1062, HJ212_SET_INTERVAL},  {1064, HJ212_SET_INTERVAL}, {2011, HJ212_ASK_REALTIME},
		{2051, HJ212_ASK_HISTORY},   {2061, HJ212_ASK_HISTORY},  {2031, HJ212_ASK_HISTORY},
		{1014, HJ212_NEW_KEY},       {2012, HJ212_NOTICE},       {2022, HJ212_NOTICE},
		{9013, HJ212_NOTICE_ANSWER}, {9014, HJ212_DATA_ANSWER},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].cn == cn)
			return kinds[i].ask;
	}
	return cn < 0 || cn >= 9000 ? HJ212_ASK_NOTHING : HJ212_ASK_OTHER;
}

/* What the standard has for a platform to ask, and what this station does for none. */
static bool is_refused(int cn)
{
	return cn == 1000 || cn == 1002 || cn == 1012 || cn == 1072 || (cn >= 3011 && cn <= 3024);
}

static bool is_text(const struct hj212_segment *segment, const struct hj212_item *item,
		    const char *text)
{
	return item && item->value.n == strlen(text) &&
	       memcmp(segment->bytes + item->value.at, text, item->value.n) == 0;
}

static int number_of(const struct hj212_segment *segment, const char *key, int32_t most)
{
	return hj212_number(segment, hj212_head(segment, key), most);
}

static const struct hj212_item *find_item(const struct hj212_segment *segment, const char *key)
{
	for (int i = 0; i < segment->n_items; i++) {
		if (segment->items[i].equals && hj212_is(segment, segment->items[i].key, key))
			return &segment->items[i];
	}
	return NULL;
}

static bool read_time(const struct hj212_segment *segment, const char *key, int64_t *ret_ms)
{
	const struct hj212_item *item = find_item(segment, key);

	return item && hj212_time_read(segment, item->value, ret_ms);
}

/* ---- the head ---- */

static bool read_qn(const struct hj212_segment *segment, char ret[HJ212_QN_DIGITS + 1])
{
	const struct hj212_item *item = hj212_head(segment, "QN");
	int64_t ms;

	ret[0] = '\0';
	if (!item || item->value.n != HJ212_QN_DIGITS ||
	    !hj212_time_read(segment, item->value, &ms))
		return false;
	memcpy(ret, segment->bytes + item->value.at, HJ212_QN_DIGITS);
	ret[HJ212_QN_DIGITS] = '\0';
	return true;
}

/* One without Flag, of 2005, wants an answer. */
static bool read_flag(const struct hj212_segment *segment, bool *ret_answer)
{
	int byte = number_of(segment, "Flag", UINT8_MAX);
	struct hj212_flag flag = hj212_flag_read(byte >= 0 ? byte : 0);

	*ret_answer = byte < 0 || flag.answer;
	if (!hj212_head(segment, "Flag"))
		return true;
	return byte >= 0 && flag.version <= HJ212_2025 && !flag.parts;
}

static bool is_st_right(const struct hj212_segment *segment, const struct hj212_self *self)
{
	int st = number_of(segment, "ST", ST_MAX);

	return !hj212_head(segment, "ST") || st == self->st || st == ST_SYSTEM;
}

static enum hj212_qn_rtn judge_head(const struct hj212_segment *segment,
				    const struct hj212_self *self, struct hj212_request *ret)
{
	bool flag_right = read_flag(segment, &ret->answer);
	bool mn_right = is_text(segment, hj212_head(segment, "MN"), self->mn);
	bool pw_right = is_text(segment, hj212_head(segment, "PW"), self->pw);

	ret->known = mn_right && pw_right;
	if (!mn_right)
		return HJ212_WRONG_MN;
	if (!pw_right)
		return HJ212_WRONG_PW;
	if (!is_st_right(segment, self))
		return HJ212_WRONG_ST;
	if (!flag_right)
		return HJ212_WRONG_FLAG;
	return ret->qn[0] != '\0' ? HJ212_READY : HJ212_WRONG_QN;
}

/* ---- what a request brings ---- */

bool hj212_minutes_are(int64_t minutes)
{
	return minutes > 0 && minutes <= 30 && 60 % minutes == 0;
}

static bool read_interval(const struct hj212_segment *segment, struct hj212_request *ret)
{
	const struct hj212_item *item =
		find_item(segment, ret->cn == 1062 ? "RtdInterval" : "MinInterval");

	ret->interval = hj212_number(segment, item, HJ212_REALTIME_MAX_S);
	if (ret->cn == 1062)
		return ret->interval >= HJ212_REALTIME_MIN_S;
	return hj212_minutes_are(ret->interval);
}

/* The begin of the Beijing day, hour or so many minutes that an instant lies in. */
static int64_t begin_of(int64_t ms, int64_t period_ms)
{
	int64_t beijing_ms = ms + BEIJING_MS, rest = beijing_ms % period_ms;

	return ms - (rest < 0 ? rest + period_ms : rest);
}

static int64_t most_span(int cn)
{
	switch (cn) {
	case 2051:
		return HJ212_MINUTES_SPAN_MS;
	case 2061:
		return HJ212_HOURS_SPAN_MS;
	default:
		return HJ212_DAYS_SPAN_MS;
	}
}

static bool read_history(const struct hj212_segment *segment, const struct hj212_self *self,
			 int64_t now_ms, struct hj212_request *ret)
{
	int64_t begin_ms, end_ms, period_ms = hj212_period_ms(ret->cn, self->minutes);

	if (period_ms <= 0 || !read_time(segment, "BeginTime", &begin_ms) ||
	    !read_time(segment, "EndTime", &end_ms))
		return false;
	if (begin_ms > end_ms || begin_ms > now_ms || end_ms - begin_ms > most_span(ret->cn))
		return false;
	int64_t start_ms = begin_of(begin_ms, period_ms), over_ms = begin_of(now_ms, period_ms);
	ret->period_ms = period_ms;
	ret->first_end_ms = start_ms + (start_ms < begin_ms ? 2 : 1) * period_ms;
	ret->last_end_ms = begin_of(end_ms, period_ms) + period_ms;
	if (ret->last_end_ms > over_ms)
		ret->last_end_ms = over_ms;
	return true;
}

/* Who sends a key has to have the one before: PW can be read on the line by anyone. */
static bool read_key(const struct hj212_segment *segment, const struct hj212_self *self,
		     const struct hj212_arrival *arrival, struct hj212_request *ret)
{
	const struct hj212_item *item =
		self->key_field ? find_item(segment, self->key_field) : NULL;

	if (!item || !arrival->enciphered ||
	    !read_time(segment, "SKCreateTime", &ret->key_created_ms))
		return false;
	ret->key = item->value;
	return (item->value.n == KEY_BYTES || item->value.n == 2 * KEY_BYTES) &&
	       ret->key_created_ms <= arrival->now_ms + KEY_AHEAD_MS;
}

static enum hj212_qn_rtn judge_request(const struct hj212_segment *segment,
				       const struct hj212_self *self,
				       const struct hj212_arrival *arrival,
				       struct hj212_request *ret)
{
	const struct hj212_item *polled;
	bool good = true;

	switch (ret->ask) {
	case HJ212_ASK_TIME:
		polled = find_item(segment, "PolId");
		good = !polled || polled->value.n == 0;
		break;
	case HJ212_ASK_REALTIME:
		good = self->realtime;
		break;
	case HJ212_SET_INTERVAL:
		good = read_interval(segment, ret);
		break;
	case HJ212_ASK_HISTORY:
		good = read_history(segment, self, arrival->now_ms, ret);
		break;
	case HJ212_NEW_KEY:
		if (self->edition < HJ212_2025)
			return HJ212_WRONG_CN;
		good = read_key(segment, self, arrival, ret);
		break;
	case HJ212_ASK_OTHER:
		return is_refused(ret->cn) ? HJ212_DECLINED : HJ212_WRONG_CN;
	case HJ212_ASK_NOTHING:
	case HJ212_ASK_INTERVAL:
	case HJ212_NOTICE:
	case HJ212_NOTICE_ANSWER:
	case HJ212_DATA_ANSWER:
		break;
	}
	return good ? HJ212_READY : HJ212_DECLINED;
}

/* A frame with another CRC may be anything: it is told so only if it reads as a request to this
 * station. */
static void judge_damaged(unsigned faults, struct hj212_request *ret)
{
	bool asks = ret->ask != HJ212_ASK_NOTHING && ret->ask != HJ212_NOTICE_ANSWER &&
		    ret->ask != HJ212_DATA_ANSWER && ret->ask != HJ212_ASK_OTHER;

	if (faults != HJ212_FAULT_CRC || !asks || ret->qn[0] == '\0' || !ret->known) {
		*ret = (struct hj212_request){.ask = HJ212_ASK_NOTHING};
		return;
	}
	ret->ask = HJ212_ASK_OTHER;
	ret->qn_rtn = HJ212_WRONG_CRC;
	ret->known = false;
}

void hj212_request_read(const struct hj212_segment *segment, const struct hj212_self *self,
			const struct hj212_arrival *arrival, struct hj212_request *ret)
{
	int cn = number_of(segment, "CN", CN_MAX);

	*ret = (struct hj212_request){.ask = kind_of(cn), .cn = cn};
	read_qn(segment, ret->qn);
	bool answers = ret->ask == HJ212_ASK_NOTHING || ret->ask == HJ212_NOTICE_ANSWER ||
		       ret->ask == HJ212_DATA_ANSWER;
	if (answers && arrival->faults == 0)
		return;
	ret->qn_rtn = judge_head(segment, self, ret);
	if (arrival->faults != 0) {
		judge_damaged(arrival->faults, ret);
		return;
	}
	if (ret->qn_rtn == HJ212_READY)
		ret->qn_rtn = judge_request(segment, self, arrival, ret);
}

/* ---- answers ---- */

struct body {
	char text[64];
	size_t n;
};

static void put_text(struct body *body, const char *text)
{
	size_t n = strlen(text);

	memcpy(body->text + body->n, text, n);
	body->n += n;
}

static void put_number(struct body *body, int64_t number)
{
	char digits[24];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put_text(body, digits + at);
}

static struct body body_of(const struct hj212_request *request, enum hj212_answer what,
			   int64_t value)
{
	struct body body = {.n = 0};
	char time[HJ212_TIME_SIZE];

	switch (what) {
	case HJ212_ANSWER_RECEIPT:
		put_text(&body, "QnRtn=");
		put_number(&body, request->qn_rtn);
		break;
	case HJ212_ANSWER_RESULT:
		put_text(&body, "ExeRtn=");
		put_number(&body, value);
		break;
	case HJ212_ANSWER_TIME:
		put_text(&body, "SystemTime=");
		hj212_start_write(value, 0, time);
		put_text(&body, time);
		break;
	case HJ212_ANSWER_INTERVAL:
		put_text(&body, request->cn == 1061 ? "RtdInterval=" : "MinInterval=");
		put_number(&body, value);
		break;
	case HJ212_ANSWER_NOTICE:
		break;
	}
	return body;
}

static int cn_of(const struct hj212_request *request, enum hj212_answer what)
{
	switch (what) {
	case HJ212_ANSWER_RECEIPT:
		return 9011;
	case HJ212_ANSWER_RESULT:
		return 9012;
	case HJ212_ANSWER_NOTICE:
		return 9013;
	case HJ212_ANSWER_TIME:
	case HJ212_ANSWER_INTERVAL:
		break;
	}
	return request->cn;
}

size_t hj212_answer_write(const struct hj212_self *self, const struct hj212_request *request,
			  enum hj212_answer what, int64_t value, uint8_t ret[HJ212_SEGMENT_MAX])
{
	const struct body body = body_of(request, what, value);
	const bool data = what == HJ212_ANSWER_TIME || what == HJ212_ANSWER_INTERVAL;
	const struct hj212_message message = {
		.qn = request->qn[0] != '\0' ? request->qn : NULL,
		.st = data ? self->st : ST_SYSTEM,
		.cn = cn_of(request, what),
		.pw = request->known ? self->pw : NULL,
		.mn = self->mn,
		.version = (int)self->edition,
		.body = body.text,
		.n_body = body.n,
	};

	return hj212_part_write(&message, 1, ret);
}
