/* SPDX-License-Identifier: MIT */
/*
 * What data loggers say, from their threads into the engine; and back only whether it is committed,
 * by which their messages are answered.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "sensor_news.h"
#include "station_inside.h"
#include "time_text.h"
#include "words.h"

#define MESSAGES_AT_ONCE 32
#define VALUES_AT_ONCE (MESSAGES_AT_ONCE * POLLUTANT_COUNT)
#define HEAR_MS 200
#define STOP_MS 2000 /* for what loggers sent until the stop */
#define LAST_MS 1000 /* and for what of it is not stored by then */
#define STOP_LOOK_US 2000
#define REVISIONS_APART_MS HOUR_MS /* monotonic: lines about them, of a logger */

static int sensor_index(const struct conf *conf, int bus, int device)
{
	for (int b = 0; b < bus; b++)
		device += conf->buses[b].n_devices;
	return device;
}

/* ---- what is told ---- */

static const char *const crc_hints[][2] = {
	{"crc_modbus_swapped", "accept: crc: modbus-swapped"},
	{"crc_modbus", "accept: crc: modbus"},
	{"crc_standard", "accept: crc: hj212"},
	{"length_plus_6", "accept: length: segment+6"},
	{"length_standard", "accept: length: segment"},
};

/* "; accept: crc: modbus in its profile would take it". */
static void write_variant(const char *causes, char ret[128])
{
	ret[0] = '\0';
	for (size_t i = 0; i < sizeof(crc_hints) / sizeof(crc_hints[0]) && ret[0] == '\0'; i++)
		if (strstr(causes, crc_hints[i][0]))
			snprintf(ret, 128, tr("; %s in its profile would fit"), crc_hints[i][1]);
}

static void write_trouble(const struct hj212_news *news, const struct device_conf *device,
			  char ret[256])
{
	const struct hj212_logger_conf *logger = device ? device->logger : NULL;
	char variant[128];
	switch (news->trouble) {
	case HJ212_BAD_FRAME:
		write_variant(news->found, variant);
		snprintf(ret, 256, tr("a frame is wrong: %s%s"), news->found, variant);
		return;
	case HJ212_NO_LOGGER:
		if (news->found[0] == '\0')
			snprintf(ret, 256, "%s", tr("a logger does not say its MN"));
		else
			snprintf(ret, 256, tr("a logger says MN=%s, which no sensor has as its mn"),
				 news->found);
		return;
	case HJ212_BAD_PASSWORD:
		snprintf(ret, 256, "%s", tr("its PW is not that of its password_file"));
		return;
	case HJ212_OTHER_ST:
		assert(logger);
		snprintf(ret, 256, tr("it says ST=%s, its profile st: %d"), news->found,
			 logger->profile->st);
		return;
	case HJ212_OTHER_EDITION:
		assert(logger);
		snprintf(ret, 256, tr("its Flag is of edition %s, its profile of %s"), news->found,
			 logger->profile->edition == HJ212_2025 ? "2025" : "2017");
		return;
	case HJ212_NO_TIME:
		assert(logger);
		snprintf(ret, 256,
			 tr("DataTime %s does not begin a period of %d min (2051) or an hour "
			    "(2061)"),
			 news->found, (int)logger->minutes);
		return;
	case HJ212_AHEAD:
		snprintf(ret, 256, tr("DataTime %s: that period is not over by our clock"),
			 news->found);
		return;
	case HJ212_TOO_OLD:
		snprintf(ret, 256, tr("DataTime %s is more than 62 days ago"), news->found);
		return;
	case HJ212_NO_FACTOR:
		snprintf(ret, 256, "%s",
			 tr("a message has none of the factors that it is to bring"));
		return;
	case HJ212_FINE:
		break;
	}
	snprintf(ret, 256, "%s", tr("more messages wait than can be stored"));
}

static const char *unit_of(const struct device_conf *device, enum pollutant pollutant)
{
	const struct hj212_profile *profile = device->logger->profile;
	for (int i = 0; i < profile->n_factors; i++)
		if (profile->factors[i].pollutant == (int)pollutant)
			return profile->factors[i].unit;
	return "";
}

static void tell_unit(const struct hj212_news *news, const struct device_conf *device,
		      const struct log_fields *about)
{
	const struct pollutant_info *info = pollutant_info(news->pollutant);
	if (news->doubted)
		log_line(LOG_LEVEL_WARNING, LOG_LOGGER_UNIT, about,
			 "%s: the median of %s in an hour is %g %s, which no air has, as where it "
			 "counts in %s; its profile says %s",
			 device->id, info->key, news->median_milli / 1000.0, info->unit,
			 news->median_milli < HJ212_UNIT_LOW_MILLI ? "mg/m3" : "ng/m3",
			 unit_of(device, news->pollutant));
	else
		log_line(LOG_LEVEL_NOTICE, LOG_LOGGER_UNIT, about,
			 "%s: the values of %s are plausible again", device->id, info->key);
}

