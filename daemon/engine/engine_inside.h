/* SPDX-License-Identifier: MIT */
/*
 * The inside of engine.h, shared by the files that make it up. Each calls those below it only:
 *
 *   engine.c (samples, time, the closing of hours), engine_command.c, engine_start.c
 *   engine_logged.c (what data loggers tell) > engine_minutes.c
 *   engine_directive.c (what the city says) > engine_words.c, engine_orders.c, engine_minutes.c
 *   engine_roster.c (the names of sources), engine_particles.c, engine_over_range.c,
 *     engine_redate.c (hours under wrong names), engine_doubt.c (a late fault), engine_dust.c,
 *     engine_forecast.c, engine_resend.c (hours that somebody missed), engine_points.c
 *     (hours that stations tell)
 *   engine_revision.c (hours that changed) > engine_revise.c (AQIs anew, an advice that is lost)
 *   engine_history.c (hours judged again from nothing)
 *   engine_outlook.c (the outlook of 24 hours, and how good it was)
 *   engine_publish.c (events, alerts, warning and cuts of one transaction)
 *   engine_page.c (what a page opened now must know), engine_summaries.c (whose summary is due),
 *     engine_alerts.c (CAP), engine_rules.c (by which rules), engine_answer.c (what a command gets)
 *   engine_state.c (what it knows)
 *   stages.c, points.c
 *
 * Nobody else includes it.
 */
#ifndef DAEMON_ENGINE_ENGINE_INSIDE_H
#define DAEMON_ENGINE_ENGINE_INSIDE_H

#include "alert.h"
#include "announce.h"
#include "changed.h"
#include "command.h"
#include "commands.h"
#include "engine.h"
#include "open_hours.h"
#include "points.h"
#include "sources.h"
#include "summary.h"
#include "warnings.h"
#include "word.h"

/* A minute is stored this long after its end, so that a reading on its way is in it. */
#define ENGINE_MINUTE_DELAY_MS 2000

/* After a long stop, hours further back are not closed one by one. */
#define ENGINE_CATCH_UP_HOURS 1000

#define ENGINE_DETAILS_MAX 64
#define ENGINE_SLIPS_MAX 24

/* What the city and the district said, and what was told of it: plain values, which a transaction
 * that fails leaves as they were. */
struct engine_city {
	struct timetable timetable;
	struct binding binding;
	struct alerts alerts;
	struct event_series series; /* of the advice's events too */
	bool stepped;               /* the clock was set since the alerts were last looked at, */
	bool back;                  /* the station was stopped or its link down */
	bool has_answer, has_release;
	bool summaries_stale; /* what they come from has changed since they were read */
	struct summaries summaries;
	struct word_answer answer; /* to the word accepted last */
	struct release release;    /* the newest slip */
	int n_slips, n_details;
	struct release slips[ENGINE_SLIPS_MAX]; /* the newest good one of each directive */
	struct word_details details[ENGINE_DETAILS_MAX];
};

struct again; /* history that is being judged again */

/* Hours that changed after they were closed, as far as what follows from them is not computed. */
struct revision {
	uint32_t by;         /* bits of enum changed_by; 0: there are none */
	int64_t first, last; /* the hours */
	int64_t next, end;   /* whose AQIs are computed next and last; end 0: not known yet */
	int64_t due_ms;      /* not before */
	bool stale;          /* window and timeline are of before */
	bool begun;          /* what is told late from here on waits: */
	uint32_t late_by;    /* as `by`, `first` and `last` */
	int64_t late_first, late_last;
	int64_t apart_ms;       /* and is not computed before */
	struct dust_hours dust; /* the flags of when they changed */
	bool has_before, has_after;
	bool none_held; /* which is why the first of them was not computed */
	int64_t newest; /* the newest hour when `end` was known */
	/* bits: levels that history called for, by the flags above, with what was taken away, and
	 * without it */
	uint32_t called_before, called_after;
	struct again *again; /* NULL: not begun */
};

#define ROSTER_PAUSE_MS 1000  /* between two pages */
#define ROSTER_AGAIN_MS 60000 /* after a failure */

/* How far the names of the sources are told. */
struct roster_run {
	bool begun, busy;
	bool all_told; /* what follows are pages of a longer list before, which are taken away */
	int page;      /* to be told next, from 1 */
	int64_t list;  /* of which version, 0: none is to be told */
	int64_t due_ms;
	char after[SOURCE_ID_MAX];
};

struct season; /* of the outlook, being scored */

