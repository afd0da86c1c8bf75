/* SPDX-License-Identifier: MIT */
#include "hj212_frame.h"

#include <string.h>

#define MARK 2   /* ## */
#define DIGITS 4 /* of the length */
#define HEAD (MARK + DIGITS)
#define CRC 4
#define END 2 /* CR LF */

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static int hex_value(uint8_t byte)
{
	if (is_digit(byte))
		return byte - '0';
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return -1;
}

static bool read_crc(const uint8_t *at, struct hj212_event *ret)
{
	unsigned value = 0;
	bool lower = false;

	for (int i = 0; i < CRC; i++) {
		int digit = hex_value(at[i]);
		if (digit < 0)
			return false;
		lower |= at[i] >= 'a';
		value = value << 4 | (unsigned)digit;
	}
	ret->crc = (uint16_t)value;
	ret->lower = lower;
	return true;
}

/* A segment whose CRC is right once it is deciphered, into `clear`. */
static bool decipher_by(struct hj212_reader *reader, const struct hj212_cipher *cipher,
			struct hj212_event *event)
{
	if (!cipher || event->n > sizeof(reader->clear))
		return false;
	memcpy(reader->clear, event->segment, event->n);
	if (!hj212_encipher(cipher, false, reader->clear, event->n) ||
	    hj212_crc_of(reader->form.crc, reader->clear, event->n) != event->crc)
		return false;
	event->segment = reader->clear;
	event->right = event->crc;
	event->fits = reader->form.crc;
	event->enciphered = true;
	return true;
}

static bool decipher_segment(struct hj212_reader *reader, struct hj212_event *event)
{
	if (decipher_by(reader, reader->form.cipher, event))
		return true;
	event->by_before = decipher_by(reader, reader->form.before, event);
	return event->by_before;
}

static const uint8_t *find_mark(const uint8_t *bytes, size_t n)
{
	return n == 0 ? NULL : memmem(bytes, n, "##", MARK);
}

/* ---- judging one candidate: the bytes from a ## on ---- */

struct candidate {
	const uint8_t *bytes;
	size_t n;
	bool final; /* no more will come */
};

enum verdict { WAIT, NOTHING, JUDGED };

static void judge_crc(struct hj212_reader *reader, struct hj212_event *event)
{
	event->right = hj212_crc_of(reader->form.crc, event->segment, event->n);
	if (event->crc == event->right) {
		event->fits = reader->form.crc;
	} else if (!decipher_segment(reader, event)) {
		event->fits = hj212_crc_find(event->crc, event->segment, event->n);
		event->faults |= HJ212_FAULT_CRC;
	}
	if (event->n > HJ212_SEGMENT_MAX)
		event->faults |= HJ212_FAULT_TOO_LONG;
}

/* What stands behind the CRC: 2 CR LF, 1 LF or CR, 0 another thing; -1: not here yet. */
static int length_of_end(const struct candidate *at, size_t crc_end)
{
	size_t left = at->n - crc_end;

	if (left == 0)
		return at->final ? 0 : -1;
	if (at->bytes[crc_end] == '\n')
		return 1;
	if (at->bytes[crc_end] != '\r')
		return 0;
	if (left == 1)
		return at->final ? 1 : -1;
	return at->bytes[crc_end + 1] == '\n' ? 2 : 1;
}

/* Where the next ## begins, from `from` on; n if there is none. */
static size_t next_mark(const struct candidate *at, size_t from)
{
	const uint8_t *mark = from < at->n ? find_mark(at->bytes + from, at->n - from) : NULL;

	return mark ? (size_t)(mark - at->bytes) : at->n;
}

/* A frame of the declared length, or one that has its end there and another CRC. */
static enum verdict judge_whole(struct hj212_reader *reader, const struct candidate *at,
				size_t segment, struct hj212_event *event, size_t *ret_used)
{
	size_t crc_end = HEAD + segment + CRC;

	if (at->n < crc_end)
		return at->final ? NOTHING : WAIT;
	if (!read_crc(at->bytes + HEAD + segment, event))
		return NOTHING;
	int end = length_of_end(at, crc_end);
	if (end < 0)
		return WAIT;
	event->segment = at->bytes + HEAD;
	event->n = segment;
	event->unended = end < END;
	judge_crc(reader, event);
	if ((event->faults & HJ212_FAULT_CRC) && end == 0 && at->n > crc_end) {
		event->faults = 0; /* four digits of a text by chance: the length is wrong */
		return NOTHING;
	}
	*ret_used = crc_end + (size_t)end;
	if (event->faults & HJ212_FAULT_CRC) { /* a frame may begin inside of what is none */
		size_t mark = next_mark(at, MARK);
		*ret_used = mark < *ret_used ? mark : *ret_used;
	}
	return JUDGED;
}

