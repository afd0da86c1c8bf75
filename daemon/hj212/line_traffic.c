/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "line_ack.h"
#include "platform_line_inside.h"
#include "words.h"

#define IDLE_MS 60000

void line_begin_reading(struct platform_line *line)
{
	const struct hj212_form form = {.crc = line->setup.profile->crc,
					.length = line->setup.profile->length};
	hj212_reader_init(&line->reader, &form);
	pthread_mutex_lock(&line->mutex);
	line->new_keys = true;
	pthread_mutex_unlock(&line->mutex);
}

static void take_keys(struct platform_line *line)
{
	struct hj212_form *form = &line->reader.form;
	pthread_mutex_lock(&line->mutex);
	if (line->new_keys) {
		line->read_key = line->key;
		line->read_before = line->before;
		line->read_key_ms = line->key_ms;
		line->cipher = (struct hj212_cipher){sm4_blocks, &line->read_key};
		line->cipher_before = (struct hj212_cipher){sm4_blocks, &line->read_before};
		form->cipher = line->has_key ? &line->cipher : NULL;
		form->before = line->has_before ? &line->cipher_before : NULL;
		line->new_keys = false;
	}
	pthread_mutex_unlock(&line->mutex);
}

/* ---- sending ---- */

/* All of it, or the connection is of no use any more. */
static bool write_all(struct platform_line *line, const uint8_t *bytes, size_t n)
{
	int64_t until_ms = clock_monotonic_ms() + line->setup.timeout_ms;
	bool waited = false;
	while (n > 0) {
		ssize_t sent = send(line->fd, bytes, n, MSG_NOSIGNAL);
		if (sent > 0) {
			bytes += sent;
			n -= (size_t)sent;
		} else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
			if (line_is_stopping(line) || clock_monotonic_ms() >= until_ms)
				return false;
			line_wait(line, line->fd, POLLOUT, until_ms);
			waited = true;
		} else {
			return false;
		}
	}
	if (waited) /* who woke it meanwhile was not heard */
		line_poke(line);
	return true;
}

static bool send_answers(struct platform_line *line)
{
	struct answer answer;
	for (;;) {
		pthread_mutex_lock(&line->mutex);
		bool any = line->n_answers > 0;
		if (any) {
			answer = line->answers[0];
			line->n_answers--;
			memmove(line->answers, line->answers + 1,
				(size_t)line->n_answers * sizeof(line->answers[0]));
		}
		pthread_mutex_unlock(&line->mutex);
		if (!any)
			return true;
		if (!write_all(line, answer.frame, answer.n))
			return false;
	}
}

static void take_message(struct platform_line *line)
{
	pthread_mutex_lock(&line->mutex);
	if (line->has_message && !line->is_sending) {
		line->sending = line->message;
		line->is_sending = true;
		line->was_sent = false;
		line->tries = 0;
	}
	pthread_mutex_unlock(&line->mutex);
}

/* The message is over: another one may be handed over before its end is known. */
static void end_message(struct platform_line *line, enum line_event_kind kind)
{
	struct line_event event = {.kind = kind};
	memcpy(event.qn, line->sending.qn, sizeof(event.qn));
	pthread_mutex_lock(&line->mutex);
	line->has_message = false;
	pthread_mutex_unlock(&line->mutex);
	line->is_sending = false;
	line_tell(line, &event);
}

/* Sends what its time has come for. False: the connection is lost. */
static bool send_due(struct platform_line *line)
{
	int64_t now_ms = clock_monotonic_ms();
	if (!line->is_sending || line->was_sent || now_ms < line->next_ms)
		return true;
	for (int i = 0; i < line->sending.n; i++) {
		if (!write_all(line, line->sending.frames[i], line->sending.sizes[i]))
			return false;
	}
	now_ms = clock_monotonic_ms();
	line->tries++;
	line->was_sent = true;
	line->next_ms = now_ms + line->setup.pace_ms;
	line->answer_ms = now_ms + line->setup.timeout_ms;
	if (line->setup.profile->ack == HJ212_ACK_NONE)
		end_message(line, LINE_ACKED);
	return true;
}

/* False: it was sent as often as it may be. */
static bool is_patient(struct platform_line *line)
{
	if (!line->is_sending || !line->was_sent || clock_monotonic_ms() < line->answer_ms)
		return true;
	if (line->tries > line->setup.retries)
		return false;
	line->was_sent = false; /* once more, with the same QN */
	return true;
}

