/* SPDX-License-Identifier: MIT */
#include "text_read.h"

#include <string.h>

#include "pollutant.h"
#include "screen.h"
#include "text_status.h"
#include "words.h"

#define CELL_SIZE 96
#define LINES 200
#define GAP 2

enum { COL_NAME, COL_REGISTER, COL_HEX, COL_NUMBER, COL_DECODED, COL_VALUE, COLUMNS };

struct table {
	char cells[PROFILE_ROWS_MAX + 1][COLUMNS][CELL_SIZE];
	int n;
};

static const char *write_unit(const char *unit)
{
	return strcmp(unit, "ug/m3") == 0 ? "μg/m³" : strcmp(unit, "mg/m3") == 0 ? "mg/m³" : unit;
}

static const char *name_pollutant(const char *key)
{
	enum pollutant pollutant;
	return pollutant_parse(key, &pollutant) ? pollutant_info(pollutant)->name : key;
}

/* "N 158.3 μg/m³"; "T at least 1000 μg/m³"; "D it says: no value". */
static void write_value(const struct words_row *row, char ret[CELL_SIZE])
{
	char value[CELL_SIZE / 2] = "";
	bool good = strcmp(row->quality, "N") == 0;
	if (row->quality[0] == '\0') {
		snprintf(ret, CELL_SIZE, "%s", tr("not asked for in this poll"));
		return;
	}
	if (row->value.known && good)
		snprintf(value, sizeof(value), "%.*f %s", strcmp(row->unit, "mg/m3") == 0 ? 3 : 1,
			 row->value.value, write_unit(row->unit));
	else if (row->value.known)
		snprintf(value, sizeof(value), tr("at least %g %s"), row->value.value,
			 write_unit(row->unit));
	snprintf(ret, CELL_SIZE, "%s %s%s", row->quality, value[0] ? value : text_why(row->why),
		 row->used ? "" : tr(" (not used)"));
}

static void write_number(struct words_number number, const char *unit, char ret[CELL_SIZE])
{
	if (number.known)
		snprintf(ret, CELL_SIZE, "%.7g%s%s", number.value, unit[0] ? " " : "", unit);
	else
		snprintf(ret, CELL_SIZE, "-");
}

static void write_row(const struct words_row *row, char ret[COLUMNS][CELL_SIZE])
{
	snprintf(ret[COL_NAME], CELL_SIZE, "%s", name_pollutant(row->pollutant));
	snprintf(ret[COL_REGISTER], CELL_SIZE, "%d:%d %s%s%s", row->function, row->address,
		 row->type, row->order[0] ? " " : "", row->order);
	snprintf(ret[COL_HEX], CELL_SIZE, "-");
	for (int i = 0; i < row->n_words; i++)
		snprintf(ret[COL_HEX] + 5 * i - (i > 0), (size_t)(CELL_SIZE - 5 * i), "%s%04X",
			 i ? " " : "", (unsigned)row->words[i] & 0xffff);
	write_number(row->number, "", ret[COL_NUMBER]);
	write_number(row->decoded, write_unit(row->decoded_unit), ret[COL_DECODED]);
	write_value(row, ret[COL_VALUE]);
}

static void write_heading(char ret[COLUMNS][CELL_SIZE])
{
	static const char *const headings[COLUMNS] = {
		TR_LATER("row"),    TR_LATER("register"), TR_LATER("hex"),
		TR_LATER("number"), TR_LATER("decoded"),  TR_LATER("taken as"),
	};
	for (int c = 0; c < COLUMNS; c++)
		snprintf(ret[c], CELL_SIZE, "%s", tr(headings[c]));
}

/* Each column as wide as its widest cell. */
static void put_rows(struct screen *screen, const struct table *table)
{
	int at[COLUMNS] = {0};
	for (int c = 1; c < COLUMNS; c++) {
		for (int i = 0; i < table->n; i++) {
			int end = at[c - 1] + words_width(table->cells[i][c - 1]) + GAP;
			at[c] = end > at[c] ? end : at[c];
		}
	}
	for (int i = 0; i < table->n; i++) {
		screen_row(screen, NULL, 2);
		screen_say(screen, "%s", table->cells[i][0]);
		for (int c = 1; c < COLUMNS; c++) {
			screen_tab(screen, at[c]);
			screen_say(screen, "%s", table->cells[i][c]);
		}
	}
}

static void say_registers(struct screen *screen, const struct words *words)
{
	const struct words_register *identity = &words->identity, *status = &words->status;
	if (identity->present && identity->known && identity->expected_text[0]) {
		screen_row(screen, NULL, 1);
		screen_say(screen, tr("identity registers from %d:%d hold \"%s\", expected \"%s\""),
			   identity->function, identity->address, identity->text,
			   identity->expected_text);
	} else if (identity->present && identity->known) {
		screen_row(screen, NULL, 1);
		screen_say(screen, tr("identity register %d:%d holds %u, expected %u"),
			   identity->function, identity->address, identity->word,
			   identity->expected);
	}
	for (int i = 0; i < words->n_expects; i++) {
		const struct words_register *expect = &words->expects[i];
		if (!expect->wrong)
			continue;
		screen_row(screen, NULL, 1);
		screen_say(screen, tr("register %d:%d holds %u, not what the profile expects"),
			   expect->function, expect->address, expect->word);
	}
	if (status->present && status->known) {
		screen_row(screen, NULL, 1);
		screen_say(screen, tr("status register %d:%d holds %04X: %s"), status->function,
			   status->address, (unsigned)status->word,
			   strcmp(status->says, "none") == 0 ? tr("it measures")
							     : text_why(status->says));
	}
}

static void say_head(struct screen *screen, const struct words *words)
{
	screen_row(screen, NULL, 2);
	screen_say(screen, tr("%s: %s, bus %s, unit %d"), words->sensor, words->profile, words->bus,
		   words->unit_id);
	if (words->by_daemon)
		screen_say(screen, tr("; polled by hazewatchd %.1f s ago"), words->age_s);
	else
		screen_say(screen, "%s", tr("; polled now: hazewatchd does not run"));
	if (words->busy[0] && strcmp(words->busy, "none") != 0)
		screen_say(screen, tr("; counts as: %s"), text_why(words->busy));
}

void text_read(FILE *out, const struct words *words, int width)
{
	static struct table table; /* large, once */
	struct screen screen = screen_begin(out, width, LINES);
	say_head(&screen, words);
	say_registers(&screen, words);
	table.n = 1;
	write_heading(table.cells[0]);
	for (int i = 0; i < words->n_rows; i++)
		write_row(&words->rows[i], table.cells[table.n++]);
	put_rows(&screen, &table);
	screen_end(&screen);
}
