/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sysexits.h>
#include <unistd.h>

#include "announce.h"
#include "clock.h"
#include "log.h"
#include "roster.h"
#include "station_inside.h"

#define MAIL_AT_ONCE 512 /* more than can wait quietly */
#define TICK_MAX_MS 1000
#define PUBLISHER_STOP_MS 1000

static void engine_say(void *ctx, const char *topic, bool retain, char *payload)
{
	struct station *station = ctx;
	publisher_say(station->publisher, topic, retain, payload);
}

static void engine_look(void *ctx)
{
	struct station *station = ctx;
	publisher_look(station->publisher);
}

static void give_to_engine(void *ctx, const struct sample *sample)
{
	struct station *station = ctx;
	struct sample dated = *sample;
	upkeep_dated(station->operate.upkeep, &dated);
	engine_sample(station->engine, &dated, clock_quality(&station->dating.clock));
}

static void redate(void *ctx, int64_t first, int64_t now_ms)
{
	struct station *station = ctx;
	engine_redate(station->engine, first, now_ms);
}

static void on_mail(void *ctx)
{
	struct station *station = ctx;
	struct field_mail mail;
	for (int i = 0; i < MAIL_AT_ONCE && field_next(station->field, &mail); i++) {
		if (mail.is_sample) {
			upkeep_arrived(station->operate.upkeep, &mail.sample);
			dating_take(&station->dating, &mail.sample);
			continue;
		}
		upkeep_notice(station->operate.upkeep, mail.notice.bus, &mail.notice.notice,
			      clock_station_ms(&station->dating.clock, clock_boot_us()));
		if (roster_take(station->conf, &mail.notice, station_wall_ms(station),
				&station->health))
			station->health_changed = true;
	}
}

static void follow_clock(struct station *station)
{
	struct clock_reading reading = clock_read();
	bool waited = station->dating.clock.state == CLOCK_WAITING;
	bool changed =
		dating_follow(&station->dating, &reading, engine_newest_hour(station->engine));
	dating_tell(&station->dating);
	if (!changed)
		return;
	log_notice("clock: %s", station_clock_name(station));
	station->health_changed = true;
	if (waited && waiting_lost(station->dating.waiting) > 0)
		log_warning("clock: %llu samples were lost waiting for the time",
			    (unsigned long long)waiting_lost(station->dating.waiting));
}

static void on_clock_set(void *ctx)
{
	struct station *station = ctx;
	clock_watch_read(station->clock_fd);
	on_mail(station);
	follow_clock(station);
}

/* Once a second at most, whatever the station's clock does. */
static void every_second(struct station *station)
{
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - station->tick_ms < TICK_MAX_MS)
		return;
	station->tick_ms = now_ms;
	follow_clock(station);
	station_look_after_store(station);
	pruner_tick(&station->pruner, &station->dating.clock, now_ms, station_wall_ms(station));
	station_publish_health(station, now_ms);
	publisher_tick(station->publisher, &station->health.outbox);
	if (operate_look(&station->operate, &station->health))
		station->health_changed = true;
	station_notify(station, now_ms);
}

static int64_t on_time(void *ctx)
{
	struct station *station = ctx;
	on_mail(station);
	every_second(station);
	int64_t boot_us = clock_boot_us();
	int64_t station_ms = clock_station_ms(&station->dating.clock, boot_us);
	int64_t wall_ms = clock_wall_ms(&station->dating.clock, station_ms);
	enum time_quality quality = clock_quality(&station->dating.clock);
	publisher_set_time(station->publisher, wall_ms, quality);
	if (station->dating.clock.state == CLOCK_WAITING)
		return TICK_MAX_MS;
	engine_advance(station->engine, wall_ms, quality);
	inbox_work(station->inbox, wall_ms, quality);
	int64_t ahead_ms = engine_due_ms(station->engine) - wall_ms;
	int64_t ms = clock_real_ms_until(&station->dating.clock, boot_us, station_ms + ahead_ms);
	return ms < TICK_MAX_MS ? ms : TICK_MAX_MS;
}

static void on_reports(void *ctx)
{
	struct station *station = ctx;
	const struct payload_head now = station_head(station);
	publisher_listen(station->publisher);
	if (station->dating.clock.state != CLOCK_WAITING) /* they wait, as samples do */
		inbox_work(station->inbox, now.time_ms, now.time_quality);
	publisher_look(station->publisher);
}

static void on_signal(void *ctx, int signal)
{
	struct station *station = ctx;
	if (signal == SIGHUP && store_is_volatile(station->store)) {
		log_error("reload: refused while the database is in memory only");
		return;
	}
	if (signal == SIGHUP && !station->reload()) {
		log_error("reload: the files have problems; going on with what was loaded");
		return;
	}
	station->end = signal == SIGHUP ? STATION_RELOAD : STATION_STOPPED;
	log_notice("%s: stopping", strsignal(signal));
	loop_notify(signal == SIGHUP ? "RELOADING=1" : "STOPPING=1");
	loop_exit(station->loop, 0);
}

/* ---- start and stop ---- */

