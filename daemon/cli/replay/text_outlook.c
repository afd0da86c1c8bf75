/* SPDX-License-Identifier: MIT */
/* How good an outlook was, as a table a level. */
#include "outlook_scored.h"
#include "text_chance.h"
#include "text_replay.h"
#include "words.h"

#define NAME_WIDTH 18

static void put_name(FILE *out, const char *name)
{
	fprintf(out, "    %s%*s", name, NAME_WIDTH - words_width(name), "");
}

/* Of permille, or "-". */
static void put_share(FILE *out, int32_t permille, int width)
{
	if (permille == OUTLOOK_NO_SCORE)
		fprintf(out, "%*s", width, "-");
	else
		fprintf(out, "%*.3f", width, permille / 1e3);
}

static void put_by(FILE *out, const char *name, const struct outlook_tally *tally)
{
	int64_t brier = outlook_brier(tally);
	put_name(out, name);
	if (brier == OUTLOOK_NO_SCORE)
		fprintf(out, "%8s", "-");
	else
		fprintf(out, "%8.4f", (double)brier / 1e6);
	put_share(out, outlook_hit_rate(tally), 9);
	put_share(out, outlook_false_alarms(tally), 9);
	put_share(out, outlook_csi(tally), 9);
	fputc('\n', out);
}

static void put_tallies(FILE *out, const char *of,
			const struct outlook_tally tally[OUTLOOK_BY_COUNT])
{
	const struct outlook_tally *model = &tally[OUTLOOK_MODEL];
	fprintf(out, tr("  %s: %lld hours, it came true after %lld\n"), of, (long long)model->n,
		(long long)model->came);
	if (model->n == 0)
		return;
	put_name(out, "");
	fprintf(out, "%*s%*s%*s%*s\n", 8, "Brier", 9, "POD", 9, "FAR", 9, "CSI");
	put_by(out, tr("outlook"), model);
	put_by(out, tr("persistence"), &tally[OUTLOOK_PERSISTENCE]);
	put_by(out, tr("month's climate"), &tally[OUTLOOK_CLIMATE]);
	put_by(out, tr("rule of 6 hours"), &tally[OUTLOOK_RULE]);
}

/* "0.1-0.2: said 0.148, came 0.151 (420 h)" */
static void put_reliability(FILE *out, const struct outlook_tally *tally)
{
	fprintf(out, "  %s\n", tr("reliability (said, came true, hours):"));
	for (int i = 0; i < OUTLOOK_TENTHS; i++) {
		const struct outlook_tenth *tenth = &tally->tenths[i];
		if (tenth->n == 0)
			continue;
		fprintf(out, "    %.1f-%.1f  %.3f  %.3f  %8lld%s\n", i * 0.1, (i + 1) * 0.1,
			(double)tenth->permille / (double)tenth->n / 1e3,
			(double)tenth->came / (double)tenth->n, (long long)tenth->n,
			tenth->n < OUTLOOK_TENTH_MIN ? tr("  (few)") : "");
	}
}

static const char *say_none(enum chance_none none)
{
	if (none == CHANCE_NO_DAILY_AQI)
		return tr("it does not go by the daily AQI");
	return none == CHANCE_EDITION ? tr("the model was not made for this edition")
				      : tr("the model has not learnt its threshold");
}

static void put_level(FILE *out, const struct outlook_scored *scored, int l)
{
	const struct plan_level *level = &scored->conf->plan.levels[l];
	const struct chance_level *found = &scored->report.levels[l - 1];
	const struct outlook_score *score = outlook_score_of(scored, l);
	const char *name = words_are_chinese() ? level->name_zh : level->name_en;
	if (!score) {
		fprintf(out, tr("\n%s: no outlook, %s\n"), name, say_none(found->none));
		return;
	}
	fprintf(out, tr("\n%s: daily AQI above %d in any of the next 24 hours\n"), name,
		(int)found->above);
	put_tallies(out, tr("all hours"), score->all);
	put_tallies(out, tr("onset, not above yet"), score->onset);
	if (score->all[OUTLOOK_MODEL].n == 0)
		return;
	put_reliability(out, &score->all[OUTLOOK_MODEL]);
	fprintf(out, "  %s\n",
		score->all[OUTLOOK_MODEL].squares < score->all[OUTLOOK_PERSISTENCE].squares
			? tr("better than persistence")
			: tr("NOT better than persistence"));
}

/* Whether it is shown at the station, or why not. */
static void put_standing(FILE *out, const struct outlook_scored *scored)
{
	const struct chance_report *standing = &scored->standing;
	char since[TEXT_HOUR_SIZE], text[TEXT_CHANCE_MAX];
	if (standing->shown && standing->by_proof) {
		fprintf(out, tr("\nIt is shown since %s (outlook: auto).\n"),
			text_replay_hour(standing->shown_since, since));
	} else if (standing->shown) {
		fputs(tr("\nIt is shown (outlook: show).\n"), out);
	} else if (!standing->by_proof) {
		fputs(tr("\nIt is shown nowhere (outlook: off).\n"), out);
	} else {
		text_chance(scored->conf, standing, words_are_chinese() ? TEXT_ZH : TEXT_EN, text);
		fprintf(out, "\n%s\n", text);
	}
}

void text_outlook(FILE *out, const struct outlook_scored *scored)
{
	const struct conf *conf = scored->conf;
	const struct outlook_model *model = conf->outlook.model;
	char first[TEXT_HOUR_SIZE], last[TEXT_HOUR_SIZE];
	if (scored->first == 0) {
		fputs(tr("outlook: no hour\n"), out);
		return;
	}
	fprintf(out, tr("outlook: %s to %s, model %s (%s)\nplan: %s, edition: %s\n"),
		text_replay_hour(scored->first, first), text_replay_hour(scored->last, last),
		model->id, words_are_chinese() ? model->trained_on_zh : model->trained_on_en,
		conf->plan.id, conf->edition.id);
	fputs(tr("Brier: mean squared error; POD: hits of what came; FAR: false of what was "
		 "called\n"
		 "possible; CSI: hits of all that came or was called possible\n"),
	      out);
	for (int l = 1; l <= conf->plan.n_levels; l++)
		put_level(out, scored, l);
	if (scored->has_standing)
		put_standing(out, scored);
}
