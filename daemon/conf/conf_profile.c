/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "conf_quantity.h"
#include "conf_registers.h"
#include "conf_rules.h"
#include "conf_status.h"
#include "words.h"

#define HOLE_TOP 124       /* a request reads 125 registers at most */
#define NUMBER_TOP 1000000 /* scale, offset, range: far outside any unit */
#define TEXT_TOP 400
#define MARK_TOP 1.9e19 /* what 64 bits hold */

#define TEXT(name, type, member, must)                                                             \
	{                                                                                          \
		name, YAML_TYPE_TEXT, .required = must, .offset = offsetof(type, member),          \
				      .min = 1, .max = TEXT_TOP                                    \
	}
#define INT(name, type, member, must, least, most)                                                 \
	{                                                                                          \
		name, YAML_TYPE_INT, .required = must, .offset = offsetof(type, member),           \
				     .min = least, .max = most                                     \
	}
#define NAME(name, member, must, list)                                                             \
	{                                                                                          \
		name, YAML_TYPE_NAME, .required = must,                                            \
				      .offset = offsetof(struct row_draft, member), .names = list  \
	}
#define NUMBER(name, member)                                                                       \
	{                                                                                          \
		name, YAML_TYPE_DECIMAL, .offset = offsetof(struct row_draft, member),             \
					 .min = -NUMBER_TOP, .max = NUMBER_TOP                     \
	}

#define MILLI(name, member)                                                                        \
	{                                                                                          \
		name, YAML_TYPE_MILLI, .offset = offsetof(struct row_draft, member), .min = 0,     \
				       .max = 100000                                               \
	}

/* What a row has that says nothing about it: half a day at the same value is too long, a leap of
 * 500 ug/m3 needs a second look. In thousandths of the pollutant's unit. */
#define FROZEN_MIN 720
#define FROZEN_MIN_HOURLY 1440 /* particles: 24 values */
#define UPDATE_S 60
#define NO_FLOOR (-1)
#define FLOOR_MILLI 10000
#define FLOOR_MILLI_CO 500
#define JUMP_MILLI 500000
#define JUMP_MILLI_CO 25000

struct row_draft {
	int quantity; /* a pollutant, or POLLUTANT_COUNT + an auxiliary quantity */
	int type, order, unit, delivers;
	int32_t ready_minute; /* -1: not given */
	int32_t function, address;
	double scale, offset, range[2];
	int32_t bits[2]; /* -1: not given */
	int n_sentinels;
	struct bounds sentinels[PROFILE_SENTINELS_MAX];
	yaml_node status;                                      /* of this row alone */
	int32_t frozen_min, update_s, floor_milli, jump_milli; /* -1: not given */
	const char *source;
};

struct profile_draft {
	struct profile profile;
	struct profile_beside beside;
	const char *kind; /* for the reader of the file */
	int32_t max_hole;
	bool readable[PROFILE_ROWS_MAX]; /* rows without a problem of their own */
};

static const struct yaml_name delivers_names[] = {
	{"spot", DELIVERS_SPOT},
	{"mean", DELIVERS_MEAN},
	{"hourly", DELIVERS_HOURLY},
	{0},
};

static void read_bound(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {"range", YAML_TYPE_DECIMAL, .min = -NUMBER_TOP,
					    .max = NUMBER_TOP};
	yaml_read_value(file, node, &key, &((struct row_draft *)object)->range[index]);
}

static void read_bit(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {"bits", YAML_TYPE_INT, .min = 0, .max = 31};
	yaml_read_value(file, node, &key, &((struct row_draft *)object)->bits[index]);
}

static void read_sentinel(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {"sentinels", YAML_TYPE_DECIMAL, .min = -MARK_TOP,
					    .max = MARK_TOP};
	struct row_draft *row = object;
	conf_read_bounds(file, node, &key, &row->sentinels[index]);
	row->n_sentinels = index + 1;
}

/* Read when it is known which row this is. */
static void keep_row_status(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)file, (void)index;
	((struct row_draft *)object)->status = node;
}

