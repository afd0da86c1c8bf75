/* SPDX-License-Identifier: MIT */
/*
 * Recorded hours through the stages of the daemon (engine_index, engine_judge), as if each hour had
 * just closed. Pure but for memory: no clock, no store, no output.
 */
#ifndef DAEMON_CLI_REPLAY_REPLAY_H
#define DAEMON_CLI_REPLAY_REPLAY_H

#include "conf.h"
#include "hours_file.h"
#include "outlook_scored.h"
#include "warning.h"

struct replay_order {
	const struct conf *conf; /* of conf_load_rules */
	const struct hours_file *record;
	int ahead_h;  /* the record's own next hours that serve as the forecast; 0: none */
	bool outlook; /* say what conf->outlook.model makes of each hour */
	/* Called at every hour; may be NULL. */
	void (*progress)(int done, int of);
};

struct replay_hour {
	struct aqi realtime, daily;
	int level; /* the advice after this hour */
};

/* A stretch in which a run meets one condition of a level: from the hour at which it is first met
 * to the run's last hour. Short gaps that the plan bridges do not end it. */
struct replay_condition {
	int level;
	int64_t from, to;
};

struct replay_event {
	struct event event;
	struct evidence evidence; /* of the advice after the event */
};

/* What an outlook's model said after an hour; nothing of it has a part in the advice. */
struct replay_chance {
	bool said;     /* there was enough data */
	int16_t daily; /* AQI; IAQI_NONE */
	int16_t permille[OUTLOOK_THRESHOLDS_MAX];
};

struct replay {
	int64_t first; /* END of the first hour */
	int n_hours, n_conditions, n_events;
	struct replay_hour *hours;
	struct replay_condition *conditions; /* in order of from */
	struct replay_event *events;         /* in order of hours */
	struct replay_chance *chances;       /* n_hours; NULL: nobody asked */
	struct outlook_scored *outlook;      /* how good they were; NULL with them */
};

/* What of the record's pollutants the plan's daily AQI needs: PM2.5 and PM10 as far as there are
 * columns for them, else every pollutant there is. */
struct scope replay_scope(const struct hours_file *record);

/* 0 or -ENOMEM. */
int replay_run(const struct replay_order *order, struct replay *ret);
void replay_done(struct replay *replay);

#endif
