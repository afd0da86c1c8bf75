/* SPDX-License-Identifier: MIT */
#include "given_kinds.h"

#include <stdio.h>
#include <string.h>

#include "time_text.h"
#include "words.h"

static const struct given_kind kinds[COMMAND_KIND_COUNT] = {
	[COMMAND_DIRECTIVE] =
		{COMMAND_DIRECTIVE,
		 TR_LATER("Usage: hazewatch directive --level LEVEL --start TIME OPTION...\n"
			  "       hazewatch directive --withdraws ID[,ID]... OPTION...\n"
			  "\n"
			  "Gives the running daemon a directive of the command centre, word for "
			  "word.\n"
			  "\n"
			  "  --level LEVEL       of the plan; none lifts\n"
			  "  --start TIME        now, \"2026-01-31 09:00\", 09:00 or with an "
			  "offset\n"
			  "  --issuer WHO        needed: whose word it is, who signed or "
			  "telephoned\n"
			  "  --document TEXT     needed: the document's number, or where a call is "
			  "noted\n"
			  "  --time TIME         when it was said, by default now\n"
			  "  --planned-end TIME  when it is to end\n"
			  "  --area TEXT         where it holds\n"
			  "  --reason WHY        local or regional\n"
			  "  --after ID          it was given knowing of this one\n"
			  "  --withdraws IDS     what it takes back, joined by commas\n"),
		 NULL,
		 {
			 {"level", TR_LATER("level"), GIVEN_LEVEL, GIVEN_OF_LEVEL},
			 {"start", TR_LATER("start"), GIVEN_TIME, GIVEN_OF_LEVEL},
			 {"planned_end", TR_LATER("planned end"), GIVEN_TIME, GIVEN_FREE},
			 {"area", TR_LATER("area"), GIVEN_TEXT, GIVEN_FREE},
			 {"reason", TR_LATER("reason"), GIVEN_TEXT, GIVEN_FREE},
			 {"document", TR_LATER("document"), GIVEN_TEXT, GIVEN_NEEDED},
			 {"after", TR_LATER("after"), GIVEN_TEXT, GIVEN_FREE},
			 {"withdraws", TR_LATER("withdraws"), GIVEN_IDS, GIVEN_FREE},
		 }},
	[COMMAND_RELEASE] =
		{COMMAND_RELEASE,
		 TR_LATER(
			 "Usage: hazewatch release --number TEXT --level LEVEL --directive ID\n"
			 "                         --signer WHO --post TEXT --signed TIME "
			 "[OPTION]...\n"
			 "\n"
			 "Gives the running daemon the signed slip that makes a directive public.\n"
			 "\n"
			 "  --number TEXT     of the slip\n"
			 "  --level LEVEL     of the plan; none of a lift\n"
			 "  --directive ID    what it releases: nothing becomes public without it\n"
			 "  --signer WHO      who signed it\n"
			 "  --post TEXT       the post that signs it: needed with --directive\n"
			 "  --signed TIME     when, needed too: now, \"2026-01-31 09:00\", 09:00\n"
			 "  --reviewer WHO    who reviewed it\n"
			 "  --reviewed TIME   when\n"
			 "  --start TIME      as the slip has it\n"
			 "  --issuer WHO      by default the signer\n"
			 "  --time TIME       when it was given, by default now\n"),
		 "signer",
		 {
			 {"number", TR_LATER("slip"), GIVEN_TEXT, GIVEN_NEEDED},
			 {"level", TR_LATER("level"), GIVEN_LEVEL, GIVEN_NEEDED},
			 {"directive", TR_LATER("directive"), GIVEN_TEXT, GIVEN_FREE},
			 {"start", TR_LATER("start"), GIVEN_TIME, GIVEN_FREE},
			 {"reviewer", TR_LATER("reviewer"), GIVEN_TEXT, GIVEN_FREE},
			 {"reviewed", TR_LATER("reviewed"), GIVEN_TIME, GIVEN_FREE},
			 {"signer", TR_LATER("signer"), GIVEN_TEXT, GIVEN_NEEDED},
			 {"post", TR_LATER("post"), GIVEN_TEXT, GIVEN_OF_RELEASE},
			 {"signed", TR_LATER("signed"), GIVEN_TIME, GIVEN_OF_RELEASE},
		 }},
	[COMMAND_FORECAST] =
		{COMMAND_FORECAST,
		 TR_LATER("Usage: hazewatch forecast FILE.csv --source TEXT --kind KIND "
			  "[OPTION]...\n"
			  "       hazewatch forecast --bulletin LINE --source TEXT [OPTION]...\n"
			  "\n"
			  "Gives the running daemon a forecast. The file has a header: hour and "
			  "pm25_ug_m3,\n"
			  "pm10_ug_m3, so2_ug_m3, no2_ug_m3, co_mg_m3, o3_ug_m3; or hour and aqi; "
			  "or date,\n"
			  "aqi_min, aqi_max and short_heavy. An hour is named by its END.\n"
			  "\n"
			  "  --bulletin LINE   days such as \"2026-01-31 110-160, 2026-02-01 "
			  "80-120 heavy\";\n"
			  "                    heavy: a short spell of heavy pollution\n"
			  "  --source TEXT     whose forecast it is\n"
			  "  --kind KIND       model, bulletin or consultation\n"
			  "  --issued TIME     by default now\n"
			  "  --issuer WHO      who gives it, by default the source\n"
			  "  --time TIME       when it was given, by default now\n"),
		 "source",
		 {
			 {"source", TR_LATER("source"), GIVEN_TEXT, GIVEN_NEEDED},
			 {"kind", TR_LATER("kind"), GIVEN_TEXT, GIVEN_NEEDED},
			 {"issued", TR_LATER("issued"), GIVEN_TIME, GIVEN_NEEDED},
		 }},
	[COMMAND_DUST] =
		{COMMAND_DUST,
		 TR_LATER("Usage: hazewatch dust --from HOUR --to HOUR --source TEXT [OPTION]...\n"
			  "\n"
			  "Tells the running daemon of a dust event: hours in which particles "
			  "count for\n"
			  "nothing, named by their ENDs, both counted; 72 at most.\n"
			  "\n"
			  "  --from HOUR    such as \"2026-03-15 09:00\", or 09:00 of today\n"
			  "  --to HOUR      the last one\n"
			  "  --source TEXT  who says so\n"
			  "  --clear        it is not so: takes such hours back\n"
			  "  --issuer WHO   who gives it, by default the source\n"
			  "  --time TIME    when it was given, by default now\n"),
		 "source",
		 {
			 {"from", TR_LATER("from hour"), GIVEN_TIME, GIVEN_NEEDED},
			 {"to", TR_LATER("to hour"), GIVEN_TIME, GIVEN_NEEDED},
			 {"source", TR_LATER("source"), GIVEN_TEXT, GIVEN_NEEDED},
			 {"clear", TR_LATER("taken back"), GIVEN_FLAG, GIVEN_FREE},
		 }},
	[COMMAND_REVIEW] =
		{COMMAND_REVIEW,
		 TR_LATER("Usage: hazewatch review --from HOUR --to HOUR --pollutants LIST "
			  "--action WHAT\n"
			  "                        --reason TEXT --reviewer WHO [OPTION]...\n"
			  "\n"
			  "Gives the running daemon a person's verdict on stored hours.\n"
			  "\n"
			  "  --from HOUR        such as \"2026-03-15 09:00\", or 09:00 of today\n"
			  "  --to HOUR          the last one; hours are named by their ENDs\n"
			  "  --pollutants LIST  pm25, pm10, so2, no2, co, o3, joined by commas\n"
			  "  --action WHAT      invalidate or restore\n"
			  "  --reason TEXT      why\n"
			  "  --reviewer WHO     who looked at them\n"
			  "  --issuer WHO       who gives it, by default the reviewer\n"
			  "  --time TIME        when it was given, by default now\n"),
		 "reviewer",
		 {
			 {"from", TR_LATER("from hour"), GIVEN_TIME, GIVEN_NEEDED},
			 {"to", TR_LATER("to hour"), GIVEN_TIME, GIVEN_NEEDED},
			 {"pollutants", TR_LATER("pollutants"), GIVEN_POLLUTANTS, GIVEN_NEEDED},
			 {"action", TR_LATER("action"), GIVEN_TEXT, GIVEN_NEEDED},
			 {"reason", TR_LATER("reason"), GIVEN_TEXT, GIVEN_NEEDED},
			 {"reviewer", TR_LATER("reviewer"), GIVEN_TEXT, GIVEN_NEEDED},
		 }},
	[COMMAND_RECEIPT] = {COMMAND_RECEIPT,
			     TR_LATER("Usage: hazewatch receipt --ref REF --unit UNIT --person WHO "
				      "--outcome WHAT\n"
				      "                         [OPTION]...\n"
				      "\n"
				      "Gives the running daemon a unit's answer to an order, a "
				      "directive or a slip.\n"
				      "\n"
				      "  --ref REF         what is answered: the id of a "
				      "directive, release or message,\n"
				      "                    the number of a slip, order/SOURCE or "
				      "episode-NUMBER\n"
				      "  --unit UNIT       of the plan: its id or name\n"
				      "  --person WHO      who answers for it\n"
				      "  --outcome WHAT    received, done, partly or not\n"
				      "  --done-pct N      how much of it, 0 to 100\n"
				      "  --cut-kg-d N      what is cut, kg a day\n"
				      "  --note TEXT       what else there is to say\n"
				      "  --issuer WHO      who gives it, by default the unit\n"
				      "  --time TIME       when it was given, by default now\n"),
			     "unit",
			     {
				     {"ref", TR_LATER("answers"), GIVEN_TEXT, GIVEN_NEEDED},
				     {"unit", TR_LATER("unit"), GIVEN_TEXT, GIVEN_NEEDED},
				     {"person", TR_LATER("person"), GIVEN_TEXT, GIVEN_NEEDED},
				     {"outcome", TR_LATER("outcome"), GIVEN_TEXT, GIVEN_NEEDED},
				     {"done_pct", TR_LATER("done in per cent"), GIVEN_NUMBER,
				      GIVEN_FREE},
				     {"cut_kg_d", TR_LATER("cut kg/d"), GIVEN_NUMBER, GIVEN_FREE},
				     {"note", TR_LATER("note"), GIVEN_TEXT, GIVEN_FREE},
			     }},
};

