/* SPDX-License-Identifier: MIT */
#include "division.h"
#include "station_draft.h"
#include "words.h"

#include <string.h>

static void read_area(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	const char *text = yaml_scalar(file, node);
	if (text && division_is_code(text))
		*(const char **)object = yaml_keep(file, node);
	else
		yaml_problem(file, node, tr("area: %s is not a division code of %d digits"),
			     yaml_found(file, node), DIVISION_DIGITS);
	if (*(const char **)object && !division_is_known(text))
		yaml_warning(file, node,
			     tr("area: GB/T 2260 has no province and city %.4s; is %s mistyped?"),
			     text, text);
}

/* Degrees stay as they are written: they go into messages, nobody computes with them. */
static void read_degrees(struct yaml_file *file, yaml_node node, const char *key, double most,
			 const char **ret)
{
	const struct yaml_key as_number = {
		.key = key, .type = YAML_TYPE_DECIMAL, .min = -most, .max = most};
	double value = 2 * most; /* stays outside after a problem */
	yaml_read_value(file, node, &as_number, &value);
	if (value <= most)
		*ret = yaml_keep(file, node);
}

static void read_lng(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	read_degrees(file, node, "lng", 180, object);
}

static void read_lat(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	read_degrees(file, node, "lat", 90, object);
}

static const struct yaml_name pollutants[] = {
	{"pm25", POLLUTANT_PM25},
	{"pm10", POLLUTANT_PM10},
	{"so2", POLLUTANT_SO2},
	{"no2", POLLUTANT_NO2},
	{"co", POLLUTANT_CO},
	{"o3", POLLUTANT_O3},
	{NULL, 0},
};

static void read_leading(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	static const struct yaml_key name = {
		.key = "leading", .type = YAML_TYPE_NAME, .names = pollutants};
	struct station_draft *draft = object;
	int pollutant = -1;
	yaml_read_value(file, node, &name, &pollutant);
	if (pollutant < 0)
		return;
	yaml_node *at = &draft->leading_at[pollutant];
	if (*at)
		yaml_problem(file, node, tr("leading: %s is named before, at %s"),
			     yaml_scalar(file, node), yaml_place(file, *at));
	else
		*at = node;
}

static const struct yaml_key station_keys[] = {
	{"id", YAML_TYPE_ID, .required = true,
	 .offset = offsetof(struct station_draft, conf.station.id)},
	{"name_zh", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 120,
	 .offset = offsetof(struct station_draft, conf.station.name_zh)},
	{"name_en", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 120,
	 .offset = offsetof(struct station_draft, conf.station.name_en)},
	{"area", YAML_TYPE_CALL, .required = true, .each = read_area,
	 .offset = offsetof(struct station_draft, conf.station.area)},
	{"district_zh", YAML_TYPE_TEXT, .min = 1, .max = 120,
	 .offset = offsetof(struct station_draft, conf.station.district_zh)},
	{"district_en", YAML_TYPE_TEXT, .min = 1, .max = 120,
	 .offset = offsetof(struct station_draft, conf.station.district_en)},
	{"national_code", YAML_TYPE_TEXT, .min = 1, .max = 32,
	 .offset = offsetof(struct station_draft, conf.station.national_code)},
	{"mn", YAML_TYPE_TEXT, .min = 1, .max = 32,
	 .offset = offsetof(struct station_draft, conf.station.mn)},
	{"lng", YAML_TYPE_CALL, .each = read_lng,
	 .offset = offsetof(struct station_draft, conf.station.lng)},
	{"lat", YAML_TYPE_CALL, .each = read_lat,
	 .offset = offsetof(struct station_draft, conf.station.lat)},
	{"leading", YAML_TYPE_EACH, .min = 1, .max = POLLUTANT_COUNT, .each = read_leading},
	{0},
};

static void read_station(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct station_draft *draft = object;
	draft->station_at = node;
	yaml_read(file, node, station_keys, draft);
}

static const struct yaml_key storage_keys[] = {
	{"dir", YAML_TYPE_CALL, .required = true, .each = station_read_path,
	 .offset = offsetof(struct station_draft, conf.data_dir)},
	{"minutes_days", YAML_TYPE_INT, .min = 2, .max = 36500,
	 .offset = offsetof(struct station_draft, conf.retention.minutes_days)},
	{"hours_days", YAML_TYPE_INT, .min = 90, .max = 36500,
	 .offset = offsetof(struct station_draft, conf.retention.hours_days)},
	{"events_days", YAML_TYPE_INT, .min = 90, .max = 36500,
	 .offset = offsetof(struct station_draft, conf.retention.events_days)},
	{"state_quota_mb", YAML_TYPE_INT, .min = 64, .max = 65536,
	 .offset = offsetof(struct station_draft, conf.retention.state_quota_mb)},
	{"samples_quota_mb", YAML_TYPE_INT, .min = 16, .max = 65536,
	 .offset = offsetof(struct station_draft, conf.retention.samples_quota_mb)},
	{0},
};

/* conf.c has read it to know what the file is. */
static void pass_kind(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)file, (void)node, (void)index, (void)object;
}

static const struct yaml_name order_names[] = {
	{"directive", ORDERS_UNDER_DIRECTIVE},
	{"advice", ORDERS_UNDER_ADVICE},
	{NULL, 0},
};

static const struct yaml_name binding_names[] = {
	{"directive", BINDING_FROM_DIRECTIVE},
	{"release", BINDING_FROM_RELEASE},
	{NULL, 0},
};

