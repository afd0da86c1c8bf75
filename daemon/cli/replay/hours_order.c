/* SPDX-License-Identifier: MIT */
#include "hours_order.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "log.h"
#include "progress.h"
#include "usage.h"
#include "words.h"

/* ---- options ---- */

static int take_label(const char *text, struct hours_order *order)
{
	static const char *const labels[] = {"start", "end", NULL};
	if (strcmp(text, "start") != 0 && strcmp(text, "end") != 0)
		return usage_refuse_word("--label", text, labels);
	order->label = strcmp(text, "start") == 0 ? LABEL_START : LABEL_END;
	return EX_OK;
}

/* "co=mg", of a list. */
static bool take_unit(char *text, struct hours_order *order)
{
	enum pollutant pollutant;
	char *equals = strchr(text, '=');
	if (!equals)
		return false;
	*equals = '\0';
	enum hours_unit unit = hours_unit_parse(equals + 1);
	if (unit == UNIT_UNSAID || !pollutant_parse(text, &pollutant))
		return false;
	order->units[pollutant] = unit;
	return true;
}

static int take_units(const char *text, struct hours_order *order)
{
	char *list = strdup(text), *saved = NULL;
	bool good = true;
	if (!list)
		log_out_of_memory();
	for (char *one = strtok_r(list, ",", &saved); one; one = strtok_r(NULL, ",", &saved))
		good = take_unit(one, order) && good;
	free(list);
	if (good)
		return EX_OK;
	return usage_refuse(
		tr("--unit: %s is not such as co=mg or pm25=ug,co=mg, of pm25, pm10, so2, "
		   "no2, co, o3"),
		text);
}

int hours_order_take(int option, const char *text, struct hours_order *order)
{
	switch (option) {
	case 'L':
		return take_label(text, order);
	case 'U':
		return take_units(text, order);
	case 'S':
		order->station = text;
		return EX_OK;
	}
	return -1;
}

/* ---- the file ---- */

int hours_order_read(struct hours_order *order, const char *config_dir, struct hours_file *ret)
{
	struct problems problems = {0};
	struct hours_words *words = hours_words_load(config_dir, &problems);
	int r = HOURS_FILE_E_PROBLEMS;
	*ret = (struct hours_file){0};
	order->words = words;
	order->progress = progress_step;
	progress_begin(tr("byte"));
	if (words)
		r = hours_file_load(order, &problems, ret);
	progress_end();
	if (r < 0)
		usage_tell(tr("%s: cannot be read: %s"), order->path, strerror(-r));
	problems_print(&problems, stderr);
	problems_done(&problems);
	hours_file_tell(ret, order->edition, order->path, stderr);
	int code = words ? EX_DATAERR : EX_CONFIG;
	hours_words_free(words);
	if (r < 0)
		return EX_NOINPUT;
	return r == 0 ? EX_OK : code;
}
