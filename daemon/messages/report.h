/* SPDX-License-Identifier: MIT */
/*
 * What the pipeline found, as values: the input of payloads and texts.
 */
#ifndef DAEMON_MESSAGES_REPORT_H
#define DAEMON_MESSAGES_REPORT_H

#include "aqi.h"
#include "auxiliaries.h"
#include "binding.h"
#include "chance.h"
#include "command.h"
#include "conf.h"
#include "cuts.h"
#include "district.h"
#include "health.h"
#include "hour.h"
#include "hours.h"
#include "outbox.h"
#include "over_range.h"
#include "timetable.h"
#include "warning.h"

/* One hour, closed or (provisional) running. */
struct hour_report {
	int64_t hour;
	bool provisional;
	bool reviewed;                           /* a person's review or an import changed it */
	bool resent;                             /* told before, and asked for again */
	int32_t rev;                             /* 0: as it was when it closed */
	struct hour_mean means[POLLUTANT_COUNT]; /* unmonitored pollutants stay zero */
	struct aqi realtime, daily;
	const char *events_hash; /* newest of the events' chain; NULL: not told, "": none yet */
	/* of a district: the points that each mean rests on */
	struct point_set realtime_points[POLLUTANT_COUNT], daily_points[POLLUTANT_COUNT];
};

/* One minute of every pollutant, and of what is measured beside them. */
struct minute_report {
	int64_t minute; /* its START, minutes since 1970 UTC */
	struct minute sums[POLLUTANT_COUNT];
	int n_auxiliaries;
	struct auxiliary_mean auxiliaries[CONF_AUXILIARIES_MAX];
};

/* A closed hour of what is measured beside the pollutants. */
struct auxiliary_report {
	int64_t hour;
	int n;
	struct auxiliary_mean means[CONF_AUXILIARIES_MAX]; /* in the order of the keys */
};

/* The reduction list in force, summed up. */
struct cuts_list {
	int64_t number; /* its version, 0: there is none */
	struct cuts_sums sums;
	struct cuts_whole whole;
};

struct summaries; /* summary.h */

/* Whether a station hears of its district. */
struct district_link {
	bool known; /* it was heard of, or not for so long that this is known */
	bool cut_off;
	int64_t since_ms; /* when it was heard of last, or again; wall */
};

/* Hours that somebody flagged as a dust event, END labels, both included. */
struct dust_report {
	int64_t from, to;
	char source[COMMAND_TEXT_MAX];
};

/* The three that are never merged: what the station advises, what the city ordered, what the
 * district released. What is not known is NULL. */
struct advice_report {
	const struct advice *advice;
	const struct verdict *verdict;
	int possible;                      /* what a maximum or another source would call for */
	const char *possible_source;       /* whose word that is; NULL: there is no other */
	int without_dust;                  /* what would be called for if no hour were flagged as
					      dust; LEVEL_UNKNOWN: none near is */
	int32_t release_in_h[LEVEL_SLOTS]; /* until a level held may end, of those up to the advice
					    */
	bool computing; /* hours that changed wait to be judged: the advice is not known yet */
	const struct forecast *forecast; /* the newest in use; NULL: there is none */
	const struct timetable *timetable;
	const struct binding *binding;
	/* of the directives in the timetable, and of those that events and alerts are about */
	int n_details;
	const struct word_details *details;
	const struct word_answer *answer; /* to the word accepted last */
	const struct release *release;    /* the newest slip, a faulty one too */
	const struct release *released;   /* the newest good slip of the directive that binds */
	const struct cuts_list *list;     /* of the sources */
	const struct over_range *over_range;
	const struct dust_report *dust;     /* the window that goes on or lies ahead */
	const struct summaries *summaries;  /* of the episodes of directives */
	struct district_link link;          /* where the station belongs to a district */
	const struct chance_report *chance; /* in 24 h; NULL: it is off */
	int64_t now_ms;
};

/* The directive in force; NULL: none is. */
const struct timetable_entry *report_in_force(const struct advice_report *report);

/* A directive of the timetable by its number; NULL. */
const struct timetable_entry *report_entry(const struct advice_report *report, int64_t number);

/* What a directive says beside its place; NULL: that is not known. */
const struct word_details *report_details(const struct advice_report *report, int64_t number);

/* Whose area a directive has: its own, or of a lift without one that of what it lifts; NULL:
 * neither names one, and it is the district's. */
const struct word_details *report_area(const struct advice_report *report,
				       const struct timetable_entry *entry);

/* True if the city gave it for a regional joint response. */
bool report_is_regional(const struct advice_report *report, int64_t number);

