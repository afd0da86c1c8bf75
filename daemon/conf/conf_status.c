/* SPDX-License-Identifier: MIT */
#include "conf_status.h"

#include "conf_registers.h"
#include "words.h"

#include <string.h>

#define TEXT_TYPE REGISTER_TYPE_COUNT /* of an identity only */

#define INT(name, type, member, must, least, most)                                                 \
	{                                                                                          \
		name, YAML_TYPE_INT, .required = must, .offset = offsetof(type, member),           \
				     .min = least, .max = most                                     \
	}
#define PLACE(draft, functions, types)                                                             \
	INT("function", struct draft, place.function, true, functions, 4),                         \
		INT("address", struct draft, place.address, true, 0, REGISTER_TOP),                \
		{"type", YAML_TYPE_NAME, .offset = offsetof(struct draft, place.type),             \
		 .names = types},                                                                  \
	{                                                                                          \
		"order", YAML_TYPE_NAME, .offset = offsetof(struct draft, place.order),            \
					 .names = conf_order_names                                 \
	}
#define NODE(name, draft, member, must)                                                            \
	{                                                                                          \
		name, YAML_TYPE_CALL, .required = must, .offset = offsetof(struct draft, member),  \
				      .each = keep_node                                            \
	}

struct place_draft {
	int32_t function, address;
	int type, order;
};

/* Of a status or an expectation. */
struct condition_draft {
	struct place_draft place;
	int64_t mask; /* 0: not given */
	yaml_node good;
	yaml_node said[PROFILE_SAYINGS];
};

struct identity_draft {
	struct place_draft place;
	yaml_node value;
	int32_t every_min;
};

struct alive_draft {
	struct place_draft place;
	int32_t within_min;
};

/* What a number can be is known when its type is. */
static void keep_node(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)file, (void)index;
	*(yaml_node *)object = node;
}

static struct profile_place place_of(const struct place_draft *draft)
{
	return (struct profile_place){
		.function = (uint8_t)draft->function,
		.address = (uint16_t)draft->address,
		.type = (enum register_type)draft->type,
		.order = (enum byte_order)draft->order,
	};
}

/* Coils and discrete inputs are bits. */
static void check_bit(struct yaml_file *file, yaml_node map, int function)
{
	static const char *const keys[] = {"type", "order", "mask"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		yaml_node node = yaml_get(file, map, keys[i]);
		if (node && function <= 2)
			yaml_problem(file, node,
				     tr("%s: function %d reads single bits, which have none"),
				     keys[i], function);
	}
}

/* Takes down a place that is right. False: there are too many. */
static bool add_beside(struct yaml_file *file, yaml_node map, const struct request *wanted,
		       struct profile_beside *beside)
{
	conf_warn_of_counted(file, map, wanted->function, wanted->address);
	if (beside->n == READPLAN_REQUESTS_MAX)
		return false;
	beside->places[beside->n].node = map;
	beside->places[beside->n++].wanted = *wanted;
	return true;
}

/* ---- status and expectation ---- */

static const struct yaml_key status_keys[] = {
	PLACE(condition_draft, 1, conf_whole_names),
	{"mask", YAML_TYPE_WHOLE, .offset = offsetof(struct condition_draft, mask), .min = 1,
	 .max = UINT32_MAX},
	NODE("normal", condition_draft, good, true),
	NODE("zero_check", condition_draft, said[SAYS_ZERO_CHECK], false),
	NODE("span_check", condition_draft, said[SAYS_SPAN_CHECK], false),
	NODE("warm_up", condition_draft, said[SAYS_WARM_UP], false),
	NODE("maintenance", condition_draft, said[SAYS_MAINTENANCE], false),
	{0},
};

static const struct yaml_key expect_keys[] = {
	PLACE(condition_draft, 1, conf_whole_names),
	{"mask", YAML_TYPE_WHOLE, .offset = offsetof(struct condition_draft, mask), .min = 1,
	 .max = UINT32_MAX},
	NODE("value", condition_draft, good, true),
	{0},
};

static void check_mask(struct yaml_file *file, yaml_node map, const struct condition_draft *draft)
{
	enum register_type type = (enum register_type)draft->place.type;
	double most = conf_reach(type).high;
	yaml_node node = yaml_get(file, map, "mask");
	if (!node)
		return;
	if (type == TYPE_S16 || type == TYPE_S32)
		yaml_problem(file, node, tr("mask: %s has a sign; bits are those of u16 or u32"),
			     register_type_name(type));
	else if ((double)draft->mask > most)
		yaml_problem(file, node, tr("mask: %lld is not a whole number of 1 to %.0f"),
			     (long long)draft->mask, most);
}