static int open_store(struct station *station)
{
	int r = keeper_open(&station->keeper, station->conf->data_dir, &station->store);
	if (r == 0) {
		pruner_init(&station->pruner, station->store, &station->conf->retention);
		return 0;
	}
	log_error("database in %s: %s: %s", station->conf->data_dir, store_strerror(r),
		  store_message(NULL));
	return r == STORE_E_BUSY ? -EX_TEMPFAIL : r == STORE_E_NEWER ? -EX_CONFIG : -EX_IOERR;
}

static int fail(const char *what, int r)
{
	log_error("%s: %s", what, strerror(-r));
	return -EX_OSERR;
}

static int watch_sources(struct station *station)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	int r = loop_new(&station->loop);
	for (int i = 0; i < 3 && r >= 0; i++)
		r = loop_on_signal(station->loop, signals[i], on_signal, station);
	if (r >= 0)
		r = loop_on_readable(station->loop, field_fd(station->field), LOOP_SAMPLES, on_mail,
				     station);
	if (r >= 0)
		r = station->clock_fd = clock_watch();
	if (r >= 0)
		r = loop_on_readable(station->loop, station->clock_fd, LOOP_SAMPLES, on_clock_set,
				     station);
	if (r >= 0)
		r = loop_on_timer(station->loop, 1, LOOP_TIME, on_time, station);
	return r;
}

static int start_publisher(struct station *station)
{
	const struct payload_head time = station_head(station);
	int r = publisher_new(station->conf, station->store, station->boot, &time,
			      &station->publisher);
	station->inbox = inbox_new(station->conf, station->store, station->engine);
	if (r < 0 || !station->inbox)
		return r < 0 ? r : -ENOMEM;
	publisher_on_command(station->publisher, inbox_put, station->inbox);
	if (publisher_fd(station->publisher) < 0)
		return 0;
	return loop_on_readable(station->loop, publisher_fd(station->publisher), LOOP_REPORTS,
				on_reports, station);
}

static void name_boot(struct station *station)
{
	uint64_t random = 0;
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)clock_boot_us();
	snprintf(station->boot, sizeof(station->boot), "%016llx", (unsigned long long)random);
}

static int start(struct station *station)
{
	const struct engine_env env = {station, engine_say, engine_look};
	const struct dating_env dating_env = {station, give_to_engine, redate};
	struct clock_reading reading = clock_read();
	name_boot(station);
	int dated = dating_init(&station->dating, &station->conf->clock, &reading, &dating_env);
	station->field = field_new(station->conf, &station->dating.clock);
	int cared = operate_init(&station->operate, station->conf, &station->dating.clock);
	if (!station->field || cared != 0 || dated != 0)
		return fail("start", -ENOMEM);
	int r = open_store(station);
	if (r != 0)
		return r;
	r = engine_new(station->conf, station->store, station->boot, &env, &station->engine);
	if (r != 0) {
		log_error("database: %s: %s", r > 0 ? store_strerror(r) : strerror(-r),
			  store_message(station->store));
		return -EX_IOERR;
	}
	r = watch_sources(station); /* blocks the signals before any thread begins */
	if (r >= 0)
		r = start_publisher(station);
	if (r >= 0)
		r = operate_begin(&station->operate, station->store, station->loop);
	if (r >= 0)
		r = field_start(station->field);
	return r < 0 ? fail("start", r) : 0;
}

/* Buses first: their last samples still count. Then the minute so far, the goodbye, the database.
 */
static void stop(struct station *station)
{
	if (station->field)
		field_stop(station->field);
	if (station->engine && station->dating.clock.state != CLOCK_WAITING) {
		on_mail(station);
		engine_stop(station->engine, station_wall_ms(station));
	}
	if (station->publisher) {
		publisher_set_time(station->publisher, station_wall_ms(station),
				   clock_quality(&station->dating.clock));
		if (!publisher_stop(station->publisher, PUBLISHER_STOP_MS) &&
		    station->end == STATION_STOPPED)
			station->end = STATION_HUNG;
	}
	inbox_free(station->inbox);
	engine_free(station->engine);
	keeper_stop(&station->keeper, station_wall_ms(station));
	store_close(station->store);
	field_free(station->field);
	operate_end(&station->operate);
	dating_done(&station->dating);
	if (station->clock_fd >= 0)
		close(station->clock_fd);
	loop_free(station->loop);
}

int station_run(const struct conf *conf, bool (*reload)(void))
{
	struct station *station = calloc(1, sizeof(*station));
	if (!station)
		return fail("start", -ENOMEM);
	station->conf = conf;
	station->reload = reload;
	station->clock_fd = -1;
	signal(SIGXFSZ, SIG_IGN); /* a full quota is an error of the write, not the end */
	signal(SIGPIPE, SIG_IGN);
	int r = start(station);
	if (r == 0) {
		log_notice("station %s: started, data in %s, plan %s, edition %s%s",
			   conf->station.id, conf->data_dir, conf->plan.id, conf->edition.id,
			   conf->exercise ? ", EXERCISE" : "");
		log_notice("clock: %s", station_clock_name(station));
		loop_notify("READY=1");
		r = loop_run(station->loop);
		r = r < 0 ? fail("loop", r) : 0;
	}
	stop(station);
	if (r == 0)
		r = (int)station->end;
	free(station);
	if (r >= 0)
		log_notice("stopped");
	return r;
}