/* What binds the district's units: cuts and orders of authority directive say it. */
struct binding_report {
	int level;          /* LEVEL_NONE: nothing binds */
	int64_t directive;  /* number of the one it comes from; 0: none */
	int64_t from_ms;    /* since when that is in effect; 0: not known any more */
	int64_t until_ms;   /* its planned end; 0: open, or it has passed */
	bool overdue;       /* that has passed without a lift */
	bool released;      /* a slip names it */
	bool outlives_lift; /* lifted or lowered by a directive that is not published yet */
	const char *slip;   /* the slip's number; NULL */
};
struct binding_report report_binding(const struct conf *conf, const struct advice_report *report);

struct sensor_report {
	enum health_state state;
	enum why why;
	int64_t since_ms; /* wall */
};

/* What came of the network's commands since the start. */
struct command_counts {
	uint64_t accepted, refused, retained, dropped;
};

/* The pollutants of which data are wanted to decide levels (bits): a daily AQI is unknown only if
 * all that lead lack. None if no level is undecided, or if it is a forecast that is wanted. */
pollutant_set report_wanted(const struct conf *conf, uint32_t undecided, bool waits_for_forecast);

/* What the broker of the last connection is able to. */
struct broker_report {
	bool known;         /* there was one */
	bool old;           /* it speaks MQTT 3.1.1 only: it acknowledges what it refuses */
	bool deaf;          /* no command comes from it */
	bool retain;        /* it keeps retained messages */
	int qos;            /* 0 or 1, the highest */
	int64_t packet_max; /* bytes, 0: it does not say */
};

/* A platform of HJ 212. */
struct platform_report {
	bool connected;
	int64_t since_ms;             /* since when it is or is not; wall, 0: not yet known */
	int64_t acked_ms;             /* when it acknowledged last; 0: never */
	int64_t hours, days, minutes; /* periods that it has not acknowledged */
	int64_t given_up;             /* that it will not get */
	int64_t refused;  /* frames, answers and requests of it that were, since the start */
	int32_t key_days; /* the age of its SM4 key; -1: nothing is enciphered */
	char why[96];     /* it gets nothing; "": it does */
};

#define REPORT_BUSES_MAX 64
#define REPORT_SENSORS_MAX 64

/* Rows of the database that are not what was written, since the start. */
struct damage_report {
	int64_t rows;
	const char *newest; /* "timetable 7"; borrowed; "": none */
	int64_t directive;  /* the number of the one in force, if it stands by other rows; 0 */
};

struct relay_view; /* payload_relay.h */

/* Two instruments of a pollutant, as in conf->channels; second -1: it has one. */
struct twin_report {
	int first, second, counts;
	int64_t differ_since; /* an hour's END; 0: they do not */
};

/* A data logger, since the start. */
struct logger_report {
	bool connected;
	uint64_t messages, repeated, revised; /* periods that were stored; the same once more */
	uint64_t refused[HJ212_TROUBLES];
	int64_t off_ms;        /* its clock less ours; 0: as ours, or not known */
	pollutant_set doubted; /* whose unit is */
};

struct health_report {
	struct sensor_report buses[REPORT_BUSES_MAX];         /* as in conf->buses */
	struct sensor_report sensors[REPORT_SENSORS_MAX];     /* bus by bus, device by device */
	struct sensor_report channels[CONF_ALL_CHANNELS_MAX]; /* as in conf->channels */
	/* of each sensor: WHY_NONE, or what it is busy with, and until when if that is known */
	enum why busy[REPORT_SENSORS_MAX];
	int64_t busy_until_ms[REPORT_SENSORS_MAX]; /* since 1970 UTC, 0: not known */
	struct outbox_counts outbox;
	uint64_t samples_dropped, samples_late, polls_missed; /* late: of a closed hour */
	struct command_counts commands;
	int64_t particles_since; /* an hour's END: since then PM2.5 is above PM10; 0: it is not */
	int64_t points[DISTRICT_POINTS_MAX]; /* the newest hour of each of a district; 0: none */
	const struct relay_view *relay; /* what a district relays; NULL: nothing, or it is none */
	struct district_link link;      /* of a station that belongs to a district */
	struct platform_report platforms[CONF_PLATFORMS_MAX]; /* as in conf */
	struct twin_report twins[POLLUTANT_COUNT];            /* all zero: a pollutant has one */
	struct logger_report loggers[REPORT_SENSORS_MAX];     /* as sensors; others: all zero */
	uint64_t loggers_unknown; /* frames of loggers that are none of the sensors */
	bool store_ok;
	struct damage_report damage;
	struct broker_report broker;
	const char *clock; /* "trusted", "waiting", "unsynchronised", "simulated" */
};

#endif
