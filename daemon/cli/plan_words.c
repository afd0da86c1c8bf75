/* SPDX-License-Identifier: MIT */
#include "plan_words.h"

#include <stdio.h>

#include "text_index.h"
#include "words.h"

#define DATE_SIZE 16

static enum text_language find_language(void)
{
	return words_are_chinese() ? TEXT_ZH : TEXT_EN;
}

static const char *date_text(int32_t day, char ret[DATE_SIZE])
{
	snprintf(ret, DATE_SIZE, "%04d-%02d-%02d", (int)day / 10000, (int)day / 100 % 100,
		 (int)day % 100);
	return ret;
}

static void print_level(const struct plan *plan, int rank)
{
	const struct plan_level *level = &plan->levels[rank];
	const struct plan_release *release = &level->release;
	char words[TEXT_RULE_MAX];
	printf(tr("  %s, response %s\n"), words_are_chinese() ? level->name_zh : level->name_en,
	       level->response);
	if (level->stage)
		printf(tr("    measures without a warning\n"));
	for (int i = 0; i < level->n_any; i++) {
		text_condition(plan, &level->any[i], find_language(), words);
		printf(i == 0 ? tr("    raised: %s (%s)\n") : tr("    or:     %s (%s)\n"), words,
		       level->any[i].clause);
	}
	text_limits(plan, rank, find_language(), "", words);
	printf(tr("    lifted: %s for %d h%s\n"), words, (int)plan_release_h(plan, rank),
	       release->by_itself ? tr("; it ends by itself") : "");
}

void plan_words_print(const struct plan *plan)
{
	bool zh = words_are_chinese();
	char season[TEXT_SEASON_MAX], date[DATE_SIZE];
	if (plan->season.from != 0)
		printf(tr("  calls for nothing but from %s\n"),
		       text_season(&plan->season, find_language(), season));
	if (plan->valid_from != 0)
		printf(tr("  is valid from %s\n"), date_text(plan->valid_from, date));
	if (plan->valid_until != 0)
		printf(tr("  is valid until %s\n"), date_text(plan->valid_until, date));
	for (int rank = 1; rank <= plan->n_levels; rank++)
		print_level(plan, rank);
	for (int i = 0; i < plan->n_not_said; i++)
		printf(tr("  not said: %s\n"), zh ? plan->not_said[i].zh : plan->not_said[i].en);
}
