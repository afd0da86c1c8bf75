/* SPDX-License-Identifier: MIT */
/* Each directive and each slip: kept, judged, stored. */
#include <stdio.h>
#include <string.h>

#include "command_quota.h"
#include "commands.h"
#include "directives.h"
#include "engine_batch.h"
#include "plain_text.h"
#include "signers.h"

#define UNREAD_MAX 8192 /* bytes of one that could not be read that are kept, the NUL included */

/* ---- the commands ---- */

static const char *find_fault(const struct command *command, int64_t now_ms,
			      enum time_quality time_quality)
{
	bool ahead = command->time_ms > now_ms + WORD_AHEAD_MS;
	if (command->kind != COMMAND_DIRECTIVE && ahead && time_quality != TIME_UNSYNCHRONISED)
		return "time: lies ahead of now";
	return NULL;
}

static int take_in_item(struct engine *engine, struct batch *batch, struct batch_item *item)
{
	const struct command *command = item->command;
	int64_t now_ms = batch->when.now_ms;
	item->answer = (struct command_answer){.outcome = COMMAND_ACCEPTED};
	int r = engine_find_answer(engine, command, &item->answer);
	item->known = r == 0;
	if (r != STORE_E_NONE)
		return r;
	const char *fault = find_fault(command, now_ms, batch->when.time_quality);
	if (fault) {
		item->answer.outcome = COMMAND_REFUSED;
		snprintf(item->answer.why, sizeof(item->answer.why), "%s", fault);
	}
	r = engine_keep_command(engine, command, now_ms, &item->answer, item->name);
	if (r != 0 || command->kind != COMMAND_DIRECTIVE)
		return r;
	item->word = command->directive.word;
	item->word.received_ms = now_ms;
	batch->words[batch->n_words++] = &item->word;
	return 0;
}

int batch_take_in(struct engine *engine, struct batch *batch)
{
	int r = 0;
	batch->n_words = 0;
	for (int i = 0; i < batch->n && r == 0; i++)
		r = take_in_item(engine, batch, &batch->items[i]);
	return r;
}

int batch_take_unread(struct engine *engine, struct batch *batch)
{
	static char text[UNREAD_MAX]; /* too large for a stack; one thread */
	const struct command *command = batch->unread;
	int64_t now_ms = batch->when.now_ms;
	bool known = false;
	plain_text_write(text, sizeof(text), command->json);
	const struct command_row row = {.id = command->id,
					.kind = command_kind_name(command->kind),
					.key = command->key,
					.user = command->user,
					.issuer = command->issuer,
					.json = text,
					.time_ms =
						command->time_ms != 0 ? command->time_ms : now_ms,
					.received_ms = now_ms,
					.why = batch->unread_why};
	int64_t gone = 0;
	int r = command_quota_make_room(engine->store, row.kind, strlen(text), &gone);
	if (r == 0)
		r = commands_put_unread(engine->store, &row, &known);
	if (r == 0)
		engine_tell_quota(engine, command, gone);
	batch->names_unread = r == 0 && !known;
	if (r == 0 && command->key && command->counter != 0)
		r = signers_raise(engine->store, command->key, command->counter);
	return r;
}

/* ---- directives ---- */

static void name_unread(struct timetable *timetable, const struct batch *batch)
{
	struct timetable_refused refused = {.why = REFUSAL_MALFORMED, .at_ms = batch->when.now_ms};
	memcpy(refused.id, batch->unread->id, sizeof(refused.id));
	memcpy(refused.issuer, batch->unread->issuer, sizeof(refused.issuer));
	timetable_note_refused(timetable, &refused);
}

static void judge_words(struct engine *engine, struct batch *batch)
{
	struct engine_city *city = &engine->city;
	const struct word_moment moment = {
		.now_ms = batch->when.now_ms,
		.series = &city->series,
		.clocks_apart_ms = engine->conf->clocks_apart_min * MINUTE_MS,
		.unsynchronised = batch->when.time_quality == TIME_UNSYNCHRONISED};
	batch->before = city->timetable;
	batch->outcome.n_told = 0;
	if (batch->names_unread)
		name_unread(&city->timetable, batch);
	if (!batch->judges)
		return;
	judge(&city->timetable, batch->words, batch->n_words, &moment, &batch->outcome);
	for (int i = 0; i < batch->n_words; i++) {
		const struct word_answer *answer = &batch->words[i]->answer;
		if (answer->refusal != REFUSAL_NONE ||
		    (city->has_answer && answer->number < city->answer.number))
			continue;
		city->answer = *answer;
		city->has_answer = true;
	}
}