/* What is known of the outlook of 24 hours. */
struct outlook_state {
	struct chance_report report; /* what it said last; hour 0: nothing yet */
	struct chance_score scores[OUTLOOK_THRESHOLDS_MAX]; /* of the model, over the season */
	int64_t season_last;   /* that ended with this hour; 0: not known yet */
	enum chance_none none; /* what that proved */
	bool proven;           /* it is shown, where that decides; */
	int64_t since;         /* since this hour; 0: ever */
	bool stale;            /* hours changed since then */
	int64_t due_ms;        /* not before, after a failure */
	struct season *season; /* NULL: none is being scored */
};

struct engine {
	const struct conf *conf;
	struct store *store;
	const char *boot;
	struct engine_env env;
	struct engine_rules rules;
	struct engine_state state;
	struct verdict verdict; /* of the newest hour; hour 0: none yet */
	struct possible possible;
	int without_dust;        /* what would be called for if no hour were flagged; or
				    LEVEL_UNKNOWN: none near is */
	struct dust_report dust; /* the window that goes on or lies ahead; `to` 0: none does */
	uint32_t called;         /* bits: by the history that was judged again last */
	struct rules_used used;  /* by which the stored advice was made */
	struct rules_used used_before; /* and until the newest rules_changed */
	struct rules_change rules_change;
	struct engine_city city, city_before; /* the second: when the transaction began */
	bool holding;                         /* words are gathered: what begins waits */
	bool mended;                  /* what is in force is known by the log alone: not told yet */
	int64_t city_again_ms;        /* not looked at before, after a failure; 0: at once */
	struct over_range over_range; /* of which a hold was told that has not ended */
	pollutant_set at_end;         /* whose newest value is at the end of its range */
	pollutant_set doubted;   /* of which nothing was believed since what it fed was taken back
				  */
	int64_t particles_since; /* the first of the hours whose PM2.5 is above its PM10; 0: none */
	int64_t next_hour;       /* the hour to be closed next; 0: time is not known yet */
	int64_t minute_done;     /* the newest minute stored (START, minutes since 1970) */
	int64_t minute_sure;     /* the newest one that no doubted clock named */
	bool clock_doubted;      /* nobody has confirmed the time that is told now */
	bool sure_kept;          /* minute_sure is in the store, for newer minutes may be, too */
	bool doubts_left;        /* those are of an earlier run: nothing was decided about them */
	int64_t minute_told; /* the newest one that was told again, with what a logger told of it */
	uint64_t messages;   /* QoS 0 messages so far */
	uint64_t late;
	bool recovered;             /* hours that a district lost were looked for */
	struct district_link link;  /* of a station */
	bool told_out_of_time;      /* of an hour of a point's that does not count */
	struct cuts_list list;      /* in force, as it was last read */
	bool list_failed;           /* it could not be read */
	bool summaries_failed;      /* nor could these */
	int64_t orders_due_ms;      /* when the next step of the orders makes sense */
	bool orders_busy;           /* there is something to do then */
	bool resends;               /* hours that somebody asked for may wait to be told again */
	struct absent_hours absent; /* those of them that are not there */
	bool looked_ahead;          /* whether stored hours lie ahead of a trusted time */
	struct revision revision;
	bool computing;        /* by hours that changed: the advice is not known yet */
	bool told_no_forecast; /* in this run */
	struct roster_run roster;
	bool announced; /* advice and cuts were published in this run */
	bool store_failed;
	int64_t quota_told_ms[COMMAND_KIND_COUNT]; /* monotonic; 0: never */
	struct outlook_state outlook;
	struct open_hours running;
	struct auxiliary_hours *auxiliary; /* NULL: the station has no such channel */
	uint32_t auxiliary_doubted;        /* as `doubted`, bits of enum auxiliary */
	struct points *points; /* of a district, in place of the hours that run; NULL: a station */
};

/* What the district's points make of report->hour: means as they are stored, and indices. */
void engine_points_means(const struct engine *engine, struct hour_report *report);

/* Hours that the points told and the district has no more, as when state.db was lost, are made of
 * them once more. Once a run. */
void engine_recover_points(struct engine *engine, int64_t now_ms, enum time_quality time_quality);

/* Whether the station, or a point of the district, measures a pollutant. */
bool engine_monitors(const struct engine *engine, int pollutant);

/* Tells a failure of the store when it begins and when it ends. */
void engine_store_result(struct engine *engine, int r);

/* Other rules (plan, edition, what is measured and leads) than those by which a running episode was
 * advised: an event says so. How many events: 0 or 1. */
int engine_note_rules(struct engine *engine, int64_t hour, struct event *ret);
/* The outlook of the 24 hours after the newest one; NULL: it is off. */
const struct chance_report *engine_outlook_say(struct engine *engine);
/* The rest is in engine_outlook.c. */
void engine_outlook_load(struct engine *engine);
/* Stored hours changed: how good it was is computed anew. */
void engine_outlook_stale(struct engine *engine);
void engine_outlook_drop(struct engine *engine);
/* Scores the season, a piece a call, while it is busy. */
void engine_follow_outlook(struct engine *engine, int64_t now_ms, enum time_quality time_quality);
bool engine_outlook_is_busy(const struct engine *engine);

