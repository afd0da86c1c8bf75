/* SPDX-License-Identifier: MIT */
/*
 * What a station knows of itself now, as values: out of its database (what was published last, the
 * messages that wait), out of its file system, and, while the daemon runs, out of its mouth.
 *
 * Times are ms since 1970 UTC, 0: none or not known. Levels are ranks of the plan in use, or
 * LEVEL_UNKNOWN. Reads only.
 */
#ifndef DAEMON_CLI_STATUS_STATUS_H
#define DAEMON_CLI_STATUS_STATUS_H

#include "conf.h"
#include "evaluate.h"
#include "event.h"
#include "store.h"
#include "timetable.h"
#include "window.h"

#define STATUS_WORD_MAX 65
#define STATUS_CHANCE_MAX 1024

/* A directive, begun or announced. */
struct status_directive {
	int level;
	int64_t said_ms, start_ms, effective_ms, planned_end_ms;
	bool overdue, released;
	char document[TIMETABLE_TEXT_SIZE];
};

struct status_part_progress {
	bool daily, at_least; /* the index: daily AQI, else the real-time one */
	int32_t threshold, hours, for_h;
};

/* An instrument at the end of its range: its pollutant decides nothing. */
struct status_over_range {
	enum pollutant pollutant;
	double at_least; /* in the pollutant's unit */
	int would_call_for;
};

enum status_outlook {
	OUTLOOK_NO,      /* not if the air stays as it is */
	OUTLOOK_IN,      /* in so many hours */
	OUTLOOK_MET,     /* now */
	OUTLOOK_UNKNOWN, /* nobody can tell for want of data */
};

struct status_warning {
	bool known; /* one was published */
	bool in_force_any;
	struct status_directive in_force;
	int n_pending;
	struct status_directive pending[TIMETABLE_PENDING_MAX];
	struct status_directive newest; /* of those two, or the lift that ended the last */
	bool ended_stage;               /* which had been no warning at any time */
	char report_due[16]; /* the date of the newest summary assessment; "": none is due */
	int binding_level;
	bool binding_from_release, lifted_unpublished;
	int advice; /* the level advised */
	int64_t since_ms;
	enum event_reason hold; /* why the advice is held; REASON_NONE: it is not */
	bool computing, dust;   /* computing: hours that changed wait to be judged */
	enum basis basis;
	int32_t run_max;
	int n_parts;
	struct status_part_progress parts[PLAN_PARTS_MAX];
	enum status_outlook outlook[LEVEL_SLOTS];
	int32_t in_h[LEVEL_SLOTS];
	int possible;                   /* what a forecast's maximum would call for */
	char chance[STATUS_CHANCE_MAX]; /* in 24 h, in the reader's words; "": not shown */
	int n_over;
	struct status_over_range over[POLLUTANT_COUNT];
};

/* An index over one hour or 24. */
struct status_index {
	bool known;     /* the plan's; false: too few valid hours */
	bool published; /* and it may be told to people */
	int32_t value;  /* of the one or the other */
	pollutant_set primary;
	int32_t iaqi[POLLUTANT_COUNT]; /* IAQI_NONE */
};

struct status_aqi {
	bool known;
	int64_t hour; /* END label */
	int32_t rev;
	bool has_hourly[POLLUTANT_COUNT], has_mean[POLLUTANT_COUNT];
	double hourly[POLLUTANT_COUNT], mean[POLLUTANT_COUNT]; /* in the pollutant's unit */
	int32_t hours[POLLUTANT_COUNT];                        /* valid ones of the 24 */
	char why[POLLUTANT_COUNT][STATUS_WORD_MAX];            /* of this hour; "" */
	struct status_index realtime, daily;
};

/* The newest hour of what is measured beside the pollutants. */
struct status_mean {
	bool has;
	double value; /* in the quantity's unit */
};
struct status_auxiliaries {
	int64_t hour; /* END label; 0: none was published */
	bool calm;
	struct status_mean means[AUXILIARY_COUNT];
};

struct status_part {
	char id[STATUS_WORD_MAX], why[STATUS_WORD_MAX], busy[STATUS_WORD_MAX];
	enum { PART_UNKNOWN, PART_OK, PART_SUSPECT, PART_FAILED } state;
	int64_t since_ms, busy_until_ms;
};
#define STATUS_PARTS_MAX 64
#define STATUS_UNTOLD_MAX 160 /* bytes of ids, as many as find room */

