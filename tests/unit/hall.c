/* SPDX-License-Identifier: MIT */
#include "hall.h"

#include <check.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command_json.h"
#include "engine_inside.h"
#include "events.h"
#include "hall_air.h"
#include "hall_damage.h"
#include "hall_false.h"
#include "hall_reader.h"
#include "pipeline.h"
#include "station.h"
#include "time_text.h"
#include "timetables.h"
#include "town_twin.h"
#include "verify.h"

#define HALL_BEGIN_MS INT64_C(1419638400000)
#define GATHER_MS 3000
#define SETTLE_MS 30000
#define WAIT_MAX_MIN (24 * 60) /* where hours close */
#define JSON_SIZE 1024
#define SAMPLES_MAX 256
#define NO_HOUR_MIN 30000 /* hours close three weeks late, if it lasts so long */
#define WORDS_MAX (TOWN_STEPS_MAX + 1)

struct sample_of_force {
	int64_t at_ms, number;
};

static struct {
	int64_t now_ms, true_ms; /* the station's clock; everybody else's */
	int64_t log_ms;          /* from when on the newest row of the log is */
	bool running, linked, clock_was_set, words_lost;
	struct town_twin twin; /* of a station that is cut off */
	int n_said, n_waiting, n_samples;
	int levels[WORDS_MAX];       /* of what was said, by its number */
	char document[8], issuer[8]; /* of the word said last */
	int64_t time_ms;
	char waiting[TOWN_STEPS_MAX][JSON_SIZE];
	struct sample_of_force samples[SAMPLES_MAX];
} hall;
static struct reader reader;

static int level_of(const char *id)
{
	int number = atoi(id + 1);
	return number > 0 && number < WORDS_MAX ? hall.levels[number] : -1;
}

/* ---- what goes out ---- */

/* Everything that waits reaches the broker, and whoever is connected to it. */
static void drain(void)
{
	struct outbox_row out[10];
	struct outbox_answer answers[10];
	int n = 0;
	reader.now_ms = hall.now_ms;
	if (!hall.linked || !hall.running)
		return;
	do {
		struct outbox_batch batch = {hall.now_ms, 10, out};
		ck_assert_int_eq(outbox_exchange(store, answers, n, &batch), 0);
		n = batch.n;
		for (int i = 0; i < n; i++) {
			answers[i] = (struct outbox_answer){.seq = out[i].seq,
							    .outcome = OUTBOX_DELIVERED};
			reader_take(&reader, out[i].topic, out[i].retain, out[i].payload);
			outbox_row_done(&out[i]);
		}
	} while (n > 0);
}

/* What follows from changed hours is computed by pieces: here at once, as a twin may have more
 * time for it. */
static void advance(void)
{
	const struct hall_false before = hall_false_before();
	do
		engine_advance(engine, hall.now_ms, TIME_SYNCHRONISED);
	while (engine->revision.by != 0 && engine->revision.due_ms <= hall.now_ms);
	hall_false_after(&reader, &before);
	drain();
}

static void tick(int64_t ms)
{
	hall.now_ms += ms;
	hall.true_ms += ms;
}

static void pass(int64_t ms)
{
	int64_t end_ms = hall.now_ms + ms;
	hall.true_ms += ms;
	for (int rounds = 0; hall.running; rounds++) {
		int64_t due_ms = engine_city_due_ms(engine), air_ms = air_due_ms(hall.now_ms);
		due_ms = air_ms < due_ms ? air_ms : due_ms;
		if (due_ms > end_ms)
			break;
		hall.now_ms = due_ms > hall.now_ms ? due_ms : hall.now_ms;
		air_show(hall.now_ms, hall.running);
		advance();
		if (rounds == 1000) {
			reader_fail(&reader, "it looks again and again");
			break;
		}
	}
	hall.now_ms = end_ms;
	if (hall.running)
		advance();
}

