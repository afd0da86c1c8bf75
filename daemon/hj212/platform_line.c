/* SPDX-License-Identifier: MIT */
#include "platform_line.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backoff.h"
#include "clock.h"
#include "line_ack.h"

#define CONNECT_MS 10000
#define HELD_MS 60000     /* a connection that held so long was a good one */
#define DEAD_MS 30000     /* what was sent and not even received for so long: TCP gives up */
#define KEEPALIVE_S 30    /* of silence, then probes */
#define FULL_QUEUE_MS 10  /* until an event that found no room is tried again */
#define STOP_MS 500       /* what a stop waits; who hangs longer is left behind */
#define IDLE_MS 60000

struct answer {
	size_t n;
	uint8_t frame[HJ212_FRAME_MAX];
};

struct platform_line {
	struct line_setup setup;
	char *host, *mn; /* our own copies: it may outlive the configuration in the resolver */
	struct queue *events;
	int wake; /* eventfd */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	/* under the mutex */
	bool stopping, is_over, left_behind, connected, has_message, new_keys;
	bool has_key, has_before;
	struct sm4_key key, before;
	struct line_message message;
	int n_answers;
	struct answer answers[LINE_ANSWERS_MAX];
	uint64_t refused;
	char refused_why[LINE_WHY_MAX];
	/* the thread's own */
	int fd;
	unsigned seed;
	struct backoff backoff;
	struct hj212_cipher cipher, cipher_before;
	struct sm4_key read_key, read_before;
	struct hj212_reader reader;
	struct line_message sending;
	bool is_sending, was_sent;
	int tries;
	int64_t next_ms, answer_ms; /* monotonic: of the pace; until when the answer must come */
	int64_t window_ms;          /* of requests a second */
	int in_window;
};

/* ---- between the threads ---- */

static bool is_stopping(struct platform_line *line)
{
	pthread_mutex_lock(&line->mutex);
	bool stopping = line->stopping;
	pthread_mutex_unlock(&line->mutex);
	return stopping;
}

/* Waits for room: it is this platform alone that waits. */
static void tell(struct platform_line *line, struct line_event *event)
{
	const struct timespec pause = {.tv_nsec = FULL_QUEUE_MS * 1000000L};
	event->index = line->setup.index;
	for (;;) {
		pthread_mutex_lock(&line->mutex);
		bool over = line->stopping;
		bool put = !over && queue_put(line->events, event);
		pthread_mutex_unlock(&line->mutex);
		if (put || over)
			return;
		nanosleep(&pause, NULL);
	}
}

static void note_refused(struct platform_line *line, const char *why)
{
	pthread_mutex_lock(&line->mutex);
	line->refused++;
	snprintf(line->refused_why, sizeof(line->refused_why), "%s", why);
	pthread_mutex_unlock(&line->mutex);
}

static void set_connected(struct platform_line *line, bool connected)
{
	pthread_mutex_lock(&line->mutex);
	line->connected = connected;
	line->has_message = false;
	line->n_answers = 0;
	pthread_mutex_unlock(&line->mutex);
	line->is_sending = false;
}

static void poke(struct platform_line *line)
{
	const uint64_t one = 1;
	ssize_t written = write(line->wake, &one, sizeof(one));
	(void)written; /* it is readable already, then */
}

/* Waits for the socket (-1: none) or a poke until a moment; what poll found of the socket. */
static short wait_until(struct platform_line *line, int fd, short what, int64_t until_ms)
{
	struct pollfd both[] = {{.fd = line->wake, .events = POLLIN}, {.fd = fd, .events = what}};
	int64_t ms = until_ms - clock_monotonic_ms();
	uint64_t count;
	ms = ms < 0 ? 0 : ms > IDLE_MS ? IDLE_MS : ms;
	if (poll(both, 2, (int)ms) <= 0)
		return 0;
	if (both[0].revents != 0) {
		ssize_t got = read(line->wake, &count, sizeof(count));
		(void)got;
	}
	return both[1].revents;
}

/* ---- the connection ---- */

static void set_options(int fd)
{
	const int on = 1, idle_s = KEEPALIVE_S, every_s = 10, probes = 3, dead_ms = DEAD_MS;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof(every_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_ms, sizeof(dead_ms));
}

/* 0, or an errno. */
static int finish_connect(struct platform_line *line, int fd)
{
	int64_t until_ms = clock_monotonic_ms() + CONNECT_MS;
	int error = 0;
	socklen_t size = sizeof(error);
	while (!is_stopping(line) && clock_monotonic_ms() < until_ms) {
		if (wait_until(line, fd, POLLOUT, until_ms) == 0)
			continue;
		return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
	}
	return ETIMEDOUT;
}

static int dial(struct platform_line *line, const struct addrinfo *address, int *ret_error)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		*ret_error = errno;
		return -1;
	}
	set_options(fd);
	int r = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
	*ret_error = r == EINPROGRESS ? finish_connect(line, fd) : r;
	if (*ret_error == 0)
		return fd;
	close(fd);
	return -1;
}