/* ---- receiving ---- */

static bool is_flood(struct platform_line *line)
{
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - line->window_ms >= 1000) {
		line->window_ms = now_ms;
		line->in_window = 0;
	}
	return ++line->in_window > LINE_REQUESTS_A_SECOND;
}

static void tell_request(struct platform_line *line, const struct hj212_event *frame)
{
	struct line_event event = {.kind = LINE_REQUEST,
				   .enciphered = frame->enciphered,
				   .by_before = frame->by_before,
				   .key_ms = line->read_key_ms,
				   .faults = frame->faults,
				   .n = frame->n};
	if (is_flood(line)) {
		line_note_refused(line, tr("too many requests"));
		return;
	}
	memcpy(event.segment, frame->segment, frame->n);
	line_tell(line, &event);
}

static void take_segment(struct platform_line *line, const struct hj212_event *frame)
{
	struct hj212_segment segment;
	hj212_segment_read(frame->segment, frame->n, &segment);
	bool waits = line->is_sending && line->was_sent;
	enum line_ack ack =
		line_ack_judge(&segment, line->setup.profile->ack, waits ? line->sending.qn : "",
			       line->mn, line->sending.cn);
	if (ack == LINE_ACK_FITS && waits) {
		end_message(line, LINE_ACKED);
	} else if (ack != LINE_ACK_NONE) {
		if (waits) /* else one that comes twice, or late */
			line_note_refused(
				line,
				tr("an answer to another message, or not in the profile's form"));
	} else {
		tell_request(line, frame);
	}
}

static void refuse_frame(struct platform_line *line, const struct hj212_event *frame)
{
	const char *causes[HJ212_CAUSES_MAX];
	char why[LINE_WHY_MAX];
	int n = hj212_causes(frame, causes);
	if (n > 0)
		snprintf(why, sizeof(why), tr("a frame that is not right: %s"), causes[0]);
	else
		snprintf(why, sizeof(why), "%s", tr("a frame that is not right"));
	line_note_refused(line, why);
	if (frame->faults == HJ212_FAULT_CRC && frame->n <= HJ212_SEGMENT_MAX)
		tell_request(line, frame); /* which may be told so */
}

static void read_frames(struct platform_line *line)
{
	struct hj212_event event;
	while (hj212_reader_next(&line->reader, clock_monotonic_ms(), &event)) {
		if (event.kind == HJ212_FRAME)
			take_segment(line, &event);
		else if (event.kind == HJ212_REFUSED)
			refuse_frame(line, &event);
	}
}

/* False: the connection is lost, and why. */
static bool receive_bytes(struct platform_line *line, char why[LINE_WHY_MAX])
{
	uint8_t bytes[2048];
	ssize_t got = recv(line->fd, bytes, sizeof(bytes), 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (got <= 0) {
		snprintf(why, LINE_WHY_MAX, "%s",
			 got == 0 ? tr("the platform closed the connection") : strerror(errno));
		return false;
	}
	for (size_t at = 0; at < (size_t)got;) {
		at += hj212_reader_put(&line->reader, clock_monotonic_ms(), bytes + at,
				       (size_t)got - at);
		read_frames(line);
	}
	return true;
}

/* ---- both ---- */

static int64_t next_deadline(const struct platform_line *line)
{
	int64_t now_ms = clock_monotonic_ms();
	if (!line->is_sending)
		return now_ms + IDLE_MS;
	return line->was_sent ? line->answer_ms : line->next_ms;
}

void line_serve(struct platform_line *line, char why[LINE_WHY_MAX])
{
	snprintf(why, LINE_WHY_MAX, "%s", tr("what was sent is not received"));
	while (!line_is_stopping(line)) {
		take_keys(line);
		take_message(line);
		if (!send_answers(line) || !send_due(line))
			return;
		read_frames(line); /* a half frame grows old */
		if (!is_patient(line)) {
			snprintf(why, LINE_WHY_MAX, tr("no answer to %s, sent %d times"),
				 line->sending.qn, line->tries);
			end_message(line, LINE_UNANSWERED);
			return;
		}
		if (line_wait(line, line->fd, POLLIN, next_deadline(line)) != 0 &&
		    !receive_bytes(line, why))
			return;
	}
}
