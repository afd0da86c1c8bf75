/* SPDX-License-Identifier: MIT */
#include "columns.h"

#include <stdio.h>
#include <string.h>

#include "hour.h"
#include "text.h"
#include "time_text.h"
#include "words.h"

static const struct table_column hours[] = {
	{"hour", TR_LATER("hour to"), TYPE_END},
	{"realtime", TR_LATER("AQI 1 h"), TYPE_NUMBER},
	{"realtime_primary", NULL, TYPE_POLLUTANTS},
	{"daily", TR_LATER("AQI 24 h"), TYPE_NUMBER},
	{"daily_primary", TR_LATER("primary"), TYPE_POLLUTANTS},
	{"pm25_ug_m3", "PM2.5", TYPE_MEAN},
	{"pm10_ug_m3", "PM10", TYPE_MEAN},
	{"so2_ug_m3", "SO2", TYPE_MEAN},
	{"no2_ug_m3", "NO2", TYPE_MEAN},
	{"co_mg_m3", "CO", TYPE_TENTHS},
	{"o3_ug_m3", "O3", TYPE_MEAN},
	{"rev", NULL, TYPE_NUMBER},
};
static const struct table_column days[] = {
	{"day", TR_LATER("day"), TYPE_DAY},
	{"daily", TR_LATER("AQI 24 h"), TYPE_NUMBER},
	{"primary", TR_LATER("primary"), TYPE_POLLUTANTS},
	{"pm25_ug_m3", "PM2.5", TYPE_MEAN},
	{"pm10_ug_m3", "PM10", TYPE_MEAN},
	{"so2_ug_m3", "SO2", TYPE_MEAN},
	{"no2_ug_m3", "NO2", TYPE_MEAN},
	{"co_mg_m3", "CO", TYPE_TENTHS},
	{"o3_8h_ug_m3", "O3 8h", TYPE_MEAN},
};
static const struct table_column auxiliaries[] = {
	{"hour", TR_LATER("hour to"), TYPE_END},
	{"tsp_ug_m3", "TSP", TYPE_MEAN},
	{"no_ug_m3", "NO", TYPE_MEAN},
	{"nox_ug_m3", "NOx", TYPE_MEAN},
	{"temperature_c", "℃", TYPE_TENTHS},
	{"humidity_pct", "RH %", TYPE_TENTHS},
	{"pressure_hpa", "hPa", TYPE_TENTHS},
	{"wind_speed_m_s", "m/s", TYPE_TENTHS},
	{"wind_direction_deg", TR_LATER("wind from"), TYPE_DIRECTION},
	{"noise_db", "dB", TYPE_TENTHS},
	{"rain_mm", "mm", TYPE_TENTHS},
	{"rev", NULL, TYPE_NUMBER},
};
static const struct table_column events[] = {
	{"number", "#", TYPE_NUMBER},
	{"time", TR_LATER("time"), TYPE_MOMENT},
	{"about", TR_LATER("about"), TYPE_WORD},
	{"event", TR_LATER("event"), TYPE_WORD},
	{"previous", NULL, TYPE_LEVEL},
	{"level", TR_LATER("level"), TYPE_LEVEL},
	{"onset", NULL, TYPE_MOMENT},
	{"basis", NULL, TYPE_WORD},
	{"directive", NULL, TYPE_NUMBER},
	{"message", TR_LATER("text"), TYPE_MESSAGE},
};
static const struct table_column directives[] = {
	{"number", "#", TYPE_NUMBER},
	{"said", NULL, TYPE_MOMENT},
	{"level", TR_LATER("level"), TYPE_LEVEL},
	{"start", TR_LATER("start"), TYPE_MOMENT},
	{"effective", NULL, TYPE_MOMENT},
	{"planned_end", TR_LATER("planned end"), TYPE_MOMENT},
	{"state", TR_LATER("state"), TYPE_WORD},
	{"slip", TR_LATER("slip"), TYPE_TEXT},
	{"document", TR_LATER("document"), TYPE_TEXT},
	{"issuer", NULL, TYPE_TEXT},
	{"area", NULL, TYPE_TEXT},
	{"typed_by", TR_LATER("typed by"), TYPE_PERSON},
	{"passed_over_by", NULL, TYPE_NUMBER},
};
static const struct table_column orders[] = {
	{"source", TR_LATER("source"), TYPE_ID},
	{"name", TR_LATER("name"), TYPE_TEXT},
	{"control", TR_LATER("control"), TYPE_WORD},
	{"level", TR_LATER("level"), TYPE_LEVEL},
	{"state", TR_LATER("order"), TYPE_WORD},
	{"why", TR_LATER("why none"), TYPE_REMARK},
	{"measures", NULL, TYPE_TEXT},
	{"issued", NULL, TYPE_MOMENT},
	{"delivered", TR_LATER("delivered"), TYPE_DELIVERY},
	{"receipt", TR_LATER("receipt"), TYPE_WORD},
	{"done_pct", "%", TYPE_NUMBER},
	{"cut_kg_d", NULL, TYPE_KG},
	{"receipt_unit", NULL, TYPE_TEXT},
	{"receipt_time", NULL, TYPE_MOMENT},
	{"note", NULL, TYPE_TEXT},
};
static const struct table_column order_log[] = {
	{"time", TR_LATER("time"), TYPE_MOMENT},
	{"source", TR_LATER("source"), TYPE_ID},
	{"what", TR_LATER("event"), TYPE_WORD},
	{"level", TR_LATER("level"), TYPE_LEVEL},
	{"directive", TR_LATER("directive"), TYPE_NUMBER},
	{"done_pct", "%", TYPE_NUMBER},
	{"cut_kg_d", TR_LATER("cut kg/d"), TYPE_KG},
	{"unit", TR_LATER("by"), TYPE_TEXT},
	{"note", TR_LATER("note"), TYPE_TEXT},
	{"run", NULL, TYPE_NUMBER},
};

