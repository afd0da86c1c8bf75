/* SPDX-License-Identifier: MIT */
/* A frame of a connection: taken, answered or refused. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "hj212_part.h"
#include "hj212_source_inside.h"
#include "hour.h"

#define CN_MINUTES 2051
#define CN_HOURS 2061
#define CN_HEARTBEAT 9015
#define CN_NOTICE_ANSWER 9013
#define CN_DATA_ANSWER 9014
#define ST_ANSWER 91
#define PIECE 4096

/* ---- answers ---- */

/* Who does not read what he asked for is not waited for: he connects again. */
static void send_answer(struct hj212_source *source, struct hj212_connection *connection,
			const struct hj212_head *head, int cn)
{
	const struct hj212_logger *logger = &source->loggers[head->logger];
	const struct hj212_form form = {.crc = source->form.crc, .length = source->form.length};
	struct hj212_message message = {.qn = head->qn[0] != '\0' ? head->qn : NULL,
					.st = ST_ANSWER,
					.cn = cn,
					.pw = logger->password,
					.mn = logger->conf->mn,
					.version = head->flagged ? head->version : HJ212_2005,
					.body = ""};
	uint8_t segment[HJ212_SEGMENT_MAX], frame[HJ212_FRAME_MAX];

	size_t n = hj212_frame_write(segment, hj212_part_write(&message, 1, segment), &form, frame);
	ssize_t sent = send(connection->fd, frame, n, MSG_NOSIGNAL | MSG_DONTWAIT);
	connection->broken |= sent != (ssize_t)n;
}

static struct hj212_connection *find_connection(const struct hj212_source *source, uint64_t id)
{
	for (int i = 0; i < HJ212_CONNECTIONS_MAX; i++)
		if (source->connections[i] && source->connections[i]->id == id)
			return source->connections[i];
	return NULL;
}

/* One that was settled; false: there is none. */
static bool take_settled(struct hj212_source *source, struct hj212_pending *ret)
{
	bool found = false;

	pthread_mutex_lock(&source->lock);
	for (int i = 0; i < HJ212_PENDING_MAX && !found; i++) {
		struct hj212_pending *pending = &source->pending[i];
		found = pending->number != 0 && pending->settled;
		if (found) {
			*ret = *pending;
			pending->number = 0;
		}
	}
	pthread_mutex_unlock(&source->lock);
	return found;
}

void hj212_answer_settled(struct hj212_source *source, int64_t now_ms)
{
	struct hj212_pending pending;

	while (take_settled(source, &pending)) {
		struct hj212_connection *connection = find_connection(source, pending.connection);
		bool in_time = now_ms < pending.until_ms; /* else it was sent again */
		if (connection && in_time && pending.good && pending.head.answer)
			send_answer(source, connection, &pending.head, CN_DATA_ANSWER);
	}
}

int hj212_count_pending(struct hj212_source *source)
{
	int n = 0;

	pthread_mutex_lock(&source->lock);
	for (int i = 0; i < HJ212_PENDING_MAX; i++)
		n += source->pending[i].number != 0;
	pthread_mutex_unlock(&source->lock);
	return n;
}

bool hj212_has_room(struct hj212_source *source)
{
	return hj212_count_pending(source) < HJ212_PENDING_MAX;
}

/* There is room. */
static uint64_t begin_pending(struct hj212_source *source,
			      const struct hj212_connection *connection,
			      const struct hj212_head *head)
{
	uint64_t number = 0;

	pthread_mutex_lock(&source->lock);
	for (int i = 0; i < HJ212_PENDING_MAX && number == 0; i++) {
		if (source->pending[i].number != 0)
			continue;
		number = ++source->messages;
		source->pending[i] =
			(struct hj212_pending){.number = number,
					       .connection = connection->id,
					       .until_ms = link_now_ms() + HJ212_PENDING_MS,
					       .head = *head};
	}
	pthread_mutex_unlock(&source->lock);
	return number;
}

static void drop_pending(struct hj212_source *source, uint64_t number)
{
	pthread_mutex_lock(&source->lock);
	for (int i = 0; i < HJ212_PENDING_MAX; i++)
		if (source->pending[i].number == number)
			source->pending[i].number = 0;
	pthread_mutex_unlock(&source->lock);
}

/* ---- messages in parts ---- */