/* What another word than the one that counts would call for, as the present hour stands. */
void engine_look_around(struct engine *engine);

/* Evaluates the present hour without a step of the advice, after something else changed. */
void engine_look_again(struct engine *engine);

/* The advice, the timetable and the release as they stand, for messages. */
struct advice_report engine_report(const struct engine *engine, int64_t now_ms);

/* What a directive says beside its place is at hand from now on, if the store knows it. */
void engine_know_details(struct engine *engine, int64_t number);
/* The same of all that are in the timetable or on an alert; others are forgotten. */
void engine_refresh_details(struct engine *engine);
/* A good slip in place of an older one of its directive. */
void engine_keep_slip(struct engine *engine, const struct release *slip);

/* The daily AQI of the newest hour, -1: not known. */
int engine_daily_aqi(const struct engine *engine);

/* Begins a transaction, and ends it: commits, or rolls back and takes the city's part back, if `r`
 * is not 0. A store error. */
int engine_begin(struct engine *engine);
int engine_end(struct engine *engine, int r);

/* Tells the roster's next page, if it is time for one, in a transaction of its own. */
void engine_follow_roster(struct engine *engine, int64_t now_ms, enum time_quality time_quality);

/* ---- inside a transaction ---- */

/* History and forecast with a fresh hour or what changed hours and advice, events with events. */
int engine_follow_page(struct engine *engine, const struct announcement *announcement, bool fresh);

/* Which summaries are due by now; whether others than before are. */
bool engine_follow_summaries(struct engine *engine, int64_t now_ms);

/* Brings the CAP topics to what timetable and advice say. */
int engine_follow_alerts(struct engine *engine, const struct announcement *when);

/*
 * Everything that an hour, a command or the passing of time says: dates its events, stores and
 * posts them, then the alerts, then warning and cuts if they changed; stores the advice with the
 * number of the newest event.
 */
int engine_publish(struct engine *engine, struct announcement *announcement);

/* One line: what became of a command. `passed_over_by`: the directive that took effect in place of
 * this one; 0: none. */
void engine_log_answer(const struct command *command, const struct command_answer *answer,
		       int64_t passed_over_by);

/* That the quota of a kind is used up is told once an hour; `gone` as command_quota_make_room. */
void engine_tell_quota(struct engine *engine, const struct command *command, int64_t gone);

/* Keeps a command with its answer. */
int engine_keep_command(struct engine *engine, const struct command *command, int64_t now_ms,
			const struct command_answer *answer, char ret_name[COMMANDS_NAME_MAX]);
/* The answer it got when it came before; STORE_E_NONE if it never did. */
int engine_find_answer(struct engine *engine, const struct command *command,
		       struct command_answer *ret);

/* ---- */

/* What begins, ends or becomes overdue by now, and alerts that are due. */
void engine_follow_city(struct engine *engine, int64_t now_ms, enum time_quality time_quality);
/* When it has next something to do; INT64_MAX: never. */
int64_t engine_city_due_ms(const struct engine *engine);

/* Why a receipt answers nothing that exists, or by nobody of the plan; *why stays "" if it may be
 * taken. A store error. */
int engine_check_receipt(struct engine *engine, const struct receipt *receipt,
			 char why[COMMAND_WHY_MAX]);
/* Stores it by the name of its command and publishes the newest, in the transaction that runs. */
int engine_take_receipt(struct engine *engine, const struct command *command, const char *name,
			const struct announcement *when);

/* NULL, or why a forecast cannot be taken at all. */
const char *engine_check_forecast(const struct forecast *forecast, int64_t now_ms);
/* Takes it in the transaction that runs, or refuses it (*ret); *ret_used: it is the one that counts
 * of its source. What was not refused is the caller's to store. */
int engine_take_forecast(struct engine *engine, const struct command *command, int64_t now_ms,
			 bool *ret_used, struct command_answer *ret);

/* Reads the reduction list in force, if it is another than before; cuts follow with the hour. */
void engine_follow_list(struct engine *engine);

/* Brings the orders of the sources a step further, if it is time for one. */
void engine_follow_orders(struct engine *engine, int64_t now_ms, enum time_quality time_quality);

/* Tells a hold when an instrument stands at the end of its range. */
void engine_follow_range(struct engine *engine, const struct sample *sample,
			 enum time_quality time_quality);
/* The holds that the hour which is being closed ends: how many events, POLLUTANT_COUNT at most. */
int engine_resume_ranges(struct engine *engine, const struct hour_report *report,
			 struct event *ret);