static const struct yaml_name outlook_names[] = {
	{"auto", OUTLOOK_SHOW_AUTO},
	{"off", OUTLOOK_SHOW_OFF},
	{"show", OUTLOOK_SHOW_ON},
	{NULL, 0},
};

static const struct yaml_name language_names[] = {
	{"en", WORDS_ENGLISH},
	{"zh", WORDS_CHINESE},
	{NULL, 0},
};

static const struct yaml_key file_keys[] = {
	{"kind", YAML_TYPE_CALL, .each = pass_kind},
	{"station", YAML_TYPE_CALL, .required = true, .each = read_station},
	{"exercise", YAML_TYPE_BOOL, .offset = offsetof(struct station_draft, conf.exercise)},
	{"language", YAML_TYPE_NAME, .names = language_names,
	 .offset = offsetof(struct station_draft, conf.language)},
	{"edition", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 255,
	 .offset = offsetof(struct station_draft, edition.text)},
	{"plan", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 255,
	 .offset = offsetof(struct station_draft, plan.text)},
	{"calendar", YAML_TYPE_TEXT, .min = 1, .max = 255,
	 .offset = offsetof(struct station_draft, calendar.text)},
	{"close_delay_min", YAML_TYPE_INT, .max = 60,
	 .offset = offsetof(struct station_draft, conf.close_delay_min)},
	{"orders", YAML_TYPE_NAME, .names = order_names,
	 .offset = offsetof(struct station_draft, conf.orders_under)},
	{"publish_roster", YAML_TYPE_BOOL,
	 .offset = offsetof(struct station_draft, conf.publish_roster)},
	{"binding_from", YAML_TYPE_NAME, .names = binding_names,
	 .offset = offsetof(struct station_draft, conf.binding_from)},
	{"outlook", YAML_TYPE_NAME, .names = outlook_names,
	 .offset = offsetof(struct station_draft, conf.outlook.show)},
	{"outlook_model", YAML_TYPE_TEXT, .min = 1, .max = 255,
	 .offset = offsetof(struct station_draft, outlook.text)},
	{"clocks_apart", YAML_TYPE_INT, .max = 60,
	 .offset = offsetof(struct station_draft, conf.clocks_apart_min)},
	{"clock", YAML_TYPE_CALL, .each = station_read_clock},
	{"storage", YAML_TYPE_MAP, .required = true, .sub = storage_keys},
};
#define FILE_KEYS (sizeof(file_keys) / sizeof(file_keys[0]))

/* Where the hours come from, and where all of it goes. */
static const struct yaml_key sensor_keys[] = {
	{"buses", YAML_TYPE_EACH, .required = true, .min = 1, .max = CONF_BUSES_MAX,
	 .each = station_read_bus},
	{"sensors", YAML_TYPE_EACH, .required = true, .min = 1, .max = SENSORS_MAX,
	 .each = station_read_sensor},
	{"district", YAML_TYPE_CALL, .each = station_read_district},
	{"mqtt", YAML_TYPE_CALL, .each = station_read_mqtt},
	{"hj212", YAML_TYPE_CALL, .each = station_read_hj212},
	{0},
};
static const struct yaml_key roster_keys[] = {
	{"roster", YAML_TYPE_CALL, .required = true, .each = station_read_path,
	 .offset = offsetof(struct station_draft, roster)},
	{"relay", YAML_TYPE_CALL, .each = station_read_relay},
	{"mqtt", YAML_TYPE_CALL, .each = station_read_mqtt},
	{0},
};

static void read_file_keys(struct yaml_file *file, yaml_node root, struct station_draft *ret)
{
	struct yaml_key keys[FILE_KEYS + 8];
	memcpy(keys, file_keys, sizeof(file_keys));
	if (ret->is_district)
		memcpy(&keys[FILE_KEYS], roster_keys, sizeof(roster_keys));
	else
		memcpy(&keys[FILE_KEYS], sensor_keys, sizeof(sensor_keys));
	yaml_read(file, root, keys, ret);
}

void station_read(struct yaml_file *file, struct station_draft *ret)
{
	struct conf *conf = &ret->conf;
	conf->path = yaml_path(file);
	conf->close_delay_min = ret->is_district ? 15 : 2;
	conf->clocks_apart_min = 5;
	conf->calendar.last = -1; /* knows no day */
	conf->retention = (struct retention){.minutes_days = 731,
					     .hours_days = 3653,
					     .events_days = 3653,
					     .state_quota_mb = 256,
					     .samples_quota_mb = 1024};
	conf->clock =
		(struct clock_conf){.source = CLOCK_NTP, .holdover_h = 168, .patience_min = 30};
	yaml_node root = yaml_root(file);
	read_file_keys(file, root, ret);
	ret->edition.at = yaml_get(file, root, "edition");
	ret->plan.at = yaml_get(file, root, "plan");
	ret->calendar.at = yaml_get(file, root, "calendar");
	ret->outlook.at = yaml_get(file, root, "outlook_model");
	station_check_clock(file, ret);
	if (!ret->is_district)
		station_check_sensors(file, ret);
	station_check_relay(file, ret);
	if (conf->mqtt.n_hosts > 0 && !conf->mqtt.client_id && conf->station.id)
		conf->mqtt.client_id =
			arena_format(yaml_arena(file), "hazewatch-%s", conf->station.id);
}