/* Until the orders are given; a phase waits for what was delivered. A twin that was not stopped has
 * fewer to give, and is at the same moment afterwards. */
static void settle_orders(void)
{
	int64_t end_ms = hall.now_ms + SETTLE_MS;
	while (hall.running && hall.linked && hall.now_ms < end_ms) {
		advance();
		if (!engine->orders_busy)
			break;
		pass(engine->orders_due_ms > hall.now_ms ? engine->orders_due_ms - hall.now_ms : 1);
	}
	if (hall.now_ms > end_ms)
		reader_fail(&reader, "the orders take longer than %d s", SETTLE_MS / 1000);
	pass(end_ms - hall.now_ms);
}

/* ---- what is said ---- */

static const char *moment(int64_t ms, char ret[TIME_TEXT_SIZE])
{
	return time_text(ms, ret);
}

static void name_document(const struct town_step *step)
{
	if (step->document == 3 && hall.n_said > 0)
		return; /* a part of the announcement said before */
	snprintf(hall.issuer, sizeof(hall.issuer), "%c", 'A' + step->issuer);
	hall.time_ms = hall.true_ms + step->skew_min * MINUTE_MS;
	hall.document[0] = '\0';
	if (step->document == 1 || step->document == 2)
		snprintf(hall.document, sizeof(hall.document), "D%d", step->document);
}

static void write_word(const struct town_step *step, char ret[JSON_SIZE])
{
	const struct timetable *timetable = &engine->city.timetable;
	char time[TIME_TEXT_SIZE];
	int64_t start_ms = hall.true_ms + step->start_min * MINUTE_MS;
	name_document(step);
	int n = snprintf(ret, JSON_SIZE, "{\"id\":\"w%d\",\"issuer\":\"%s\",\"time\":\"%s\"",
			 ++hall.n_said, hall.issuer, moment(hall.time_ms, time));
	hall.levels[hall.n_said] = step->level;
	if (step->level >= 0)
		n += snprintf(ret + n, (size_t)(JSON_SIZE - n),
			      ",\"level\":\"%s\",\"start\":\"%s\",\"area\":\"%s\"",
			      level_name(&conf->plan, step->level), moment(start_ms, time),
			      strcmp(hall.document, "D2") == 0 ? "荷塘区、芦淞区" : "荷塘区");
	if (step->level > 0 && step->end_min != 0)
		n += snprintf(ret + n, (size_t)(JSON_SIZE - n), ",\"planned_end\":\"%s\"",
			      moment(start_ms + step->end_min * MINUTE_MS, time));
	if (hall.document[0] != '\0')
		n += snprintf(ret + n, (size_t)(JSON_SIZE - n), ",\"document\":\"%s\"",
			      hall.document);
	if (step->after != 0 && timetable->newest_id[0] != '\0')
		n += snprintf(ret + n, (size_t)(JSON_SIZE - n), ",\"after\":\"%s\"",
			      step->after == 1 ? timetable->newest_id : "w0");
	if (step->which != 0)
		n += snprintf(ret + n, (size_t)(JSON_SIZE - n), ",\"withdraws\":[\"%s\"]",
			      timetable->n_pending > 0
				      ? timetable->pending[step->which % timetable->n_pending].id
				      : "w0");
	snprintf(ret + n, (size_t)(JSON_SIZE - n), "}");
}

/* Judges n commands together, as they come. */
static void hear(enum command_kind kind, char (*texts)[JSON_SIZE], int n)
{
	static struct command_message messages[TOWN_STEPS_MAX];
	const struct command *commands[TOWN_STEPS_MAX];
	struct command_answer answers[TOWN_STEPS_MAX];
	for (int i = 0; i < n; i++) {
		bool good =
			command_parse(kind, texts[i], strlen(texts[i]), &conf->plan, &messages[i]);
		ck_assert_msg(good, "%s: %s", messages[i].why, texts[i]);
		commands[i] = &messages[i].command;
	}
	int replies = reader.n_replies;
	const struct engine_together together = {n, commands, answers};
	ck_assert_int_eq(engine_directives(engine, &together, hall.now_ms, TIME_SYNCHRONISED), 0);
	drain();
	if (hall.linked && reader.n_replies != replies + n)
		reader_fail(&reader, "%d commands got %d replies", n, reader.n_replies - replies);
}

