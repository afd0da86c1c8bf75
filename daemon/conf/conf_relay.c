/* SPDX-License-Identifier: MIT */
/* The parts relay (of a district) and district (of a station) of a station file. */
#include <string.h>

#include "conf_keys.h"
#include "station_draft.h"
#include "words.h"

#define CUT_OFF_MIN 10 /* of some minutes one message each is lost */

static void read_key_file(struct yaml_file *file, yaml_node node, int index, void *object)
{
	station_read_path(file, node, index, object);
	station_check_key_file(file, node, *(const char **)object);
}

static const struct yaml_key relay_keys[] = {
	{"key_file", YAML_TYPE_CALL, .required = true, .each = read_key_file,
	 .offset = offsetof(struct relay_conf, key_file)},
	{"key_name", YAML_TYPE_TEXT, .required = true, .min = 1, .max = CONF_KEY_NAME_MAX,
	 .offset = offsetof(struct relay_conf, key_name)},
	{0},
};

void station_read_relay(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct relay_conf *relay = &((struct station_draft *)object)->conf.relay;
	yaml_read(file, node, relay_keys, relay);
	if (relay->key_name && !conf_is_key_name(relay->key_name))
		yaml_problem(file, yaml_get(file, node, "key_name"),
			     tr("key_name: %s is not letters, digits, . _ -"), relay->key_name);
}

static const struct yaml_key district_keys[] = {
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct district_conf, id)},
	{"cut_off_min", YAML_TYPE_INT, .min = 1, .max = 1440,
	 .offset = offsetof(struct district_conf, cut_off_min)},
	{0},
};

void station_read_district(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct district_conf *district = &((struct station_draft *)object)->conf.district;
	district->cut_off_min = CUT_OFF_MIN;
	yaml_read(file, node, district_keys, district);
}

void station_check_relay(struct yaml_file *file, const struct station_draft *draft)
{
	const struct conf *conf = &draft->conf;
	yaml_node root = yaml_root(file), district = yaml_get(file, root, "district");
	yaml_node relay = yaml_get(file, root, "relay");
	if (relay && conf->mqtt.n_hosts == 0)
		yaml_problem(file, relay, tr("relay: needs mqtt, by which stations hear of it"));
	if (district && conf->mqtt.n_hosts == 0)
		yaml_problem(file, district, tr("district: needs mqtt, by which it is heard of"));
	if (district && conf->district.id && conf->station.id &&
	    strcmp(conf->district.id, conf->station.id) == 0)
		yaml_problem(file, yaml_get(file, district, "id"),
			     tr("district: %s is the station itself"), conf->district.id);
}