/* Takes back what an instrument's fault that is found late has fed: open hours do not count it, and
 * closed ones close again. */
void engine_follow_doubt(struct engine *engine, const struct sample *sample,
			 enum time_quality time_quality);

/* Tells when the PM2.5 of an hour is above its PM10, and when it is no more. */
void engine_follow_particles(struct engine *engine, const struct hour_report *report);

/* A sample of an auxiliary channel goes another way than those of pollutants. */
bool engine_is_auxiliary(const struct engine *engine, const struct sample *sample);
void engine_take_auxiliary(struct engine *engine, const struct sample *sample,
			   enum time_quality time_quality);
/* Stores the auxiliary means of an hour in a transaction of samples.db: before that of the hour,
 * which tells them (announce_auxiliary). */
void engine_close_auxiliary(struct engine *engine, int64_t hour, enum time_quality time_quality);
/* Those of the empty hours before `until`: of the open ones what there is; the others have none,
 * and what stands there has a wrong name. */
void engine_pass_over_auxiliary(struct engine *engine, int64_t until,
				enum time_quality time_quality);

/* A mean rounded half to even as it is published, if the edition has hours rounded; what would
 * leave the range stays as it is. */
int32_t engine_round_mean(const struct engine *engine, int32_t milli, enum pollutant pollutant);

/* Stores and reports the minutes that are over; those up to `last` are open. */
void engine_minutes_advance(struct engine *engine, int64_t now_ms, enum time_quality time_quality);
int64_t engine_open_minute(struct engine *engine, int64_t minute);
int engine_begin_minutes(struct engine *engine);
void engine_end_minutes(struct engine *engine, int r);
/* Tells the `reading` of a minute of an open hour once more. */
void engine_tell_minute(struct engine *engine, int64_t minute, enum time_quality time_quality);

/* 0, or STORE_E_LEVEL (logged) if a stored directive that counts still is of no level of the plan.
 */
int engine_check_levels(const struct engine *engine);

/*
 * Stored hours from first to last were changed, in a transaction that noted them (changed.h) and is
 * over. What follows is computed in pieces: window and timeline by engine_refresh, before anything
 * is judged by them (of a district, whose points' hours seldom come alone, when the rest is due or
 * an hour closes); the rest by engine_follow_revision, a piece a call.
 */
void engine_revision_note(struct engine *engine, uint32_t by, int64_t first, int64_t last);
/* The same of hours told late: gathered for 20 s from the first on, or 5 min from the one before,
 * never longer; what comes while they are computed is the next. */
void engine_revision_late(struct engine *engine, uint32_t by, int64_t first, int64_t last,
			  int64_t now_ms);
void engine_refresh(struct engine *engine);
/* Until it is known which levels nothing but false hours called for, none is released by the
 * ordinary rule: if that is so, the advice is again what it was before, and *n_events is 0. */
void engine_keep_held(struct engine *engine, const struct advice *before, int *n_events);
void engine_follow_revision(struct engine *engine, int64_t now_ms, enum time_quality time_quality);
/* Hours or flags changed meanwhile: all histories are begun once more. */
void engine_revision_again(struct engine *engine);
/* What was noted before this start; STORE_E_NONE. */
int engine_revision_load(struct engine *engine);
void engine_revision_drop(struct engine *engine);

/* NULL, or why hours cannot be flagged as dust, or the flag not taken back. */
const char *engine_check_dust(const struct engine *engine, const struct dust *dust, int64_t now_ms);
/* NULL, or why hours cannot be told again. *ret_error: nobody can tell. */
const char *engine_check_resend(const struct engine *engine, const struct resend *resend,
				int *ret_error);
/* Notes in the transaction that runs that they are wanted; the answer has those that are not there.
 */
int engine_take_resend(struct engine *engine, const struct resend *resend,
		       struct command_answer *ret);

/* Flags them in the transaction that runs, or takes that back, and what follows from it. */
int engine_take_dust(struct engine *engine, const struct dust *dust, struct event *ret);

/* Computes the advice from the hours after warnings_load said why it cannot be read. */
int engine_renew(struct engine *engine, int why);

/* Window, timeline and dust once more from the stored hours. A store error. */
int engine_rebuild(struct engine *engine);

/* The AQIs of n hours from `first` on, computed anew and stored in the transaction that runs; told
 * as `when` says, NULL: not. Those that were never stored stay nothing. With when->resent they are
 * told and nothing is stored. */
int engine_revise(struct engine *engine, int64_t first, int n, const struct announcement *when);

/* At the first trusted time of a run: hours later than that plus one are set aside, and the engine
 * goes on before them. */
void engine_drop_future(struct engine *engine, int64_t now_ms);

#endif
