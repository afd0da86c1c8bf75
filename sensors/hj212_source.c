/* SPDX-License-Identifier: MIT */
#include "hj212_source.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hj212_source_inside.h"

#define TICK_MS 1000
#define STRANGER_MS 60000 /* a connection without a right frame of a logger is closed */
#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_MS 60000
#define ACCEPTS 16

/* ---- connections ---- */

static void close_connection(struct hj212_connection **connection)
{
	close((*connection)->fd);
	explicit_bzero(*connection, sizeof(**connection)); /* passwords in frames */
	free(*connection);
	*connection = NULL;
}

/* Room for one more: a stranger goes before a logger, who was heard longest ago first. */
static struct hj212_connection **find_room(struct hj212_source *source)
{
	struct hj212_connection **oldest = NULL;

	for (int i = 0; i < source->n_loggers + HJ212_STRANGERS_MAX; i++) {
		struct hj212_connection **at = &source->connections[i];
		if (!*at)
			return at;
		bool stranger = (*at)->logger < 0;
		if (!oldest || (stranger && (*oldest)->logger >= 0) ||
		    (stranger == ((*oldest)->logger < 0) && (*at)->heard_ms < (*oldest)->heard_ms))
			oldest = at;
	}
	assert(oldest); /* there is room for strangers */
	close_connection(oldest);
	return oldest;
}

static void add_connection(struct hj212_source *source, int fd, bool connecting)
{
	struct hj212_connection **at = find_room(source);
	struct hj212_connection *connection = calloc(1, sizeof(*connection));

	if (!connection) {
		close(fd);
		return;
	}
	connection->fd = fd;
	connection->id = ++source->connections_made;
	connection->connecting = connecting;
	connection->heard_ms = link_now_ms();
	connection->logger = connection->time_logger = -1;
	hj212_reader_init(&connection->reader, &source->form);
	*at = connection;
}

/* ---- the line: listening, or the one connection ---- */

static void tell_line(struct hj212_source *source, enum health_state state, int code)
{
	const struct bus_notice notice = {.device = -1,
					  .state = state,
					  .why = state == HEALTH_OK ? WHY_NONE : WHY_LINK,
					  .code = code,
					  .lasted_ms = link_now_ms() - source->began_ms};
	bool failed = state == HEALTH_FAILED;

	if (failed ? source->line_failed : source->line_open)
		return;
	source->line_failed = failed;
	source->line_open = !failed;
	source->began_ms = link_now_ms();
	source->setup.env->notice(source->setup.env->ctx, source->setup.index, &notice);
}

static void fail_line(struct hj212_source *source, int code)
{
	source->line_ms = link_now_ms() + source->backoff_ms;
	source->backoff_ms *= 2;
	if (source->backoff_ms > BACKOFF_MAX_MS)
		source->backoff_ms = BACKOFF_MAX_MS;
	tell_line(source, HEALTH_FAILED, code);
}

static bool has_connection(const struct hj212_source *source)
{
	for (int i = 0; i < HJ212_CONNECTIONS_MAX; i++)
		if (source->connections[i])
			return true;
	return false;
}

static void keep_line(struct hj212_source *source)
{
	bool listens = source->setup.conf->listens;

	if ((listens ? source->listen_fd >= 0 : has_connection(source)) ||
	    link_now_ms() < source->line_ms)
		return;
	int fd = hj212_socket_open(source->setup.conf);
	if (fd < 0) {
		fail_line(source, -fd);
		return;
	}
	if (!listens) {
		add_connection(source, fd, true);
		return;
	}
	source->listen_fd = fd;
	tell_line(source, HEALTH_OK, 0);
}

static void finish_connect(struct hj212_source *source, struct hj212_connection *connection)
{
	int error = 0;
	socklen_t size = sizeof(error);

	connection->connecting = false;
	if (getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0) {
		tell_line(source, HEALTH_OK, 0);
		return;
	}
	connection->broken = true;
	fail_line(source, error);
}

static void accept_all(struct hj212_source *source)
{
	for (int i = 0; i < ACCEPTS; i++) {
		int fd = accept4(source->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
				source->accept_ms = link_now_ms() + TICK_MS;
			return;
		}
		hj212_socket_set_up(fd);
		add_connection(source, fd, false);
	}
}

