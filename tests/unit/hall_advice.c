/* SPDX-License-Identifier: MIT */
/* The station's own advice as its reader knows it: its events alone tell each level and episode. */
#include <jansson.h>
#include <string.h>

#include "hall_reader.h"

static const char *text_at(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	return text ? text : "";
}

static int64_t number_at(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

/* An episode goes on until its lift; a new one is later than all before, or the one that the lift
 * within a day has ended. */
static void follow_episode(struct reader *reader, const json_t *json, bool begins)
{
	struct reader_advice *advice = &reader->advice;
	const char *episode = text_at(json, "episode");
	if (begins && strcmp(episode, advice->episode) < 0)
		reader_fail(reader, "episode %s begins after %s", episode, advice->episode);
	if (begins)
		snprintf(advice->episode, sizeof(advice->episode), "%s", episode);
	else if (strcmp(advice->level, "none") != 0 && strcmp(episode, advice->episode) != 0)
		reader_fail(reader, "event %lld is of episode %s in episode %s",
			    (long long)number_at(json, "number"), episode, advice->episode);
}

/* Nothing is lowered without a reason that is told. */
static void check_fall(struct reader *reader, const json_t *json)
{
	const char *reason = text_at(json, "reason");
	bool forecast = json_is_object(json_object_get(json, "forecast"));
	if (reason[0] == '\0' || (strcmp(reason, "forecast") == 0 && !forecast) ||
	    (strcmp(reason, "observed") == 0 && number_at(json, "observed_h") == 0))
		reader_fail(reader, "event %lld lowers the advice and does not say why",
			    (long long)number_at(json, "number"));
}

void reader_read_advice(struct reader *reader, const json_t *json, const char *kind)
{
	struct reader_advice *advice = &reader->advice;
	bool rises = strcmp(kind, "issue") == 0 || strcmp(kind, "upgrade") == 0;
	bool falls = strcmp(kind, "lift") == 0 || strcmp(kind, "downgrade") == 0;
	int64_t before = number_at(json, "rank_before"), after = number_at(json, "rank");
	if (strcmp(text_at(json, "level_before"), advice->level) != 0)
		reader_fail(reader, "event %lld: advice %s from %s, the reader knew %s",
			    (long long)number_at(json, "number"), kind,
			    text_at(json, "level_before"), advice->level);
	if ((rises && after <= before) || (falls && after >= before) ||
	    (!rises && !falls && after != before))
		reader_fail(reader, "advice %s from rank %lld to %lld", kind, (long long)before,
			    (long long)after);
	follow_episode(reader, json, strcmp(kind, "issue") == 0);
	if (falls)
		check_fall(reader, json);
	snprintf(advice->level, sizeof(advice->level), "%s", text_at(json, "level"));
}

/* ---- what must hold ---- */

static void compare_warning(struct reader *reader, const json_t *warning,
			    const struct reader_truth *truth)
{
	const json_t *advice = json_object_get(warning, "advice");
	if (!warning)
		return;
	if (strcmp(text_at(advice, "level"), truth->advice) != 0)
		reader_fail(reader, "warning advises %s", text_at(advice, "level"));
	if (strcmp(truth->advice, "none") != 0 &&
	    strcmp(text_at(advice, "episode"), reader->advice.episode) != 0)
		reader_fail(reader, "warning is of episode %s", text_at(advice, "episode"));
	if (json_is_true(json_object_get(advice, "dust")) &&
	    json_is_null(json_object_get(advice, "without_dust")))
		reader_fail(reader, "dust hides what is not said");
	bool held = json_is_true(json_object_get(advice, "held_for_want_of_data"));
	if (held && text_at(advice, "hold_reason")[0] == '\0')
		reader_fail(reader, "it is held and not said why");
}

static void compare_cuts(struct reader *reader, const json_t *cuts,
			 const struct reader_truth *truth)
{
	size_t i;
	const json_t *block;
	json_array_foreach(json_object_get(cuts, "blocks"), i, block)
	{
		if (strcmp(text_at(block, "authority"), "advice") == 0 &&
		    strcmp(text_at(block, "level"), truth->advice) != 0)
			reader_fail(reader, "cuts of the advice are %s", text_at(block, "level"));
	}
}

void reader_compare_advice(struct reader *reader, const struct reader_truth *truth)
{
	struct reader_alert alert;
	json_t *warning = reader_retained(reader, "warning");
	json_t *cuts = reader_retained(reader, "cuts");
	if (strcmp(reader->advice.level, truth->advice) != 0)
		reader_fail(reader, "by the events %s is advised, it is %s", reader->advice.level,
			    truth->advice);
	compare_warning(reader, warning, truth);
	compare_cuts(reader, cuts, truth);
	bool fresh = reader_find_fresh(reader, "warning/cap/advice", &alert);
	if (fresh != (strcmp(truth->advice, "none") != 0) ||
	    (fresh && strcmp(alert.level, truth->advice) != 0))
		reader_fail(reader, "cap/advice is %s, advised is %s",
			    fresh ? alert.level : "silent", truth->advice);
	json_decref(warning);
	json_decref(cuts);
}