/* CRC and line end are counted, too: known as soon as the declared bytes are here, so that the
 * frame behind it is whole. */
static bool is_plus_6(const struct candidate *at, size_t declared, struct hj212_event *event)
{
	size_t end = HEAD + declared;

	if (declared < CRC + END || at->n < end || at->bytes[end - 2] != '\r' ||
	    at->bytes[end - 1] != '\n' || !read_crc(at->bytes + end - CRC - END, event))
		return false;
	event->fits = hj212_crc_find(event->crc, at->bytes + HEAD, declared - CRC - END);
	return event->fits != HJ212_CRC_NONE;
}

/* The end of what is no frame of its declared length: its line, or where the next one begins. */
static bool find_end(const struct candidate *at, size_t *ret_text, size_t *ret_used)
{
	size_t limit = next_mark(at, MARK);
	const uint8_t *line = memchr(at->bytes, '\n', limit);

	if (!line && limit == at->n && !at->final)
		return false;
	*ret_text = line ? (size_t)(line - at->bytes) : limit;
	*ret_used = line ? *ret_text + 1 : limit;
	while (*ret_text > 0 && at->bytes[*ret_text - 1] == '\r')
		(*ret_text)--;
	return true;
}

static bool is_closed(const struct hj212_event *event, size_t behind)
{
	return event->n >= behind + 2 &&
	       memcmp(event->segment + event->n - behind - 2, "&&", 2) == 0;
}

/* Takes the CRC off what is there. Four digits of a time that is cut are none. */
static void judge_tail(struct hj212_reader *reader, const struct candidate *at, size_t text,
		       struct hj212_event *event)
{
	bool line = text < at->n && (at->bytes[text] == '\r' || at->bytes[text] == '\n');

	event->crc = 0;
	event->fits = HJ212_CRC_NONE;
	if (is_closed(event, 0)) {
		event->faults |= HJ212_FAULT_NO_CRC;
	} else if (event->n >= CRC && (line || is_closed(event, CRC)) &&
		   read_crc(at->bytes + text - CRC, event)) {
		event->n -= CRC;
		judge_crc(reader, event);
	} else {
		event->faults |= HJ212_FAULT_CUT;
	}
}

/* The segment is what is there, whatever the length says. */
static enum verdict judge_found(struct hj212_reader *reader, const struct candidate *at,
				struct hj212_event *event, size_t *ret_used)
{
	size_t head = MARK + (size_t)event->digits, text;

	if (!find_end(at, &text, ret_used))
		return WAIT;
	if (text < head || (event->digits < DIGITS && !memchr(at->bytes, '=', text)))
		return NOTHING;
	event->unended = *ret_used - text < END;
	event->segment = at->bytes + head;
	event->n = text - head;
	judge_tail(reader, at, text, event);
	int declared = event->declared;
	if (reader->form.length == HJ212_LENGTH_PLUS_6)
		declared -= CRC + END;
	if (event->digits != DIGITS)
		event->faults |= HJ212_FAULT_DIGITS;
	if (declared != (int)event->n && !(event->faults & HJ212_FAULT_CUT))
		event->faults |= HJ212_FAULT_LENGTH;
	return event->faults ? JUDGED : NOTHING;
}

/* Up to four digits: the length and how many they are. */
static void read_length(const struct candidate *at, struct hj212_event *ret)
{
	for (size_t i = MARK; i < at->n && i < HEAD && is_digit(at->bytes[i]); i++) {
		ret->declared = ret->declared * 10 + at->bytes[i] - '0';
		ret->digits++;
	}
}

/* The rest of a candidate with four digits. */
static enum verdict judge_length(struct hj212_reader *reader, const struct candidate *at,
				 struct hj212_event *event, size_t *ret_used)
{
	size_t declared = (size_t)event->declared, over = CRC + END;
	bool plus_6 = reader->form.length == HJ212_LENGTH_PLUS_6;