static void tell_clock(const struct hj212_news *news, const struct device_conf *device,
		       const struct log_fields *about)
{
	long long off_s = (long long)news->off_ms / 1000;
	if (off_s < 0)
		log_line(LOG_LEVEL_WARNING, LOG_LOGGER_CLOCK, about,
			 "%s: its clock is %lld s behind ours (QN); set it at the logger",
			 device->id, -off_s);
	else if (off_s > 0)
		log_line(LOG_LEVEL_WARNING, LOG_LOGGER_CLOCK, about,
			 "%s: its clock is %lld s ahead of ours (QN); set it at the logger",
			 device->id, off_s);
	else
		log_line(LOG_LEVEL_NOTICE, LOG_LOGGER_CLOCK, about, "%s: its clock is right again",
			 device->id);
}

static void tell_news(const struct station *station, const struct buses_said *mail)
{
	const struct bus_conf *bus = &station->conf->buses[mail->bus];
	const struct hj212_news *news = &mail->news;
	assert(bus);
	const struct device_conf *device = news->device < 0 ? NULL : &bus->devices[news->device];
	const struct log_fields about = {.sensor = device ? device->id : NULL, .bus = bus->id};
	char trouble[256];
	switch (news->kind) {
	case HJ212_NEWS_TROUBLE:
		write_trouble(news, device, trouble);
		log_line(LOG_LEVEL_WARNING, LOG_LOGGER_REFUSED, &about,
			 "%s: not taken: %s; hazewatch hj212 decode explains frames",
			 device ? device->id : bus->id, trouble);
		break;
	case HJ212_NEWS_CLOCK:
		assert(device);
		tell_clock(news, device, &about);
		break;
	case HJ212_NEWS_UNIT:
		assert(device);
		tell_unit(news, device, &about);
		break;
	}
}

static void tell_revision(struct station *station, int sensor, const struct device_conf *device,
			  const struct logged *logged)
{
	const struct log_fields about = {.sensor = device->id};
	const int64_t now_ms = clock_monotonic_ms();
	int64_t *told_ms = &station->revised_ms[sensor];
	char when[TIME_TEXT_SIZE];
	if (*told_ms != 0 && now_ms - *told_ms < REVISIONS_APART_MS)
		return;
	*told_ms = now_ms;
	station->health_changed = true;
	log_line(LOG_LEVEL_NOTICE, LOG_LOGGER_REVISED, &about,
		 "%s: the period from %s came again with another value, which stands now; more of "
		 "the same are only counted",
		 station->conf->channels[logged->channel].id, time_text(logged->start_ms, when));
}

/* ---- into the engine ---- */

/* Messages that are stored together. */
struct batch {
	int n_messages, n;
	struct buses_said messages[MESSAGES_AT_ONCE];
	struct logged logged[VALUES_AT_ONCE];
	int message_of[VALUES_AT_ONCE];
};

/* What a person or a calendar does to the instrument counts as for any other. */
static struct sample mark_value(const struct station *station, const struct hj212_values *values,
				const struct hj212_value *value)
{
	struct sample sample = {.at_ms = values->start_ms,
				.value_milli = value->value_milli,
				.channel = (uint16_t)value->channel,
				.quality = why_quality(value->why),
				.why = value->why};
	sensor_marks_dated(station->answers.marks, &sample);
	return sample;
}

static void add_value(const struct station *station, struct batch *batch,
		      const struct hj212_values *values, const struct hj212_value *value)
{
	const struct sample sample = mark_value(station, values, value);
	batch->message_of[batch->n] = batch->n_messages;
	batch->logged[batch->n++] = (struct logged){.channel = value->channel,
						    .start_ms = values->start_ms,
						    .minutes = values->minutes,
						    .whole = values->whole,
						    .has_raw = value->has_value,
						    .why = sample.why,
						    .value_milli = sample.value_milli,
						    .raw_milli = value->value_milli};
}

/* Who looks at the newest value, and at the health of a channel, sees it as it came. */
static void show_value(struct station *station, const struct hj212_value *value)
{
	const struct sample sample = {
		.at_ms = clock_station_ms(&station->time.clock, clock_boot_us()),
		.value_milli = value->value_milli,
		.channel = (uint16_t)value->channel,
		.quality = why_quality(value->why),
		.why = value->why};
	station->health_changed |=
		sensor_news_sample(station->conf, &sample, station_wall_ms(station),
				   station->channels, &station->health);
	station->newest[sample.channel] = sample;
}