static const struct yaml_key row_keys[] = {
	{"pollutant", YAML_TYPE_CALL, .required = true,
	 .offset = offsetof(struct row_draft, quantity), .each = conf_quantity_read},
	INT("function", struct row_draft, function, true, 3, 4),
	INT("address", struct row_draft, address, true, 0, REGISTER_TOP),
	NAME("type", type, true, conf_type_names),
	NAME("order", order, false, conf_order_names),
	{"bits", YAML_TYPE_EACH, .min = 2, .max = 2, .each = read_bit},
	NAME("unit", unit, true, conf_unit_names),
	NUMBER("scale", scale),
	NUMBER("offset", offset),
	{"range", YAML_TYPE_EACH, .required = true, .min = 2, .max = 2, .each = read_bound},
	{"sentinels", YAML_TYPE_EACH, .min = 1, .max = PROFILE_SENTINELS_MAX,
	 .each = read_sentinel},
	NAME("delivers", delivers, false, delivers_names),
	INT("ready_minute", struct row_draft, ready_minute, false, 0, 58),
	INT("frozen_min", struct row_draft, frozen_min, false, 0, 10080),
	INT("update_s", struct row_draft, update_s, false, 1, 3600),
	MILLI("floor", floor_milli),
	MILLI("jump", jump_milli),
	{"status", YAML_TYPE_CALL, .each = keep_row_status},
	TEXT("source", struct row_draft, source, false),
	{0},
};

/* The numbers that the registers of a row, or its slice of them, can hold. */
static struct bounds reach_of(const struct row_draft *row)
{
	enum register_type type = (enum register_type)row->type;
	bool is_signed = type == TYPE_S16 || type == TYPE_S32;
	double all = ldexp(1, row->bits[1] - row->bits[0] + 1);
	if (row->bits[0] < 0 || row->bits[0] > row->bits[1])
		return conf_reach(type);
	return is_signed ? (struct bounds){-all / 2, all - 1} : (struct bounds){0, all - 1};
}

static bool is_mark(double value, struct bounds reach)
{
	return value >= reach.low && value <= reach.high && !(floor(value) < value);
}

/* What a raw value of the type can be; a float can be anything. */
static void check_sentinels(struct yaml_file *file, yaml_node list, const struct row_draft *row)
{
	struct bounds reach = reach_of(row);
	const char *type = register_type_name((enum register_type)row->type);
	for (int i = 0; i < row->n_sentinels; i++) {
		const struct bounds *mark = &row->sentinels[i];
		yaml_node node = yaml_item(file, list, i);
		bool low = is_mark(mark->low, reach), high = is_mark(mark->high, reach);
		if (register_is_float((enum register_type)row->type) || (low && high))
			continue;
		if (yaml_is_list(file, node))
			node = yaml_item(file, node, low);
		yaml_problem(file, node,
			     tr("sentinels: %s is not a whole number of %.0f to %.0f, as %s "
				"can hold"),
			     yaml_found(file, node), reach.low, reach.high, type);
	}
}

/* What the keys of one row say about each other; only for a row whose keys are all right. */
static void check_profile_row(struct yaml_file *file, yaml_node node, const struct row_draft *row)
{
	const struct profile_row quantity = conf_quantity_of(row->quantity, row->unit);
	conf_check_place(file, node,
			 &(struct profile_place){.function = (uint8_t)row->function,
						 .address = (uint16_t)row->address,
						 .type = (enum register_type)row->type,
						 .order = (enum byte_order)row->order});
	conf_check_bits(file, yaml_get(file, node, "bits"), (enum register_type)row->type,
			row->bits);
	conf_quantity_check(file, node, &quantity, row->range);
	if (quantity.auxiliary != AUXILIARY_NONE && row->delivers == DELIVERS_HOURLY)
		yaml_problem(file, yaml_get(file, node, "delivers"),
			     tr("delivers: %s is no pollutant of the index, and only these may be "
				"hourly"),
			     profile_row_key(&quantity));
	if (!(row->scale < 0 || row->scale > 0))
		yaml_problem(file, yaml_get(file, node, "scale"),
			     tr("scale: 0 would make all values 0"));
	if (!(row->range[0] < row->range[1]))
		yaml_problem(file, yaml_get(file, node, "range"),
			     tr("range: the first value must be below the second"));
	if (row->delivers == DELIVERS_HOURLY && row->ready_minute < 0)
		yaml_problem(file, node, tr("delivers: hourly needs the key ready_minute"));
	if (row->delivers != DELIVERS_HOURLY && row->ready_minute >= 0)
		yaml_problem(file, yaml_get(file, node, "ready_minute"),
			     tr("ready_minute: only what delivers: hourly has one"));
	check_sentinels(file, yaml_get(file, node, "sentinels"), row);
}