/*
 * Each part is taken and answered by itself, since a logger may wait for the answer of one before
 * it sends the next, and no factor is cut. What they share is the time, which may stand in the
 * first alone.
 */
static struct hj212_time find_time(struct hj212_connection *connection,
				   const struct hj212_head *head,
				   const struct hj212_segment *segment)
{
	struct hj212_time time = hj212_data_time(segment);
	bool same = connection->time_logger == head->logger && connection->time_cn == head->cn &&
		    head->qn[0] != '\0' && strcmp(connection->time_qn, head->qn) == 0;

	if (time.n == 0 && same && hj212_head(segment, "PNO"))
		return (struct hj212_time){connection->time, connection->n_time};
	connection->n_time = 0;
	if (time.n > 0 && time.n < sizeof(connection->time)) {
		memcpy(connection->time, time.digits, time.n);
		connection->n_time = time.n;
		connection->time_logger = head->logger;
		connection->time_cn = head->cn;
		memcpy(connection->time_qn, head->qn, sizeof(connection->time_qn));
	}
	return time;
}

/* ---- values ---- */

static bool takes_values(const struct hj212_source *source, const struct hj212_head *head)
{
	unsigned kinds = source->loggers[head->logger].conf->takes;

	return (head->cn == CN_MINUTES && (kinds & HJ212_TAKES_MINUTES)) ||
	       (head->cn == CN_HOURS && (kinds & HJ212_TAKES_HOURS));
}

static enum hj212_trouble check_period(const struct hj212_values *values, int64_t wall_ms)
{
	int64_t end_ms = values->start_ms + values->minutes * MINUTE_MS;

	if (end_ms > wall_ms + HJ212_AHEAD_MS)
		return HJ212_AHEAD;
	if (values->start_ms < wall_ms - HJ212_OLDEST_H * (int64_t)HOUR_MS)
		return HJ212_TOO_OLD;
	return HJ212_FINE;
}

/* A piece of a segment as people may see it. */
static void show_text(const char *bytes, size_t n, char ret[HJ212_FOUND_MAX])
{
	size_t shown = n < HJ212_FOUND_MAX - 1 ? n : HJ212_FOUND_MAX - 1;

	for (size_t i = 0; i < shown; i++) {
		ret[i] = '?';
		if ('!' <= bytes[i] && bytes[i] <= '~')
			ret[i] = bytes[i];
	}
	ret[shown] = '\0';
}

static void hand_over(struct hj212_source *source, struct hj212_connection *connection,
		      const struct hj212_head *head, const struct hj212_values *values)
{
	struct hj212_said said = {.device = head->logger, .values = *values};

	said.number = begin_pending(source, connection, head);
	if (!source->setup.env->said(source->setup.env->ctx, source->setup.index, &said)) {
		drop_pending(source, said.number);
		hj212_state_refused(source, head->logger, HJ212_FINE, "");
		return;
	}
	hj212_state_said(source, head->logger, values);
}

static void take_values(struct hj212_source *source, struct hj212_connection *connection,
			const struct hj212_head *head, int64_t wall_ms)
{
	struct hj212_values values;
	char found[HJ212_FOUND_MAX];
	struct hj212_time time = find_time(connection, head, &source->segment);

	if (wall_ms == 0) /* nobody knows what time it is: it comes again */
		return;
	enum hj212_trouble trouble = hj212_values_read(&source->loggers[head->logger], head->cn,
						       time, &source->segment, &values);
	if (trouble == HJ212_NO_FACTOR && hj212_head(&source->segment, "PNO")) {
		if (head->answer) /* a part that has others than ours is no trouble */
			send_answer(source, connection, head, CN_DATA_ANSWER);
		return;
	}
	if (trouble == HJ212_FINE)
		trouble = check_period(&values, wall_ms);
	if (trouble == HJ212_FINE) {
		hand_over(source, connection, head, &values);
		return;
	}
	show_text(time.digits, time.n, found);
	hj212_state_refused(source, head->logger, trouble, found);
}

/* ---- frames ---- */

static bool is_data(int cn)
{
	return cn >= 2000 && cn < 3000;
}

