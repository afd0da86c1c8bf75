/* SPDX-License-Identifier: MIT */
#include "hours_file_auxiliary.h"

#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "hour.h"
#include "log.h"
#include "rain.h"
#include "time_text.h"
#include "words.h"

#define DIRECTION_STEP 22500 /* of 16 */
#define EXPONENT_MOST 400
#define ZEROS "0000000000" /* behind a point: no more of them are needed */

/* ---- cells ---- */

/* A decimal that may have a minus. */
static bool parse_milli(const char *text, int digits, int32_t *ret)
{
	bool minus = text[0] == '-';
	if (!digits_decimal(text + minus, digits, HOURS_FILE_MOST_MILLI, ret))
		return false;
	*ret = minus ? -*ret : *ret;
	return true;
}

/* As programs write 100000, 1e+05, and what is nearly 0, 2.8e-17: one digit before the point. */
static bool parse_exponent(const char *text, int digits, int32_t *ret)
{
	char mantissa[CSV_LINE_MAX], small[CSV_LINE_MAX + sizeof(ZEROS) + 2];
	size_t n = strcspn(text, "eE");
	struct digits parts;
	int32_t power = 0;
	if (text[n] == '\0' || n >= sizeof(mantissa))
		return false;
	const char *sign = &text[n + 1];
	memcpy(mantissa, text, n);
	mantissa[n] = '\0';
	if (!digits_whole(sign + (*sign == '-' || *sign == '+'), 0, EXPONENT_MOST, &power) ||
	    !digits_split(mantissa, &parts) || parts.n_whole != 1)
		return false;
	if (*sign != '-' || power == 0)
		return digits_decimal(mantissa, digits + power, HOURS_FILE_MOST_MILLI, ret);
	snprintf(small, sizeof(small), "0.%.*s%c%s", power - 1, ZEROS, mantissa[0], parts.fraction);
	return digits_decimal(small, digits, HOURS_FILE_MOST_MILLI, ret);
}

static bool parse_cell(const char *text, int digits, int32_t *ret)
{
	bool minus = text[0] == '-';
	if (parse_milli(text, digits, ret))
		return true;
	if (!parse_exponent(text + minus, digits, ret))
		return false;
	*ret = minus ? -*ret : *ret;
	return true;
}

static bool is_of_air(enum auxiliary auxiliary, int32_t milli)
{
	const struct auxiliary_info *info = auxiliary_info(auxiliary);
	int32_t most = auxiliary == AUXILIARY_RAIN ? RAIN_MOST_AN_HOUR_MILLI : info->most_milli;
	return milli >= info->least_milli && milli <= most;
}

/* True if the cell is a direction in words, or none. */
static bool take_direction(const struct hours_words *words, const char *text,
			   struct hours_auxiliaries *row)
{
	char plain[HOURS_PLAIN_SIZE];
	hours_plain(text, plain);
	row->calm = hours_names_have(&words->calm, plain);
	for (int i = 0; i < words->n_directions && !row->calm; i++) {
		if (!hours_names_have(&words->directions[i], plain))
			continue;
		row->milli[AUXILIARY_WIND_DIRECTION] = i * DIRECTION_STEP;
		return true;
	}
	return row->calm;
}

static void take_cell(struct reader *reader, int i, struct hours_auxiliaries *row)
{
	struct csv *csv = &reader->csv;
	struct header_column *column = &reader->header.columns[i];
	char trimmed[CSV_LINE_MAX], shown[CSV_SHOWN];
	const char *text = reader_trim(csv->fields[i].text, trimmed);
	enum auxiliary quantity = column->auxiliary.auxiliary;
	int32_t *milli = &row->milli[quantity];
	bool direction = quantity == AUXILIARY_WIND_DIRECTION;
	if (reader_is_missing(reader, i, text))
		return;
	bool in_words = direction && take_direction(reader->order->words, text, row);
	if (!in_words && !parse_cell(text, column->auxiliary.digits, milli))
		csv_field_problem(csv, i,
				  tr("%s: %s is not a decimal, such as -3.5, nor empty, a missing "
				     "value"),
				  column->name, csv_shown(csv->fields[i].text, shown));
	else if (in_words || is_of_air(quantity, *milli))
		row->has |= 1u << quantity;
	else if (column->beyond++ == 0)
		column->beyond_line = csv->line;
}

const struct hours_auxiliaries *auxiliary_take_row(struct reader *reader)
{
	struct hours_auxiliaries row = {0}, *kept;
	if (reader->header.auxiliaries == 0)
		return NULL;
	for (int i = 0; i < reader->csv.n; i++) {
		if (reader->header.columns[i].column == COLUMN_AUXILIARY)
			take_cell(reader, i, &row);
	}
	if (row.has == 0)
		return NULL;
	kept = arena_alloc(reader->record.arena, sizeof(*kept));
	*kept = row;
	return kept;
}

/* ---- hours ---- */

static void add_mean(struct reader *reader, const struct auxiliary_mean *mean)
{
	struct hours_file *record = &reader->record;
	if (record->n_auxiliaries == record->room) {
		record->room = record->room == 0 ? 1024 : 2 * record->room;
		record->auxiliaries = realloc(record->auxiliaries,
					      (size_t)record->room * sizeof(*record->auxiliaries));
		if (!record->auxiliaries)
			log_out_of_memory();
	}
	record->auxiliaries[record->n_auxiliaries++] = *mean;
}