static int32_t given_or(int32_t given, int32_t otherwise)
{
	return given >= 0 ? given : otherwise;
}

/* An hourly value stands still for an hour and may leap, and weather does both: nothing is looked
 * at unless asked for. */
static void keep_guard(const struct row_draft *draft, struct profile_row *ret)
{
	bool co = draft->quantity == POLLUTANT_CO;
	bool auxiliary = draft->quantity >= POLLUTANT_COUNT;
	bool hourly = draft->delivers == DELIVERS_HOURLY;

	bool particles = conf_quantity_is_particles(draft->quantity);
	ret->frozen_min = given_or(draft->frozen_min, auxiliary   ? 0
						      : !hourly   ? FROZEN_MIN
						      : particles ? FROZEN_MIN_HOURLY
								  : 0);
	ret->update_s = given_or(draft->update_s, UPDATE_S);
	ret->floor_milli = given_or(draft->floor_milli, particles ? NO_FLOOR
							: co      ? FLOOR_MILLI_CO
								  : FLOOR_MILLI);
	ret->jump_milli = given_or(draft->jump_milli, hourly || auxiliary ? 0
						      : co                ? JUMP_MILLI_CO
									  : JUMP_MILLI);
}

static void keep_row(const struct row_draft *draft, struct profile_row *ret)
{
	const struct profile_row quantity = conf_quantity_of(draft->quantity, draft->unit);
	*ret = (struct profile_row){
		.pollutant = quantity.pollutant,
		.auxiliary = quantity.auxiliary,
		.function = (uint8_t)draft->function,
		.address = (uint16_t)draft->address,
		.type = (enum register_type)draft->type,
		.order = (enum byte_order)draft->order,
		.unit = quantity.unit,
		.scale = draft->scale,
		.offset = draft->offset,
		.range_min = draft->range[0],
		.range_max = draft->range[1],
		.first_bit = draft->bits[0] < 0 ? 0 : (uint8_t)draft->bits[0],
		.n_bits = draft->bits[0] < 0 ? 0 : (uint8_t)(draft->bits[1] - draft->bits[0] + 1),
		.n_sentinels = draft->n_sentinels,
		.delivers = (enum delivers)draft->delivers,
		.ready_minute = draft->ready_minute,
		.source = draft->source,
	};
	for (int i = 0; i < draft->n_sentinels; i++)
		ret->sentinels[i] = draft->sentinels[i];
	keep_guard(draft, ret);
}

static void read_profile_row(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct profile_draft *draft = object;
	struct row_draft row = {.order = ORDER_ABCD,
				.scale = 1,
				.bits = {-1, -1},
				.ready_minute = -1,
				.frozen_min = -1,
				.update_s = -1,
				.floor_milli = -1,
				.jump_milli = -1};
	int before = yaml_problems(file);
	yaml_read(file, node, row_keys, &row);
	if (yaml_problems(file) == before)
		check_profile_row(file, node, &row);
	if (yaml_problems(file) == before)
		conf_warn_of_counted(file, node, row.function, row.address);
	draft->readable[index] = yaml_problems(file) == before;
	keep_row(&row, &draft->profile.rows[index]);
	if (row.status)
		conf_read_statuses(file, row.status, 1u << index, &draft->beside);
	draft->profile.n_rows = index + 1;
}

static bool has_overlap(const struct request *a, const struct request *b)
{
	return a->function == b->function && a->address < b->address + b->count &&
	       b->address < a->address + a->count;
}

/* Two slices of one number that do not touch. */
static bool has_slices(const struct profile_row *a, const struct profile_row *b)
{
	return a->n_bits > 0 && b->n_bits > 0 && a->address == b->address && a->type == b->type &&
	       a->order == b->order &&
	       (a->first_bit + a->n_bits <= b->first_bit ||
		b->first_bit + b->n_bits <= a->first_bit);
}

