/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "platform_line_inside.h"

#define HELD_MS 60000 /* a connection that held so long was a good one */

/* ---- the thread ---- */

static void set_connected(struct platform_line *line, bool connected)
{
	pthread_mutex_lock(&line->mutex);
	line->connected = connected;
	line->has_message = false;
	line->n_answers = 0;
	pthread_mutex_unlock(&line->mutex);
	line->is_sending = false;
}

/* One connection from its begin to its end. */
static void try_once(struct platform_line *line)
{
	struct line_event event = {.kind = LINE_CONNECTED};
	int64_t began_ms = clock_monotonic_ms();
	char why[LINE_WHY_MAX] = "";
	bool refused = false;
	if (line_open(line, why, &refused)) {
		int64_t up_ms = clock_monotonic_ms();
		line_begin_reading(line);
		set_connected(line, true);
		line_tell(line, &event);
		line_serve(line, why);
		set_connected(line, false);
		close(line->fd);
		if (clock_monotonic_ms() - up_ms >= HELD_MS)
			backoff_held(&line->backoff);
	}
	event.kind = LINE_LOST;
	memcpy(event.why, why, sizeof(event.why));
	if (!line_is_stopping(line))
		line_tell(line, &event);
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
	explicit_bzero(line, sizeof(*line)); /* keys, and passwords in frames */
	free(line);
}

static void *run_line(void *ctx)
{
	struct platform_line *line = ctx;
	while (!line_is_stopping(line)) {
		int64_t due_ms = backoff_due(&line->backoff, false);
		if (clock_monotonic_ms() < due_ms)
			line_wait(line, -1, 0, due_ms);
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
			    const struct sm4_key *before, int64_t key_ms)
{
	pthread_mutex_lock(&line->mutex);
	line->key_ms = key_ms;
	line->has_key = now != NULL;
	line->has_before = before != NULL;
	line->key = now ? *now : (struct sm4_key){{0}};
	line->before = before ? *before : (struct sm4_key){{0}};
	line->new_keys = true;
	pthread_mutex_unlock(&line->mutex);
	line_poke(line);
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
		line_poke(line);
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
		line_poke(line);
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
	line_poke(line);
}

bool platform_line_stop(struct platform_line *line, int64_t until_ms)
{
	if (!line)
		return true;
	platform_line_hurry(line);
	const struct timespec until = {.tv_sec = until_ms / 1000,
				       .tv_nsec = (long)(until_ms % 1000 * 1000000)};
	int r = 0;
	pthread_mutex_lock(&line->mutex);
	while (!line->is_over && r == 0)
		r = pthread_cond_timedwait(&line->ended, &line->mutex, &until);
	bool over = line->is_over;
	line->left_behind = !over;
	pthread_t thread = line->thread; /* it may free the line as soon as the mutex is free */
	pthread_mutex_unlock(&line->mutex);
	if (!over) {
		pthread_detach(thread);
		return false;
	}
	pthread_join(thread, NULL);
	free_line(line);
	return true;
}