/* ---- the thread ---- */

static void close_broken(struct hj212_source *source, int64_t now_ms)
{
	bool listens = source->setup.conf->listens;

	for (int i = 0; i < HJ212_CONNECTIONS_MAX; i++) {
		struct hj212_connection **at = &source->connections[i];
		if (*at && listens && (*at)->logger < 0)
			(*at)->broken |= now_ms - (*at)->heard_ms > STRANGER_MS;
		if (!*at || !(*at)->broken)
			continue;
		bool spoke = (*at)->logger >= 0;
		close_connection(at);
		if (spoke) /* who hangs up without a word is called less and less */
			source->backoff_ms = BACKOFF_MIN_MS;
		if (!listens && source->line_ms <= now_ms) /* it was open */
			fail_line(source, ECONNRESET);
	}
}

static int fill_polled(struct hj212_source *source, struct pollfd *polled,
		       struct hj212_connection **of)
{
	int n = 0;

	polled[n++] = (struct pollfd){.fd = source->wake_fd, .events = POLLIN};
	bool lets_in = link_now_ms() >= source->accept_ms && !source->ending;
	bool has_room = hj212_has_room(source);
	polled[n++] = (struct pollfd){.fd = lets_in ? source->listen_fd : -1, .events = POLLIN};
	for (int i = 0; i < HJ212_CONNECTIONS_MAX; i++) {
		struct hj212_connection *each = source->connections[i];
		if (!each)
			continue;
		of[n] = each;
		polled[n++] = (struct pollfd){.fd = each->connecting || has_room ? each->fd : -1,
					      .events = each->connecting ? POLLOUT : POLLIN};
	}
	return n;
}

/* Each is the first at some time: who sends without end leaves the others no room else. */
static void read_all(struct hj212_source *source, const struct pollfd *polled,
		     struct hj212_connection **of, int n)
{
	int64_t now_ms = link_now_ms();

	source->turn++;
	for (int i = 0; i < n; i++) {
		int at = (int)((source->turn + (unsigned)i) % (unsigned)n);
		if (polled[at].revents && of[at]->connecting)
			finish_connect(source, of[at]);
		else if (polled[at].revents)
			hj212_read(source, of[at]);
		hj212_hear_all(source, of[at], now_ms);
	}
}

static void look_once(struct hj212_source *source)
{
	struct pollfd polled[HJ212_CONNECTIONS_MAX + 2];
	struct hj212_connection *of[HJ212_CONNECTIONS_MAX + 2];
	eventfd_t count;
	int n = fill_polled(source, polled, of);

	poll(polled, (nfds_t)n, TICK_MS);
	if (polled[0].revents)
		eventfd_read(source->wake_fd, &count);
	hj212_answer_settled(source, link_now_ms()); /* and there is room */
	read_all(source, polled + 2, of + 2, n - 2);
	close_broken(source, link_now_ms());
	if (polled[1].revents) /* what room they take was not looked at any more */
		accept_all(source);
	hj212_state_look(source);
}

/* Who still sends is not waited for once there was nothing for a moment. */
static void look_for_end(struct hj212_source *source)
{
	bool all = true;

	for (int i = 0; i < HJ212_CONNECTIONS_MAX; i++) {
		struct hj212_connection *each = source->connections[i];
		if (!each || each->connecting)
			continue;
		if (!each->dry)
			hj212_read(source, each);
		all &= each->broken || (each->dry && hj212_hear_all(source, each, link_now_ms()));
	}
	source->ended = all && hj212_count_pending(source) == 0;
	if (!all && hj212_has_room(source)) /* there is more to be read: look again at once */
		eventfd_write(source->wake_fd, 1);
}

static void *run_source(void *arg)
{
	struct hj212_source *source = arg;

	while (!source->stopping) {
		if (!source->ending)
			keep_line(source);
		look_once(source);
		if (source->ending && !source->ended)
			look_for_end(source);
	}
	for (int i = 0; i < HJ212_CONNECTIONS_MAX; i++)
		if (source->connections[i])
			close_connection(&source->connections[i]);
	if (source->listen_fd >= 0)
		close(source->listen_fd);
	return NULL;
}

/* ---- start and stop ---- */

