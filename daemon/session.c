/* SPDX-License-Identifier: MIT */
#include "session.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"

#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_MS 120000
#define HELD_MS 60000  /* a connection that held so long was a good one */
#define GOODBYE_MS 800 /* less than the daemon waits for its end */
#define IDLE_MS 60000

enum session_state { SESSION_DOWN, SESSION_CONNECTING, SESSION_UP };

struct session {
	struct mqtt *mqtt;
	struct queue *reports;
	struct queue *jobs; /* struct mqtt_message */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;                  /* CLOCK_MONOTONIC */
	bool poked, stopping, ended, restart; /* under the mutex */
	const struct mqtt_message *goodbye;   /* set before stopping */
	/* the thread's own */
	enum session_state state;
	int64_t backoff_ms;
	int64_t up_ms;   /* since then it is connected */
	int64_t next_ms; /* the next attempt to connect, or the deadline of the one under way */
	unsigned seed;
};

static void poke(void *ctx)
{
	struct session *session = ctx;
	pthread_mutex_lock(&session->mutex);
	session->poked = true;
	pthread_cond_broadcast(&session->wake);
	pthread_mutex_unlock(&session->mutex);
}

/* The next attempt comes after the back-off, give or take half of it. */
static void go_down(struct session *session, const char *why)
{
	struct mqtt_event lost = {.kind = MQTT_EVENT_LOST};
	if (session->state == SESSION_CONNECTING)
		why = mqtt_explain(session->mqtt, why);
	snprintf(lost.text, sizeof(lost.text), "%s", why);
	mqtt_drop(session->mqtt);
	session->state = SESSION_DOWN;
	int64_t half = session->backoff_ms / 2;
	session->next_ms = clock_monotonic_ms() + half + rand_r(&session->seed) % (2 * half + 1);
	session->backoff_ms *= 2;
	if (session->backoff_ms > BACKOFF_MAX_MS)
		session->backoff_ms = BACKOFF_MAX_MS;
	queue_put(session->reports, &lost);
}

static void try_connect(struct session *session)
{
	const char *why = mqtt_connect(session->mqtt);
	if (why) {
		go_down(session, why);
		return;
	}
	session->state = SESSION_CONNECTING;
	session->next_ms = clock_monotonic_ms() + MQTT_CONNECT_DEADLINE_MS;
}

static void take_events(struct session *session)
{
	struct mqtt_event event;
	while (mqtt_next_event(session->mqtt, &event)) {
		switch (event.kind) {
		case MQTT_EVENT_CONNECTED:
			session->state = SESSION_UP;
			session->up_ms = clock_monotonic_ms();
			mqtt_subscribe(session->mqtt);
			queue_put(session->reports, &event);
			break;
		case MQTT_EVENT_DEAF:
		case MQTT_EVENT_COMMAND:
			if (!queue_put(session->reports, &event))
				free(event.payload);
			break;
		case MQTT_EVENT_LOST:
			if (event.code == MQTT_TAKEN_OVER)
				session->backoff_ms = BACKOFF_MAX_MS;
			go_down(session, event.text);
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

static void take_jobs(struct session *session)
{
	struct mqtt_message message;
	while (queue_take(session->jobs, &message)) {
		bool sent = mqtt_publish(session->mqtt, &message);
		struct mqtt_event failed = {.kind = MQTT_EVENT_FAILED, .tag = message.tag};
		if (!sent && message.tag != 0)
			queue_put(session->reports, &failed);
		free(message.payload);
	}
}

static struct timespec at(int64_t ms)
{
	return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

/* Waits until something happens or the time has come. True: the end. */
static bool wait_for_work(struct session *session, int64_t until_ms)
{
	struct timespec until = at(until_ms);
	pthread_mutex_lock(&session->mutex);
	int r = 0;
	while (!session->poked && !session->stopping && r == 0)
		r = pthread_cond_timedwait(&session->wake, &session->mutex, &until);
	session->poked = false;
	bool stopping = session->stopping, restart = session->restart;
	session->restart = false;
	pthread_mutex_unlock(&session->mutex);
	if (restart && session->state == SESSION_UP)
		go_down(session, "a message was never answered");
	return stopping;
}

/* Publishes the goodbye and gives the broker a moment to take it. */
static void say_goodbye(struct session *session)
{
	int64_t until_ms = clock_monotonic_ms() + GOODBYE_MS;
	take_jobs(session);
	if (session->state != SESSION_UP || !session->goodbye)
		return;
	mqtt_publish(session->mqtt, session->goodbye);
	while (session->state == SESSION_UP && mqtt_in_flight(session->mqtt) > 0 &&
	       clock_monotonic_ms() < until_ms) {
		struct timespec pause = {.tv_nsec = 5000000};
		nanosleep(&pause, NULL);
		take_events(session);
	}
	mqtt_disconnect(session->mqtt);
}

static void work(struct session *session)
{
	int64_t now_ms = clock_monotonic_ms();
	if (session->state == SESSION_UP && now_ms - session->up_ms >= HELD_MS)
		session->backoff_ms = BACKOFF_MIN_MS;
	take_events(session);
	if (session->state == SESSION_DOWN && now_ms >= session->next_ms)
		try_connect(session);
	else if (session->state == SESSION_CONNECTING && now_ms >= session->next_ms)
		go_down(session, "no answer to the connect");
	take_jobs(session);
}

static void *run(void *arg)
{
	struct session *session = arg;
	bool stop = false;
	while (!stop) {
		work(session);
		stop = wait_for_work(session, session->state == SESSION_UP
						      ? clock_monotonic_ms() + IDLE_MS
						      : session->next_ms);
	}
	say_goodbye(session);
	mqtt_drop(session->mqtt);
	pthread_mutex_lock(&session->mutex);
	session->ended = true;
	pthread_cond_broadcast(&session->wake);
	pthread_mutex_unlock(&session->mutex);
	return NULL;
}

static void release(struct session *session)
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
	session->backoff_ms = BACKOFF_MIN_MS;
	session->seed = (unsigned)clock_monotonic_ms();
	session->jobs = queue_new(SESSION_JOBS_MAX, sizeof(struct mqtt_message));
	session->mqtt = mqtt_new(setup, poke, session);
	int r = -ENOMEM;
	if (session->jobs && session->mqtt)
		r = -pthread_create(&session->thread, NULL, run, session);
	if (r != 0) {
		release(session);
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
	poke(session);
	return true;
}

void session_restart(struct session *session)
{
	pthread_mutex_lock(&session->mutex);
	session->restart = true;
	pthread_mutex_unlock(&session->mutex);
	poke(session);
}

bool session_stop(struct session *session, const struct mqtt_message *goodbye, int wait_ms)
{
	struct timespec until = at(clock_monotonic_ms() + wait_ms);
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
	release(session);
	return true;
}
