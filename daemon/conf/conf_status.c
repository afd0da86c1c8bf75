/* SPDX-License-Identifier: MIT */
#include "conf_status.h"

#include "words.h"

#include <string.h>

#define REGISTER_TOP 65535
#define EVERY_MIN 5

#define INT(name, type, member, must, least, most)                                                 \
	{                                                                                          \
		name, YAML_TYPE_INT, .required = must, .offset = offsetof(type, member),           \
				     .min = least, .max = most                                     \
	}

struct status_draft {
	int32_t function, address, mask, normal;
	int32_t said[PROFILE_SAYINGS]; /* -1: not given */
};

struct identity_draft {
	int32_t function, address, value, every_min;
	bool is_unit_id;
};

static const struct yaml_key status_keys[] = {
	INT("function", struct status_draft, function, true, 3, 4),
	INT("address", struct status_draft, address, true, 0, REGISTER_TOP),
	INT("mask", struct status_draft, mask, false, 1, REGISTER_TOP),
	INT("normal", struct status_draft, normal, true, 0, REGISTER_TOP),
	INT("zero_check", struct status_draft, said[SAYS_ZERO_CHECK], false, 0, REGISTER_TOP),
	INT("span_check", struct status_draft, said[SAYS_SPAN_CHECK], false, 0, REGISTER_TOP),
	INT("warm_up", struct status_draft, said[SAYS_WARM_UP], false, 0, REGISTER_TOP),
	INT("maintenance", struct status_draft, said[SAYS_MAINTENANCE], false, 0, REGISTER_TOP),
	{0},
};

/* A value that has bits which the mask leaves out is never met. */
static void check_bits(struct yaml_file *file, yaml_node node, const char *key, int32_t value,
		       int32_t mask)
{
	if (value >= 0 && (value & ~mask))
		yaml_problem(file, yaml_get(file, node, key),
			     tr("%s: %d has bits that mask %d leaves out"), key, (int)value,
			     (int)mask);
}

void conf_read_status(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const char *const names[PROFILE_SAYINGS] = {"zero_check", "span_check", "warm_up",
							   "maintenance"};
	struct status_draft draft = {.mask = REGISTER_TOP, .said = {-1, -1, -1, -1}};
	struct profile_status *status = object;
	int before = yaml_problems(file);

	(void)index;
	yaml_read(file, node, status_keys, &draft);
	check_bits(file, node, "normal", draft.normal, draft.mask);
	for (int i = 0; i < PROFILE_SAYINGS; i++)
		check_bits(file, node, names[i], draft.said[i], draft.mask);
	*status = (struct profile_status){
		.present = yaml_problems(file) == before,
		.function = (uint8_t)draft.function,
		.address = (uint16_t)draft.address,
		.mask = (uint16_t)draft.mask,
		.normal = (uint16_t)draft.normal,
	};
	for (int i = 0; i < PROFILE_SAYINGS; i++) {
		status->says[i] = draft.said[i] >= 0;
		status->said[i] = (uint16_t)draft.said[i];
	}
}

/* What the register must hold: a number, or the word unit_id. */
static void read_value(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {"value", YAML_TYPE_INT,
					    .offset = offsetof(struct identity_draft, value),
					    .max = REGISTER_TOP};
	struct identity_draft *identity = object;
	const char *text = yaml_scalar(file, node);

	(void)index;
	identity->is_unit_id = text && strcmp(text, "unit_id") == 0;
	if (!identity->is_unit_id)
		yaml_read_value(file, node, &key, identity);
}

static const struct yaml_key identity_keys[] = {
	INT("function", struct identity_draft, function, true, 3, 4),
	INT("address", struct identity_draft, address, true, 0, REGISTER_TOP),
	{"value", YAML_TYPE_CALL, .required = true, .each = read_value},
	INT("every_min", struct identity_draft, every_min, false, 1, 1440),
	{0},
};

void conf_read_identity(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct identity_draft draft = {.every_min = EVERY_MIN};
	int before = yaml_problems(file);

	(void)index;
	yaml_read(file, node, identity_keys, &draft);
	*(struct profile_identity *)object = (struct profile_identity){
		.present = yaml_problems(file) == before,
		.function = (uint8_t)draft.function,
		.address = (uint16_t)draft.address,
		.is_unit_id = draft.is_unit_id,
		.value = (uint16_t)draft.value,
		.every_min = draft.every_min,
	};
}
