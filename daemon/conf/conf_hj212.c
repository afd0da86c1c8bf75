/* SPDX-License-Identifier: MIT */
#include "conf_hj212.h"

#include <errno.h>
#include <string.h>

#include "conf_open.h"
#include "conf_rules.h"
#include "sm4.h"
#include "station_draft.h"
#include "words.h"

#define ST_MAX 999
#define DECIMALS_MAX 6
#define TEXT_MAX 400
#define NAME_MAX_BYTES 60
#define UNIT_MAX_BYTES 16
#define CODE_MAX 20
#define KEY_FIELD "NewSK"
#define CODE_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."

struct hj212_draft {
	struct hj212_profile profile;
	const char *kind; /* for the reader of the file */
	int edition, crc, length, ack, any_case;
};

static const struct yaml_name edition_names[] = {{"2017", HJ212_2017}, {"2025", HJ212_2025}, {0}};
static const struct yaml_name crc_names[] = {
	{"hj212", HJ212_CRC_STANDARD},
	{"modbus", HJ212_CRC_MODBUS},
	{"modbus-swapped", HJ212_CRC_MODBUS_SWAPPED},
	{0},
};
static const struct yaml_name length_names[] = {
	{"segment", HJ212_LENGTH_SEGMENT},
	{"segment+6", HJ212_LENGTH_PLUS_6},
	{0},
};
static const struct yaml_name ack_names[] = {
	{"standard", HJ212_ACK_STANDARD},
	{"lenient", HJ212_ACK_LENIENT},
	{"none", HJ212_ACK_NONE},
	{0},
};
static const struct yaml_name case_names[] = {{"exact", false}, {"any", true}, {0}};

/* ---- one factor ---- */

static void read_code(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key as_text = {"code", YAML_TYPE_TEXT, .min = 1, .max = CODE_MAX};
	const char *text = NULL;
	(void)index;
	yaml_read_value(file, node, &as_text, &text);
	if (text && text[strspn(text, CODE_LETTERS)] != '\0')
		yaml_problem(file, node, tr("code: %s is not letters, digits, _ and . alone"),
			     yaml_found(file, node));
	else if (text)
		*(const char **)object = yaml_keep(file, node);
}

static void read_auxiliary(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct yaml_name names[AUXILIARY_COUNT] = {0};
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++)
		names[i - 1] = (struct yaml_name){auxiliary_info((enum auxiliary)i)->key, i};
	const struct yaml_key key = {"auxiliary", YAML_TYPE_NAME, .names = names};
	(void)index;
	yaml_read_value(file, node, &key, object);
}

static const struct yaml_key factor_keys[] = {
	{"code", YAML_TYPE_CALL, .required = true, .offset = offsetof(struct hj212_factor, code),
	 .each = read_code},
	{"pollutant", YAML_TYPE_CALL, .offset = offsetof(struct hj212_factor, pollutant),
	 .each = conf_pollutant_read},
	{"auxiliary", YAML_TYPE_CALL, .offset = offsetof(struct hj212_factor, auxiliary),
	 .each = read_auxiliary},
	{"zh", YAML_TYPE_TEXT, .offset = offsetof(struct hj212_factor, zh), .min = 1,
	 .max = NAME_MAX_BYTES},
	{"en", YAML_TYPE_TEXT, .offset = offsetof(struct hj212_factor, en), .min = 1,
	 .max = NAME_MAX_BYTES},
	{"unit", YAML_TYPE_TEXT, .offset = offsetof(struct hj212_factor, unit), .min = 1,
	 .max = UNIT_MAX_BYTES},
	{"decimals", YAML_TYPE_INT, .required = true,
	 .offset = offsetof(struct hj212_factor, decimals), .min = 0, .max = DECIMALS_MAX},
	{0},
};

static bool is_gas(int pollutant)
{
	return pollutant != POLLUTANT_PM25 && pollutant != POLLUTANT_PM10;
}

/* The concentration of a pollutant is counted in one of these; the last two are for gases. */
static void check_unit(struct yaml_file *file, yaml_node node, const struct hj212_factor *factor)
{
	static const char *const units[] = {"ug/m3", "mg/m3", "ng/m3", "ppb", "ppm"};
	const char *key = pollutant_info((enum pollutant)factor->pollutant)->key;
	yaml_node unit = yaml_get(file, node, "unit");
	int i = 0;

	while (i < 5 && strcmp(factor->unit, units[i]) != 0)
		i++;
	if (!unit)
		yaml_problem(file, node, tr("unit: %s needs one: ug/m3, mg/m3, ng/m3, ppb or ppm"),
			     key);
	else if (i == 5)
		yaml_problem(file, unit,
			     tr("unit: %s is not one of ug/m3, mg/m3, ng/m3, ppb, ppm, which a "
				"pollutant is counted in"),
			     yaml_found(file, unit));
	else if (i >= 3 && !is_gas(factor->pollutant))
		yaml_problem(file, unit,
			     tr("unit: %s is for gases; %s is counted in ug/m3 or mg/m3"), units[i],
			     key);
}

