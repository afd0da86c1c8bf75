/* SPDX-License-Identifier: MIT */
#include "text_given.h"

#include <string.h>

#include "hour.h"
#include "text.h"
#include "time_text.h"
#include "words.h"

#define LABEL_WIDTH 18
#define MOMENT_SIZE 24

static void print_label(FILE *out, const char *label)
{
	fprintf(out, "  %s%*s", label, LABEL_WIDTH - words_width(label), "");
}

static const char *write_moment(int64_t ms, char ret[MOMENT_SIZE])
{
	char text[TIME_TEXT_SIZE];
	time_text(ms, text);
	snprintf(ret, MOMENT_SIZE, "%.10s %.5s", text, text + 11);
	return ret;
}

static const char *name_level(const struct conf *conf, const char *id, char ret[TEXT_LEVEL_MAX])
{
	int level;
	if (strcmp(id, "none") == 0)
		return tr("none");
	if (!level_parse(&conf->plan, id, &level))
		return id;
	text_level(conf, level, words_are_chinese() ? TEXT_ZH : TEXT_EN, ret);
	return ret;
}

/* ---- before it is given ---- */

static void print_value(FILE *out, const struct conf *conf, const struct given_field *field,
			const char *value, int64_t now_ms)
{
	char moment[MOMENT_SIZE], level[TEXT_LEVEL_MAX];
	int64_t ms;
	print_label(out, tr(field->label));
	if (field->type == GIVEN_LEVEL && strcmp(value, "none") == 0)
		fprintf(out, "%s\n", tr("none: a lift"));
	else if (field->type == GIVEN_LEVEL)
		fprintf(out, "%s\n", name_level(conf, value, level));
	else if (field->type == GIVEN_TIME && given_time(value, now_ms, &ms))
		fprintf(out, "%s\n", write_moment(ms, moment));
	else
		fprintf(out, "%s\n", field->type == GIVEN_FLAG ? tr("yes") : value);
}

static void print_steps(FILE *out, const struct forecast *forecast)
{
	char from[MOMENT_SIZE], to[MOMENT_SIZE];
	const struct forecast_step *first = &forecast->steps[0],
				   *last = &forecast->steps[forecast->n - 1];
	int most = -1;
	for (int i = 0; i < forecast->n; i++)
		most = forecast->steps[i].aqi_max > most ? forecast->steps[i].aqi_max : most;
	print_label(out, tr("steps"));
	fprintf(out,
		forecast->form == FORECAST_DAILY_AQI ? tr("%d days, to %s") : tr("%d hours, to %s"),
		forecast->n, write_moment(last->hour * HOUR_MS, to));
	if (forecast->form == FORECAST_CONCENTRATIONS)
		fprintf(out, tr(", from %s"), write_moment(first->hour * HOUR_MS, from));
	else
		fprintf(out, tr(", highest AQI %d"), most);
	fputc('\n', out);
}

void text_given(FILE *out, const struct conf *conf, const struct given *given, int64_t now_ms)
{
	static const struct given_field issuer = {"issuer", TR_LATER("given by"), GIVEN_TEXT,
						  GIVEN_NEEDED},
					time = {"time", TR_LATER("said"), GIVEN_TIME, GIVEN_NEEDED},
					id = {"id", TR_LATER("id"), GIVEN_TEXT, GIVEN_NEEDED};
	for (int i = 0; given->kind->fields[i].key; i++) {
		if (given->values[i])
			print_value(out, conf, &given->kind->fields[i], given->values[i], now_ms);
	}
	if (given->forecast)
		print_steps(out, given->forecast);
	print_value(out, conf, &issuer, given_issuer(given), now_ms);
	print_value(out, conf, &time, given->time ? given->time : "now", now_ms);
	print_value(out, conf, &id, given->id, now_ms);
}

/* ---- what came of it ---- */

static void print_entry(FILE *out, const struct conf *conf, const char *label,
			const struct given_entry *entry)
{
	char moment[MOMENT_SIZE], level[TEXT_LEVEL_MAX];
	print_label(out, label);
	if (entry->number == 0)
		fprintf(out, "%s\n", tr("no directive"));
	else
		fprintf(out, tr("%s from %s, directive %lld\n"),
			name_level(conf, entry->level, level), write_moment(entry->from_ms, moment),
			(long long)entry->number);
}

static void print_words(FILE *out, const char *label, const char *words)
{
	if (words[0] == '\0')
		return;
	print_label(out, label);
	fprintf(out, "%s\n", words);
}

static void print_judged(FILE *out, const struct conf *conf, const struct given_reply *reply)
{
	char level[TEXT_LEVEL_MAX];
	if (reply->before.number != reply->after.number)
		print_entry(out, conf, tr("was in force"), &reply->before);
	print_entry(out, conf, tr("in force"), &reply->after);
	for (int i = 0; i < reply->n_pending; i++)
		print_entry(out, conf, tr("pending"), &reply->pending[i]);
	print_words(out, tr("taken out"), reply->taken_out);
	print_words(out, tr("stays"), reply->kept);
	print_words(out, tr("too late for"), reply->too_late);
	print_words(out, tr("passed over by"), reply->passed_over_by);
	if (reply->document_was[0])
		print_words(out, tr("document was"), name_level(conf, reply->document_was, level));
	if (reply->no_effect)
		fprintf(out, "  %s\n", tr("there was nothing to lift or take out"));
}

static const char *explain_slip(const char *found)
{
	if (strcmp(found, "of_nothing") == 0)
		return tr("it makes nothing public: it names no directive that is known");
	if (strcmp(found, "other_level") == 0)
		return tr("it makes nothing public: its level is not that of the directive");
	if (strcmp(found, "without_post") == 0)
		return tr("it makes nothing public: the post that signs it is missing");
	if (strcmp(found, "signed_too_soon") == 0)
		return tr("it makes nothing public: it was signed before the directive was said");
	return tr("it makes the directive public");
}

void text_reply(FILE *out, const struct conf *conf, const struct given_reply *reply)
{
	bool repeated = strcmp(reply->outcome, "repeated") == 0;
	if (reply->in_vain)
		fprintf(out, "%s\n", explain_slip(reply->slip_found));
	fprintf(out, "%s",
		repeated ? tr("repeated: it was accepted before, nothing is done again")
			 : tr("accepted"));
	if (reply->number != 0)
		fprintf(out, tr(", directive %lld"), (long long)reply->number);
	fprintf(out, "%s%s\n", reply->why[0] ? tr("; ") : "", reply->why);
	if (reply->judged)
		print_judged(out, conf, reply);
	if (reply->slip_found[0] && !reply->in_vain)
		fprintf(out, "  %s\n", explain_slip(reply->slip_found));
	if (reply->post_differs)
		fprintf(out, "  %s\n", tr("another post than the level's approver signed it"));
	if (reply->is_volatile)
		fprintf(out, "  %s\n", tr("the disk is failing: a power cut would lose it"));
}