static void say(const struct town_step *step)
{
	static char text[1][JSON_SIZE];
	if (step->level < 0 && step->which == 0)
		return; /* nothing is said with it */
	write_word(step, text[0]);
	if (hall.running && (hall.linked || step->local)) {
		hall.twin.is_there = false;
		hear(COMMAND_DIRECTIVE, text, 1);
		return;
	}
	memcpy(hall.waiting[hall.n_waiting++], text[0], JSON_SIZE);
}

static void sign(const struct town_step *step)
{
	static char text[1][JSON_SIZE];
	const struct timetable *timetable = &engine->city.timetable;
	const struct timetable_entry *entry = timetable_last(timetable);
	char time[TIME_TEXT_SIZE], signed_at[TIME_TEXT_SIZE];
	if (step->which > 0 && timetable->n_pending > 0)
		entry = &timetable->pending[step->which % timetable->n_pending];
	if (!entry || entry->id[0] == '\0')
		return;
	hall.n_said++;
	snprintf(text[0], JSON_SIZE,
		 "{\"id\":\"r%d\",\"issuer\":\"R\",\"time\":\"%s\",\"number\":\"%d\",\"level\":\"%"
		 "s\","
		 "\"directive\":\"%s\",\"post\":\"指挥长\",\"signed\":\"%s\"}",
		 hall.n_said, moment(hall.true_ms, time), hall.n_said,
		 level_name(&conf->plan, entry->level), entry->id,
		 moment(hall.now_ms + 1000, signed_at));
	if (hall.true_ms <= hall.now_ms)
		hear(COMMAND_RELEASE, text, 1);
}

/* ---- what must hold ---- */

static struct reader_truth truth_now(void)
{
	const struct timetable *timetable = &engine->city.timetable;
	const struct timetable_entry *in_force = timetable_in_force(timetable);
	struct reader_truth truth = {
		.level = level_name(&conf->plan, timetable_level(timetable)),
		.advice = level_name(&conf->plan, advice_level(engine_advice(engine))),
		.changes = timetable_next_change(timetable, 0) >= 0,
		.binding = level_name(&conf->plan, binding_level(&engine->city.binding, timetable,
								 conf->binding_from)),
		.binding_number =
			binding_directive(&engine->city.binding, timetable, conf->binding_from),
		.n_pending = timetable->n_pending};
	if (in_force) {
		truth.released = in_force->released;
		truth.number = in_force->number;
		truth.id = in_force->id;
		truth.overdue = in_force->overdue;
	}
	for (int i = 0; i < timetable->n_pending; i++) {
		truth.pending[i] = timetable->pending[i].number;
		if (!truth.next_id && timetable->pending[i].level > 0 &&
		    timetable->pending[i].level != timetable_level_before(timetable, i))
			truth.next_id = timetable->pending[i].id;
	}
	return truth;
}

/* However the clock was set, the newest row is what is in force, and none is before the last. */
static void watch_newest_row(int64_t number)
{
	struct force_row row = {0};
	int r = force_log_newest(store, &row);
	if ((r == 0 && row.level != LEVEL_NONE ? row.directive : 0) != number)
		reader_fail(&reader, "by the newest row of the log %lld is in force, not %lld",
			    (long long)row.directive, (long long)number);
	if (r == 0 && row.from_ms < hall.log_ms)
		reader_fail(&reader, "the log of what was in force runs backwards");
	if (r == 0)
		hall.log_ms = row.from_ms;
}