static void fill_logger(struct hj212_source *source, int i)
{
	const struct device_conf *device = &source->setup.conf->devices[i];
	struct hj212_logger *logger = &source->loggers[i];
	struct hj212_state *state = &source->states[i];
	bool minutes = device->logger->takes & HJ212_TAKES_MINUTES;

	logger->conf = device->logger;
	snprintf(logger->password, sizeof(logger->password), "%s", source->setup.passwords[i]);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		logger->channels[p] = -1;
	for (int row = 0; row < device->profile->n_rows; row++)
		logger->channels[device->profile->rows[row].pollutant] = device->channels[row];
	state->minutes = minutes ? device->logger->minutes : 60;
	state->since_ms = state->said_ms = source->setup.env->station_ms(source->setup.env->ctx);
}

/* Signals are the main thread's. */
static int start_thread(struct hj212_source *source)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int rc = pthread_create(&source->thread, NULL, run_source, source);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
}

static struct hj212_source *release_source(struct hj212_source *source)
{
	if (source->wake_fd >= 0)
		close(source->wake_fd);
	pthread_mutex_destroy(&source->lock);
	if (source->loggers) /* passwords */
		explicit_bzero(source->loggers,
			       (size_t)source->n_loggers * sizeof(*source->loggers));
	free(source->loggers);
	free(source->states);
	explicit_bzero(source, sizeof(*source)); /* one in the newest frame */
	free(source);
	return NULL;
}

int hj212_source_start(const struct hj212_source_setup *setup, struct hj212_source **ret)
{
	struct hj212_source *source = calloc(1, sizeof(*source));
	size_t n = (size_t)setup->conf->n_devices;

	if (!source)
		return -ENOMEM;
	source->setup = *setup;
	source->n_loggers = setup->conf->n_devices;
	source->listen_fd = -1;
	source->backoff_ms = BACKOFF_MIN_MS;
	source->began_ms = link_now_ms();
	pthread_mutex_init(&source->lock, NULL);
	source->loggers = calloc(n + 1, sizeof(*source->loggers));
	source->states = calloc(n + 1, sizeof(*source->states));
	source->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int rc = source->wake_fd < 0 ? -errno : source->loggers && source->states ? 0 : -ENOMEM;
	for (int i = 0; i < source->n_loggers && rc == 0; i++)
		fill_logger(source, i);
	if (source->n_loggers > 0 && rc == 0) /* they all have the same, conf sees to it */
		source->form =
			(struct hj212_form){.crc = source->loggers[0].conf->profile->crc,
					    .length = source->loggers[0].conf->profile->length,
					    .cipher = setup->cipher};
	if (rc == 0)
		rc = start_thread(source);
	if (rc < 0) {
		release_source(source);
		return rc;
	}
	*ret = source;
	return 0;
}

void hj212_source_stop(struct hj212_source *source)
{
	atomic_store(&source->stopping, true);
	eventfd_write(source->wake_fd, 1);
}

void hj212_source_end(struct hj212_source *source)
{
	atomic_store(&source->ending, true);
	eventfd_write(source->wake_fd, 1);
}

bool hj212_source_ended(struct hj212_source *source)
{
	return atomic_load(&source->ended);
}

struct hj212_source *hj212_source_free(struct hj212_source *source)
{
	if (!source)
		return NULL;
	hj212_source_stop(source);
	pthread_join(source->thread, NULL);
	return release_source(source);
}

void hj212_source_settle(struct hj212_source *source, uint64_t number, bool good)
{
	pthread_mutex_lock(&source->lock);
	for (int i = 0; i < HJ212_PENDING_MAX; i++) {
		if (source->pending[i].number != number)
			continue;
		source->pending[i].settled = true;
		source->pending[i].good = good;
	}
	pthread_mutex_unlock(&source->lock);
	eventfd_write(source->wake_fd, 1);
}

void hj212_source_counts(struct hj212_source *source, int device, struct hj212_counts *ret)
{
	pthread_mutex_lock(&source->lock);
	*ret = source->states[device].counts;
	pthread_mutex_unlock(&source->lock);
}

uint64_t hj212_source_unknown(struct hj212_source *source)
{
	return atomic_load(&source->unknown);
}
