/* SPDX-License-Identifier: MIT */
#include "text_probe.h"

#include "pollutant.h"
#include "words.h"

#define MANY_UNITS 8

/* ---- profiles ---- */

static void print_identity(FILE *out, const struct match *match, int unit_id)
{
	const struct profile_identity *identity = &match->profile->identity;

	if (!match->identified)
		fputs(tr("     possible, not certain: the profile has no identity register\n"),
		      out);
	else if (identity->is_unit_id)
		fprintf(out,
			tr("     identified: function %d, register %d holds the unit id, %d "
			   "(another "
			   "model may\n     have it there, too)\n"),
			identity->at.function, identity->at.address, unit_id);
	else if (identity->text)
		fprintf(out, tr("     identified: function %d, registers from %d hold \"%s\"\n"),
			identity->at.function, identity->at.address, identity->text);
	else
		fprintf(out, tr("     identified: function %d, register %d holds %u\n"),
			identity->at.function, identity->at.address, identity->value);
}

static void print_values(FILE *out, const struct match *match)
{
	const char *between = tr(": ");

	fprintf(out, tr("     %d of %d values plausible"), match->counts[FIT_VALUE],
		match->profile->n_rows);
	for (int i = 0; i < match->profile->n_rows; i++) {
		const struct profile_row *row = &match->profile->rows[i];
		if (match->fits[i] != FIT_VALUE)
			continue;
		fprintf(out, "%s%s %g %s", between, profile_row_key(row),
			match->values_milli[i] / 1000.0, profile_row_unit(row));
		between = tr(", ");
	}
	fputs("\n", out);
}

static void print_count(FILE *out, int n, const char *text)
{
	if (n > 0)
		fprintf(out, "     %d %s\n", n, text);
}

static bool is_weak(const struct match *match)
{
	return !match->identified && match->chance > RECOGNISE_WEAK;
}

static void print_match_doubts(FILE *out, const struct match *match)
{
	print_count(out, match->counts[FIT_NOTHING], tr("zero or \"no value\": says nothing"));
	print_count(out, match->counts[FIT_WRONG], tr("outside the range"));
	print_count(out, match->counts[FIT_UNREAD], tr("not given by the device"));
	if (match->upside_down)
		fputs(tr("     PM2.5 above PM10: doubtful\n"), out);
	if (!match->measuring)
		fputs(tr("     its status register does not say normal now\n"), out);
	if (is_weak(match))
		fputs(tr("     weak: its ranges let many contents pass that mean something "
			 "else\n"),
		      out);
}

void text_probe_matches(FILE *out, const struct match *matches, int n, int unit_id)
{
	int shown = 0;

	for (int i = 0; i < n; i++) {
		const struct match *match = &matches[i];
		if (!match_is_candidate(match) || (shown > 0 && is_weak(match)))
			continue;
		if (shown == 0)
			fputs(tr("\nProfiles that fit, best first\n"), out);
		fprintf(out, "  %d. %s  (%s, %s)\n", ++shown, match->profile->id,
			match->profile->maker, match->profile->model);
		print_identity(out, match, unit_id);
		print_values(out, match);
		print_match_doubts(out, match);
	}
	if (n == 0)
		fputs(tr("\nThere are no profiles: --config-dir says where they are.\n"), out);
	else if (shown == 0)
		fprintf(out, tr("\nNone of %d profiles fits.\n"), n);
}

/* ---- units ---- */

static bool has_answered(const struct unit_greeting *greeting)
{
	return greeting->why == WHY_NONE || greeting->why == WHY_EXCEPTION;
}

static void print_greeting(FILE *out, const struct unit_greeting *greeting)
{
	if (greeting->why == WHY_NONE)
		fputs(tr("answers\n"), out);
	else if (greeting->why == WHY_EXCEPTION)
		fprintf(out, tr("answers, exception %d  %s\n"), greeting->code,
			text_probe_exception(greeting->code));
	else
		fputs(tr("something answers, and not right: noise, two devices of one address, "
			 "or "
			 "another master\n"),
		      out);
}

void text_probe_units(FILE *out, const struct unit_greeting greetings[256], enum link_kind kind)
{
	int n = 0;

	for (int first = 0, end; first < 256; first = end) {
		const struct unit_greeting *greeting = &greetings[first];
		for (end = first + 1; end < 256 && greetings[end].why == greeting->why &&
				      greetings[end].code == greeting->code;)
			end++;
		if (greeting->why == WHY_TIMEOUT)
			continue;
		if (has_answered(greeting))
			n += end - first;
		if (end - first > 1)
			fprintf(out, tr("units %d-%d: "), first, end - 1);
		else
			fprintf(out, tr("unit %d: "), first);
		print_greeting(out, greeting);
	}
	if (n > MANY_UNITS && kind == LINK_TCP)
		fputs(tr("Many units answer: the device may not look at the unit id, and be "
			 "the same at each.\n"),
		      out);
}
