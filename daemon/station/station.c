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
#include "log_words.h"
#include "post.h"
#include "sensor_news.h"
#include "station_inside.h"
#include "station_status.h"
#include "words.h"

#define MAIL_AT_ONCE 512 /* more than can wait quietly */
#define TICK_MAX_MS 1000
#define PUBLISHER_STOP_MS 1000
#define COMMANDS_STOP_MS 400

static void engine_say(void *ctx, const char *topic, bool retain, char *payload)
{
	struct station *station = ctx;
	if (station->publisher)
		publisher_say(station->publisher, topic, retain, payload);
	else
		free(payload);
}

static void engine_look(void *ctx)
{
	struct station *station = ctx;
	if (station->publisher) /* the last commands come after its end */
		publisher_look(station->publisher);
}

static struct intake intake_of(struct station *station)
{
	return (struct intake){station->answers.marks, station->twins, &station->time,
			       station->engine, station->newest};
}

static void on_mail(void *ctx)
{
	struct station *station = ctx;
	struct buses_mail mail;
	const struct intake intake = intake_of(station);
	for (int i = 0; i < MAIL_AT_ONCE && buses_next(station->buses, &mail); i++) {
		if (mail.is_sample) {
			station->health_changed |= sensor_news_sample(
				station->conf, &mail.sample, station_wall_ms(station),
				station->channels, &station->health);
			intake_sample(&intake, &mail.sample);
			continue;
		}
		sensor_marks_notice(station->answers.marks, mail.notice.bus, &mail.notice.notice,
				    clock_station_ms(&station->time.clock, clock_boot_us()));
		if (sensor_news_take(station->conf, &mail.notice, station_wall_ms(station),
				     &station->health))
			station->health_changed = true;
	}
	station_hear_loggers(station);
}

static void follow_clock(struct station *station)
{
	const struct intake intake = intake_of(station);
	bool waited = station->time.clock.state == CLOCK_WAITING;
	if (!intake_follow_clock(&intake))
		return;
	log_notice(LOG_CLOCK, "clock: %s", tr(station_clock_name(station)));
	station->health_changed = true;
	if (waited && sample_time_lost(&station->time) > 0)
		log_warning(LOG_SAMPLES_LOST, "clock: %llu samples were lost waiting for the time",
			    (unsigned long long)sample_time_lost(&station->time));
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
	station_follow_loggers(station);
	station_look_after_store(station);
	store_pruner_tick(&station->pruner, &station->time.clock, now_ms, station_wall_ms(station));
	station_publish_health(station, now_ms);
	publisher_tick(station->publisher, &station->health.outbox);
	station_follow_others(station);
	if (station->time.clock.state != CLOCK_WAITING)
		engine_follow_resend(station->engine, station_wall_ms(station),
				     clock_quality(&station->time.clock));
	if (control_answers_look(&station->answers, &station->health))
		station->health_changed = true;
	station_notify(station, now_ms);
}

static int64_t on_time(void *ctx)
{
	struct station *station = ctx;
	on_mail(station);
	station_hear_all_loggers(station);
	every_second(station);
	int64_t boot_us = clock_boot_us();
	int64_t station_ms = clock_station_ms(&station->time.clock, boot_us);
	int64_t wall_ms = clock_wall_ms(&station->time.clock, station_ms);
	enum time_quality quality = clock_quality(&station->time.clock);
	publisher_set_time(station->publisher, wall_ms, quality);
	if (station->time.clock.state == CLOCK_WAITING)
		return TICK_MAX_MS;
	engine_advance(station->engine, wall_ms, quality);
	bool more = inbox_work(station->inbox, wall_ms, quality);
	int64_t ahead_ms = engine_due_ms(station->engine) - wall_ms;
	int64_t ms = clock_real_ms_until(&station->time.clock, boot_us, station_ms + ahead_ms);
	int64_t gathers_ms = inbox_due_ms(station->inbox) - clock_monotonic_ms();
	if (gathers_ms < ms)
		ms = gathers_ms > 0 ? gathers_ms : 1;
	return more ? 1 : ms < TICK_MAX_MS ? ms : TICK_MAX_MS;
}

static void on_reports(void *ctx)
{
	struct station *station = ctx;
	if (!publisher_listen(station->publisher))
		return;
	inbox_connected(station->inbox);
	relay_connected(station->relay, clock_monotonic_ms());
}

