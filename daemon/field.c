/* SPDX-License-Identifier: MIT */
#include "field.h"

#include <stdlib.h>

#include "queue.h"

struct field {
	const struct conf *conf;
	const struct clock *clock;
	struct queue *mail;
	struct bus_env env;
	struct bus *buses[CONF_BUSES_MAX];
};

/* ---- on the bus threads ---- */

static int64_t station_ms(void *ctx)
{
	const struct field *field = ctx;
	return clock_station_ms(field->clock, clock_boot_us());
}

static int64_t wait_ms(void *ctx, int64_t at_ms)
{
	const struct field *field = ctx;
	return clock_real_ms_until(field->clock, clock_boot_us(), at_ms);
}

static void emit(void *ctx, const struct sample *sample)
{
	struct field *field = ctx;
	const struct field_mail mail = {.is_sample = true, .sample = *sample};
	queue_put_quietly(field->mail, &mail);
}

static void notice(void *ctx, int bus, const struct bus_notice *news)
{
	struct field *field = ctx;
	const struct field_mail mail = {.notice = {.bus = bus, .notice = *news}};
	queue_put(field->mail, &mail);
}

/* ---- on the main thread ---- */

struct field *field_new(const struct conf *conf, const struct clock *clock)
{
	struct field *field = calloc(1, sizeof(*field));
	if (!field)
		return NULL;
	field->conf = conf;
	field->clock = clock;
	field->env = (struct bus_env){field, station_ms, wait_ms, emit, notice};
	field->mail = queue_new(FIELD_MAIL_MAX, sizeof(struct field_mail));
	return field->mail ? field : field_free(field);
}

struct field *field_free(struct field *field)
{
	if (!field)
		return NULL;
	field_stop(field);
	queue_free(field->mail);
	free(field);
	return NULL;
}

int field_start(struct field *field)
{
	for (int b = 0; b < field->conf->n_buses; b++) {
		int r = bus_start(&field->conf->buses[b], &field->env, b, &field->buses[b]);
		if (r < 0)
			return r;
	}
	return 0;
}

void field_stop(struct field *field)
{
	for (int b = 0; b < field->conf->n_buses; b++) {
		if (field->buses[b])
			bus_stop(field->buses[b]); /* all at once, then wait for each */
	}
	for (int b = 0; b < field->conf->n_buses; b++)
		field->buses[b] = bus_free(field->buses[b]);
}

bool field_next(struct field *field, struct field_mail *ret)
{
	return queue_take(field->mail, ret);
}

int field_fd(const struct field *field)
{
	return queue_fd(field->mail);
}

uint64_t field_dropped(struct field *field)
{
	return queue_dropped(field->mail);
}

uint64_t field_missed(const struct field *field)
{
	uint64_t missed = 0;
	for (int b = 0; b < field->conf->n_buses; b++) {
		struct bus_stats stats = {0};
		if (field->buses[b])
			bus_stats(field->buses[b], &stats);
		missed += stats.overruns;
	}
	return missed;
}