/* An auxiliary quantity: in a unit that it is counted in. */
static void check_auxiliary(struct yaml_file *file, yaml_node node,
			    const struct hj212_factor *factor)
{
	const struct auxiliary_info *info = auxiliary_info((enum auxiliary)factor->auxiliary);
	yaml_node unit = yaml_get(file, node, "unit");

	if (factor->pollutant >= 0)
		yaml_problem(file, yaml_get(file, node, "auxiliary"),
			     tr("auxiliary: a factor is a pollutant or %s, not both"), info->key);
	else if (hj212_auxiliary_micros((enum auxiliary)factor->auxiliary, factor->unit) == 0)
		yaml_problem(file, unit ? unit : node,
			     tr("unit: %s is none of %s, which is counted in %s"),
			     unit ? yaml_found(file, unit) : "\"\"", info->key, info->unit);
}

static void check_factor(struct yaml_file *file, yaml_node node, struct hj212_factor *factor)
{
	if (factor->auxiliary != AUXILIARY_NONE)
		check_auxiliary(file, node, factor);
	if (factor->pollutant < 0) {
		if (!factor->zh || !factor->en)
			yaml_problem(
				file, node,
				tr("a factor that is none of the six pollutants needs its name, "
				   "zh and en"));
		return;
	}
	const struct pollutant_info *info = pollutant_info((enum pollutant)factor->pollutant);
	check_unit(file, node, factor);
	if (!factor->zh)
		factor->zh = info->name_zh;
	if (!factor->en)
		factor->en = info->name;
}

/* Codes that differ by the case of letters alone would be one with case: any. */
static void check_factor_pair(struct yaml_file *file, yaml_node list,
			      const struct hj212_profile *profile, int j)
{
	const struct hj212_factor *later = &profile->factors[j];
	yaml_node node = yaml_item(file, list, j);

	for (int i = 0; i < j; i++) {
		const struct hj212_factor *earlier = &profile->factors[i];
		const char *place = yaml_place(file, yaml_item(file, list, i));
		if (strcasecmp(earlier->code, later->code) == 0)
			yaml_problem(file, yaml_get(file, node, "code"),
				     tr("code: %s has a row already, at %s"), later->code, place);
		if (later->pollutant >= 0 && earlier->pollutant == later->pollutant)
			yaml_problem(file, yaml_get(file, node, "pollutant"),
				     tr("pollutant: %s has a row already, at %s"),
				     pollutant_info((enum pollutant)later->pollutant)->key, place);
		if (later->auxiliary != AUXILIARY_NONE && earlier->auxiliary == later->auxiliary)
			yaml_problem(file, yaml_get(file, node, "auxiliary"),
				     tr("auxiliary: %s has a row already, at %s"),
				     auxiliary_info((enum auxiliary)later->auxiliary)->key, place);
	}
}

static void read_factor(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct hj212_draft *draft = object;
	struct hj212_factor *factor = &draft->profile.factors[index];
	int before = yaml_problems(file);

	*factor = (struct hj212_factor){.code = "", .unit = "", .pollutant = -1};
	yaml_read(file, node, factor_keys, factor);
	if (yaml_problems(file) == before)
		check_factor(file, node, factor);
	if (factor->code[0] != '\0') /* told already, if it has none */
		check_factor_pair(file, yaml_get(file, yaml_root(file), "factors"), &draft->profile,
				  index);
	draft->profile.n_factors = index + 1;
}

/* ---- the whole ---- */

/* One that is not there yet, or that whoever checks may not read, is for its user to tell. */
static void read_cipher_key(struct yaml_file *file, yaml_node node, int index, void *object)
{
	const char **path = object;
	char why[PLAIN_WHY_MAX];
	struct sm4_key key;

	station_read_path(file, node, index, object);
	if (*path && !sm4_key_read(*path, &key, why) && errno == EINVAL)
		yaml_problem(file, node, tr("the file %s %s"), *path, why);
	explicit_bzero(&key, sizeof(key));
}