#define SET(columns)                                                                               \
	{                                                                                          \
		columns, (int)(sizeof(columns) / sizeof((columns)[0]))                             \
	}
static const struct {
	const struct table_column *columns;
	int n;
} sets[PAST_KINDS] = {
	[PAST_HOURS] = SET(hours),
	[PAST_DAYS] = SET(days),
	[PAST_EVENTS] = SET(events),
	[PAST_DIRECTIVES] = SET(directives),
	[PAST_ORDERS] = SET(orders),
	[PAST_ORDER_LOG] = SET(order_log),
	[PAST_AUXILIARIES] = SET(auxiliaries),
};

const struct table_column *columns_of(enum past_kind kind, int *ret_n)
{
	*ret_n = sets[kind].n;
	return sets[kind].columns;
}

static const struct {
	const char *key, *words;
} words[] = {
	{"advice", TR_LATER("advice")},
	{"directive", TR_LATER("directive")},
	{"issue", TR_LATER("issue")},
	{"upgrade", TR_LATER("upgrade")},
	{"downgrade", TR_LATER("downgrade")},
	{"lift", TR_LATER("lift")},
	{"amended", TR_LATER("amended")},
	{"announced", TR_LATER("announced")},
	{"withdrawn", TR_LATER("withdrawn")},
	{"withdraws", TR_LATER("withdrawal")},
	{"overdue", TR_LATER("overdue")},
	{"hold", TR_LATER("hold")},
	{"resume", TR_LATER("resume")},
	{"rules_changed", TR_LATER("rules changed")},
	{"correction", TR_LATER("correction")},
	{"in_force", TR_LATER("in force")},
	{"pending", TR_LATER("pending")},
	{"past", TR_LATER("past")},
	{"ordered", TR_LATER("ordered")},
	{"issued", TR_LATER("ordered")},
	{"changed", TR_LATER("changed")},
	{"delivered", TR_LATER("arrived")},
	{"no_measure", TR_LATER("no measure")},
	{"none", TR_LATER("none")},
	{"received", TR_LATER("received")},
	{"done", TR_LATER("done")},
	{"partly", TR_LATER("partly done")},
	{"not", TR_LATER("not done")},
	{"normal", TR_LATER("normal")},
	{"voluntary", TR_LATER("voluntary")},
	{"protected", TR_LATER("protected")},
	{"livelihood", TR_LATER("livelihood-exempt")},
	{"small", TR_LATER("small emitter")},
	{"idle", TR_LATER("long idle")},
	{"dust", TR_LATER("dust")},
};

static const char *translate_word(const char *key)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(key, words[i].key) == 0)
			return tr(words[i].words);
	}
	return key;
}

static const char *translate_level(const struct conf *conf, const char *name)
{
	int level;
	if (!level_parse(&conf->plan, name, &level))
		return translate_word(name);
	if (level == LEVEL_NONE)
		return tr("none");
	return words_are_chinese() ? conf->plan.levels[level].name_zh
				   : conf->plan.levels[level].name_en;
}

