/* SPDX-License-Identifier: MIT */
#include "buses.h"

#include <pthread.h>
#include <stdlib.h>

#include "queue.h"

struct buses {
	const struct conf *conf;
	const struct clock *clock;
	struct queue *mail;
	struct bus_env env;
	struct bus *buses[CONF_BUSES_MAX];
	/* of each bus, as many of them wake at the same moment */
	pthread_mutex_t locks[CONF_BUSES_MAX];
	struct bus_reading
		*readings[CONF_BUSES_MAX]; /* of each device, under the lock of its bus */
};

/* ---- on the bus threads ---- */

static int64_t read_station_ms(void *ctx)
{
	const struct buses *buses = ctx;
	return clock_station_ms(buses->clock, clock_boot_us());
}

static int64_t wait_ms(void *ctx, int64_t at_ms)
{
	const struct buses *buses = ctx;
	return clock_real_ms_until(buses->clock, clock_boot_us(), at_ms);
}

static void emit_sample(void *ctx, const struct sample *sample)
{
	struct buses *buses = ctx;
	const struct buses_mail mail = {.is_sample = true, .sample = *sample};
	queue_put_quietly(buses->mail, &mail);
}

static void pass_notice(void *ctx, int bus, const struct bus_notice *news)
{
	struct buses *buses = ctx;
	const struct buses_mail mail = {.notice = {.bus = bus, .notice = *news}};
	queue_put(buses->mail, &mail);
}

static void keep_reading(void *ctx, int bus, int device, const struct bus_reading *reading)
{
	struct buses *buses = ctx;
	pthread_mutex_lock(&buses->locks[bus]);
	buses->readings[bus][device] = *reading;
	pthread_mutex_unlock(&buses->locks[bus]);
}

/* ---- on the main thread ---- */

static bool make_readings(struct buses *buses)
{
	bool made = true;
	for (int b = 0; b < buses->conf->n_buses; b++) {
		size_t n = (size_t)buses->conf->buses[b].n_devices;
		buses->readings[b] = calloc(n > 0 ? n : 1, sizeof(struct bus_reading));
		made &= buses->readings[b] != NULL;
	}
	return made;
}

struct buses *buses_new(const struct conf *conf, const struct clock *clock)
{
	struct buses *buses = calloc(1, sizeof(*buses));
	if (!buses)
		return NULL;
	buses->conf = conf;
	buses->clock = clock;
	buses->env = (struct bus_env){buses,       read_station_ms, wait_ms,
				      emit_sample, pass_notice,     keep_reading};
	for (int b = 0; b < conf->n_buses; b++)
		pthread_mutex_init(&buses->locks[b], NULL);
	buses->mail = queue_new(BUSES_MAIL_MAX, sizeof(struct buses_mail));
	return make_readings(buses) && buses->mail ? buses : buses_free(buses);
}

struct buses *buses_free(struct buses *buses)
{
	if (!buses)
		return NULL;
	buses_stop(buses);
	for (int b = 0; b < buses->conf->n_buses; b++) {
		free(buses->readings[b]);
		pthread_mutex_destroy(&buses->locks[b]);
	}
	queue_free(buses->mail);
	free(buses);
	return NULL;
}

int buses_start(struct buses *buses)
{
	for (int b = 0; b < buses->conf->n_buses; b++) {
		int r = bus_start(&buses->conf->buses[b], &buses->env, b, &buses->buses[b]);
		if (r < 0)
			return r;
	}
	return 0;
}

void buses_stop(struct buses *buses)
{
	for (int b = 0; b < buses->conf->n_buses; b++) {
		if (buses->buses[b])
			bus_stop(buses->buses[b]); /* all at once, then wait for each */
	}
	for (int b = 0; b < buses->conf->n_buses; b++)
		buses->buses[b] = bus_free(buses->buses[b]);
}

bool buses_next(struct buses *buses, struct buses_mail *ret)
{
	return queue_take(buses->mail, ret);
}

int buses_fd(const struct buses *buses)
{
	return queue_fd(buses->mail);
}

void buses_reading(struct buses *buses, int bus, int device, struct bus_reading *ret)
{
	pthread_mutex_lock(&buses->locks[bus]);
	*ret = buses->readings[bus][device];
	pthread_mutex_unlock(&buses->locks[bus]);
}

uint64_t buses_dropped(struct buses *buses)
{
	return queue_dropped(buses->mail);
}

uint64_t buses_missed(const struct buses *buses)
{
	uint64_t missed = 0;
	for (int b = 0; b < buses->conf->n_buses; b++) {
		struct bus_stats stats = {0};
		if (buses->buses[b])
			bus_stats(buses->buses[b], &stats);
		missed += stats.overruns;
	}
	return missed;
}
