/* SPDX-License-Identifier: MIT */
/*
 * What the pipeline found, as values: the input of payloads and texts.
 */
#ifndef DAEMON_REPORT_H
#define DAEMON_REPORT_H

#include "aqi.h"
#include "command.h"
#include "cuts.h"
#include "health.h"
#include "hour.h"
#include "hours.h"
#include "outbox.h"
#include "warning.h"

/* One hour, closed or (provisional) running. */
struct hour_report {
	int64_t hour;
	bool provisional;
	bool reviewed;                           /* a person's review or an import changed it */
	int32_t rev;                             /* 0: as it was when it closed */
	struct hour_mean means[POLLUTANT_COUNT]; /* unmonitored pollutants stay zero */
	struct aqi realtime, daily;
};

/* One minute of every pollutant. */
struct minute_report {
	int64_t minute; /* its START, minutes since 1970 UTC */
	struct minute sums[POLLUTANT_COUNT];
};

/* The reduction list in force, summed up. */
struct cuts_list {
	int64_t number; /* its version, 0: there is none */
	struct cuts_sums sums;
	struct cuts_whole whole;
};

/* The three that are never merged: what the station advises, what the city ordered, what the
 * district released. What is not known is NULL. */
struct advice_report {
	const struct advice *advice;
	const struct verdict *verdict;
	enum level possible;               /* what a forecast's maximum would call for */
	const struct forecast *forecast;   /* NULL: there is none */
	const struct directive *in_force;  /* NULL: none */
	const struct directive *directive; /* the one accepted last, a lift too */
	const struct release *release;
	const struct cuts_list *list; /* of the sources */
	int64_t now_ms;
};

struct sensor_report {
	enum health_state state;
	enum why why;
	int64_t since_ms; /* wall */
};

/* What came of the network's commands since the start. */
struct command_counts {
	uint64_t accepted, refused, retained, dropped;
};

#define REPORT_BUSES_MAX 16
#define REPORT_SENSORS_MAX 64

struct health_report {
	struct sensor_report buses[REPORT_BUSES_MAX];     /* as in conf->buses */
	struct sensor_report sensors[REPORT_SENSORS_MAX]; /* bus by bus, device by device */
	/* of each sensor: WHY_NONE, or what it is busy with, and until when if that is known */
	enum why busy[REPORT_SENSORS_MAX];
	int64_t busy_until_ms[REPORT_SENSORS_MAX]; /* since 1970 UTC, 0: not known */
	struct outbox_counts outbox;
	uint64_t samples_dropped, polls_missed;
	struct command_counts commands;
	bool store_ok;
	bool unverified;   /* the broker speaks MQTT 3.1.1: it acknowledges what it refuses */
	const char *clock; /* "trusted", "waiting", "unsynchronised", "simulated" */
};

#endif