/* Platforms of HJ 212. */
struct status_platform {
	char id[STATUS_WORD_MAX], why[2 * STATUS_WORD_MAX];
	bool connected;
	int64_t since_ms, acked_ms;
	int32_t hours, days, minutes; /* that wait */
	int32_t given_up, refused;
	int32_t key_days; /* -1: it has none */
};
struct status_platforms {
	int n;
	struct status_platform all[CONF_PLATFORMS_MAX];
};

struct status_health {
	bool known;
	struct status_platforms platforms;
	int64_t time_ms;
	int n_buses, n_sensors, n_channels, n_auxiliaries;
	struct status_part buses[CONF_BUSES_MAX], sensors[STATUS_PARTS_MAX],
		channels[CONF_INSTRUMENTS_MAX], auxiliaries[CONF_AUXILIARIES_MAX];
	char clock[STATUS_WORD_MAX];
	bool store_ok, unverified;
	int64_t samples_dropped, polls_missed;
	int64_t particles_since_ms; /* since then PM2.5 is above PM10 */
	/* of a district: the assessment points, how many have told the newest hour that one has
	 * told, that hour as a time, and some of those that have not */
	int n_points, n_told;
	int64_t told_ms;
	char untold[STATUS_UNTOLD_MAX];
	char unreached[STATUS_UNTOLD_MAX];  /* stations that have not all that is relayed */
	char undirected[STATUS_UNTOLD_MAX]; /* those that are online, and want a directive */
	bool cut_off;                       /* of a station: from its district, since */
	int64_t cut_off_ms;
};

/* What a channel said last, as the daemon tells it. */
struct status_reading {
	bool known;     /* it has said something */
	bool has_value; /* of quality N, or at least that */
	double value, age_s;
	char quality[2], why[STATUS_WORD_MAX], busy[STATUS_WORD_MAX];
};

/* What the running daemon alone knows. */
struct status_live {
	bool answered;
	struct status_platforms platforms;
	char version[STATUS_WORD_MAX], station[STATUS_WORD_MAX];
	int64_t since_ms;
	char clock[STATUS_WORD_MAX];
	int64_t clock_until_ms; /* how long it waits for the clock at most */
	bool connected, is_volatile;
	int64_t broker_since_ms;
	char broker_why[STATUS_WORD_MAX];
	int64_t kept, lost, bad_rows;
	struct status_reading readings[POLLUTANT_COUNT], auxiliaries[AUXILIARY_COUNT];
};

struct status_files {
	int64_t state_bytes, samples_bytes; /* with their logs */
	int64_t free_bytes, total_bytes;    /* of the file system; 0: not known */
};

enum status_verdict { STATUS_WELL, STATUS_WARNING, STATUS_CRITICAL, STATUS_UNKNOWN };

struct status {
	const struct conf *conf;
	int64_t now_ms;
	bool in_use;            /* a daemon has the database */
	const char *live_error; /* why the daemon did not answer, NULL: it did */
	/* JSON, NULL: none */
	char *live_text, *warning_text, *aqi_text, *auxiliary_text, *health_text;
	struct status_live live;
	struct status_warning warning;
	struct status_aqi aqi;
	struct status_auxiliaries auxiliaries;
	struct status_health health;
	struct status_files files;
	struct outbox_counts outbox;
	int64_t oldest_ms;   /* when the oldest message that waits was made */
	int64_t newest_hour; /* in the table of hours */
	int64_t list_ms; /* when the reduction list was imported, if that is too long ago, else 0 */
	int32_t whole_year; /* that its denominator is of, likewise */
	int64_t heard_ms;   /* of when the newest thing is that the daemon stored */
	/* the 24 hours up to it: means, and daily AQIs, -1 where not known */
	struct hour_values day[WINDOW_HOURS];
	int32_t day_aqi[WINDOW_HOURS];
	int64_t daily_at; /* END label at which the daily AQI will be known again if every hour
			     from now on is valid; 0: it is known, or that is not known */
	int32_t release_h[LEVEL_SLOTS]; /* hours until a level held is released if the air is clean
					   from now on; 0: none is held */
};

/* Reads an open store; `live` is the daemon's answer, or NULL and why. A store error; what was
 * read is released with status_done. */
int status_read(struct store *store, struct status *ret);
void status_done(struct status *status);

/* What the daemon's control socket answered to "status". False: it is no such answer, or that of
 * another station. */
bool status_take_live(struct status *status, const char *body);

/* As the daemon tells them, or told them last. */
const struct status_platforms *status_platforms(const struct status *status);

/* How it is, with a reason a line in the reader's language, the gravest first. */
enum status_verdict status_judge(const struct status *status, char *reasons, size_t size);

#endif
