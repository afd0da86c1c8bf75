/* SPDX-License-Identifier: MIT */
#include "buses.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "plain_file.h"
#include "queue.h"
#include "sm4.h"

struct buses {
	const struct conf *conf;
	const struct clock *clock;
	struct queue *mail;
	struct bus_env env;
	struct bus *buses[CONF_BUSES_MAX];
	/* of each bus, as many of them wake at the same moment */
	pthread_mutex_t locks[CONF_BUSES_MAX];
	struct queue *said; /* NULL: no bus is one of loggers */
	struct hj212_source_env logger_env;
	struct hj212_source *sources[CONF_BUSES_MAX];
	struct sm4_key keys[CONF_BUSES_MAX];
	struct hj212_cipher ciphers[CONF_BUSES_MAX];
	atomic_llong wall_offset_ms; /* INT64_MIN: not known */
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

static int64_t read_wall_ms(void *ctx)
{
	const struct buses *buses = ctx;
	int64_t offset_ms = atomic_load(&buses->wall_offset_ms);
	return offset_ms == INT64_MIN ? 0 : read_station_ms(ctx) + offset_ms;
}

static bool pass_said(void *ctx, int bus, const struct hj212_said *said)
{
	struct buses *buses = ctx;
	const struct buses_said mail = {.bus = bus, .said = *said};
	return queue_put(buses->said, &mail);
}

static void pass_news(void *ctx, int bus, const struct hj212_news *news)
{
	struct buses *buses = ctx;
	const struct buses_said mail = {.bus = bus, .is_news = true, .news = *news};
	queue_put(buses->said, &mail);
}

/* ---- on the main thread ---- */

/* True unless there is no memory. */
static bool make_said(struct buses *buses)
{
	size_t any = 0;
	for (int b = 0; b < buses->conf->n_buses; b++)
		any += buses->conf->buses[b].of_loggers;
	if (any > 0)
		buses->said = queue_new(any * HJ212_PENDING_MAX + BUSES_NEWS_MAX,
					sizeof(struct buses_said));
	atomic_store(&buses->wall_offset_ms, INT64_MIN);
	buses->logger_env = (struct hj212_source_env){buses,       read_station_ms, read_wall_ms,
						      pass_notice, pass_said,       pass_news};
	return any == 0 || buses->said;
}

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
	return make_said(buses) && make_readings(buses) && buses->mail ? buses : buses_free(buses);
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
	queue_free(buses->said);
	explicit_bzero(buses->keys, sizeof(buses->keys));
	free(buses);
	return NULL;
}

/* Without its password nothing of a logger is taken. */
static void read_password(const struct device_conf *device, char ret[HJ212_PW_MAX + 1])
{
	const struct log_fields about = {.sensor = device->id};
	const char *path = device->logger->password_file;
	char why[PLAIN_WHY_MAX];
	if (!plain_read_line(path, ret, HJ212_PW_MAX + 1, why)) {
		ret[0] = '\0';
		log_line(LOG_LEVEL_ERROR, LOG_LOGGER_REFUSED, &about,
			 "%s: nothing of this logger is taken: the file %s %s", device->id, path,
			 why);
	}
}

/* NULL: nothing is enciphered, or the key cannot be read, and no frame will fit. */
static const struct hj212_cipher *read_cipher(struct buses *buses, int b)
{
	const struct bus_conf *bus = &buses->conf->buses[b];
	const char *path = bus->n_devices > 0 ? bus->devices[0].logger->profile->key_file : NULL;
	const struct log_fields about = {.bus = bus->id};
	char why[PLAIN_WHY_MAX];
	if (!path)
		return NULL;
	if (!sm4_key_read(path, &buses->keys[b], why)) {
		log_line(LOG_LEVEL_ERROR, LOG_LOGGER_REFUSED, &about,
			 "bus %s: what is enciphered is not taken: the file %s %s", bus->id, path,
			 why);
		return NULL;
	}
	buses->ciphers[b] = (struct hj212_cipher){sm4_blocks, &buses->keys[b]};
	return &buses->ciphers[b];
}

static int start_loggers(struct buses *buses, int b)
{
	char passwords[BUS_DEVICES_MAX][HJ212_PW_MAX + 1] = {""};
	const struct bus_conf *bus = &buses->conf->buses[b];
	for (int d = 0; d < bus->n_devices; d++)
		read_password(&bus->devices[d], passwords[d]);
	const struct hj212_source_setup setup = {bus, &buses->logger_env, read_cipher(buses, b),
						 (const char(*)[HJ212_PW_MAX + 1]) passwords, b};
	int r = hj212_source_start(&setup, &buses->sources[b]);
	explicit_bzero(passwords, sizeof(passwords));
	return r;
}

int buses_start(struct buses *buses)
{
	for (int b = 0; b < buses->conf->n_buses; b++) {
		const struct bus_conf *bus = &buses->conf->buses[b];
		int r = bus->of_loggers ? start_loggers(buses, b)
					: bus_start(bus, &buses->env, b, &buses->buses[b]);
		if (r < 0)
			return r;
	}
	return 0;
}

void buses_end_loggers(struct buses *buses)
{
	for (int b = 0; b < buses->conf->n_buses; b++)
		if (buses->sources[b])
			hj212_source_end(buses->sources[b]);
}

bool buses_loggers_ended(const struct buses *buses)
{
	bool all = true;
	for (int b = 0; b < buses->conf->n_buses; b++)
		all &= !buses->sources[b] || hj212_source_ended(buses->sources[b]);
	return all;
}

void buses_stop(struct buses *buses)
{
	for (int b = 0; b < buses->conf->n_buses; b++) {
		if (buses->buses[b])
			bus_stop(buses->buses[b]); /* all at once, then wait for each */
		if (buses->sources[b])
			hj212_source_stop(buses->sources[b]);
	}
	for (int b = 0; b < buses->conf->n_buses; b++) {
		buses->buses[b] = bus_free(buses->buses[b]);
		buses->sources[b] = hj212_source_free(buses->sources[b]);
	}
}

bool buses_next_said(struct buses *buses, struct buses_said *ret)
{
	return buses->said && queue_take(buses->said, ret);
}

int buses_said_fd(const struct buses *buses)
{
	return buses->said ? queue_fd(buses->said) : -1;
}

void buses_settle(struct buses *buses, int bus, uint64_t number, bool good)
{
	if (buses->sources[bus])
		hj212_source_settle(buses->sources[bus], number, good);
}

void buses_counts(struct buses *buses, int bus, int device, struct hj212_counts *ret)
{
	*ret = (struct hj212_counts){0};
	if (buses->sources[bus])
		hj212_source_counts(buses->sources[bus], device, ret);
}

uint64_t buses_unknown(struct buses *buses)
{
	uint64_t n = 0;
	for (int b = 0; b < buses->conf->n_buses; b++)
		n += buses->sources[b] ? hj212_source_unknown(buses->sources[b]) : 0;
	return n;
}

void buses_set_wall(struct buses *buses, int64_t offset_ms)
{
	atomic_store(&buses->wall_offset_ms, offset_ms);
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
