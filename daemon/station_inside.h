/* SPDX-License-Identifier: MIT */
/*
 * The inside of station.h: what happens when (station.c), and how the station is
 * (station_health.c). Nobody else includes it.
 */
#ifndef DAEMON_STATION_INSIDE_H
#define DAEMON_STATION_INSIDE_H

#include "dating.h"
#include "engine.h"
#include "field.h"
#include "inbox.h"
#include "keeper.h"
#include "loop.h"
#include "operate.h"
#include "pruner.h"
#include "publisher.h"
#include "station.h"

struct station {
	const struct conf *conf;
	bool (*reload)(void);
	char boot[17]; /* names this run */
	struct store *store;
	struct keeper keeper;
	struct pruner pruner;
	struct dating dating;
	int clock_fd;
	struct engine *engine;
	struct publisher *publisher;
	struct inbox *inbox;
	struct field *field;
	struct loop *loop;
	struct operate operate;
	struct health_report health;
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

/* What nobody reports by itself: the store, and messages that the broker refuses. */
void station_look_after_store(struct station *station);
/* `health`, when something changed or an hour has passed. now_ms is monotonic. */
void station_publish_health(struct station *station, int64_t now_ms);
/* One line for `systemctl status`. */
void station_notify(struct station *station, int64_t now_ms);

#endif
