/* SPDX-License-Identifier: MIT */
#include "payload_words.h"

#include <string.h>

#include "payload_pieces.h"

static struct words_number read_number(const json_t *json, const char *key)
{
	const json_t *number = json_object_get(json, key);
	return (struct words_number){json_is_number(number), json_number_value(number)};
}

static void read_row(const json_t *json, struct words_row *ret)
{
	const json_t *words = json_object_get(json, "words");
	piece_copy(json, "pollutant", ret->pollutant, sizeof(ret->pollutant));
	piece_copy(json, "type", ret->type, sizeof(ret->type));
	piece_copy(json, "order", ret->order, sizeof(ret->order));
	piece_copy(json, "decoded_unit", ret->decoded_unit, sizeof(ret->decoded_unit));
	piece_copy(json, "unit", ret->unit, sizeof(ret->unit));
	piece_copy(json, "quality", ret->quality, sizeof(ret->quality));
	piece_copy(json, "why", ret->why, sizeof(ret->why));
	ret->used = piece_text(json, "channel")[0] != '\0';
	ret->function = piece_int(json, "function", 0);
	ret->address = piece_int(json, "address", 0);
	for (size_t i = 0; i < json_array_size(words) && i < PROFILE_WORDS_MAX; i++)
		ret->words[ret->n_words++] =
			(int)json_integer_value(json_array_get(words, i)) & 0xffff;
	ret->number = read_number(json, "number");
	ret->decoded = read_number(json, "decoded");
	ret->value = read_number(json, "value");
}

static void read_register(const json_t *json, struct words_register *ret)
{
	ret->present = json_is_object(json);
	ret->known = json_is_integer(json_object_get(json, "word")) ||
		     json_is_string(json_object_get(json, "word"));
	ret->function = piece_int(json, "function", 0);
	ret->address = piece_int(json, "address", 0);
	ret->expected = (uint32_t)json_integer_value(json_object_get(json, "expected"));
	ret->word = (uint32_t)json_integer_value(json_object_get(json, "word"));
	piece_copy(json, "expected", ret->expected_text, sizeof(ret->expected_text));
	piece_copy(json, "word", ret->text, sizeof(ret->text));
	ret->wrong = json_is_false(json_object_get(json, "as_expected"));
	piece_copy(json, "says", ret->says, sizeof(ret->says));
}

bool payload_read_words(const char *text, struct words *ret)
{
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;
	const json_t *row;
	size_t i;
	*ret = (struct words){.n_rows = 0};
	piece_copy(json, "sensor", ret->sensor, sizeof(ret->sensor));
	piece_copy(json, "profile", ret->profile, sizeof(ret->profile));
	piece_copy(json, "bus", ret->bus, sizeof(ret->bus));
	piece_copy(json, "busy", ret->busy, sizeof(ret->busy));
	ret->unit_id = piece_int(json, "unit_id", 0);
	ret->by_daemon = strcmp(piece_text(json, "read_by"), "hazewatchd") == 0;
	ret->poll_s = json_number_value(json_object_get(json, "poll_s"));
	ret->age_s = json_number_value(json_object_get(json, "age_s"));
	ret->polls = json_integer_value(json_object_get(json, "polls"));
	read_register(json_object_get(json, "identity"), &ret->identity);
	read_register(json_object_get(json, "status"), &ret->status);
	json_array_foreach(json_object_get(json, "expect"), i, row)
	{
		if (ret->n_expects < PROFILE_EXPECTS_MAX)
			read_register(row, &ret->expects[ret->n_expects++]);
	}
	json_array_foreach(json_object_get(json, "rows"), i, row)
	{
		if (ret->n_rows < PROFILE_ROWS_MAX)
			read_row(row, &ret->rows[ret->n_rows++]);
	}
	json_decref(json);
	return ret->sensor[0] != '\0';
}