/* By the log, what was in force at each moment until the clock was set. */
static void watch_log(void)
{
	const struct timetable_entry *in_force = timetable_in_force(&engine->city.timetable);
	watch_newest_row(in_force ? in_force->number : 0);
	if (hall.clock_was_set || hall.n_samples == SAMPLES_MAX)
		return;
	hall.samples[hall.n_samples++] =
		(struct sample_of_force){hall.now_ms, in_force ? in_force->number : 0};
	for (int i = 0; i < hall.n_samples; i++) {
		struct force_row row = {0};
		int r = force_log_at(store, hall.samples[i].at_ms, &row);
		if ((r == 0 ? row.directive : 0) != hall.samples[i].number)
			reader_fail(&reader, "by the log %lld was in force, not %lld",
				    (long long)row.directive, (long long)hall.samples[i].number);
	}
}

static void watch_rest(void)
{
	settle_orders();
	const struct reader_truth truth = truth_now();
	const struct timetable *timetable = &engine->city.timetable;
	for (int i = 0; i < timetable->n_pending; i++) {
		if (timetable->pending[i].start_ms <= hall.now_ms)
			reader_fail(&reader, "directive %lld does not begin",
				    (long long)timetable->pending[i].number);
	}
	if (hall.linked)
		reader_compare(&reader, &truth);
	watch_log();
	air_check(&reader);
	tick(1000); /* what comes next does not come at the same moment */
}

static void watch_end(void)
{
	struct chain_check checks[VERIFIED_COUNT];
	ck_assert_int_eq(verify_logs(store, NULL, checks), 0);
	for (int i = 0; i < VERIFIED_COUNT; i++) {
		if (checks[i].bad != 0)
			reader_fail(&reader, "chain %d: %lld does not fit", i,
				    (long long)checks[i].bad);
	}
}

/* ---- stopping ---- */

static void open_engine(void)
{
	start();
	hall.running = true;
}

static bool is_same_advice(const struct advice *a, const struct advice *b)
{
	return a->held == b->held && a->holding == b->holding && a->hold_reason == b->hold_reason &&
	       a->hold_told == b->hold_told && a->undecided == b->undecided &&
	       a->episode == b->episode && a->since == b->since && a->last_event == b->last_event &&
	       a->last_hour == b->last_hour && a->lowered == b->lowered && a->ended == b->ended &&
	       a->wary == b->wary &&
	       memcmp(a->beyond_since, b->beyond_since, sizeof(a->beyond_since)) == 0;
}

/* What is read back is what was stored. */
static void restart(void)
{
	static struct engine_city before;
	const struct advice advice = engine->state.advice;
	before = engine->city;
	killed();
	open_engine();
	const struct engine_city *after = &engine->city;
	if (memcmp(&before.timetable, &after->timetable, sizeof(before.timetable)) != 0)
		reader_fail(&reader, "the timetable read back is another");
	if (memcmp(before.answer.too_late, after->answer.too_late,
		   sizeof(before.answer.too_late)) != 0)
		reader_fail(&reader, "what came too late is another");
	if (!is_same_advice(&advice, &engine->state.advice))
		reader_fail(&reader, "the advice read back is another");
	if (memcmp(&before.binding, &after->binding, sizeof(before.binding)) != 0 ||
	    memcmp(&before.series, &after->series, sizeof(before.series)) != 0)
		reader_fail(&reader, "what binds, or the number of events, is another");
	advance();
}

/* What counts of a directive in force, as its command and the log know it; as its events do, but
 * for its sender's clock and its turn. */
static bool is_same_entry(const struct timetable_entry *a, const struct timetable_entry *b,
			  bool by_events)
{
	return a->start_ms == b->start_ms && a->planned_end_ms == b->planned_end_ms &&
	       (by_events || (a->time_ms == b->time_ms && a->turn == b->turn)) &&
	       a->effective_ms == b->effective_ms && a->overdue == b->overdue &&
	       a->released == b->released && a->previous == b->previous &&
	       strcmp(a->id, b->id) == 0 && strcmp(a->document, b->document) == 0 &&
	       strcmp(a->issuer, b->issuer) == 0;
}

