/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what comes over a connection of HJ 212, torn anyhow, in any form, with a cipher or
 * none: the same events in one piece and in many, every byte belongs to one of them, and what is
 * taken can be written again as it was.
 */
#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "hj212_factor.h"
#include "hj212_frame.h"
#include "hj212_logger.h"
#include "hj212_part.h"
#include "hj212_request.h"
#include "line_ack.h"

#define KEY 0x5a

static struct hj212_reader whole, torn;
static struct hj212_segment segment;
static struct hj212_joined joined;

/* Its own inverse, which is enough here. */
static bool turn_blocks(void *ctx, bool encipher, uint8_t *bytes, size_t n)
{
	(void)ctx, (void)encipher;
	assert(n > 0 && n % 16 == 0);
	for (size_t i = 0; i < n; i++)
		bytes[i] ^= KEY;
	return true;
}

static const struct hj212_cipher cipher = {turn_blocks, NULL};

/* What was sent for a frame that was taken is what is written for it. */
static void check_frame(const struct hj212_event *event, const struct hj212_form *form,
			const uint8_t *data)
{
	uint8_t segment_again[HJ212_SEGMENT_MAX], frame[HJ212_FRAME_MAX];
	struct hj212_form same = *form;

	assert(event->n <= HJ212_SEGMENT_MAX);
	hj212_segment_read(event->segment, event->n, &segment);
	size_t n = hj212_segment_write(&segment, segment_again, sizeof(segment_again));
	if (segment.oddities & HJ212_TOO_MANY)
		return;
	assert(n == event->n && memcmp(segment_again, event->segment, n) == 0);
	same.lower = event->lower;
	same.cipher = event->enciphered ? form->cipher : NULL;
	size_t length = hj212_frame_write(event->segment, event->n, &same, frame);
	assert(length == event->n + 12 && memcmp(frame, data, 6 + n) == 0);
}

static void check_meaning(void)
{
	static const struct hj212_profile profile = {
		.any_case = true, .n_factors = 1, .factors = {{.code = "a34004"}}};

	for (int i = 0; i < segment.n_items; i++) {
		const struct hj212_item *item = &segment.items[i];
		struct hj212_text code, field;
		enum quality quality;
		char start[HJ212_TIME_SIZE];
		int64_t ms;
		bool other;
		if (hj212_key_split(&segment, item->key, &code, &field))
			hj212_factor_find(&profile, &segment, code, &other);
		hj212_quality_read(&segment, item->value, &quality);
		if (!hj212_end_read(&segment, item->value, 3600000, &ms))
			continue;
		hj212_start_write(ms, 3600000, start);
		assert(memcmp(start, segment.bytes + item->value.at, 14) == 0);
	}
	enum hj212_join join = hj212_join(&joined, &segment);
	assert(joined.n <= HJ212_JOINED_MAX && joined.n_id <= HJ212_ID_MAX);
	if (join == HJ212_JOIN_WHOLE)
		hj212_body_read(joined.body, joined.n, &segment);
}

/* The text of a field of the head; "": it is not there, or too long. */
static void copy_head(const char *key, char ret[HJ212_MN_MAX + 1])
{
	const struct hj212_item *item = hj212_head(&segment, key);
	size_t n = item && item->value.n <= HJ212_MN_MAX ? item->value.n : 0;
	if (n > 0)
		memcpy(ret, segment.bytes + item->value.at, n);
	ret[n] = '\0';
}

/* Said by a logger whose MN, PW and edition are those of the frame: its values. */
static void check_logger(void)
{
	static const int channels[POLLUTANT_COUNT] = {7, 3, -1, 5, 9, 1};
	static struct hj212_profile profile = {
		.st = 22,
		.any_case = true,
		.n_factors = 4,
		.factors = {{.code = "a34004", .unit = "ug/m3", .pollutant = POLLUTANT_PM25},
			    {.code = "a34002", .unit = "mg/m3", .pollutant = POLLUTANT_PM10},
			    {.code = "a21026", .unit = "ppb", .pollutant = POLLUTANT_SO2},
			    {.code = "a21005", .unit = "ppm", .pollutant = POLLUTANT_CO}},
	};
	char mn[HJ212_MN_MAX + 1];
	struct hj212_logger_conf conf = {.mn = mn, .profile = &profile, .minutes = 5};
	struct hj212_logger logger = {.conf = &conf};
	struct hj212_head head;
	struct hj212_values values;

	copy_head("MN", mn);
	copy_head("PW", logger.password);
	memcpy(logger.channels, channels, sizeof(channels));
	hj212_head_read(&logger, 1, &segment, &head);
	profile.edition = (enum hj212_edition)head.version;
	profile.ack = head.flagged ? HJ212_ACK_STANDARD : HJ212_ACK_LENIENT;
	enum hj212_trouble trouble = hj212_head_read(&logger, 1, &segment, &head);
	assert(trouble <= HJ212_OTHER_EDITION && trouble != HJ212_BAD_FRAME);
	if (trouble != HJ212_FINE || (head.cn != 2051 && head.cn != 2061))
		return;
	trouble = hj212_values_read(&logger, head.cn, hj212_data_time(&segment), &segment, &values);
	assert(trouble == HJ212_FINE || trouble == HJ212_NO_TIME || trouble == HJ212_NO_FACTOR);
	assert((trouble == HJ212_FINE) == (values.n > 0) && values.n <= POLLUTANT_COUNT);
	assert(values.minutes == (head.cn == 2061 ? 60 : 5));
	assert(trouble == HJ212_NO_TIME || values.start_ms % (values.minutes * 60000LL) == 0);
	for (int i = 0; i < values.n; i++) {
		const struct hj212_value *value = &values.values[i];
		assert(value->channel == channels[value->pollutant] && value->channel >= 0);
		assert(value->has_value || (value->why != WHY_NONE && value->value_milli == 0));
		for (int j = 0; j < i; j++)
			assert(values.values[j].channel != value->channel);
	}
}