/* A value that has bits which the mask leaves out is never met. */
static void check_bits(struct yaml_file *file, yaml_node node, const char *key,
		       const struct bounds *value, int64_t mask)
{
	if (mask > 0 && value->low >= 0 && !(value->low < value->high) &&
	    ((int64_t)value->low & ~mask))
		yaml_problem(file, node, tr("%s: %lld has bits that mask %lld leaves out"), key,
			     (long long)value->low, (long long)mask);
}

static void read_value(struct yaml_file *file, yaml_node node, const char *name,
		       const struct condition_draft *draft, struct bounds *ret)
{
	struct bounds reach = conf_reach((enum register_type)draft->place.type);
	const struct yaml_key number = {name, YAML_TYPE_WHOLE, .min = reach.low,
					.max = draft->place.function <= 2 ? 1 : reach.high};
	int before = yaml_problems(file);
	conf_read_bounds(file, node, &number, ret);
	if (yaml_problems(file) == before)
		check_bits(file, node, name, ret, draft->mask);
}

/* A number, or a list of numbers and of pairs, from and to. */
static void read_good(struct yaml_file *file, yaml_node node, const char *name,
		      const struct condition_draft *draft, struct profile_condition *ret)
{
	int n = yaml_length(file, node);
	if (!yaml_is_list(file, node)) {
		read_value(file, node, name, draft, &ret->good[ret->n_good++]);
		return;
	}
	if (n < 1 || n > PROFILE_NORMALS_MAX) {
		yaml_problem(file, node, tr("%s: %d items; allowed are %.0f to %.0f"), name, n, 1.0,
			     (double)PROFILE_NORMALS_MAX);
		return;
	}
	for (int i = 0; i < n; i++)
		read_value(file, yaml_item(file, node, i), name, draft, &ret->good[ret->n_good++]);
}

/* False after a problem. */
static bool read_condition(struct yaml_file *file, yaml_node map, const struct yaml_key *keys,
			   struct condition_draft *draft, struct profile_condition *ret)
{
	const char *good = keys == expect_keys ? "value" : "normal";
	int before = yaml_problems(file);
	yaml_read(file, map, keys, draft);
	if (yaml_problems(file) > before)
		return false;
	*ret = (struct profile_condition){.at = place_of(&draft->place),
					  .mask = (uint32_t)draft->mask};
	check_bit(file, map, draft->place.function);
	conf_check_place(file, map, &ret->at);
	check_mask(file, map, draft);
	if (yaml_problems(file) > before)
		return false;
	read_good(file, draft->good, good, draft, ret);
	return yaml_problems(file) == before;
}

static void read_said(struct yaml_file *file, const struct condition_draft *draft,
		      struct profile_status *status)
{
	static const char *const names[PROFILE_SAYINGS] = {"zero_check", "span_check", "warm_up",
							   "maintenance"};
	for (int i = 0; i < PROFILE_SAYINGS; i++) {
		struct bounds said = {0};
		if (draft->said[i])
			read_value(file, draft->said[i], names[i], draft, &said);
		if (said.low < said.high)
			yaml_problem(file, draft->said[i], tr("%s: one number, not from and to"),
				     names[i]);
		status->says[i] = draft->said[i] != 0;
		status->said[i] =
			(uint32_t)(int64_t)said.low &
			(register_count(status->normal.at.type) == 1 ? UINT16_MAX : UINT32_MAX);
	}
}

static void read_one_status(struct yaml_file *file, yaml_node map, uint32_t rows,
			    struct profile_beside *beside)
{
	struct condition_draft draft = {0};
	struct profile_status status = {.rows = rows};
	int before = yaml_problems(file);
	if (!read_condition(file, map, status_keys, &draft, &status.normal))
		return;
	read_said(file, &draft, &status);
	const struct request wanted = request_place(&status.normal.at);
	if (yaml_problems(file) > before || !add_beside(file, map, &wanted, beside))
		return;
	if (beside->profile->n_statuses == PROFILE_STATUSES_MAX)
		yaml_problem(file, map, tr("status: more than %d in the file"),
			     PROFILE_STATUSES_MAX);
	else
		beside->profile->statuses[beside->profile->n_statuses++] = status;
}

void conf_read_statuses(struct yaml_file *file, yaml_node node, uint32_t rows,
			struct profile_beside *beside)
{
	int n = yaml_length(file, node);
	if (!yaml_is_list(file, node)) {
		read_one_status(file, node, rows, beside);
		return;
	}
	if (n < 1)
		yaml_problem(file, node, tr("%s: %d items; at least %.0f are required"), "status",
			     n, 1.0);
	for (int i = 0; i < n; i++)
		read_one_status(file, yaml_item(file, node, i), rows, beside);
}

