/* SPDX-License-Identifier: MIT */
#include "session.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "backoff.h"
#include "choke.h"
#include "clock.h"
#include "mqtt_reason.h"

#define HELD_MS 60000  /* a connection that held so long was a good one */
#define GOODBYE_MS 800 /* less than the daemon waits for its end */
#define IDLE_MS 60000
#define EXPLAIN_MS 8000 /* what took longer got no answer: a second look would get none either */

enum session_state { SESSION_DOWN, SESSION_CONNECTING, SESSION_UP };

struct session {
	struct mqtt *mqtt;
	struct queue *reports;
	struct queue *jobs; /* struct mqtt_message */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;                  /* CLOCK_MONOTONIC */
	bool poked, stopping, ended, restart; /* under the mutex */
	bool hurry;                           /* the same */
	const struct mqtt_message *goodbye;   /* set before stopping */
	/* the thread's own */
	enum session_state state;
	struct backoff backoff;
	struct choke choke;
	int64_t began_ms; /* the attempt to connect, of which the connection came */
	int64_t up_ms;    /* since then it is connected */
	unsigned seed;
};

static void poke_session(void *ctx)
{
	struct session *session = ctx;
	pthread_mutex_lock(&session->mutex);
	session->poked = true;
	pthread_cond_broadcast(&session->wake);
	pthread_mutex_unlock(&session->mutex);
}

/* The next attempt comes when the back-off says; after all addresses have been tried in vain. */
static void go_down(struct session *session, struct mqtt_event *lost)
{
	bool refused = false, in_vain = session->state == SESSION_CONNECTING;
	int64_t took_ms = clock_monotonic_ms() - session->began_ms;
	if (in_vain && took_ms < EXPLAIN_MS)
		mqtt_explain(session->mqtt, lost, &refused);
	if (lost->code == MQTT_TAKEN_OVER)
		backoff_most(&session->backoff);
	if (lost->code == MQTT_CHOKED)
		choke_lost(&session->choke, clock_monotonic_ms());
	mqtt_drop(session->mqtt);
	session->state = SESSION_DOWN;
	if (in_vain && mqtt_next_host(session->mqtt)) {
		backoff_none(&session->backoff, clock_monotonic_ms());
		return;
	}
	backoff_fail(&session->backoff, clock_monotonic_ms(), session->began_ms, refused,
		     (unsigned)rand_r(&session->seed));
	queue_put(session->reports, lost);
}

static void give_up(struct session *session, const char *why)
{
	struct mqtt_event lost = {
		.kind = MQTT_EVENT_LOST, .loss = MQTT_LOSS_OWN, .host = mqtt_host(session->mqtt)};
	snprintf(lost.text, sizeof(lost.text), "%.*s", (int)sizeof(lost.text) - 1, why);
	go_down(session, &lost);
}

static void try_connect(struct session *session)
{
	session->began_ms = clock_monotonic_ms();
	mqtt_make_deaf(session->mqtt, session->choke.until_ms != 0);
	const char *why = mqtt_connect(session->mqtt);
	if (why)
		give_up(session, why);
	else
		session->state = SESSION_CONNECTING;
}

static void go_up(struct session *session, const struct mqtt_event *connected)
{
	session->state = SESSION_UP;
	session->up_ms = clock_monotonic_ms();
	queue_put(session->reports, connected);
	if (session->choke.until_ms == 0)
		mqtt_subscribe(session->mqtt);
	else
		queue_put(session->reports,
			  &(struct mqtt_event){.kind = MQTT_EVENT_DEAF, .code = MQTT_CHOKED});
}

/* Once the hour is over; a connection that begins later hears anyway. */
static void hear_again(struct session *session)
{
	struct mqtt_event hearing = {.kind = MQTT_EVENT_HEARING};
	if (!choke_is_over(&session->choke, clock_monotonic_ms()))
		return;
	if (session->state == SESSION_UP)
		mqtt_subscribe(session->mqtt);
	queue_put(session->reports, &hearing);
}

static void take_events(struct session *session)
{
	struct mqtt_event event;
	while (mqtt_next_event(session->mqtt, &event)) {
		switch (event.kind) {
		case MQTT_EVENT_CONNECTED:
			if (event.again)
				try_connect(session);
			else
				go_up(session, &event);
			break;
		case MQTT_EVENT_LOST:
			if (event.again)
				try_connect(session);
			else
				go_down(session, &event);
			break;
		case MQTT_EVENT_DEAF:
		case MQTT_EVENT_UNHEARD:
		case MQTT_EVENT_HEARING:
			queue_put(session->reports, &event);
			break;
		case MQTT_EVENT_DELIVERED:
		case MQTT_EVENT_REFUSED:
		case MQTT_EVENT_FAILED:
			if (event.tag != 0)
				queue_put(session->reports, &event);
			break;
		}
	}
}

/* What finds no room in flight waits its turn; without a connection it fails. */
static void take_jobs(struct session *session)
{
	struct mqtt_message message;
	while (mqtt_has_room(session->mqtt) && queue_take(session->jobs, &message)) {
		bool sent = mqtt_publish(session->mqtt, &message);
		struct mqtt_event failed = {.kind = MQTT_EVENT_FAILED, .tag = message.tag};
		if (!sent && message.tag != 0)
			queue_put(session->reports, &failed);
		free(message.payload);
	}
}

static struct timespec make_timespec(int64_t ms)
{
	return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000 * 1000000)};
}