static void name_pollutants(const char *keys, char ret[COLUMN_TEXT_MAX])
{
	size_t used = 0;
	ret[0] = '\0';
	while (*keys && used < COLUMN_TEXT_MAX) {
		char key[16];
		size_t n = strcspn(keys, ",");
		enum pollutant pollutant;
		snprintf(key, sizeof(key), "%.*s", (int)n, keys);
		bool known = pollutant_parse(key, &pollutant);
		used += (size_t)snprintf(ret + used, COLUMN_TEXT_MAX - used, "%s%s",
					 used > 0 ? " " : "",
					 known ? pollutant_info(pollutant)->name : key);
		keys += n + (keys[n] == ',');
	}
}

static void write_moment(int64_t ms, enum column_type type, char ret[COLUMN_TEXT_MAX])
{
	struct tm tm = time_beijing(ms);
	int hour = tm.tm_hour;
	if (type == TYPE_END)
		hour = text_clock_hour(ms / HOUR_MS, &tm);
	int n = snprintf(ret, COLUMN_TEXT_MAX, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
			 tm.tm_mday);
	if (type != TYPE_DAY)
		snprintf(ret + n, COLUMN_TEXT_MAX - (size_t)n, " %02d:%02d", hour, tm.tm_min);
}

static void write_number(const struct table_column *column, int64_t number,
			 char ret[COLUMN_TEXT_MAX])
{
	switch (column->type) {
	case TYPE_MOMENT:
	case TYPE_DELIVERY:
	case TYPE_END:
	case TYPE_DAY:
		write_moment(number, column->type, ret);
		break;
	case TYPE_MEAN:
		snprintf(ret, COLUMN_TEXT_MAX, "%lld", (long long)round_half_even(number, 1000));
		break;
	case TYPE_TENTHS:
		snprintf(ret, COLUMN_TEXT_MAX, "%.1f", (double)round_half_even(number, 100) / 10);
		break;
	case TYPE_DIRECTION:
		snprintf(ret, COLUMN_TEXT_MAX, "%lld",
			 (long long)round_half_even(number, 1000) % 360);
		break;
	case TYPE_KG:
		snprintf(ret, COLUMN_TEXT_MAX, "%.1f", (double)number / 1000);
		break;
	case TYPE_NUMBER:
	case TYPE_TEXT:
	case TYPE_ID:
	case TYPE_REMARK:
	case TYPE_POLLUTANTS:
	case TYPE_LEVEL:
	case TYPE_WORD:
	case TYPE_MESSAGE:
	case TYPE_PERSON:
		snprintf(ret, COLUMN_TEXT_MAX, "%lld", (long long)number);
		break;
	}
}

static const char *write_why(const struct conf *conf, const struct past_cell *cell,
			     enum text_language language, char ret[COLUMN_TEXT_MAX])
{
	text_order_why(&conf->plan, cell->source, (unsigned)cell->number, language, ret);
	return ret;
}

const char *column_text(const struct conf *conf, const struct table_column *column,
			const struct past_cell *cell, char ret[COLUMN_TEXT_MAX])
{
	if (cell->kind == PAST_NOTHING || (cell->kind == PAST_TEXT && cell->text[0] == '\0'))
		return "-";
	if (cell->kind == PAST_NUMBER) {
		write_number(column, cell->number, ret);
		return ret;
	}
	if (cell->kind == PAST_WHY_NONE)
		return write_why(conf, cell, words_are_chinese() ? TEXT_ZH : TEXT_EN, ret);
	if (column->type == TYPE_LEVEL)
		return translate_level(conf, cell->text);
	if (column->type == TYPE_WORD)
		return translate_word(cell->text);
	if (column->type != TYPE_POLLUTANTS)
		return cell->text;
	name_pollutants(cell->text, ret);
	return ret;
}

const char *column_plain(const struct conf *conf, const struct table_column *column,
			 const struct past_cell *cell, char ret[COLUMN_TEXT_MAX])
{
	char time[TIME_TEXT_SIZE];
	if (cell->kind == PAST_NOTHING)
		return "";
	if (cell->kind == PAST_WHY_NONE)
		return write_why(conf, cell, TEXT_EN, ret);
	if (cell->kind == PAST_TEXT)
		return cell->text;
	if (column->type == TYPE_MOMENT || column->type == TYPE_DELIVERY ||
	    column->type == TYPE_END || column->type == TYPE_DAY) {
		snprintf(ret, COLUMN_TEXT_MAX, "%s", time_text(cell->number, time));
		if (column->type == TYPE_DAY)
			ret[10] = '\0';
	} else if (column->type == TYPE_MEAN || column->type == TYPE_TENTHS ||
		   column->type == TYPE_DIRECTION || column->type == TYPE_KG) {
		snprintf(ret, COLUMN_TEXT_MAX, "%.3f", (double)cell->number / 1000);
	} else {
		snprintf(ret, COLUMN_TEXT_MAX, "%lld", (long long)cell->number);
	}
	return ret;
}