/* False: why. */
static bool open_connection(struct platform_line *line, char why[LINE_WHY_MAX], bool *ret_refused)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
	char service[16];
	int error = 0;
	snprintf(service, sizeof(service), "%d", line->setup.port);
	line->fd = -1;
	*ret_refused = false;
	int r = getaddrinfo(line->host, service, &hints, &found);
	if (r != 0) {
		snprintf(why, LINE_WHY_MAX, "the name has no address: %s", gai_strerror(r));
		return false;
	}
	for (struct addrinfo *each = found; each && line->fd < 0 && !is_stopping(line);
	     each = each->ai_next)
		line->fd = dial(line, each, &error);
	freeaddrinfo(found);
	*ret_refused = line->fd < 0 && error == ECONNREFUSED;
	if (line->fd < 0)
		snprintf(why, LINE_WHY_MAX, "TCP: %s", strerror(error));
	return line->fd >= 0;
}

/* Each connection begins with no half frame of the one before. */
static void begin_reading(struct platform_line *line)
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
	while (n > 0) {
		ssize_t sent = send(line->fd, bytes, n, MSG_NOSIGNAL);
		if (sent > 0) {
			bytes += sent;
			n -= (size_t)sent;
		} else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
			if (is_stopping(line) || clock_monotonic_ms() >= until_ms)
				return false;
			wait_until(line, line->fd, POLLOUT, until_ms);
		} else {
			return false;
		}
	}
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
	tell(line, &event);
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
				   .faults = frame->faults,
				   .n = frame->n};
	if (is_flood(line)) {
		note_refused(line, "too many requests");
		return;
	}
	memcpy(event.segment, frame->segment, frame->n);
	tell(line, &event);
}

static void take_segment(struct platform_line *line, const struct hj212_event *frame)
{
	struct hj212_segment segment;
	hj212_segment_read(frame->segment, frame->n, &segment);
	bool waits = line->is_sending && line->was_sent;
	enum line_ack ack = line_ack_judge(&segment, line->setup.profile->ack,
					   waits ? line->sending.qn : "", line->mn,
					   line->sending.cn);
	if (ack == LINE_ACK_FITS && waits) {
		end_message(line, LINE_ACKED);
	} else if (ack != LINE_ACK_NONE) {
		if (waits) /* else one that comes twice, or late */
			note_refused(line, "an answer to another message");
	} else {
		tell_request(line, frame);
	}
}

