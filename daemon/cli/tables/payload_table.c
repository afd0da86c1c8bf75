/* SPDX-License-Identifier: MIT */
#include "payload_table.h"

#include <jansson.h>
#include <string.h>

#include "payload_json.h"

static json_t *cell_json(const struct conf *conf, const struct table_column *column,
			 const struct past_cell *cell)
{
	char text[COLUMN_TEXT_MAX];
	bool mean = column->type == TYPE_MEAN || column->type == TYPE_TENTHS ||
		    column->type == TYPE_DIRECTION || column->type == TYPE_KG;
	if (cell->kind == PAST_NOTHING)
		return json_null();
	if (cell->kind == PAST_NUMBER && mean)
		return json_real((double)cell->number / 1000);
	if (cell->kind == PAST_NUMBER && column->type == TYPE_NUMBER)
		return json_integer(cell->number);
	if (column->type == TYPE_MESSAGE) {
		json_t *json = json_loads(cell->text, 0, NULL);
		return json ? json : json_null();
	}
	return json_string(column_plain(conf, column, cell, text));
}

char *payload_table_row(const struct table *table, const struct past_cell *cells)
{
	json_t *json = json_object();
	for (int i = 0; i < table->n_columns; i++)
		json_object_set_new(json, table->columns[i].key,
				    cell_json(table->conf, &table->columns[i], &cells[i]));
	return payload_finish(json);
}

char *payload_message_text(const char *message, bool zh)
{
	json_t *json = json_loads(message, 0, NULL);
	const char *text = json_string_value(json_object_get(json, zh ? "text_zh" : "text_en"));
	char *ret = text ? strdup(text) : NULL;
	json_decref(json);
	return ret;
}