/* Two rows against each other; the later one bears the problem. */
static void check_pair(struct yaml_file *file, yaml_node rows, const struct profile *profile, int i,
		       int j)
{
	const struct profile_row *earlier = &profile->rows[i], *later = &profile->rows[j];
	const struct request a = request_row(earlier), b = request_row(later);
	yaml_node node = yaml_item(file, rows, j);
	const char *place = yaml_place(file, yaml_item(file, rows, i));
	if (earlier->pollutant == later->pollutant && earlier->auxiliary == later->auxiliary)
		yaml_problem(file, yaml_get(file, node, "pollutant"),
			     tr("pollutant: %s has a row already, at %s"), profile_row_key(later),
			     place);
	if (has_overlap(&a, &b) && !has_slices(earlier, later))
		yaml_problem(file, yaml_get(file, node, "address"),
			     tr("address: %s at %d overlaps %s at %d (%s, %s)"),
			     register_type_name(later->type), later->address,
			     register_type_name(earlier->type), earlier->address,
			     profile_row_key(earlier), place);
}

/* The registers beside the rows are not theirs, but for what a slice leaves. */
static void check_beside(struct yaml_file *file, const struct profile_draft *draft, int at)
{
	const struct request *beside = &draft->beside.places[at].wanted;
	yaml_node node = yaml_get(file, draft->beside.places[at].node, "address");
	yaml_node rows = yaml_get(file, yaml_root(file), "rows");
	for (int i = 0; i < draft->profile.n_rows; i++) {
		const struct request row = request_row(&draft->profile.rows[i]);
		if (draft->readable[i] && draft->profile.rows[i].n_bits == 0 &&
		    has_overlap(&row, beside))
			yaml_problem(file, node,
				     tr("address: register %d is part of the row at %s"),
				     beside->address, yaml_place(file, yaml_item(file, rows, i)));
	}
}

static void check_profile(struct yaml_file *file, const struct profile_draft *draft)
{
	yaml_node rows = yaml_get(file, yaml_root(file), "rows");
	for (int j = 1; j < draft->profile.n_rows; j++) {
		for (int i = 0; i < j; i++) {
			if (draft->readable[i] && draft->readable[j])
				check_pair(file, rows, &draft->profile, i, j);
		}
	}
	for (int i = 0; i < draft->beside.n; i++)
		check_beside(file, draft, i);
	if (yaml_is_list(file, rows) && draft->profile.n_rows == 0 &&
	    draft->profile.n_statuses == 0)
		yaml_problem(file, rows, tr("rows: 0 items; without a status there are 1 to %d"),
			     PROFILE_ROWS_MAX);
}

static const struct yaml_key profile_keys[] = {
	TEXT("kind", struct profile_draft, kind, true),
	{"id", YAML_TYPE_ID, .required = true,
	 .offset = offsetof(struct profile_draft, profile.id)},
	TEXT("maker", struct profile_draft, profile.maker, true),
	TEXT("model", struct profile_draft, profile.model, true),
	TEXT("source", struct profile_draft, profile.source, true),
	INT("max_hole", struct profile_draft, max_hole, false, 0, HOLE_TOP),
	{"rows", YAML_TYPE_EACH, .required = true, .max = PROFILE_ROWS_MAX,
	 .each = read_profile_row},
	{"status", YAML_TYPE_CALL, .each = conf_read_status,
	 .offset = offsetof(struct profile_draft, beside)},
	{"expect", YAML_TYPE_EACH, .min = 1, .max = PROFILE_EXPECTS_MAX, .each = conf_read_expect,
	 .offset = offsetof(struct profile_draft, beside)},
	{"alive", YAML_TYPE_CALL, .each = conf_read_alive,
	 .offset = offsetof(struct profile_draft, beside)},
	{"identity", YAML_TYPE_CALL, .each = conf_read_identity,
	 .offset = offsetof(struct profile_draft, beside)},
	{0},
};

bool conf_read_profile(struct yaml_file *file, struct profile *ret)
{
	struct profile_draft draft = {.beside.profile = &draft.profile};
	yaml_read(file, yaml_root(file), profile_keys, &draft);
	draft.profile.max_hole = draft.max_hole;
	check_profile(file, &draft);
	if (yaml_problems(file) > 0)
		return false;
	*ret = draft.profile;
	return true;
}
