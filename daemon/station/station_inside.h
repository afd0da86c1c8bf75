/* SPDX-License-Identifier: MIT */
/*
 * The inside of station.h: what happens when (station.c), how the station is (station_health.c),
 * whether it may be another (station_reload.c), what it has to do with its district or its stations
 * (station_district.c), what data loggers say (station_loggers.c). Nobody else includes it.
 */
#ifndef DAEMON_STATION_STATION_INSIDE_H
#define DAEMON_STATION_STATION_INSIDE_H

#include "buses.h"
#include "control_answers.h"
#include "engine.h"
#include "inbox.h"
#include "intake.h"
#include "loop.h"
#include "platforms.h"
#include "publisher.h"
#include "relay.h"
#include "station.h"
#include "store_keeper.h"
#include "store_pruner.h"

struct station {
	const struct conf *conf;
	struct conf *(*reload)(void);
	char boot[17]; /* names this run */
	struct store *store;
	struct store_keeper keeper;
	struct store_pruner pruner;
	struct sample_time time;
	int clock_fd;
	struct engine *engine;
	struct publisher *publisher;
	struct spool *spool;
	struct inbox *inbox;
	struct platforms *platforms; /* of HJ 212; NULL: none */
	struct relay *relay;         /* of a district */
	bool relay_changed;          /* and that was not published yet */
	int64_t told_heard_ms; /* monotonic: the newest sign of life of its district, and when that
				*/
	int64_t heard_ms;      /* was in station time; 0: not begun */
	struct buses *buses;
	struct loop *loop;
	struct control_answers answers;
	struct twins *twins;
	struct health_report health;
	struct channel_health channels[CONF_ALL_CHANNELS_MAX];
	struct sample newest[CONF_ALL_CHANNELS_MAX]; /* quality 0: none yet */
	int64_t revised_ms[REPORT_SENSORS_MAX]; /* monotonic: a logger's revision was told; 0: none
						 */
	bool health_changed;
	int64_t health_ms, status_ms, tick_ms; /* monotonic */
	uint64_t told_dropped;
	enum station_end end;
};

/* The station's time, and the head that says it. */
int64_t station_wall_ms(const struct station *station);
struct payload_head station_head(const struct station *station);

/* "trusted", "waiting", "unsynchronised", "simulated" */
const char *station_clock_name(const struct station *station);

/* False, and it was told why, if the files on disk cannot take the place of those in use. */
bool station_may_reload(const struct station *station);

/* Of a district that speaks to its stations: begins to hear them. Negative errno. */
int station_start_relay(struct station *station);
/* Every second: what is relayed to them; whether a station hears of its district. */
void station_follow_relay(struct station *station);
void station_follow_district(struct station *station);

/* These and the platforms of HJ 212: begins, negative errno; every second. */
int station_start_others(struct station *station);
void station_follow_others(struct station *station);

/* A library's thread hangs: what the process does at its end could meet it, and wait for ever. */
void station_note_hung(struct station *station);
void station_stop_platforms(struct station *station);

/* Data loggers: what they say is taken as it comes; every second, what they need to know. Negative
 * errno. */
int station_watch_loggers(struct station *station);
void station_hear_loggers(void *ctx);
/* All they have said, for a moment at most: before an hour closes. */
void station_hear_all_loggers(struct station *station);
void station_follow_loggers(struct station *station);
/* At the end: what loggers sent until now is stored, as those that want no answer send nothing
 * twice; then all buses are stopped. */
void station_stop_buses(struct station *station);

/* What nobody reports by itself: the store, and messages that the broker refuses. */
void station_look_after_store(struct station *station);
/* `health`, when something changed or an hour has passed. now_ms is monotonic. */
void station_publish_health(struct station *station, int64_t now_ms);
/* One line for `systemctl status`. */
void station_notify(struct station *station, int64_t now_ms);

#endif
