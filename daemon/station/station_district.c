/* SPDX-License-Identifier: MIT */
/* A district and its stations: what is relayed, and whether a station hears of its district. */
#include "clock.h"
#include "log.h"
#include "log_words.h"
#include "post.h"
#include "station_inside.h"

/* ---- of a district ---- */

static struct relay_moment moment_of(const struct station *station)
{
	return (struct relay_moment){.now_ms = station_wall_ms(station),
				     .mono_ms = clock_monotonic_ms(),
				     .connected = publisher_link(station->publisher).connected,
				     .commands = inbox_counts(station->inbox).accepted};
}

static void publish_relay(struct station *station)
{
	struct payload_head head = station_head(station);
	int r = post_begin(station->store, &head);
	if (r == 0)
		r = post_commit(station->store, &head, "relay",
				payload_relay(&head, relay_view(station->relay)));
	if (r != 0 && station->health.store_ok)
		log_error(LOG_STORE_REFUSES, "relay: %s: %s", store_words(r),
			  store_message(station->store));
	station->relay_changed = r != 0; /* once more, then */
	publisher_look(station->publisher);
}

static void say_more(struct station *station, const struct relay_moment *moment)
{
	if (station->time.clock.state != CLOCK_WAITING)
		station->relay_changed |= relay_tick(station->relay, moment);
}

void station_follow_relay(struct station *station)
{
	const struct relay_moment moment = moment_of(station);
	say_more(station, &moment);
	if (!station->relay_changed)
		return;
	station->health.relay = relay_view(station->relay);
	station->health_changed = true;
	publish_relay(station);
}

static void hear_words(void *ctx)
{
	struct station *station = ctx;
	struct station_word words[RELAY_HEARD_MAX];
	int n = 0;
	const struct relay_moment moment = moment_of(station);
	while (n < RELAY_HEARD_MAX && publisher_next_word(station->publisher, &words[n]))
		n++;
	relay_hear(station->relay, words, n, &moment);
	say_more(station, &moment);
}

static void say_command(void *ctx, const char *id, const char *kind, char *payload)
{
	struct station *station = ctx;
	publisher_command(station->publisher, id, kind, payload);
}

int station_start_relay(struct station *station)
{
	const struct relay_env env = {station, say_command};
	int r = relay_new(station->conf, station->store, station->engine, &env, &station->relay);
	if (r != 0 || !station->relay)
		return r;
	return loop_on_readable(station->loop, publisher_words_fd(station->publisher), LOOP_REPORTS,
				hear_words, station);
}

/* ---- of a station ---- */

static void tell_link(struct station *station, bool cut_off, int64_t silent_ms)
{
	const struct conf *conf = station->conf;
	int64_t now_ms = station_wall_ms(station);
	const struct district_link link = {true, cut_off, cut_off ? now_ms - silent_ms : now_ms};
	bool was_cut_off = station->health.link.cut_off;
	if (cut_off)
		log_warning(LOG_CUT_OFF,
			    "district %s: not heard of for %d min; this station goes on by itself, "
			    "directives are to be typed here",
			    conf->district.id, (int)(silent_ms / 60000));
	else if (was_cut_off)
		log_notice(LOG_CUT_OFF_ENDS, "district %s: heard of again after %d min",
			   conf->district.id,
			   (int)((now_ms - station->health.link.since_ms) / 60000));
	station->health.link = link;
	station->health_changed = true;
	engine_link(station->engine, &link, now_ms, clock_quality(&station->time.clock));
}

void station_follow_district(struct station *station)
{
	const struct district_conf *district = &station->conf->district;
	const struct district_link *link = &station->health.link;
	int64_t station_ms = clock_station_ms(&station->time.clock, clock_boot_us());
	int64_t heard_ms = publisher_heard_ms(station->publisher);
	if (!district->id || station->time.clock.state == CLOCK_WAITING)
		return;
	bool heard = heard_ms != station->told_heard_ms;
	if (heard || station->heard_ms == 0)
		station->heard_ms = station_ms;
	station->told_heard_ms = heard_ms;
	int64_t silent_ms = station_ms - station->heard_ms;
	if (heard && (!link->known || link->cut_off))
		tell_link(station, false, 0);
	else if (!link->cut_off && silent_ms >= district->cut_off_min * INT64_C(60000))
		tell_link(station, true, silent_ms);
}