static void refuse_frame(struct platform_line *line, const struct hj212_event *frame)
{
	const char *causes[HJ212_CAUSES_MAX];
	char why[LINE_WHY_MAX] = "a frame that is not right";
	int n = hj212_causes(frame, causes);
	if (n > 0)
		snprintf(why, sizeof(why), "a frame that is not right: %s", causes[0]);
	note_refused(line, why);
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
static bool receive(struct platform_line *line, char why[LINE_WHY_MAX])
{
	uint8_t bytes[2048];
	ssize_t got = recv(line->fd, bytes, sizeof(bytes), 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (got <= 0) {
		snprintf(why, LINE_WHY_MAX, "%s",
			 got == 0 ? "the platform closed the connection" : strerror(errno));
		return false;
	}
	for (size_t at = 0; at < (size_t)got;) {
		at += hj212_reader_put(&line->reader, clock_monotonic_ms(), bytes + at,
				       (size_t)got - at);
		read_frames(line);
	}
	return true;
}

/* ---- the thread ---- */

static int64_t next_deadline(const struct platform_line *line)
{
	int64_t now_ms = clock_monotonic_ms();
	if (!line->is_sending)
		return now_ms + IDLE_MS;
	return line->was_sent ? line->answer_ms : line->next_ms;
}

/* Until the connection ends: why. */
static void serve(struct platform_line *line, char why[LINE_WHY_MAX])
{
	snprintf(why, LINE_WHY_MAX, "what was sent is not received");
	while (!is_stopping(line)) {
		take_keys(line);
		take_message(line);
		if (!send_answers(line) || !send_due(line))
			return;
		read_frames(line); /* a half frame grows old */
		if (!is_patient(line)) {
			snprintf(why, LINE_WHY_MAX, "no answer to %s, sent %d times",
				 line->sending.qn, line->tries);
			end_message(line, LINE_UNANSWERED);
			return;
		}
		if (wait_until(line, line->fd, POLLIN, next_deadline(line)) != 0 &&
		    !receive(line, why))
			return;
	}
}

/* One connection from its begin to its end. */
static void try_once(struct platform_line *line)
{
	struct line_event event = {.kind = LINE_CONNECTED};
	int64_t began_ms = clock_monotonic_ms();
	char why[LINE_WHY_MAX] = "";
	bool refused = false;
	if (open_connection(line, why, &refused)) {
		int64_t up_ms = clock_monotonic_ms();
		begin_reading(line);
		set_connected(line, true);
		tell(line, &event);
		serve(line, why);
		set_connected(line, false);
		close(line->fd);
		if (clock_monotonic_ms() - up_ms >= HELD_MS)
			backoff_held(&line->backoff);
	}
	event.kind = LINE_LOST;
	memcpy(event.why, why, sizeof(event.why));
	if (!is_stopping(line))
		tell(line, &event);
	backoff_fail(&line->backoff, clock_monotonic_ms(), began_ms, refused,
		     (unsigned)rand_r(&line->seed));
}

static void free_line(struct platform_line *line)
{
	close(line->wake);
	pthread_cond_destroy(&line->ended);
	pthread_mutex_destroy(&line->mutex);
	free(line->host);
	free(line->mn);
	free(line);
}

static void *run_line(void *ctx)
{
	struct platform_line *line = ctx;
	while (!is_stopping(line)) {
		int64_t due_ms = backoff_due(&line->backoff, false);
		if (clock_monotonic_ms() < due_ms)
			wait_until(line, -1, 0, due_ms);
		else
			try_once(line);
	}
	pthread_mutex_lock(&line->mutex);
	line->is_over = true;
	bool left_behind = line->left_behind;
	pthread_cond_signal(&line->ended);
	pthread_mutex_unlock(&line->mutex);
	if (left_behind)
		free_line(line);
	return NULL;
}

/* ---- for the main thread ---- */

static int init_line(struct platform_line *line)
{
	pthread_condattr_t monotonic;
	line->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	line->host = strdup(line->setup.host);
	line->mn = strdup(line->setup.mn);
	line->fd = -1;
	pthread_mutex_init(&line->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&line->ended, &monotonic);
	pthread_condattr_destroy(&monotonic);
	line->seed = (unsigned)clock_boot_us() + (unsigned)line->setup.index;
	return line->wake >= 0 && line->host && line->mn ? 0 : -ENOMEM;
}

int platform_line_start(const struct line_setup *setup, struct queue *events,
			struct platform_line **ret)
{
	struct platform_line *line = calloc(1, sizeof(*line));
	if (!line)
		return -ENOMEM;
	line->setup = *setup;
	line->events = events;
	int r = init_line(line);
	if (r == 0)
		r = -pthread_create(&line->thread, NULL, run_line, line);
	if (r != 0) {
		free_line(line);
		return r;
	}
	*ret = line;
	return 0;
}

void platform_line_set_keys(struct platform_line *line, const struct sm4_key *now,
			    const struct sm4_key *before)
{
	pthread_mutex_lock(&line->mutex);
	line->has_key = now != NULL;
	line->has_before = before != NULL;
	if (now)
		line->key = *now;
	if (before)
		line->before = *before;
	line->new_keys = true;
	pthread_mutex_unlock(&line->mutex);
	poke(line);
}

bool platform_line_send(struct platform_line *line, const struct line_message *message)
{
	pthread_mutex_lock(&line->mutex);
	bool takes = line->connected && !line->has_message;
	if (takes) {
		line->message = *message;
		line->has_message = true;
	}
	pthread_mutex_unlock(&line->mutex);
	if (takes)
		poke(line);
	return takes;
}

bool platform_line_answer(struct platform_line *line, const uint8_t *frame, size_t n)
{
	pthread_mutex_lock(&line->mutex);
	bool takes = line->connected && line->n_answers < LINE_ANSWERS_MAX && n <= HJ212_FRAME_MAX;
	if (takes) {
		struct answer *answer = &line->answers[line->n_answers++];
		answer->n = n;
		memcpy(answer->frame, frame, n);
	}
	pthread_mutex_unlock(&line->mutex);
	if (takes)
		poke(line);
	return takes;
}

uint64_t platform_line_refused(struct platform_line *line, char ret_why[LINE_WHY_MAX])
{
	pthread_mutex_lock(&line->mutex);
	uint64_t refused = line->refused;
	memcpy(ret_why, line->refused_why, LINE_WHY_MAX);
	pthread_mutex_unlock(&line->mutex);
	return refused;
}

void platform_line_hurry(struct platform_line *line)
{
	if (!line)
		return;
	pthread_mutex_lock(&line->mutex);
	line->stopping = true;
	pthread_mutex_unlock(&line->mutex);
	poke(line);
}

struct platform_line *platform_line_stop(struct platform_line *line)
{
	if (!line)
		return NULL;
	platform_line_hurry(line);
	int64_t until_ms = clock_monotonic_ms() + STOP_MS;
	const struct timespec until = {.tv_sec = until_ms / 1000,
				       .tv_nsec = (long)(until_ms % 1000 * 1000000)};
	int r = 0;
	pthread_mutex_lock(&line->mutex);
	while (!line->is_over && r == 0)
		r = pthread_cond_timedwait(&line->ended, &line->mutex, &until);
	bool over = line->is_over;
	line->left_behind = !over;
	pthread_mutex_unlock(&line->mutex);
	if (!over) {
		pthread_detach(line->thread);
		return NULL;
	}
	pthread_join(line->thread, NULL);
	free_line(line);
	return NULL;
}