static int store_word(struct engine *engine, const struct batch *batch, struct batch_item *item)
{
	const struct timetable_word *word = &item->word;
	struct word_details details = item->command->directive.details;
	int64_t now_ms = batch->when.now_ms;
	if (word->answer.refusal != REFUSAL_NONE) {
		item->answer.outcome = COMMAND_REFUSED;
		command_refusal_text(&word->answer, item->answer.why);
		return 0;
	}
	details.number = word->answer.number;
	return directives_append(engine->store, item->name, word, &details,
				 word_said_ms(word, now_ms));
}

static void list_events(const struct engine *engine, struct batch *batch)
{
	struct announcement *when = &batch->when;
	for (int i = 0; i < batch->outcome.n_told; i++) {
		const struct told *told = &batch->outcome.told[i];
		batch->events[i] = (struct event){.kind = told->kind,
						  .about = ABOUT_DIRECTIVE,
						  .level = told->level,
						  .previous = told->previous,
						  .number = told->number,
						  .time_ms = told->time_ms,
						  .hour = engine_newest_hour(engine),
						  .onset_ms = told->onset_ms,
						  .episode = told->episode,
						  .told = told};
	}
	when->n_events = batch->outcome.n_told;
	when->events = batch->events;
}

void batch_judge(struct engine *engine, struct batch *batch)
{
	struct announcement *when = &batch->when;
	judge_words(engine, batch);
	list_events(engine, batch);
	const struct timetable *is = &engine->city.timetable;
	/* NOLINTNEXTLINE(bugprone-*,cert-*): at the worst said once too often */
	bool moved = memcmp(&batch->before, is, sizeof(batch->before)) != 0;
	when->repeat_advice = batch->n_words > 0 || engine->mended || moved || batch->repeats;
}

/* ---- slips ---- */

static int64_t find_directive(const struct timetable *timetable, const char *id)
{
	for (int i = timetable->n_pending - 1; i >= 0 && id[0] != '\0'; i--) {
		if (strcmp(timetable->pending[i].id, id) == 0)
			return timetable->pending[i].number;
	}
	for (int i = timetable->n_begun - 1; i >= 0 && id[0] != '\0'; i--) {
		if (strcmp(timetable->begun[i].id, id) == 0)
			return timetable->begun[i].number;
	}
	return 0;
}

/* In the language that the slip is written in, if it is one of the two. */
static const char *find_approver(const struct plan *plan, const struct release *release)
{
	const struct plan_level *level = &plan->levels[release->level];
	bool english = level->approver_en && strcmp(level->approver_en, release->post) == 0;
	return english ? level->approver_en : level->approver_zh;
}

static int take_slip(struct engine *engine, struct batch_item *item)
{
	struct engine_city *city = &engine->city;
	struct release *release = &item->release;
	*release = item->command->release;
	release->directive_number = find_directive(&city->timetable, release->directive);
	const struct release_slip slip = {release->directive_number, release->level,
					  release->signed_ms, release->post};
	release->fault = binding_take_slip(&city->timetable, &slip,
					   find_approver(engine->rules.plan, release),
					   &release->post_differs);
	if (release->fault == RELEASE_GOOD)
		engine_keep_slip(engine, release);
	city->release = *release;
	city->has_release = true;
	item->answer.release = release;
	const struct release_row row = {.number = release->number,
					.reviewer = release->reviewer,
					.signer = release->signer,
					.post = release->post,
					.level = release->level,
					.reviewed_ms = release->reviewed_ms,
					.signed_ms = release->signed_ms,
					.start_ms = release->start_ms,
					.directive = release->directive,
					.directive_number = release->directive_number,
					.fault = release->fault,
					.post_differs = release->post_differs};
	return releases_put(engine->store, item->name, &row);
}

static int settle_item(struct engine *engine, struct batch *batch, struct batch_item *item)
{
	int r = 0;
	if (item->known || item->answer.outcome == COMMAND_REFUSED)
		return 0;
	if (item->command->kind == COMMAND_DIRECTIVE) {
		r = store_word(engine, batch, item);
	} else {
		r = take_slip(engine, item);
		batch->when.repeat_advice = true;
	}
	if (r == 0 && item->answer.why[0] != '\0')
		r = commands_answer(engine->store, item->name,
				    item->answer.outcome == COMMAND_ACCEPTED, item->answer.why);
	return r;
}

/* Those that were accepted before: what the others were is in their answers. */
static int mark_passed_over(struct engine *engine, const struct batch *batch)
{
	int r = 0;
	for (int i = 0; i < batch->outcome.n_told && r == 0; i++) {
		const struct told *told = &batch->outcome.told[i];
		if (told->reason == TOLD_BECAUSE_PASSED_OVER)
			r = directives_pass_over(engine->store, told->entry.number, told->by);
	}
	return r;
}

int batch_settle(struct engine *engine, struct batch *batch)
{
	int r = 0;
	for (int i = 0; i < batch->n && r == 0; i++)
		r = settle_item(engine, batch, &batch->items[i]);
	return r == 0 ? mark_passed_over(engine, batch) : r;
}