/* They wait for the time, as samples do. What is left of many is taken by and by (on_time). */
static void on_commands(void *ctx)
{
	struct station *station = ctx;
	const struct payload_head now = station_head(station);
	spool_hear(station->spool);
	if (publisher_fd(station->publisher) >= 0)
		on_reports(station); /* a connection comes about before what it brings */
	if (station->time.clock.state != CLOCK_WAITING)
		inbox_work(station->inbox, now.time_ms, now.time_quality);
	publisher_look(station->publisher);
}

static void on_stop_or_reload(void *ctx, int signal)
{
	struct station *station = ctx;
	if (signal == SIGHUP && !station_may_reload(station))
		return;
	station->end = signal == SIGHUP ? STATION_RELOAD : STATION_STOPPED;
	log_notice(LOG_STOPPING, "%s: stopping", strsignal(signal));
	loop_notify(signal == SIGHUP ? "RELOADING=1" : "STOPPING=1");
	loop_exit(station->loop, 0);
}

/* ---- start and stop ---- */

static int open_station_store(struct station *station)
{
	int r = store_keeper_open(&station->keeper, station->conf->data_dir, &station->store);
	if (r == 0) {
		store_pruner_init(&station->pruner, station->store, &station->conf->retention);
		return 0;
	}
	log_error(LOG_START_FAILED, "database in %s: %s: %s", station->conf->data_dir,
		  store_words(r), store_message(NULL));
	return r == STORE_E_BUSY ? -EX_TEMPFAIL : r == STORE_E_NEWER ? -EX_CONFIG : -EX_IOERR;
}

static int fail_station(const char *what, int r)
{
	log_error(LOG_START_FAILED, "%s: %s", what, strerror(-r));
	return -EX_OSERR;
}

