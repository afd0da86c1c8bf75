/* SPDX-License-Identifier: MIT */
/* Sensors that are data loggers, which speak HJ 212 by themselves. */
#include <string.h>

#include "conf_rules.h"
#include "station_draft.h"
#include "words.h"

#define MN_MAX 24
#define MN_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

static void read_mn(struct yaml_file *file, yaml_node node, int index, void *object)
{
	const char *text = yaml_scalar(file, node);
	(void)index;
	size_t n = text ? strlen(text) : 0;
	if (n >= 1 && n <= MN_MAX && text[strspn(text, MN_LETTERS)] == '\0')
		*(const char **)object = yaml_keep(file, node);
	else
		yaml_problem(file, node,
			     tr("mn: %s is not 1 to %d letters, digits, _ and - (the logger's MN)"),
			     yaml_found(file, node), MN_MAX);
}

static void read_password_file(struct yaml_file *file, yaml_node node, int index, void *object)
{
	station_read_path(file, node, index, object);
	station_check_key_file(file, node, *(const char **)object);
}

static void read_pollutant(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct sensor_draft *sensor = object;
	int pollutant = -1;
	conf_pollutant_read(file, node, index, &pollutant);
	if (pollutant < 0)
		return;
	if (sensor->pollutants & 1u << pollutant)
		yaml_problem(file, node, tr("pollutants: %s is named twice"),
			     pollutant_info((enum pollutant)pollutant)->key);
	sensor->pollutants |= 1u << pollutant;
}

static void read_cn(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_name names[] = {
		{"2051", HJ212_TAKES_MINUTES}, {"2061", HJ212_TAKES_HOURS}, {0}};
	static const struct yaml_key key = {"cn", YAML_TYPE_NAME, .names = names};
	struct sensor_draft *sensor = object;
	int kind = 0;
	(void)index;
	yaml_read_value(file, node, &key, &kind);
	sensor->logger.takes |= (unsigned)kind;
}

static void read_minutes(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {"minutes", YAML_TYPE_INT, .min = 1, .max = 60};
	int32_t minutes = 1;
	(void)index;
	yaml_read_value(file, node, &key, &minutes);
	if (60 % minutes != 0)
		yaml_problem(file, node,
			     tr("minutes: %d does not divide an hour; a period is one of 1, 2, 3, "
				"4, 5, 6, 10, 12, 15, 20, 30 and 60 minutes"),
			     (int)minutes);
	*(int32_t *)object = minutes;
}

static const struct yaml_key logger_keys[] = {
	{"mn", YAML_TYPE_CALL, .required = true, .each = read_mn,
	 .offset = offsetof(struct sensor_draft, logger.mn)},
	{"password_file", YAML_TYPE_CALL, .required = true, .each = read_password_file,
	 .offset = offsetof(struct sensor_draft, logger.password_file)},
	{"profile", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 255,
	 .offset = offsetof(struct sensor_draft, profile.text)},
	{"pollutants", YAML_TYPE_EACH, .required = true, .min = 1, .max = POLLUTANT_COUNT,
	 .each = read_pollutant},
	{"cn", YAML_TYPE_EACH, .min = 1, .max = 2, .each = read_cn},
	{"minutes", YAML_TYPE_CALL, .each = read_minutes,
	 .offset = offsetof(struct sensor_draft, logger.minutes)},
	{0},
};

void station_read_logger(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct sensor_draft *sensor = object;
	(void)index;
	sensor->logger.minutes = 1;
	yaml_read(file, node, logger_keys, sensor);
	if (!yaml_get(file, node, "cn"))
		sensor->logger.takes = HJ212_TAKES_MINUTES | HJ212_TAKES_HOURS;
	sensor->is_logger = true;
	sensor->poll_ms = sensor->logger.minutes * 60000;
	sensor->profile.at = yaml_get(file, node, "profile");
}

/* ---- against the other loggers of the bus ---- */

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Before a frame is whole nobody knows whose it is: they have one form. */
static void compare_loggers(struct yaml_file *file, const struct sensor_draft *later,
			    const struct sensor_draft *earlier)
{
	const struct hj212_profile *a = later->logger.profile, *b = earlier->logger.profile;
	if (later->on_bus < 0 || later->on_bus != earlier->on_bus)
		return;
	if (later->logger.mn && is_same_text(later->logger.mn, earlier->logger.mn))
		yaml_problem(file, yaml_get(file, yaml_get(file, later->at, "hj212"), "mn"),
			     tr("mn: %s is that of sensor %s already"), later->logger.mn,
			     earlier->id);
	if (a && b &&
	    (a->crc != b->crc || a->length != b->length || !is_same_text(a->key_file, b->key_file)))
		yaml_problem(
			file, later->profile.at,
			tr("profile: %s has another crc, length or key than %s of sensor %s on "
			   "the same bus; give it a bus, with a port, of its own"),
			a->id, b->id, earlier->id);
}

/* What the logger is to bring must be in the profile. */
static void check_factors(struct yaml_file *file, const struct sensor_draft *sensor)
{
	pollutant_set has = 0;
	const struct hj212_profile *profile = sensor->logger.profile;
	for (int i = 0; i < profile->n_factors; i++)
		if (profile->factors[i].pollutant >= 0)
			has |= 1u << profile->factors[i].pollutant;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		if (sensor->pollutants & ~has & 1u << p)
			yaml_problem(
				file,
				yaml_get(file, yaml_get(file, sensor->at, "hj212"), "pollutants"),
				tr("pollutants: profile %s has no factor for %s"), profile->id,
				pollutant_info((enum pollutant)p)->key);
}

void station_check_loggers(struct yaml_file *file, const struct station_draft *draft)
{
	for (int i = 0; i < draft->n_sensors; i++) {
		const struct sensor_draft *sensor = &draft->sensors[i];
		if (!sensor->is_logger)
			continue;
		if (sensor->logger.profile)
			check_factors(file, sensor);
		for (int j = 0; j < i; j++)
			if (draft->sensors[j].is_logger)
				compare_loggers(file, sensor, &draft->sensors[j]);
	}
}

/* ---- profiles ---- */

/* Its rows stand for registers, so that a logger is a device as others are. */
static struct profile *make_model(struct arena *arena, const struct sensor_draft *sensor)
{
	struct profile *model = arena_alloc(arena, sizeof(*model));
	model->id = sensor->logger.profile->id;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(sensor->pollutants & 1u << p))
			continue;
		model->rows[model->n_rows++] = (struct profile_row){.pollutant = (enum pollutant)p,
								    .delivers = DELIVERS_MEAN};
	}
	return model;
}

void station_take_profile(struct yaml_file *from, struct hj212_profile *profile,
			  struct sensor_draft *sensor)
{
	sensor->logger.profile = profile;
	if (profile)
		sensor->model = make_model(yaml_arena(from), sensor);
}