static void take_message(struct hj212_source *source, struct hj212_connection *connection,
			 const struct hj212_head *head)
{
	int64_t wall_ms = source->setup.env->wall_ms(source->setup.env->ctx);

	connection->logger = head->logger;
	connection->heard_ms = link_now_ms();
	hj212_state_heard(source, head, wall_ms);
	if (takes_values(source, head))
		take_values(source, connection, head, wall_ms);
	else if (head->cn == CN_HEARTBEAT)
		send_answer(source, connection, head, CN_NOTICE_ANSWER);
	else if (is_data(head->cn) && head->answer)
		send_answer(source, connection, head, CN_DATA_ANSWER);
}

/* What was found in place of what was to be there; never a password. */
static void find_fault(const struct hj212_source *source, enum hj212_trouble trouble,
		       const struct hj212_head *head, char ret[HJ212_FOUND_MAX])
{
	static const char *const keys[HJ212_TROUBLES] = {
		[HJ212_NO_LOGGER] = "MN", [HJ212_OTHER_ST] = "ST"};
	const struct hj212_item *item =
		keys[trouble] ? hj212_head(&source->segment, keys[trouble]) : NULL;

	ret[0] = '\0';
	if (trouble == HJ212_OTHER_EDITION)
		snprintf(ret, HJ212_FOUND_MAX, "%s",
			 head->version == HJ212_2025                    ? "2025"
			 : head->flagged && head->version == HJ212_2017 ? "2017"
									: "2005");
	else if (item)
		show_text(source->segment.bytes + item->value.at, item->value.n, ret);
}

static void name_causes(const struct hj212_event *event, char ret[HJ212_FOUND_MAX])
{
	const char *causes[HJ212_CAUSES_MAX];
	int n = hj212_causes(event, causes);
	size_t used = 0;

	ret[0] = '\0';
	for (int i = 0; i < n && used < HJ212_FOUND_MAX; i++)
		used += (size_t)snprintf(ret + used, HJ212_FOUND_MAX - used, "%s%s",
					 i > 0 ? ", " : "", causes[i]);
}

/* Some loggers do not split what is longer than a segment may be; all of it is there. */
static bool is_right(const struct hj212_event *event, const struct hj212_segment *segment)
{
	return event->kind == HJ212_FRAME ||
	       (event->faults == HJ212_FAULT_TOO_LONG && !(segment->oddities & HJ212_TOO_MANY));
}

static void hear_frame(struct hj212_source *source, struct hj212_connection *connection,
		       const struct hj212_event *event)
{
	char found[HJ212_FOUND_MAX];
	struct hj212_head head;

	if (event->kind == HJ212_OTHER)
		return;
	hj212_segment_read(event->segment, event->n, &source->segment);
	enum hj212_trouble trouble =
		hj212_head_read(source->loggers, source->n_loggers, &source->segment, &head);
	if (!is_right(event, &source->segment)) { /* whose it seems to be */
		name_causes(event, found);
		hj212_state_refused(source, head.logger, HJ212_BAD_FRAME, found);
	} else if (trouble == HJ212_FINE) {
		take_message(source, connection, &head);
	} else {
		find_fault(source, trouble, &head, found);
		hj212_state_refused(source, head.logger, trouble, found);
	}
}

/* ---- a connection ---- */

bool hj212_hear_all(struct hj212_source *source, struct hj212_connection *connection,
		    int64_t now_ms)
{
	struct hj212_event event;

	while (!connection->broken) {
		if (!hj212_has_room(source))
			return false;
		if (!hj212_reader_next(&connection->reader, now_ms, &event))
			return true;
		hear_frame(source, connection, &event);
	}
	return true;
}

void hj212_read(struct hj212_source *source, struct hj212_connection *connection)
{
	uint8_t bytes[PIECE];
	int64_t now_ms = link_now_ms();
	size_t room = sizeof(bytes);

	if (!hj212_hear_all(source, connection, now_ms) || connection->broken)
		return;
	if (room > HJ212_BUFFER - connection->reader.n)
		room = HJ212_BUFFER - connection->reader.n;
	ssize_t n = recv(connection->fd, bytes, room, MSG_DONTWAIT);
	bool none = n < 0 && (errno == EAGAIN || errno == EINTR);
	connection->dry |= none && source->ending;
	connection->broken |= n <= 0 && !none; /* half a frame is none */
	if (n > 0)
		hj212_reader_put(&connection->reader, now_ms, bytes, (size_t)n);
	hj212_hear_all(source, connection, now_ms);
}
