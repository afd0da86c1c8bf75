/* SPDX-License-Identifier: MIT */
#include "hj212_part.h"

#include <string.h>

#define FRAMING 7 /* CP=&& and && */
#define PNUM_MAX_2017 9999
#define PNUM_MAX_2025 9 /* one digit: 2025 has PNUM= of 6 bytes */
#define DATA_TIME "DataTime="

/* ---- a segment that grows; n above its size: it was too much ---- */

struct out {
	uint8_t *bytes; /* HJ212_SEGMENT_MAX of them; NULL: only counted */
	size_t n;
};

static void put_bytes(struct out *out, const char *bytes, size_t n)
{
	if (n > 0 && out->bytes && out->n <= HJ212_SEGMENT_MAX && n <= HJ212_SEGMENT_MAX - out->n)
		memcpy(out->bytes + out->n, bytes, n);
	out->n += n;
}

static void put_text(struct out *out, const char *key, const char *value)
{
	if (!value)
		return;
	put_bytes(out, key, strlen(key));
	put_bytes(out, value, strlen(value));
	put_bytes(out, ";", 1);
}

static void put_number(struct out *out, const char *key, int number)
{
	char digits[12];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put_text(out, key, digits + at);
}

static void put_head(struct out *out, const struct hj212_message *message, int pnum, int pno)
{
	const struct hj212_flag flag = {
		.version = message->version, .parts = pnum > 1, .answer = message->answer};

	put_text(out, "QN=", message->qn);
	if (message->st > 0)
		put_number(out, "ST=", message->st);
	if (message->cn > 0)
		put_number(out, "CN=", message->cn);
	put_text(out, "PW=", message->pw);
	put_text(out, "MN=", message->mn);
	if (message->version > HJ212_2005)
		put_number(out, "Flag=", hj212_flag_write(flag));
	if (pnum > 1) {
		put_number(out, "PNUM=", pnum);
		put_number(out, "PNO=", pno);
	}
	if (message->again && message->version == HJ212_2025)
		put_text(out, "RF=", "1");
}

/* ---- which factors go into which part ---- */

static int most_parts(const struct hj212_message *message)
{
	return message->version == HJ212_2025 ? PNUM_MAX_2025 : PNUM_MAX_2017;
}

/* The bytes that CP can hold, if it is one of so many parts at most. */
static size_t room_for_body(const struct hj212_message *message, int pnum)
{
	struct out head = {NULL, FRAMING};

	put_head(&head, message, pnum, pnum);
	size_t room = head.n < HJ212_SEGMENT_MAX ? HJ212_SEGMENT_MAX - head.n : 0;
	return room < HJ212_BODY_MAX ? room : HJ212_BODY_MAX;
}

/* "DataTime=...;", which every part begins with; 0: the message has none. */
static size_t length_of_time(const struct hj212_message *message)
{
	const char *mark = message->n_body > 0 ? memchr(message->body, ';', message->n_body) : NULL;

	if (!mark || message->n_body < strlen(DATA_TIME) ||
	    memcmp(message->body, DATA_TIME, strlen(DATA_TIME)) != 0)
		return 0;
	return (size_t)(mark - message->body) + 1;
}

/* Where the factors from `from` on end that fit into `room`, without the mark; `from` if none does.
 */
static size_t end_of_part(const struct hj212_message *message, size_t from, size_t room)
{
	size_t end = from;

	for (size_t i = from; i <= message->n_body; i++) {
		if (i < message->n_body && message->body[i] != ';')
			continue;
		if (i - from > room)
			break;
		end = i;
	}
	return end;
}

struct part {
	size_t time, from, end; /* of the body: DataTime, and the factors */
};

/* The next part behind one that ended at part->end; false if a factor is too long. */
static bool find_next_part(const struct hj212_message *message, size_t room, struct part *part)
{
	part->from = part->end == 0 ? part->time : part->end + 1;
	if (room <= part->time)
		return false;
	part->end = end_of_part(message, part->from, room - part->time);
	return part->end > part->from;
}

int hj212_parts(const struct hj212_message *message)
{
	int most = most_parts(message), n = 0;
	size_t room = room_for_body(message, most);
	struct part part = {.time = length_of_time(message)};

	if (message->n_body <= room_for_body(message, 1))
		return 1;
	while (part.end < message->n_body) {
		if (n == most || !find_next_part(message, room, &part))
			return 0;
		n++;
	}
	return n;
}

