/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the reply to any read request, by TCP and by a serial line: registers only of a
 * reply that is the right one in every byte that can be compared.
 */
#include <assert.h>
#include <string.h>

#include "frame.h"
#include "fuzz.h"

#define UNTOUCHED 0x5aa5

/* What is made of the input. */
enum treatment { AS_IT_IS, RIGHT, CHANGED, TREATMENTS };

struct reply {
	uint8_t adu[FRAME_ADU_MAX];
	int length;
	uint16_t words[READPLAN_REGISTERS_MAX];
	bool right; /* nothing was changed, or what was is a register */
};

static void put_word(uint8_t *at, unsigned word)
{
	at[0] = (uint8_t)(word >> 8);
	at[1] = (uint8_t)word;
}

static int put_body(const struct frame *frame, struct bytes *bytes, struct reply *reply,
		    uint8_t *body)
{
	int count = frame->request->count;
	body[0] = frame->unit_id;
	body[1] = frame->request->function;
	body[2] = (uint8_t)request_answer_bytes(frame->request);
	if (frame->request->function <= 2) {
		memset(&body[3], 0, body[2]);
		for (int i = 0; i < count; i++) {
			reply->words[i] = (uint16_t)bytes_between(bytes, 0, 1);
			body[3 + i / 8] |= (uint8_t)(reply->words[i] << i % 8);
		}
		return 3 + body[2];
	}
	for (int i = 0; i < count; i++) {
		reply->words[i] = (uint16_t)bytes_number(bytes, 2);
		put_word(&body[3 + 2 * i], reply->words[i]);
	}
	return 3 + 2 * count;
}

static void make_right(const struct frame *frame, bool tcp, struct bytes *bytes,
		       struct reply *reply)
{
	int n = put_body(frame, bytes, reply, reply->adu + (tcp ? 6 : 0));
	reply->right = true;
	if (tcp) {
		put_word(&reply->adu[0], frame->transaction);
		put_word(&reply->adu[2], 0);
		put_word(&reply->adu[4], (unsigned)n);
		reply->length = n + 6;
	} else {
		uint16_t crc = frame_crc(reply->adu, n);
		reply->adu[n] = (uint8_t)crc;
		reply->adu[n + 1] = (uint8_t)(crc >> 8);
		reply->length = n + 2;
	}
}

/* One byte is another, in a place where that is seen: behind a serial line everywhere. */
static void change_reply(bool tcp, struct bytes *bytes, struct reply *reply)
{
	int most = tcp ? 8 : reply->length - 1; /* a register by TCP has no check sum */
	int at = (int)bytes_between(bytes, 0, most);
	uint8_t other = (uint8_t)bytes_number(bytes, 1);
	reply->right = reply->adu[at] == other;
	reply->adu[at] = other;
}

static void take_bytes(struct bytes *bytes, struct reply *reply)
{
	reply->length = (int)(bytes->left < sizeof(reply->adu) ? bytes->left : sizeof(reply->adu));
	memcpy(reply->adu, bytes->next, (size_t)reply->length);
}

static void check_words(const struct frame *frame, const struct reply *reply, const uint16_t *ret)
{
	for (int i = 0; i < READPLAN_REGISTERS_MAX; i++) {
		if (i >= frame->request->count)
			assert(ret[i] == UNTOUCHED);
		else
			assert(!reply->right || ret[i] == reply->words[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, size};
	struct reply reply = {.length = 0};
	uint16_t ret[READPLAN_REGISTERS_MAX];
	int code = -1;
	bool tcp = bytes_between(&bytes, 0, 1);
	enum treatment treatment = (enum treatment)bytes_between(&bytes, 0, TREATMENTS - 1);
	const struct request request = {
		.function = (uint8_t)bytes_between(&bytes, 1, 4),
		.address = (uint16_t)bytes_number(&bytes, 2),
		.count = (uint16_t)bytes_between(&bytes, 1, READPLAN_REGISTERS_MAX)};
	const struct frame frame = {.unit_id = (uint8_t)bytes_number(&bytes, 1),
				    .transaction = (uint16_t)bytes_number(&bytes, 2),
				    .request = &request};
	for (int i = 0; i < READPLAN_REGISTERS_MAX; i++)
		ret[i] = UNTOUCHED;
	if (treatment == AS_IT_IS)
		take_bytes(&bytes, &reply);
	else
		make_right(&frame, tcp, &bytes, &reply);
	if (treatment == CHANGED)
		change_reply(tcp, &bytes, &reply);
	enum why why = (tcp ? frame_check_tcp : frame_check_rtu)(&frame, reply.adu, reply.length,
								 ret, &code);
	assert(why == WHY_NONE || why == WHY_BAD_FRAME || why == WHY_EXCEPTION);
	assert(treatment == AS_IT_IS || (why == WHY_NONE) == reply.right);
	assert((why == WHY_EXCEPTION) == (code >= 0));
	if (why == WHY_NONE)
		check_words(&frame, &reply, ret);
	else
		assert(ret[0] == UNTOUCHED);
	int expected = frame_expected_rtu(&frame, reply.adu);
	assert(tcp || why == WHY_BAD_FRAME || expected == reply.length);
	assert(why != WHY_NONE || tcp || !frame_is_echo(&frame, reply.adu));
	return 0;
}