	if (plus_6 && declared < over)
		return judge_found(reader, at, event, ret_used);
	size_t segment = plus_6 ? declared - over : declared;
	/* too long to be ciphertext that is taken: where another frame begins this one is over */
	size_t mark = segment > HJ212_SEGMENT_MAX ? next_mark(at, MARK) : at->n;
	if (mark < at->n && mark + MARK <= HEAD + segment)
		return judge_found(reader, at, event, ret_used);
	if (!plus_6 && is_plus_6(at, declared, event)) {
		*ret_used = HEAD + declared;
		event->segment = at->bytes + HEAD;
		event->n = declared - over;
		event->faults = HJ212_FAULT_LENGTH;
		judge_crc(reader, event);
		return JUDGED;
	}
	enum verdict verdict = judge_whole(reader, at, segment, event, ret_used);
	return verdict == NOTHING ? judge_found(reader, at, event, ret_used) : verdict;
}

static enum verdict judge_candidate(struct hj212_reader *reader, const struct candidate *at,
				    struct hj212_event *event, size_t *ret_used)
{
	*event = (struct hj212_event){.fits = HJ212_CRC_NONE};
	read_length(at, event);
	size_t digits = (size_t)event->digits;
	bool more = MARK + digits < at->n;
	if (digits < DIGITS && !more)
		return at->final ? NOTHING : WAIT;
	if (digits < DIGITS && (digits == 0 || !is_letter(at->bytes[MARK + digits])))
		return NOTHING;
	if (digits < DIGITS)
		return judge_found(reader, at, event, ret_used);
	return judge_length(reader, at, event, ret_used);
}

/* ---- the bytes of a connection ---- */

void hj212_reader_init(struct hj212_reader *reader, const struct hj212_form *form)
{
	reader->form = *form;
	reader->start = reader->n = 0;
	reader->since_ms = reader->last_ms = 0;
	reader->offset = reader->skipped = 0;
}

size_t hj212_reader_put(struct hj212_reader *reader, int64_t at_ms, const uint8_t *bytes, size_t n)
{
	size_t room = HJ212_BUFFER - reader->n;
	size_t taken = n < room ? n : room;

	if (reader->start + reader->n + taken > HJ212_BUFFER) {
		memmove(reader->bytes, reader->bytes + reader->start, reader->n);
		reader->start = 0;
	}
	if (taken > 0)
		memcpy(reader->bytes + reader->start + reader->n, bytes, taken);
	if (reader->n == 0)
		reader->since_ms = at_ms;
	reader->last_ms = at_ms;
	reader->n += taken;
	return taken;
}

static void drop_bytes(struct hj212_reader *reader, size_t n)
{
	reader->start += n;
	reader->n -= n;
	reader->offset += n;
	reader->since_ms = reader->last_ms;
	if (reader->n == 0)
		reader->start = 0;
}

static void skip_bytes(struct hj212_reader *reader, size_t n)
{
	drop_bytes(reader, n);
	reader->skipped += n;
}

/* To the next ##, or a # that may become one. */
static void skip_to_mark(struct hj212_reader *reader, bool final)
{
	const uint8_t *bytes = reader->bytes + reader->start;
	const uint8_t *mark = find_mark(bytes, reader->n);
	size_t n = mark ? (size_t)(mark - bytes) : reader->n;

	if (!mark && n > 0 && bytes[n - 1] == '#' && !final)
		n--;
	if (n > 0)
		skip_bytes(reader, n);
}

static void finish_event(struct hj212_reader *reader, struct hj212_event *event, size_t used)
{
	event->kind = event->faults ? HJ212_REFUSED : HJ212_FRAME;
	event->offset = reader->offset;
	event->skipped = reader->skipped;
	reader->skipped = 0;
	drop_bytes(reader, used);
}

bool hj212_reader_next(struct hj212_reader *reader, int64_t now_ms, struct hj212_event *ret)
{
	struct hj212_event event;
	size_t used = 0;

	for (;;) {
		bool final = now_ms == HJ212_END || now_ms - reader->since_ms >= HJ212_PATIENCE_MS;
		skip_to_mark(reader, final);
		const struct candidate at = {reader->bytes + reader->start, reader->n,
					     final || reader->n == HJ212_BUFFER};
		if (at.n < MARK)
			break;
		switch (judge_candidate(reader, &at, &event, &used)) {
		case WAIT:
			return false;
		case NOTHING:
			skip_bytes(reader, 1);
			continue;
		case JUDGED:
			finish_event(reader, &event, used);
			*ret = event;
			return true;
		}
	}
	if (now_ms != HJ212_END || reader->skipped == 0)
		return false;
	*ret = (struct hj212_event){.kind = HJ212_OTHER,
				    .offset = reader->offset - reader->skipped,
				    .skipped = reader->skipped};
	reader->skipped = 0;
	return true;
}