static struct part find_part(const struct hj212_message *message, int number)
{
	size_t room = room_for_body(message, most_parts(message));
	struct part part = {.time = length_of_time(message)};

	for (int i = 0; i < number; i++)
		find_next_part(message, room, &part);
	return part;
}

size_t hj212_part_write(const struct hj212_message *message, int part,
			uint8_t ret[HJ212_SEGMENT_MAX])
{
	int pnum = hj212_parts(message);
	struct part cut = {.time = 0, .from = 0, .end = message->n_body};
	struct out out = {ret, 0};

	if (pnum > 1)
		cut = find_part(message, part);
	put_head(&out, message, pnum, part);
	put_bytes(&out, "CP=&&", 5);
	put_bytes(&out, message->body, cut.time);
	put_bytes(&out, message->body + cut.from, cut.end - cut.from);
	put_bytes(&out, "&&", 2);
	return out.n;
}

/* ---- joining ---- */

/* False if it is too long to be one. */
static bool make_id(const struct hj212_segment *segment, char ret[HJ212_ID_MAX], size_t *ret_n)
{
	static const char *const keys[] = {"QN", "MN", "CN"};
	size_t n = 0;

	for (int i = 0; i < 3; i++) {
		const struct hj212_item *item = hj212_head(segment, keys[i]);
		struct hj212_text value = item ? item->value : (struct hj212_text){0, 0};
		if (n + value.n + 1 > HJ212_ID_MAX)
			return false;
		if (value.n > 0)
			memcpy(ret + n, segment->bytes + value.at, value.n);
		n += value.n;
		ret[n++] = ';';
	}
	*ret_n = n;
	return true;
}

/* What of the body is not there yet: its DataTime is, if it is that of the first part. */
static struct hj212_text find_rest(const struct hj212_joined *joined,
				   const struct hj212_segment *segment)
{
	const char *mark = joined->n > 0 ? memchr(joined->body, ';', joined->n) : NULL;
	size_t time = mark ? (size_t)(mark - joined->body) + 1 : 0;
	struct hj212_text rest = segment->body;

	if (time >= strlen(DATA_TIME) && rest.n >= time &&
	    memcmp(joined->body, DATA_TIME, strlen(DATA_TIME)) == 0 &&
	    memcmp(joined->body, segment->bytes + rest.at, time) == 0) {
		rest.at = (uint16_t)(rest.at + time);
		rest.n = (uint16_t)(rest.n - time);
	}
	return rest;
}

static bool append_body(struct hj212_joined *joined, const struct hj212_segment *segment)
{
	struct hj212_text rest = find_rest(joined, segment);

	if (joined->n + 1 + rest.n > HJ212_JOINED_MAX)
		return false;
	if (joined->n > 0 && joined->body[joined->n - 1] != ';')
		joined->body[joined->n++] = ';';
	if (rest.n > 0)
		memcpy(joined->body + joined->n, segment->bytes + rest.at, rest.n);
	joined->n += rest.n;
	return true;
}

static enum hj212_join drop_joined(struct hj212_joined *joined)
{
	joined->next = 0;
	joined->n = joined->n_id = 0;
	return HJ212_JOIN_REFUSED;
}

enum hj212_join hj212_join(struct hj212_joined *joined, const struct hj212_segment *segment)
{
	const struct hj212_item *of = hj212_head(segment, "PNUM"), *at = hj212_head(segment, "PNO");
	char id[HJ212_ID_MAX];
	size_t n_id = 0;

	if (!of && !at)
		return HJ212_JOIN_ONE;
	int32_t pnum = hj212_number(segment, of, PNUM_MAX_2017);
	int32_t pno = hj212_number(segment, at, PNUM_MAX_2017);
	if (pno < 1 || pno > pnum || !make_id(segment, id, &n_id))
		return drop_joined(joined);
	bool same = joined->next > 0 && joined->pnum == pnum && joined->n_id == n_id &&
		    memcmp(joined->id, id, n_id) == 0;
	if (same && pno < joined->next)
		return HJ212_JOIN_AGAIN;
	if (!same && pno == 1) {
		drop_joined(joined);
		memcpy(joined->id, id, n_id);
		joined->n_id = n_id;
		joined->pnum = pnum;
		joined->next = 1;
		same = true;
	}
	if (!same || pno != joined->next || !append_body(joined, segment))
		return drop_joined(joined);
	return joined->next++ == pnum ? HJ212_JOIN_WHOLE : HJ212_JOIN_WAIT;
}