/* What was in force and pending still is, and health can name it. */
static void damage_rows(int kind)
{
	static struct timetable before;
	before = engine->city.timetable;
	const struct timetable *after = &engine->city.timetable;
	const struct timetable_entry *was = timetable_in_force(&before);
	hall.twin.is_there = false;
	killed();
	hall_damage(kind, was ? was->number : 0,
		    before.n_pending > 0 ? before.pending[0].number : 0);
	open_engine();
	after = &engine->city.timetable;
	const struct timetable_entry *is = timetable_in_force(after);
	if (!was != !is || (is && (is->number != was->number || is->level != was->level)))
		reader_fail(&reader, "a damaged row changed what is in force");
	hall.words_lost = hall.words_lost || kind >= HALL_DAMAGE_LOG;
	if (is && !is_same_entry(is, was, hall.words_lost))
		reader_fail(&reader, "a damaged row changed directive %lld", (long long)is->number);
	bool same = before.n_pending == after->n_pending;
	for (int i = 0; i < before.n_pending && same; i++)
		same = is_same_entry(&before.pending[i], &after->pending[i], false);
	if (!same)
		reader_fail(&reader, "a damaged row changed what is pending");
	bool of_force = kind != HALL_DAMAGE_PENDING && kind != HALL_DAMAGE_STATE;
	if (is && of_force && engine_damaged_directive(engine) != is->number)
		reader_fail(&reader, "directive %lld is damaged, and health does not say so",
			    (long long)is->number);
	advance();
}

/* The words that wait, judged by the rules alone: as the engine does, and as a station that was
 * never cut off. */
static void compare_twins(const struct timetable *before, const struct event_series *series)
{
	static struct timetable_word words[TOWN_STEPS_MAX];
	static struct command_message message;
	static struct judge_outcome outcome;
	struct timetable_word *list[TOWN_STEPS_MAX];
	static struct timetable judged;
	struct event_series goes_on = *series;
	const struct word_moment moment = {hall.now_ms, &goes_on, WORD_CLOCKS_APART_MS, false};
	judged = *before;
	for (int i = 0; i < hall.n_waiting; i++) {
		command_parse(COMMAND_DIRECTIVE, hall.waiting[i], strlen(hall.waiting[i]),
			      &conf->plan, &message);
		words[i] = message.command.directive.word;
		words[i].received_ms = hall.now_ms;
		list[i] = &words[i];
	}
	judge(&judged, list, hall.n_waiting, &moment, &outcome);
	if (!town_is_alike(&judged, &engine->city.timetable))
		reader_fail(&reader, "the engine judges otherwise than the rules");
	const char *why = town_twin_end(&hall.twin, &engine->city.timetable, list, hall.n_waiting,
					hall.now_ms);
	if (why)
		reader_fail(&reader, "%s", why);
}

static void begin_twin(void)
{
	const struct engine_city *city = &engine->city;
	if (hall.running && hall.linked)
		town_twin_begin(&hall.twin, &city->timetable, &city->series, hall.now_ms);
}

/* What waited at the broker is judged together, after some seconds. */
static void hear_backlog(void)
{
	static struct timetable before;
	struct event_series series;
	engine_hold(engine);
	int64_t turn = engine->city.timetable.last_turn;
	advance();
	if (engine->city.timetable.last_turn != turn)
		reader_fail(&reader, "something begins while words are gathered");
	if (hall.linked) {
		const struct reader_truth truth = truth_now();
		reader_compare_waiting(&reader, &truth);
	}
	tick(GATHER_MS);
	before = engine->city.timetable;
	series = engine->city.series;
	hear(COMMAND_DIRECTIVE, hall.waiting, hall.n_waiting);
	compare_twins(&before, &series);
	hall.n_waiting = 0;
}

