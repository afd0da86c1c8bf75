/* SPDX-License-Identifier: MIT */
#include "serial_line.h"

#include <string.h>

#define GAP_MS 5
#define DRAIN_MAX_MS 1000
#define ILLEGAL_ADDRESS 2
#define ILLEGAL_VALUE 3
#define MBAP 6

uint16_t serial_register(int unit, int function, int address)
{
	return (uint16_t)(address * 5 + function * 1000 + unit * 3);
}

/* ---- the devices ---- */

static bool happens(struct serial_line *line, int thousandths)
{
	return (int)(line->random() % 1000) < thousandths;
}

static bool has_all(const struct serial_device *device, const struct request *request)
{
	int kind = (request->function + 1) % 4;
	const bool *tied = device->tied[kind];

	if (tied[request->address % 1024] || tied[(request->address + request->count) % 1024])
		return false;
	for (int i = 0; i < request->count; i++)
		if (!device->has[kind][(request->address + i) % 1024])
			return false;
	return true;
}

/* The exception that a request is answered with, 0: none, -1: silence. */
static int exception_to(struct serial_line *line, struct serial_device *device,
			const struct request *request)
{
	static const int passing[] = {2, 2, 3, 4, 6};
	int once = device->once_exception;

	device->once_exception = 0;
	if (once > 0)
		return once;
	if (happens(line, device->excused))
		return passing[line->random() % 5];
	if (request->count > device->most)
		return ILLEGAL_VALUE;
	if (device->manners == SERIAL_ANSWERS || has_all(device, request))
		return 0;
	return device->manners == SERIAL_REFUSES ? ILLEGAL_ADDRESS : -1;
}

/* How many bytes there are of what the device holds. */
static int put_values(uint8_t *to, int unit, const struct request *request)
{
	int bytes = request_answer_bytes(request);

	memset(to, 0, (size_t)bytes);
	for (int i = 0; i < request->count; i++) {
		uint16_t word = serial_register(unit, request->function, request->address + i);
		if (request->function <= 2) {
			to[i / 8] |= (uint8_t)((word & 1) << i % 8);
		} else {
			to[2 * i] = (uint8_t)(word >> 8);
			to[2 * i + 1] = (uint8_t)word;
		}
	}
	return bytes;
}

static void put_answer(struct serial_line *line, struct serial_frame *frame, int unit,
		       const struct request *request, int exception)
{
	uint8_t *adu = frame->adu + (line->tcp ? MBAP : 0);
	int n = 3;

	adu[0] = (uint8_t)unit;
	adu[1] = (uint8_t)(request->function | (exception > 0 ? 0x80 : 0));
	adu[2] = (uint8_t)(exception > 0 ? exception : request_answer_bytes(request));
	if (exception == 0)
		n += put_values(adu + n, unit, request);
	if (line->tcp) {
		const uint8_t head[MBAP] = {(uint8_t)(line->transaction >> 8),
					    (uint8_t)line->transaction,
					    0,
					    0,
					    0,
					    (uint8_t)n};
		memcpy(frame->adu, head, MBAP);
		frame->length = MBAP + n;
		return;
	}
	uint16_t crc = frame_crc(adu, n);
	adu[n++] = (uint8_t)crc;
	adu[n++] = (uint8_t)(crc >> 8);
	frame->length = n;
}

static void send_frame(struct serial_line *line, const struct serial_frame *frame)
{
	int at = line->n_frames;

	if (line->n_frames == SERIAL_FRAMES_MAX)
		return;
	for (; at > 0 && line->frames[at - 1].at_ms > frame->at_ms; at--)
		line->frames[at] = line->frames[at - 1];
	line->frames[at] = *frame;
	line->n_frames++;
}

/* A heartbeat, some of whose bytes may look like a begin. */
static void send_unasked(struct serial_line *line, int64_t at_ms)
{
	struct serial_frame frame = {.at_ms = at_ms, .length = 1 + (int)(line->random() % 12)};

	if (!happens(line, line->unasked))
		return;
	for (int i = 0; i < frame.length; i++)
		frame.adu[i] = (uint8_t)(line->random() % 3 ? 0 : line->random());
	send_frame(line, &frame);
}

static bool loses_answer(struct serial_line *line, struct serial_device *device)
{
	bool spared = device->spared && device->missed;

	device->missed = happens(line, device->lost) && !spared;
	return device->missed;
}

/* The device hears the request, or not, and answers it in its time, one after another. */
static void take_request(struct serial_line *line, int unit, const struct request *request)
{
	struct serial_device *device = &line->devices[unit - 1];
	struct serial_frame frame;
	bool late = happens(line, device->late), busy = device->busy_until_ms > line->now_ms;
	int latency_ms = late ? 1 + (int)(line->random() % (unsigned)device->late_most_ms)
			      : device->latency_ms;
	int exception = exception_to(line, device, request);

	if (device->once_ms > 0)
		latency_ms = device->once_ms;
	device->once_ms = 0;
	frame.at_ms = (busy ? device->busy_until_ms : line->now_ms) + latency_ms;
	line->late += late;
	if (device->dead || exception < 0 || loses_answer(line, device) ||
	    (busy && !device->queues) || frame.at_ms > line->now_ms + device->late_most_ms) {
		line->lost++;
		return;
	}
	device->busy_until_ms = frame.at_ms;
	put_answer(line, &frame, unit, request, exception);
	/* what is sent over a connection arrives as it was, or not at all */
	if (happens(line, device->noisy) && !line->tcp)
		frame.adu[line->random() % (unsigned)frame.length] ^= 0x10;
	send_unasked(line, frame.at_ms);
	send_frame(line, &frame);
	if (!happens(line, line->repeats))
		return;
	frame.at_ms += line->random() % 3000;
	send_frame(line, &frame);
}