static int watch_sources(struct station *station)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	int r = loop_new(&station->loop);
	for (int i = 0; i < 3 && r >= 0; i++)
		r = loop_on_signal(station->loop, signals[i], on_stop_or_reload, station);
	if (r >= 0)
		r = loop_on_readable(station->loop, buses_fd(station->buses), LOOP_SAMPLES, on_mail,
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

/* What was acknowledged before the last stop is read before anything new comes in. */
static int start_commands(struct station *station)
{
	station->spool = spool_open(station->conf->data_dir);
	if (!station->spool)
		return -ENOMEM;
	station->inbox = inbox_new(station->conf, station->store, station->engine, station->spool);
	if (!station->inbox)
		return -ENOMEM;
	if (station->conf->mqtt.n_hosts > 0) /* else nothing comes */
		inbox_started(station->inbox);
	return loop_on_readable(station->loop, spool_fd(station->spool), LOOP_REPORTS, on_commands,
				station);
}

static void publish_plan(struct station *station)
{
	struct payload_head head = station_head(station);
	int r = post_begin(station->store, &head);
	if (r == 0)
		r = post_commit(station->store, &head, "plan", payload_plan(&head));
	if (r != 0)
		log_error(LOG_STORE_REFUSES, "plan: %s: %s", store_words(r),
			  store_message(station->store));
}

static int start_publisher(struct station *station)
{
	const struct payload_head head = station_head(station);
	publish_plan(station);
	int r = publisher_new(station->store, station->spool, station->boot, &head,
			      &station->publisher);
	if (r < 0 || publisher_fd(station->publisher) < 0)
		return r;
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

/* What is damaged where the opening did not look is mended, once. */
static int start_engine(struct station *station)
{
	const struct engine_env env = {station, engine_say, engine_look};
	const struct conf *conf = station->conf;
	int r = engine_new(conf, station->store, station->boot, &env, &station->engine);
	if (r == STORE_E_CORRUPT) {
		r = store_keeper_mend(&station->keeper, conf->data_dir, &station->store);
		if (r == 0) {
			store_pruner_init(&station->pruner, station->store, &conf->retention);
			r = engine_new(conf, station->store, station->boot, &env, &station->engine);
		}
	}
	if (r == 0)
		return 0;
	log_error(LOG_START_FAILED, "database: %s: %s", r > 0 ? store_words(r) : strerror(-r),
		  store_message(station->store));
	return r == STORE_E_LEVEL ? -EX_CONFIG : -EX_IOERR;
}

static int start_station(struct station *station)
{
	struct clock_reading reading = clock_read();
	name_boot(station);
	int dated = sample_time_init(&station->time, &station->conf->clock, &reading);
	station->buses = buses_new(station->conf, &station->time.clock);
	int cared = control_answers_init(&station->answers, station->conf, &station->time.clock);
	station->twins = twins_new(station->conf);
	if (!station->buses || !station->twins || cared != 0 || dated != 0)
		return fail_station("start", -ENOMEM);
	int r = open_station_store(station);
	if (r == 0)
		r = start_engine(station);
	if (r != 0)
		return r;
	r = watch_sources(station); /* blocks the signals before any thread begins */
	if (r >= 0)
		r = station_watch_loggers(station);
	if (r >= 0)
		r = start_commands(station);
	if (r >= 0)
		r = start_publisher(station);
	if (r >= 0)
		r = station_start_others(station);
	station->answers.tell = station_tell;
	station->answers.tell_sensor = station_tell_sensor;
	station->answers.ctx = station;
	if (r >= 0)
		r = control_answers_begin(&station->answers, station->store, station->inbox,
					  station->loop);
	if (r >= 0)
		r = buses_start(station->buses);
	return r < 0 ? fail_station("start", r) : 0;
}

/* True: the session hangs in its library, which may still call back. */
static bool stop_publisher(struct station *station)
{
	if (!station->publisher)
		return false;
	publisher_set_time(station->publisher, station_wall_ms(station),
			   clock_quality(&station->time.clock));
	bool hangs = !publisher_stop(station->publisher, PUBLISHER_STOP_MS);
	station->publisher = hangs ? station->publisher : NULL;
	if (hangs)
		station_note_hung(station);
	return hangs;
}

/* What the broker was told is received. What there is no time for is in the spool. */
static void take_last_commands(struct station *station)
{
	const struct payload_head now = station_head(station);
	int64_t until_ms = clock_monotonic_ms() + COMMANDS_STOP_MS;
	if (!station->inbox || station->time.clock.state == CLOCK_WAITING)
		return;
	while (inbox_work(station->inbox, now.time_ms, now.time_quality) &&
	       clock_monotonic_ms() < until_ms)
		;
}

/* Buses first: their last samples still count. Then the minute so far, the goodbye, the commands
 * that came until then, the database. */
static void stop_station(struct station *station)
{
	station_stop_buses(station);
	if (station->engine && station->time.clock.state != CLOCK_WAITING) {
		on_mail(station);
		engine_stop(station->engine, station_wall_ms(station));
	}
	station_stop_platforms(station);
	bool hangs = stop_publisher(station);
	take_last_commands(station);
	store_keeper_stop(&station->keeper, station_wall_ms(station));
	if (station->inbox)
		inbox_end(station->inbox);
	inbox_free(station->inbox);
	relay_free(station->relay);
	if (!hangs)
		spool_close(station->spool);
	engine_free(station->engine);
	store_close(station->store);
	buses_free(station->buses);
	control_answers_end(&station->answers);
	twins_free(station->twins);
	sample_time_done(&station->time);
	if (station->clock_fd >= 0)
		close(station->clock_fd);
	loop_free(station->loop);
}

static void tell_start(const struct station *station)
{
	const struct conf *conf = station->conf;
	log_notice(LOG_STARTED,
		   "station %s: started, version %s, data in %s, plan %s, edition %s%s",
		   conf->station.id, HAZEWATCH_VERSION, conf->data_dir, conf->plan.id,
		   conf->edition.id, conf->exercise ? tr(", EXERCISE") : "");
	log_notice(LOG_CLOCK, "clock: %s", tr(station_clock_name(station)));
}

int station_run(const struct conf *conf, struct conf *(*reload)(void))
{
	struct station *station = calloc(1, sizeof(*station));
	if (!station)
		return fail_station("start", -ENOMEM);
	station->conf = conf;
	station->reload = reload;
	station->clock_fd = -1;
	signal(SIGXFSZ, SIG_IGN); /* a full quota is an error of the write, not the end */
	signal(SIGPIPE, SIG_IGN);
	int r = start_station(station);
	if (r == 0) {
		tell_start(station);
		loop_notify("READY=1");
		r = loop_run(station->loop);
		r = r < 0 ? fail_station("loop", r) : 0;
	}
	stop_station(station);
	if (r < 0 && station->end == STATION_HUNG)
		_exit(-r);
	r = r == 0 ? (int)station->end : r;
	free(station);
	if (r >= 0)
		log_notice(LOG_STOPPED, "stopped");
	return r;
}