static void begin(void)
{
	hall.linked = true;
	open_engine();
	ck_assert_int_eq(outbox_retry_all(store), 0);
	hear_backlog();
}

static void link_up(void)
{
	bool was_down = !hall.linked;
	hall.linked = true;
	if (was_down && hall.running)
		hear_backlog();
}

static void set_clock(const struct town_step *step)
{
	hall.now_ms = hall.true_ms + step->start_min * MINUTE_MS;
	hall.clock_was_set = true;
	hall.twin.is_there = false;
	if (!hall.running)
		return;
	engine_stepped(engine);
	advance();
}

static void stop(void)
{
	engine_stop(engine, hall.now_ms);
	hall.running = false;
}

/* ---- the sequence ---- */

static void take_step(const struct hall_run *run, const struct town_step *step)
{
	switch (step->op) {
	case TOWN_SAYS:
		say(step);
		return;
	case TOWN_WAITS:
		pass((run->closes_hours && step->start_min > WAIT_MAX_MIN ? WAIT_MAX_MIN
									  : step->start_min) *
		     MINUTE_MS);
		return;
	case TOWN_SIGNS:
		if (hall.running)
			sign(step);
		return;
	case TOWN_RESTARTS:
		if (hall.running && !run->never_restarts && !air_is_unwritten())
			restart();
		return;
	case TOWN_DAMAGES:
		if (hall.running && !run->never_restarts)
			damage_rows(step->which);
		return;
	case TOWN_UNLINKS:
		begin_twin();
		hall.linked = false;
		return;
	case TOWN_LINKS:
		link_up();
		return;
	case TOWN_STOPS:
		begin_twin();
		if (hall.running)
			stop();
		return;
	case TOWN_STARTS:
		if (!hall.running) {
			killed();
			begin();
		}
		return;
	case TOWN_SETS_CLOCK:
		set_clock(step);
		return;
	case TOWN_ADVISES:
	case TOWN_BREATHES:
	case TOWN_DUSTS:
	case TOWN_REVIEWS:
	case TOWN_DOUBTS:
		if (hall.running && air_take(step, hall.now_ms))
			advance(); /* a twin has as much time for it as one that starts anew */
		return;
	}
}

static void remove_data(void)
{
	DIR *dir = opendir(conf->data_dir);
	const struct dirent *entry;
	char path[512];
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%.250s/%.250s", conf->data_dir, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	if (dir)
		closedir(dir);
}

static void begin_hall(struct hall_run *run)
{
	memset(&hall, 0, sizeof(hall));
	reader_done(&reader);
	reader = (struct reader){.run = run,
				 .plan = &conf->plan,
				 .level = "none",
				 .advice = {"none", ""},
				 .level_of = level_of};
	run->why[0] = run->story[0] = run->retained[0] = '\0';
	hall.now_ms = hall.true_ms = HALL_BEGIN_MS;
	hall.linked = true;
	air_begin(run->closes_hours);
	conf->binding_from = run->by_release ? BINDING_FROM_RELEASE : BINDING_FROM_DIRECTIVE;
	conf->close_delay_min = run->closes_hours ? 2 : NO_HOUR_MIN;
	remove_data();
	open_engine();
	station_import(store, 0, 3);
	advance();
}

int hall_run(struct hall_run *run)
{
	int i = 0;
	begin_hall(run);
	for (; i < run->n && run->why[0] == '\0'; i++) {
		if (run->out) {
			fprintf(run->out, "%3d  %5lld  ", i + 1,
				(long long)(hall.now_ms - HALL_BEGIN_MS) / MINUTE_MS);
			town_print(&run->steps[i], run->out);
		}
		take_step(run, &run->steps[i]);
		if (hall.running)
			watch_rest();
	}
	watch_end();
	if (hall.linked && hall.running)
		reader_tell_retained(&reader);
	killed();
	return run->why[0] != '\0' ? (i > 0 ? i - 1 : 0) : i;
}
