/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a command of any kind, as an ack, and as what a station of a district says: refused,
 * or whole. A command says the same again in its normal text and after a district relayed it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "command_json.h"
#include "fuzz.h"
#include "hetang.h"
#include "relay_text.h"
#include "station_hour.h"
#include "station_word.h"

static struct plan plan = {
	.id = "fuzz",
	.n_levels = 2,
	.levels = {[LEVEL_YELLOW].id = "yellow", [LEVEL_ORANGE].id = "orange"},
};

static void check_text(const char *text, size_t size)
{
	const char *end = memchr(text, '\0', size);
	assert(end);
	for (; text < end; text++)
		assert((unsigned char)*text >= ' ');
}

static void check_level(int level)
{
	assert(level == LEVEL_NONE || level == LEVEL_YELLOW || level == LEVEL_ORANGE);
}

static void check_forecast(const struct forecast *forecast)
{
	assert(forecast->n >= 1 && forecast->n <= FORECAST_HOURS_MAX);
	for (int i = 0; i < forecast->n; i++) {
		const struct forecast_step *step = &forecast->steps[i];
		assert(step->hour > 0);
		assert(step->aqi_min >= 0 && step->aqi_min <= 500);
		assert(step->aqi_max >= 0 && step->aqi_max <= 500);
		for (int p = 0; p < POLLUTANT_COUNT; p++)
			assert(step->values.milli[p] >= 0 && step->values.milli[p] <= 100000000);
	}
}

static void check_word(const struct timetable_word *word)
{
	assert(word->has_level ? word->start_ms > 0 : word->n_withdraws > 0);
	check_level(word->level);
	assert(word->n_withdraws >= 0 && word->n_withdraws <= WORD_WITHDRAWS_MAX);
	for (int i = 0; i < word->n_withdraws; i++)
		check_text(word->withdraws[i], sizeof(word->withdraws[i]));
	check_text(word->after, sizeof(word->after));
}

static void check(const struct command_message *message)
{
	const struct command *command = &message->command;
	assert(command->id[0] != '\0' && command->issuer[0] != '\0' && command->time_ms > 0);
	check_text(command->id, sizeof(command->id));
	check_text(command->issuer, sizeof(command->issuer));
	check_text(message->order.target, sizeof(message->order.target));
	assert(message->order.counter >= 0 && message->order.not_after_ms >= 0);
	switch (command->kind) {
	case COMMAND_DIRECTIVE:
		check_word(&command->directive.word);
		check_text(command->directive.details.area,
			   sizeof(command->directive.details.area));
		break;
	case COMMAND_RELEASE:
		check_level(command->release.level);
		check_text(command->release.number, sizeof(command->release.number));
		break;
	case COMMAND_FORECAST:
		assert(command->forecast == &message->forecast);
		check_forecast(command->forecast);
		break;
	case COMMAND_DUST:
		assert(command->dust.from > 0 && command->dust.to > 0);
		break;
	case COMMAND_REVIEW:
		assert(command->review.pollutants != 0 &&
		       (command->review.pollutants & ~POLLUTANT_ALL) == 0);
		break;
	case COMMAND_RECEIPT:
		assert(command->receipt.outcome <= RECEIPT_NOT);
		break;
	case COMMAND_RESEND:
		assert(command->resend.from > 0 && command->resend.to > 0);
		break;
	}
}

static void check_same_text(char *(*write)(const char *json), const char *a, const char *b)
{
	char *one = write(a), *other = write(b);
	assert(one && other && strcmp(one, other) == 0);
	free(one);
	free(other);
}

static struct command_message again;

static void check_again(enum command_kind kind, const char *json,
			const struct command_message *message)
{
	bool parsed = command_parse(kind, json, strlen(json), &plan, &again);
	assert(parsed && strcmp(again.command.id, message->command.id) == 0);
	assert(again.command.time_ms == message->command.time_ms);
	assert(memcmp(&again.forecast, &message->forecast, sizeof(again.forecast)) == 0);
	check(&again);
}

static void check_texts(enum command_kind kind, const char *json,
			const struct command_message *message)
{
	static const struct relay_order order = {
		.district = "d-1",
		.order = {.target = "s-2", .counter = 9, .not_after_ms = 1767254400000}};
	char *normal = command_normal_text(json), *relayed = relay_text(json, &order);
	assert(normal && relayed);
	check_again(kind, normal, message);
	check_same_text(command_normal_text, normal, json);
	check_again(kind, relayed, message);
	assert(strcmp(again.order.target, "s-2") == 0 && again.order.counter == 9);
	assert(again.order.not_after_ms == order.order.not_after_ms);
	check_same_text(command_relayed_text, relayed, json);
	free(normal);
	free(relayed);
}

static void check_word_of_station(const char *json, size_t n)
{
	static struct station_word word;
	static const char *const topics[] = {"state", "reply", "aqi"};
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		bool known = station_word_parse("s-1", topics[i], json, n, &word);
		assert(!known || (word.kind == STATION_REPLIED) == (i == 1));
		assert(!known || i < 2);
		assert(memchr(word.command, '\0', sizeof(word.command)));
		check_text(word.why, sizeof(word.why));
		assert(word.absent.n >= 0 && word.absent.n <= ABSENT_MAX);
		for (int h = 0; h < word.absent.n; h++)
			assert(word.absent.stretches[h].from <= word.absent.stretches[h].to);
	}
}

/* What the spool keeps of an hour says what the message said, or that it cannot be read. */
static void check_hour_of_station(const char *json, size_t n)
{
	char why[COMMAND_TEXT_MAX] = "";
	struct point_hour hour, again;
	char *entry = station_hour_entry("s-1", json, n);
	assert(entry);
	bool read = station_hour_parse(entry, strlen(entry), &hour, why);
	assert(read == (why[0] == '\0') && strcmp(hour.station, "s-1") == 0);
	if (read) {
		char *other = station_hour_entry("s-1", strchr(entry, '\n') + 1,
						 strlen(strchr(entry, '\n') + 1));
		assert(other && strcmp(other, entry) == 0);
		assert(hour.hour > 0 && hour.rev >= 0);
		assert((hour.values.valid & ~POLLUTANT_ALL) == 0);
		free(other);
	}
	free(entry);
	station_hour_parse(json, n, &again, why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct command_message message;
	struct command_ack ack;
	if (size == 0)
		return 0;
	char *json = malloc(size);
	assert(json);
	memcpy(json, data + 1, size - 1);
	json[size - 1] = '\0';
	enum command_kind kind = (enum command_kind)(data[0] % COMMAND_KIND_COUNT);
	if (command_parse(kind, json, size - 1, &plan, &message)) {
		check(&message);
		check_texts(kind, json, &message);
	} else {
		assert(message.why[0] != '\0');
	}
	check_word_of_station(json, size - 1);
	check_hour_of_station(json, size - 1);
	if (command_parse_ack(json, size - 1, &ack))
		assert(ack.seq > 0 && strlen(ack.db) == COMMAND_DB_MAX - 1);
	free(json);
	return 0;
}