const struct given_kind *given_kind_of(enum command_kind kind)
{
	return &kinds[kind];
}

const char *given_option(const char *key, char ret[GIVEN_OPTION_MAX])
{
	snprintf(ret, GIVEN_OPTION_MAX, "--%s", key);
	for (char *at = ret; *at; at++)
		if (*at == '_')
			*at = '-';
	return ret;
}

const char *given_value(const struct given *given, const char *key)
{
	for (int i = 0; given->kind->fields[i].key; i++) {
		if (strcmp(given->kind->fields[i].key, key) == 0)
			return given->values[i];
	}
	return NULL;
}

const char *given_issuer(const struct given *given)
{
	const char *implied = given->kind->issuer;
	return given->issuer || !implied ? given->issuer : given_value(given, implied);
}

/* ---- times ---- */

#define DAY_LENGTH 10 /* "2026-01-31" */

static bool is_clock(const char *text)
{
	return strlen(text) == 5 && text[2] == ':' && strspn(text, "0123456789:") == 5;
}

bool given_time(const char *text, int64_t now_ms, int64_t *ret_ms)
{
	char today[TIME_TEXT_SIZE], whole[TIME_TEXT_SIZE];
	time_text(now_ms, today);
	if (strcmp(text, "now") == 0) {
		*ret_ms = now_ms / 1000 * 1000;
		return true;
	}
	if (is_clock(text))
		snprintf(whole, sizeof(whole), "%.10sT%s:00+08:00", today, text);
	else if (strlen(text) == DAY_LENGTH + 6 && is_clock(text + DAY_LENGTH + 1) &&
		 (text[DAY_LENGTH] == ' ' || text[DAY_LENGTH] == 'T'))
		snprintf(whole, sizeof(whole), "%.10sT%s:00+08:00", text, text + DAY_LENGTH + 1);
	else
		return time_parse(text, ret_ms);
	return time_parse(whole, ret_ms);
}