void conf_read_status(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	conf_read_statuses(file, node, PROFILE_ALL_ROWS, object);
}

void conf_read_expect(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct profile_beside *beside = object;
	struct profile *profile = beside->profile;
	struct condition_draft draft = {0};
	struct profile_condition expect;
	(void)index;
	if (!read_condition(file, node, expect_keys, &draft, &expect))
		return;
	const struct request wanted = request_place(&expect.at);
	if (add_beside(file, node, &wanted, beside) && profile->n_expects < PROFILE_EXPECTS_MAX)
		profile->expects[profile->n_expects++] = expect;
}

/* ---- identity ---- */

static const struct yaml_name identity_types[] = {
	{"u16", TYPE_U16}, {"u32", TYPE_U32}, {"text", TEXT_TYPE}, {0}};

static const struct yaml_key identity_keys[] = {
	PLACE(identity_draft, 3, identity_types),
	NODE("value", identity_draft, value, true),
	INT("every_min", struct identity_draft, every_min, false, 1, 1440),
	{0},
};

/* What the registers must hold: a number, the word unit_id, or a text. */
static void read_identity_value(struct yaml_file *file, const struct identity_draft *draft,
				struct profile_identity *ret)
{
	static const struct yaml_key text_key = {"value", YAML_TYPE_TEXT,
						 .offset = offsetof(struct profile_identity, text),
						 .min = 1, .max = PROFILE_TEXT_MAX};
	const struct yaml_key number_key = {"value", YAML_TYPE_WHOLE,
					    .max = draft->place.type == TYPE_U32 ? UINT32_MAX
										 : UINT16_MAX};
	const char *text = yaml_scalar(file, draft->value);
	int64_t number = 0;
	ret->is_unit_id = draft->place.type != TEXT_TYPE && text && strcmp(text, "unit_id") == 0;
	if (draft->place.type == TEXT_TYPE)
		yaml_read_value(file, draft->value, &text_key, ret);
	else if (!ret->is_unit_id)
		yaml_read_value(file, draft->value, &number_key, &number);
	ret->value = (uint32_t)number;
}

/* Registers have bytes, and a display what they stand for in ASCII. */
static void check_text(struct yaml_file *file, yaml_node node, const char *text)
{
	for (; text && *text; text++) {
		if (*text >= 0x20 && *text < 0x7f)
			continue;
		yaml_problem(file, node, tr("value: only printable ASCII is compared"));
		return;
	}
}

void conf_read_identity(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct profile_beside *beside = object;
	struct identity_draft draft = {.every_min = PROFILE_CHECK_MIN};
	struct profile_identity identity = {.present = true};
	int before = yaml_problems(file);
	(void)index;
	yaml_read(file, node, identity_keys, &draft);
	if (yaml_problems(file) > before)
		return;
	read_identity_value(file, &draft, &identity);
	check_text(file, draft.value, identity.text);
	if (draft.place.type == TEXT_TYPE)
		draft.place.type = TYPE_U16;
	identity.at = place_of(&draft.place);
	identity.every_min = draft.every_min;
	if (!identity.text || yaml_get(file, node, "order"))
		conf_check_place(file, node, &identity.at);
	const struct request wanted = request_identity(&identity);
	if (wanted.address + wanted.count - 1 > REGISTER_TOP && identity.text)
		yaml_problem(file, yaml_get(file, node, "address"),
			     tr("address: %s needs %d registers, and %d is the last one"), "text",
			     wanted.count, REGISTER_TOP);
	if (yaml_problems(file) == before && add_beside(file, node, &wanted, beside))
		beside->profile->identity = identity;
}

/* ---- what must change ---- */

static const struct yaml_key alive_keys[] = {
	PLACE(alive_draft, 3, conf_whole_names),
	INT("within_min", struct alive_draft, within_min, true, 1, 1440),
	{0},
};

void conf_read_alive(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct profile_beside *beside = object;
	struct alive_draft draft = {0};
	int before = yaml_problems(file);
	(void)index;
	yaml_read(file, node, alive_keys, &draft);
	struct profile_alive alive = {
		.present = true, .at = place_of(&draft.place), .within_min = draft.within_min};
	if (yaml_problems(file) > before)
		return;
	conf_check_place(file, node, &alive.at);
	const struct request wanted = request_place(&alive.at);
	if (yaml_problems(file) == before && add_beside(file, node, &wanted, beside))
		beside->profile->alive = alive;
}
