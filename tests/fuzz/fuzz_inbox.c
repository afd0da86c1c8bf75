/* SPDX-License-Identifier: MIT */
/* Any bytes as a command of any kind, and as an ack: refused with a reason, or whole. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "inbox_json.h"

static struct plan plan = {
	.id = "fuzz",
	.levels = {[LEVEL_YELLOW].n_any = 1, [LEVEL_ORANGE].n_any = 1},
};

static void check_text(const char *text, size_t size)
{
	const char *end = memchr(text, '\0', size);
	assert(end);
	for (; text < end; text++)
		assert((unsigned char)*text >= ' ');
}

static void check_level(enum level level)
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

static void check(const struct inbox_message *message)
{
	const struct command *command = &message->command;
	assert(command->id[0] != '\0' && command->issuer[0] != '\0' && command->time_ms > 0);
	check_text(command->id, sizeof(command->id));
	check_text(command->issuer, sizeof(command->issuer));
	check_text(message->order.target, sizeof(message->order.target));
	assert(message->order.counter >= 0 && message->order.not_after_ms >= 0);
	switch (command->kind) {
	case COMMAND_DIRECTIVE:
		check_level(command->directive.level);
		assert(command->directive.start_ms > 0);
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
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct inbox_message message;
	int64_t seq = 0;
	if (size == 0)
		return 0;
	char *json = malloc(size);
	assert(json);
	memcpy(json, data + 1, size - 1);
	json[size - 1] = '\0';
	enum command_kind kind = (enum command_kind)(data[0] % COMMAND_KIND_COUNT);
	if (inbox_parse(kind, json, size - 1, &plan, &message))
		check(&message);
	else
		assert(message.why[0] != '\0');
	if (inbox_parse_ack(json, size - 1, "00000000-0000-0000-0000-000000000000", &seq))
		assert(seq > 0);
	free(json);
	return 0;
}
