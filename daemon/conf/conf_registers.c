/* SPDX-License-Identifier: MIT */
#include "conf_registers.h"

#include "words.h"

#define HELD_FIRST 40001
#define INPUT_FIRST 30001
#define COUNTED 9999

const struct yaml_name conf_type_names[] = {
	{"u16", TYPE_U16}, {"s16", TYPE_S16}, {"u32", TYPE_U32},
	{"s32", TYPE_S32}, {"f32", TYPE_F32}, {"u64", TYPE_U64},
	{"s64", TYPE_S64}, {"f64", TYPE_F64}, {0},
};
const struct yaml_name conf_whole_names[] = {
	{"u16", TYPE_U16}, {"s16", TYPE_S16}, {"u32", TYPE_U32}, {"s32", TYPE_S32}, {0},
};
const struct yaml_name conf_order_names[] = {
	{"abcd", ORDER_ABCD}, {"cdab", ORDER_CDAB}, {"badc", ORDER_BADC}, {"dcba", ORDER_DCBA}, {0},
};

struct bounds conf_reach(enum register_type type)
{
	static const struct bounds reach[REGISTER_TYPE_COUNT] = {
		[TYPE_U16] = {0, UINT16_MAX},
		[TYPE_S16] = {INT16_MIN, INT16_MAX},
		[TYPE_U32] = {0, UINT32_MAX},
		[TYPE_S32] = {INT32_MIN, INT32_MAX},
		[TYPE_U64] = {0, 18446744073709551615.0},
		[TYPE_S64] = {-9223372036854775808.0, 9223372036854775807.0},
	};
	return reach[type];
}

void conf_check_place(struct yaml_file *file, yaml_node map, const struct profile_place *place)
{
	const char *type = register_type_name(place->type);
	int n = register_count(place->type);
	bool exchanged = place->order == ORDER_BADC || place->order == ORDER_DCBA;
	yaml_node order = yaml_get(file, map, "order");
	if (order && n == 1 && !exchanged)
		yaml_problem(file, order,
			     tr("order: %s is one register and has no order of words; badc "
				"exchanges its bytes"),
			     type);
	if (place->address + n - 1 > REGISTER_TOP)
		yaml_problem(file, yaml_get(file, map, "address"),
			     tr("address: %s needs %d registers, and %d is the last one"), type, n,
			     REGISTER_TOP);
}

void conf_check_bits(struct yaml_file *file, yaml_node node, enum register_type type,
		     const int32_t bits[2])
{
	int n = 16 * register_count(type);
	if (!node)
		return;
	if (register_is_float(type) || n > 32)
		yaml_problem(file, node, tr("bits: only u16, s16, u32 and s32 are cut, %s is not"),
			     register_type_name(type));
	else if (bits[0] > bits[1] || bits[1] >= n)
		yaml_problem(file, node,
			     tr("bits: %d to %d; %s has 0 to %d, the least significant first"),
			     (int)bits[0], (int)bits[1], register_type_name(type), n - 1);
}

static double read_number(struct yaml_file *file, yaml_node node, const struct yaml_key *number)
{
	struct yaml_key key = *number;
	int64_t whole = 0;
	double real = 0;
	key.offset = 0;
	if (key.type == YAML_TYPE_WHOLE)
		yaml_read_value(file, node, &key, &whole);
	else
		yaml_read_value(file, node, &key, &real);
	return key.type == YAML_TYPE_WHOLE ? (double)whole : real;
}

void conf_read_bounds(struct yaml_file *file, yaml_node node, const struct yaml_key *number,
		      struct bounds *ret)
{
	int before = yaml_problems(file);
	if (!yaml_is_list(file, node)) {
		ret->low = ret->high = read_number(file, node, number);
		return;
	}
	if (yaml_length(file, node) != 2) {
		yaml_problem(file, node, tr("%s: a list of %d; from and to are two numbers"),
			     number->key, yaml_length(file, node));
		return;
	}
	ret->low = read_number(file, yaml_item(file, node, 0), number);
	ret->high = read_number(file, yaml_item(file, node, 1), number);
	if (yaml_problems(file) == before && !(ret->low <= ret->high))
		yaml_problem(file, node, tr("%s: the first value must not be above the second"),
			     number->key);
}

void conf_warn_of_counted(struct yaml_file *file, yaml_node map, int function, int address)
{
	int first = function == 3 ? HELD_FIRST : INPUT_FIRST;
	if (function >= 3 && address >= first && address < first + COUNTED)
		yaml_warning(file, yaml_get(file, map, "address"),
			     tr("address: %d with function %d: manuals count from %d; if this one "
				"does, write %d"),
			     address, function, first, address - first);
}