static void add_hour(struct reader *reader, int64_t hour, const struct hours_auxiliaries *row)
{
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++) {
		bool calm = i == AUXILIARY_WIND_DIRECTION && row->calm;
		if (row->has & 1u << i)
			add_mean(reader, &(struct auxiliary_mean){.auxiliary = (enum auxiliary)i,
								  .at = hour,
								  .known = !calm,
								  .calm = calm,
								  .milli = row->milli[i],
								  .covered_ms = HOUR_MS,
								  .quality = QUALITY_NORMAL});
	}
}

static void note_beyond(struct reader *reader)
{
	for (int i = 0; i < reader->header.n; i++) {
		const struct header_column *column = &reader->header.columns[i];
		if (column->beyond > 0)
			problems_add(&reader->record.notes, reader->csv.path, column->beyond_line,
				     0,
				     tr("%s: what no air has is left out; %d cells, this line the "
					"first"),
				     column->name, column->beyond);
	}
}

void auxiliary_make_hours(struct reader *reader)
{
	if (reader->header.auxiliaries == 0 || !reader->record.hours)
		return;
	note_beyond(reader);
	if (reader->record.step_ms != 0) {
		problems_add(&reader->record.notes, reader->csv.path, 1, 0,
			     tr("what is beside the pollutants is taken of hours only"));
		return;
	}
	for (int i = 0; i < reader->n; i++) {
		const struct hours_row *row = &reader->rows[i];
		if (row->auxiliaries)
			add_hour(reader, hours_label_of(row->ms, HOUR_MS, reader->header.label),
				 row->auxiliaries);
	}
}

/* ---- as it was exported ---- */

enum {
	OWN_HOUR,
	OWN_QUANTITY,
	OWN_MEAN,
	OWN_QUALITY,
	OWN_WHY,
	OWN_COVERED,
	OWN_SAMPLES,
	OWN_TIME,
	OWN_REV
};
#define OWN_COLUMNS 9
static bool take_own_hour(const char *text, struct auxiliary_mean *mean)
{
	int64_t ms = 0;
	bool good = time_parse(text, &ms) && ms > 0 && ms % HOUR_MS == 0;
	mean->at = ms / HOUR_MS;
	return good;
}

/* Of a direction that is normal and not there the wind was calm. */
static bool take_own_mean(const char *text, struct auxiliary_mean *mean)
{
	mean->known = text[0] != '\0';
	return !mean->known ||
	       (parse_milli(text, 3, &mean->milli) && is_of_air(mean->auxiliary, mean->milli));
}

static bool take_own_quality(const char *text, struct auxiliary_mean *mean)
{
	bool normal = text[0] == QUALITY_NORMAL;
	mean->quality = (enum quality)text[0];
	mean->calm = normal && !mean->known;
	return text[0] != '\0' && text[1] == '\0' && strchr("NFMSDCTB", text[0]) &&
	       (normal || !mean->known) &&
	       (!mean->calm || mean->auxiliary == AUXILIARY_WIND_DIRECTION);
}

static bool take_own_covered(const char *text, struct auxiliary_mean *mean)
{
	if (!digits_decimal(text, 1, 2 * HOUR_MINUTES * 10, &mean->covered_ms))
		return false;
	mean->covered_ms *= MINUTE_MS / 10;
	return true;
}

static bool take_own_samples(const char *text, struct auxiliary_mean *mean)
{
	int32_t samples = 0;
	bool good = digits_whole(text, 0, INT32_MAX, &samples);
	mean->samples = (uint32_t)samples;
	return good;
}

static bool take_own_field(int field, const char *text, struct auxiliary_mean *mean)
{
	switch (field) {
	case OWN_HOUR:
		return take_own_hour(text, mean);
	case OWN_QUANTITY:
		return auxiliary_parse(text, &mean->auxiliary);
	case OWN_MEAN:
		return take_own_mean(text, mean);
	case OWN_QUALITY:
		return take_own_quality(text, mean);
	case OWN_WHY:
		return why_parse(text, &mean->why);
	case OWN_COVERED:
		return take_own_covered(text, mean);
	case OWN_SAMPLES:
		return take_own_samples(text, mean);
	case OWN_TIME:
		return time_quality_parse(text, &mean->time_quality);
	}
	return digits_whole(text, 0, INT32_MAX - 1, &mean->rev);
}

/* The first field that is wrong bears the problem. */
static void take_own_row(struct reader *reader)
{
	struct csv *csv = &reader->csv;
	struct auxiliary_mean mean = {.auxiliary = AUXILIARY_NONE};
	char shown[CSV_SHOWN];
	if (csv->n != OWN_COLUMNS) {
		csv_problem(csv, csv->n > 0 ? csv->fields[csv->n - 1].column : 1,
			    tr("%d fields end here; the header has %d"), csv->n, OWN_COLUMNS);
		return;
	}
	for (int i = 0; i < OWN_COLUMNS; i++) {
		if (take_own_field(i, csv->fields[i].text, &mean))
			continue;
		csv_field_problem(csv, i, tr("%s: %s is not as hazewatch export aux writes it"),
				  reader->header.columns[i].name,
				  csv_shown(csv->fields[i].text, shown));
		return;
	}
	add_mean(reader, &mean);
}

void auxiliary_read_own(struct reader *reader)
{
	struct csv *csv = &reader->csv;
	while (csv->problems->n < WRONG_MAX && csv_next(csv)) {
		if (csv->n > 0)
			take_own_row(reader);
	}
	if (csv->error == 0 && reader->record.n_auxiliaries == 0 && csv->problems->n == 0)
		csv_problem(csv, 0, tr("no hour follows the header"));
}
