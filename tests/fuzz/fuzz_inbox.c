/* SPDX-License-Identifier: MIT */
/* Any bytes as a command of any kind, and as an ack: refused with a reason, or whole. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "command_json.h"
#include "fuzz.h"
#include "hetang.h"

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
	if (command_parse(kind, json, size - 1, &plan, &message))
		check(&message);
	else
		assert(message.why[0] != '\0');
	if (command_parse_ack(json, size - 1, &ack))
		assert(ack.seq > 0 && strlen(ack.db) == COMMAND_DB_MAX - 1);
	free(json);
	return 0;
}