/* ---- the master's end ---- */

/* The oldest frame on the line that comes until then; false, and it is then, if none does. */
static bool await_frame(struct serial_line *line, int64_t until_ms, struct serial_frame *ret)
{
	if (line->n_frames == 0 || line->frames[0].at_ms > until_ms) {
		line->now_ms = until_ms;
		return false;
	}
	*ret = line->frames[0];
	line->n_frames--;
	memmove(line->frames, line->frames + 1, (size_t)line->n_frames * sizeof(*ret));
	if (ret->at_ms > line->now_ms)
		line->now_ms = ret->at_ms;
	return true;
}

/* A frame is forgotten, or what there is of it: the rest comes a moment later. */
static void forget_frame(struct serial_line *line, struct serial_frame *frame)
{
	int there = 1 + (int)(line->random() % (unsigned)frame->length);

	if (!happens(line, line->splits) || there == frame->length)
		return;
	memmove(frame->adu, frame->adu + there, (size_t)(frame->length - there));
	frame->length -= there;
	frame->at_ms = line->now_ms + 1 + line->random() % 100;
	send_frame(line, frame);
}

static void forget_until(struct serial_line *line, int64_t until_ms)
{
	struct serial_frame frame;

	while (await_frame(line, until_ms, &frame))
		forget_frame(line, &frame);
}

/* Silence of quiet_ms, or a second: what comes in it is forgotten. */
static void drain(struct serial_line *line)
{
	int64_t give_up_ms = line->now_ms + DRAIN_MAX_MS;
	struct serial_frame frame;

	for (bool more = true; more && line->now_ms < give_up_ms;) {
		int64_t quiet_ms = line->now_ms + line->quiet_ms;
		more = await_frame(line, quiet_ms < give_up_ms ? quiet_ms : give_up_ms, &frame);
		if (more)
			forget_frame(line, &frame);
	}
}

/* What is under way may come by the next connection. */
static void hang_up(struct serial_line *line)
{
	line->open = false;
	if (happens(line, line->forgets))
		line->n_frames = 0;
}

static void reopen(struct serial_line *line)
{
	line->openings += !line->open;
	line->open = true;
}

static enum why read_serial(struct serial_line *line, const struct frame *sent, int64_t until_ms,
			    uint16_t *ret, int *ret_code)
{
	struct serial_frame frame;

	if (!await_frame(line, until_ms, &frame)) {
		drain(line);
		return WHY_TIMEOUT;
	}
	enum why why = frame_check_rtu(sent, frame.adu, frame.length, ret, ret_code);
	if (why == WHY_BAD_FRAME)
		drain(line);
	return why;
}

/* As link_tcp.c does it: what is none of the answer is passed over. */
static enum why read_stream(struct serial_line *line, const struct frame *sent, int64_t until_ms,
			    uint16_t *ret, int *ret_code)
{
	uint8_t bytes[FRAME_STREAM_MAX];
	struct serial_frame frame;
	int have = 0;

	while (await_frame(line, until_ms, &frame)) {
		memcpy(bytes + have, frame.adu, (size_t)frame.length);
		const struct frame_place place = frame_find_tcp(sent, bytes, have + frame.length);
		have += frame.length - place.at;
		memmove(bytes, bytes + place.at, (size_t)have);
		line->passed_over += place.at > 0;
		if (place.length > 0)
			return frame_check_tcp(sent, bytes, place.length, ret, ret_code);
	}
	return have > 0 ? WHY_BAD_FRAME : WHY_TIMEOUT;
}

static enum why read_line(void *ctx, const struct asked *asked, const struct request *request,
			  uint16_t *ret, int *ret_code)
{
	struct serial_line *line = ctx;
	int timeout_ms = asked->timeout_ms > 0 ? asked->timeout_ms : line->timeout_ms;

	line->exchanges++;
	if (++line->transaction == 0)
		line->transaction = 1;
	if (line->tcp)
		line->now_ms += line->gap_ms;
	else
		forget_until(line, line->now_ms + (line->gap_ms > GAP_MS ? line->gap_ms : GAP_MS));
	if (happens(line, line->closes)) {
		hang_up(line);
		reopen(line);
	}
	const struct frame sent = {(uint8_t)asked->unit_id, line->transaction, request};
	take_request(line, asked->unit_id, request);
	if (happens(line, line->breaks)) {
		line->broken++;
		hang_up(line);
		return WHY_LINK;
	}
	int64_t until_ms = line->now_ms + timeout_ms;
	enum why why = line->tcp ? read_stream(line, &sent, until_ms, ret, ret_code)
				 : read_serial(line, &sent, until_ms, ret, ret_code);
	if (line->tcp && (why == WHY_TIMEOUT || why == WHY_BAD_FRAME)) {
		hang_up(line);
		line->now_ms += line->quiet_ms;
	}
	return why;
}

static enum why open_line(void *ctx, int *ret_errno)
{
	(void)ret_errno;
	reopen(ctx);
	return WHY_NONE;
}

static bool is_line_open(void *ctx)
{
	return ((struct serial_line *)ctx)->open;
}

static unsigned count_openings(void *ctx)
{
	return ((struct serial_line *)ctx)->openings;
}

static void leave_line(void *ctx)
{
	(void)ctx;
}

static int64_t virtual_ms(void *ctx)
{
	return ((struct serial_line *)ctx)->now_ms;
}

struct master serial_master(struct serial_line *line)
{
	return (struct master){
		.ctx = line,
		.open = open_line,
		.is_open = is_line_open,
		.openings = count_openings,
		.read = read_line,
		.close = leave_line,
		.interrupt = leave_line,
		.now_ms = virtual_ms,
	};
}