static void add_message(struct station *station, struct batch *batch, const struct buses_said *mail)
{
	const struct hj212_values *values = &mail->said.values;
	int64_t period_ms = values->minutes * MINUTE_MS;
	/* what comes late says nothing of how it is now */
	bool now = station_wall_ms(station) - values->start_ms < 3 * period_ms + MINUTE_MS;
	for (int i = 0; i < values->n; i++) {
		if (now)
			show_value(station, &values->values[i]);
		add_value(station, batch, values, &values->values[i]);
	}
	batch->messages[batch->n_messages++] = *mail;
}

static void count_fates(struct station *station, const struct batch *batch)
{
	for (int i = 0; i < batch->n; i++) {
		const struct buses_said *mail = &batch->messages[batch->message_of[i]];
		int sensor = sensor_index(station->conf, mail->bus, mail->said.device);
		struct logger_report *report = &station->health.loggers[sensor];
		report->messages += batch->logged[i].fate == LOGGED_NEW;
		report->repeated += batch->logged[i].fate == LOGGED_AGAIN;
		report->revised += batch->logged[i].fate == LOGGED_REVISED;
		if (batch->logged[i].fate == LOGGED_REVISED)
			tell_revision(station, sensor,
				      &station->conf->buses[mail->bus].devices[mail->said.device],
				      &batch->logged[i]);
	}
}

static void store_batch(struct station *station, struct batch *batch)
{
	if (batch->n == 0)
		return;
	int r = engine_log(station->engine, batch->logged, batch->n, station_wall_ms(station),
			   clock_quality(&station->time.clock));
	if (r == 0)
		count_fates(station, batch);
	for (int i = 0; i < batch->n_messages; i++)
		buses_settle(station->buses, batch->messages[i].bus, batch->messages[i].said.number,
			     r == 0);
}

/* True if more may wait. */
static bool hear_batch(struct station *station)
{
	static struct batch batch; /* too large for a stack; one thread */
	struct buses_said mail;
	batch.n_messages = batch.n = 0;
	while (batch.n_messages < MESSAGES_AT_ONCE && buses_next_said(station->buses, &mail)) {
		if (!mail.is_news) {
			add_message(station, &batch, &mail);
			continue;
		}
		tell_news(station, &mail);
		station->health_changed = true;
	}
	store_batch(station, &batch);
	return batch.n_messages == MESSAGES_AT_ONCE;
}

void station_hear_loggers(void *ctx)
{
	hear_batch(ctx);
}

static void hear_all(struct station *station, int64_t most_ms)
{
	int64_t until_ms = clock_monotonic_ms() + most_ms;
	while (hear_batch(station) && clock_monotonic_ms() < until_ms)
		;
}

void station_hear_all_loggers(struct station *station)
{
	hear_all(station, HEAR_MS);
}

/* ---- the time, and how they are ---- */

static void set_wall(struct station *station)
{
	const struct clock *clock = &station->time.clock;
	bool known = clock->state != CLOCK_WAITING;
	buses_set_wall(station->buses, known ? clock_wall_ms(clock, 0) : INT64_MIN);
}

int station_watch_loggers(struct station *station)
{
	int fd = buses_said_fd(station->buses);
	if (fd < 0)
		return 0;
	set_wall(station);
	/* some send for minutes without a pause: the station's time goes on, and who asks is heard
	 */
	return loop_on_readable(station->loop, fd, LOOP_PEOPLE, station_hear_loggers, station);
}

void station_follow_loggers(struct station *station)
{
	const struct conf *conf = station->conf;
	if (buses_said_fd(station->buses) < 0)
		return;
	set_wall(station);
	uint64_t unknown = buses_unknown(station->buses);
	station->health_changed |= (unknown != 0) != (station->health.loggers_unknown != 0);
	station->health.loggers_unknown = unknown;
	for (int b = 0, s = 0; b < conf->n_buses; b++) {
		for (int d = 0; d < conf->buses[b].n_devices; d++, s++) {
			struct logger_report *report = &station->health.loggers[s];
			struct hj212_counts counts;
			if (!conf->buses[b].of_loggers)
				continue;
			buses_counts(station->buses, b, d, &counts);
			station->health_changed |= counts.connected != report->connected ||
						   counts.doubted != report->doubted ||
						   (counts.off_ms != 0) != (report->off_ms != 0);
			report->connected = counts.connected;
			report->off_ms = counts.off_ms;
			report->doubted = counts.doubted;
			memcpy(report->refused, counts.refused, sizeof(report->refused));
		}
	}
}

void station_stop_buses(struct station *station)
{
	int64_t until_ms = clock_monotonic_ms() + STOP_MS;
	if (!station->buses)
		return;
	if (station->engine && buses_said_fd(station->buses) >= 0) {
		buses_end_loggers(station->buses);
		while (!buses_loggers_ended(station->buses) && clock_monotonic_ms() < until_ms) {
			station_hear_loggers(station);
			usleep(STOP_LOOK_US);
		}
	}
	buses_stop(station->buses);
	if (station->engine)
		hear_all(station, LAST_MS);
}