/* As the platform's answer to what has the frame's QN and MN. */
static void check_ack(void)
{
	char qn[HJ212_MN_MAX + 1], mn[HJ212_MN_MAX + 1];

	copy_head("QN", qn);
	copy_head("MN", mn);
	enum line_ack standard = line_ack_judge(&segment, HJ212_ACK_STANDARD, qn, mn, 2061);
	enum line_ack lenient = line_ack_judge(&segment, HJ212_ACK_LENIENT, qn, mn, 2061);
	assert((standard == LINE_ACK_NONE) == (lenient == LINE_ACK_NONE));
	assert(standard != LINE_ACK_FITS || lenient == LINE_ACK_FITS);
	assert(standard != LINE_ACK_FITS || segment.n_items == 0);
}

/* Asked of a station whose MN and PW are those of the frame, so that all of it is read. */
static void check_request(const struct hj212_event *event)
{
	const int64_t now_ms = 1785547800000;
	char own_mn[HJ212_MN_MAX + 1], own_pw[HJ212_PW_MAX + 1];
	uint8_t answer[HJ212_SEGMENT_MAX];
	struct hj212_request request;
	struct hj212_self self = {.pw = own_pw,
				  .mn = own_mn,
				  .st = 22,
				  .edition = HJ212_2025,
				  .minutes = 1,
				  .realtime = true,
				  .key_field = "NewSK"};

	copy_head("MN", own_mn);
	copy_head("PW", own_pw);
	hj212_request_read(&segment, &self,
			   &(struct hj212_arrival){event->faults, event->enciphered, now_ms},
			   &request);
	assert(event->faults == 0 || request.qn_rtn != HJ212_READY);
	size_t n = hj212_answer_write(&self, &request, HJ212_ANSWER_RECEIPT, 0, answer);
	assert(n > 0 && n < 256);
	if (request.qn_rtn != HJ212_READY)
		return;
	assert(request.known && strlen(request.qn) == HJ212_QN_DIGITS);
	if (request.ask == HJ212_ASK_HISTORY)
		assert(request.last_end_ms <= now_ms &&
		       request.last_end_ms - request.first_end_ms <= HJ212_DAYS_SPAN_MS);
	if (request.ask == HJ212_NEW_KEY)
		assert(event->enciphered && request.key.at + request.key.n <= event->n);
}

static bool is_same_event(const struct hj212_event *a, const struct hj212_event *b)
{
	return a->kind == b->kind && a->faults == b->faults && a->offset == b->offset &&
	       a->skipped == b->skipped && a->n == b->n && a->declared == b->declared &&
	       a->crc == b->crc && a->fits == b->fits && a->unended == b->unended &&
	       a->enciphered == b->enciphered;
}

/* The next event of the torn stream, of which `left` bytes are not put in yet. */
static bool next_torn(struct bytes *left, struct bytes *sizes, struct hj212_event *ret)
{
	for (;;) {
		if (hj212_reader_next(&torn, left->left > 0 ? 0 : HJ212_END, ret))
			return true;
		if (left->left == 0)
			return false;
		size_t piece = (size_t)bytes_between(sizes, 1, 40);
		piece = piece < left->left ? piece : left->left;
		size_t taken = hj212_reader_put(&torn, 0, left->next, piece);
		assert(taken > 0);
		left->next += taken;
		left->left -= taken;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, size};
	struct hj212_form form = {
		.crc = (enum hj212_crc)bytes_between(&bytes, 0, HJ212_CRC_MODBUS_SWAPPED),
		.length = (enum hj212_length)bytes_between(&bytes, 0, 1),
		.cipher = bytes_between(&bytes, 0, 1) ? &cipher : NULL};
	struct bytes sizes = bytes, left = bytes;
	struct hj212_event event, other;
	uint64_t known = 0;
	const char *causes[HJ212_CAUSES_MAX];

	hj212_reader_init(&whole, &form);
	hj212_reader_init(&torn, &form);
	memset(&joined, 0, sizeof(joined));
	size_t put = hj212_reader_put(&whole, 0, bytes.next, bytes.left);
	assert(put == bytes.left);
	while (hj212_reader_next(&whole, HJ212_END, &event)) {
		assert(event.offset >= known && event.offset + event.n <= put + HJ212_LENGTH_MAX);
		known = event.offset;
		assert((event.kind == HJ212_REFUSED) == (event.faults != 0));
		assert((hj212_causes(&event, causes) > 0) == (event.faults != 0));
		bool more = next_torn(&left, &sizes, &other);
		assert(more && is_same_event(&event, &other));
		if (event.kind == HJ212_OTHER)
			continue;
		hj212_segment_read(event.segment, event.n, &segment);
		check_request(&event);
		check_logger();
		check_ack();
		check_meaning();
		if (event.kind == HJ212_FRAME)
			check_frame(&event, &form, bytes.next + event.offset);
	}
	bool more = next_torn(&left, &sizes, &other);
	assert(!more && whole.n == 0 && torn.n == 0 && whole.offset == put && torn.offset == put);
	return 0;
}