/* The field of CP in 1014; the text of 2025 could not be had, so it is data. */
static void read_key_field(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key as_text = {"key_field", YAML_TYPE_TEXT, .min = 1,
						.max = CODE_MAX};
	const char *text = NULL;
	(void)index;
	yaml_read_value(file, node, &as_text, &text);
	if (text && text[strspn(text, CODE_LETTERS)] != '\0')
		yaml_problem(file, node, tr("key_field: %s is not letters, digits, _ and . alone"),
			     yaml_found(file, node));
	else if (text)
		*(const char **)object = yaml_keep(file, node);
}

#define NAME(name, member, list)                                                                   \
	{                                                                                          \
		name, YAML_TYPE_NAME, .offset = offsetof(struct hj212_draft, member),              \
				      .names = list                                                \
	}

static const struct yaml_key accept_keys[] = {
	NAME("crc", crc, crc_names),
	NAME("length", length, length_names),
	NAME("ack", ack, ack_names),
	NAME("case", any_case, case_names),
	{0},
};

static const struct yaml_key cipher_keys[] = {
	{"key_file", YAML_TYPE_CALL, .required = true, .each = read_cipher_key,
	 .offset = offsetof(struct hj212_draft, profile.key_file)},
	{"key_field", YAML_TYPE_CALL, .each = read_key_field,
	 .offset = offsetof(struct hj212_draft, profile.key_field)},
	{0},
};

static const struct yaml_key hj212_keys[] = {
	{"kind", YAML_TYPE_TEXT, .required = true, .offset = offsetof(struct hj212_draft, kind)},
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct hj212_draft, profile.id)},
	{"source", YAML_TYPE_TEXT, .required = true, .min = 1, .max = TEXT_MAX,
	 .offset = offsetof(struct hj212_draft, profile.source)},
	{"edition", YAML_TYPE_NAME, .required = true,
	 .offset = offsetof(struct hj212_draft, edition), .names = edition_names},
	{"st", YAML_TYPE_INT, .required = true, .offset = offsetof(struct hj212_draft, profile.st),
	 .min = 1, .max = ST_MAX},
	{"accept", YAML_TYPE_MAP, .sub = accept_keys},
	{"cipher", YAML_TYPE_MAP, .sub = cipher_keys},
	{"factors", YAML_TYPE_EACH, .required = true, .min = 1, .max = HJ212_FACTORS_MAX,
	 .each = read_factor},
	{0},
};

bool conf_read_hj212(struct yaml_file *file, struct hj212_profile *ret)
{
	struct hj212_draft draft = {.edition = HJ212_2025}; /* told already, if it is not there */

	yaml_read(file, yaml_root(file), hj212_keys, &draft);
	if (yaml_get(file, yaml_root(file), "cipher") && draft.edition == HJ212_2017)
		yaml_problem(file, yaml_get(file, yaml_root(file), "cipher"),
			     tr("cipher: edition 2017 has none, SM4 came with 2025"));
	if (yaml_problems(file) > 0)
		return false;
	draft.profile.edition = (enum hj212_edition)draft.edition;
	draft.profile.crc = (enum hj212_crc)draft.crc;
	draft.profile.length = (enum hj212_length)draft.length;
	draft.profile.ack = (enum hj212_ack)draft.ack;
	draft.profile.any_case = draft.any_case;
	if (!draft.profile.key_field)
		draft.profile.key_field = KEY_FIELD;
	*ret = draft.profile;
	return true;
}

/* ---- by name ---- */

static bool load_path(const char *path, struct arena *arena, struct problems *problems,
		      struct hj212_profile *ret)
{
	struct yaml_file *file = conf_open(path, arena, problems, KIND_HJ212);
	bool good = file && conf_read_hj212(file, ret);
	yaml_close(file);
	return good;
}

bool conf_load_hj212(const char *name, const char *config_dir, struct problems *problems,
		     struct arena *arena, struct hj212_profile *ret)
{
	const char *path = conf_find_named(config_dir, arena, problems, name, "hj212");
	return load_path(path, arena, problems, ret);
}

struct hj212_profile *conf_load_hj212_once(const char *path, struct yaml_file *from, yaml_node at,
					   struct problems *problems, struct loaded_hj212 *loaded)
{
	struct arena *arena = yaml_arena(from);
	for (int i = 0; i < loaded->n; i++) {
		if (strcmp(loaded->paths[i], path) == 0)
			return loaded->profiles[i];
	}
	if (loaded->n == CONF_HJ212_MAX) {
		yaml_problem(from, at, tr("more than %d profiles, the most allowed"),
			     CONF_HJ212_MAX);
		return NULL;
	}
	struct hj212_profile *profile = arena_alloc(arena, sizeof(*profile));
	loaded->paths[loaded->n] = path;
	if (load_path(path, arena, problems, profile))
		loaded->profiles[loaded->n] = profile;
	return loaded->profiles[loaded->n++];
}