/* Waits until something happens or the time has come. True: the end. */
static bool wait_for_work(struct session *session, int64_t until_ms)
{
	struct timespec until = make_timespec(until_ms);
	pthread_mutex_lock(&session->mutex);
	int r = 0;
	while (!session->poked && !session->stopping && r == 0)
		r = pthread_cond_timedwait(&session->wake, &session->mutex, &until);
	session->poked = false;
	bool stopping = session->stopping, restart = session->restart;
	session->restart = false;
	pthread_mutex_unlock(&session->mutex);
	if (restart && session->state == SESSION_UP)
		give_up(session, "a message was never answered");
	return stopping;
}

/* Publishes the goodbye and gives the broker a moment to take it. What waits before it is on disk.
 */
static void say_goodbye(struct session *session)
{
	int64_t until_ms = clock_monotonic_ms() + GOODBYE_MS;
	bool said = false;
	take_jobs(session);
	if (session->state != SESSION_UP || !session->goodbye)
		return;
	while (session->state == SESSION_UP && clock_monotonic_ms() < until_ms) {
		said = said || (mqtt_has_room(session->mqtt) &&
				mqtt_publish(session->mqtt, session->goodbye));
		if (said && mqtt_in_flight(session->mqtt) == 0)
			break;
		struct timespec pause = {.tv_nsec = 5000000};
		nanosleep(&pause, NULL);
		take_events(session);
	}
	if (said) /* else its last will says it */
		mqtt_disconnect(session->mqtt);
}

/* Monotonic: when there is something to do without being told. */
static int64_t find_due(struct session *session)
{
	pthread_mutex_lock(&session->mutex);
	bool hurry = session->hurry;
	pthread_mutex_unlock(&session->mutex);
	switch (session->state) {
	case SESSION_DOWN:
		return backoff_due(&session->backoff, hurry);
	case SESSION_CONNECTING:
		return session->began_ms + MQTT_CONNECT_DEADLINE_MS;
	case SESSION_UP:
		break;
	}
	return clock_monotonic_ms() + IDLE_MS;
}

static void do_work(struct session *session)
{
	int64_t now_ms = clock_monotonic_ms();
	if (session->state == SESSION_UP && now_ms - session->up_ms >= HELD_MS) {
		backoff_held(&session->backoff);
		choke_held(&session->choke);
	}
	hear_again(session);
	take_events(session);
	bool due = now_ms >= find_due(session);
	if (session->state == SESSION_DOWN && due)
		try_connect(session);
	else if (session->state == SESSION_CONNECTING && due)
		give_up(session, "no answer to the connect");
	take_jobs(session);
}

static void *run_session(void *arg)
{
	struct session *session = arg;
	bool stop = false;
	while (!stop) {
		do_work(session);
		stop = wait_for_work(session, find_due(session));
	}
	say_goodbye(session);
	mqtt_drop(session->mqtt);
	pthread_mutex_lock(&session->mutex);
	session->ended = true;
	pthread_cond_broadcast(&session->wake);
	pthread_mutex_unlock(&session->mutex);
	return NULL;
}

static void release_session(struct session *session)
{
	struct mqtt_message message;
	while (session->jobs && queue_take(session->jobs, &message))
		free(message.payload);
	queue_free(session->jobs);
	mqtt_free(session->mqtt);
	pthread_cond_destroy(&session->wake);
	pthread_mutex_destroy(&session->mutex);
	free(session);
}

static void init_locks(struct session *session)
{
	pthread_condattr_t attr;
	pthread_mutex_init(&session->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&session->wake, &attr);
	pthread_condattr_destroy(&attr);
}

int session_start(const struct mqtt_setup *setup, struct queue *reports, struct session **ret)
{
	struct session *session = calloc(1, sizeof(*session));
	if (!session)
		return -ENOMEM;
	init_locks(session);
	session->reports = reports;
	session->seed = (unsigned)clock_monotonic_ms();
	session->jobs = queue_new(SESSION_JOBS_MAX, sizeof(struct mqtt_message));
	session->mqtt = mqtt_new(setup, poke_session, session);
	int r = -ENOMEM;
	if (session->jobs && session->mqtt)
		r = -pthread_create(&session->thread, NULL, run_session, session);
	if (r != 0) {
		release_session(session);
		return r;
	}
	*ret = session;
	return 0;
}

bool session_send(struct session *session, const struct mqtt_message *message)
{
	if (!queue_put(session->jobs, message)) {
		free(message->payload);
		return false;
	}
	poke_session(session);
	return true;
}

void session_hurry(struct session *session, bool hurry)
{
	pthread_mutex_lock(&session->mutex);
	bool changed = session->hurry != hurry;
	session->hurry = hurry;
	pthread_mutex_unlock(&session->mutex);
	if (changed)
		poke_session(session);
}

void session_restart(struct session *session)
{
	pthread_mutex_lock(&session->mutex);
	session->restart = true;
	pthread_mutex_unlock(&session->mutex);
	poke_session(session);
}

bool session_stop(struct session *session, const struct mqtt_message *goodbye, int wait_ms)
{
	struct timespec until = make_timespec(clock_monotonic_ms() + wait_ms);
	pthread_mutex_lock(&session->mutex);
	session->goodbye = goodbye;
	session->stopping = true;
	pthread_cond_broadcast(&session->wake);
	int r = 0;
	while (!session->ended && r == 0)
		r = pthread_cond_timedwait(&session->wake, &session->mutex, &until);
	bool ended = session->ended;
	pthread_mutex_unlock(&session->mutex);
	if (!ended)
		return false;
	pthread_join(session->thread, NULL);
	release_session(session);
	return true;
}
