/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "cycle.h"
#include "decode.h"
#include "station_draft.h"
#include "words.h"

#define MIN_AGE_MS 60000 /* a sample holds for a minute at least, however often it is polled */

int conf_first_auxiliary(const struct conf *conf)
{
	return conf->n_channels + conf->n_seconds;
}

int conf_behind_channels(const struct conf *conf)
{
	return conf_first_auxiliary(conf) + conf->n_auxiliaries;
}

static int32_t max_age_ms(int32_t poll_ms)
{
	return 2 * poll_ms > MIN_AGE_MS ? 2 * poll_ms : MIN_AGE_MS;
}

/* The channel that measures a pollutant already, -1: none. */
static int find_channel(const struct conf *conf, enum pollutant pollutant)
{
	for (int i = 0; i < conf->n_channels; i++) {
		if (conf->channels[i].pollutant == pollutant)
			return i;
	}
	return -1;
}

static const char *place_of_sensor(struct yaml_file *file, const struct station_draft *draft,
				   const char *id)
{
	for (int i = 0; i < draft->n_sensors; i++) {
		if (draft->sensors[i].id == id)
			return yaml_place(file, draft->sensors[i].profile.at);
	}
	return "?";
}

/* An hourly value that comes after its hour was closed would never count. */
static void check_ready(struct yaml_file *file, const struct station_draft *draft,
			const struct sensor_draft *sensor, const struct channel_conf *channel)
{
	if (channel->delivers != DELIVERS_HOURLY ||
	    channel->ready_minute * 60000 + sensor->poll_ms <= draft->conf.close_delay_min * 60000)
		return;
	yaml_problem(file, sensor->profile.at,
		     tr("%s is ready at minute %d and polled every %g s; close_delay_min, %d, must "
			"leave time for a poll after it"),
		     channel->id, (int)channel->ready_minute, sensor->poll_ms / 1000.0,
		     (int)draft->conf.close_delay_min);
}

/* The second instrument of a pollutant, -1: it has one. */
static int find_second(const struct station_draft *draft, enum pollutant pollutant)
{
	for (int i = 0; i < draft->n_seconds; i++) {
		if (draft->seconds[i].pollutant == pollutant)
			return i;
	}
	return -1;
}

/* A third is refused, and one that does not stand for the same time as the first. */
static bool may_stand_in(struct yaml_file *file, const struct station_draft *draft,
			 const struct channel_conf *first, const struct channel_conf *second)
{
	yaml_node at = 0;
	for (int i = 0; i < draft->n_sensors; i++)
		at = draft->sensors[i].id == second->sensor ? draft->sensors[i].profile.at : at;
	int there = find_second(draft, first->pollutant);
	const char *key = pollutant_info(first->pollutant)->key;
	if (first->logged || second->logged)
		yaml_problem(file, at,
			     tr("sensor %s measures %s, which %s measures already, at %s; what a "
				"data logger tells has no second instrument"),
			     second->sensor, key, first->sensor,
			     place_of_sensor(file, draft, first->sensor));
	else if (there >= 0)
		yaml_problem(file, at,
			     tr("sensor %s measures %s, which %s and %s measure already, at %s; a "
				"pollutant has two instruments at most"),
			     second->sensor, key, first->sensor, draft->seconds[there].sensor,
			     place_of_sensor(file, draft, draft->seconds[there].sensor));
	else if ((first->delivers == DELIVERS_HOURLY) != (second->delivers == DELIVERS_HOURLY))
		yaml_problem(
			file, at,
			tr("sensor %s measures %s, which %s measures already, at %s; only one "
			   "of them gives hourly values, and neither can stand in for the other"),
			second->sensor, key, first->sensor,
			place_of_sensor(file, draft, first->sensor));
	else if (first->ready_minute != second->ready_minute)
		yaml_problem(file, at,
			     tr("sensor %s measures %s, which %s measures already, at %s; "
				"ready_minute is %d of the one and %d of the other, and must be "
				"the same"),
			     second->sensor, key, first->sensor,
			     place_of_sensor(file, draft, first->sensor), (int)second->ready_minute,
			     (int)first->ready_minute);
	else
		return true;
	return false;
}

static void add_second(struct yaml_file *file, struct station_draft *draft, int there,
		       const struct channel_conf *second, int row)
{
	struct channel_conf *first = &draft->conf.channels[there];
	if (!may_stand_in(file, draft, first, second))
		return;
	/* what counts is held as long as the slower one needs */
	if (second->max_age_ms > first->max_age_ms)
		first->max_age_ms = second->max_age_ms;
	draft->second_rows[draft->n_seconds] = row;
	draft->seconds[draft->n_seconds++] = *second;
}

/* The first of the file counts: of two instruments of a kind, which stand in for each other with
 * their pollutants, one has the weather. */
static void add_auxiliary(struct yaml_file *file, struct station_draft *draft,
			  const struct sensor_draft *sensor, const struct channel_conf *channel,
			  int row)
{
	for (int i = 0; i < draft->n_auxiliaries; i++) {
		const struct channel_conf *there = &draft->auxiliaries[i];
		if (there->auxiliary != channel->auxiliary)
			continue;
		yaml_warning(file, sensor->profile.at,
			     tr("sensor %s measures %s, which %s measures already, at %s; the "
				"first counts, and of this one it is not used"),
			     channel->sensor, auxiliary_info(channel->auxiliary)->key,
			     there->sensor, place_of_sensor(file, draft, there->sensor));
		return;
	}
	draft->auxiliary_rows[draft->n_auxiliaries] = row;
	draft->auxiliaries[draft->n_auxiliaries++] = *channel;
}

/* A counter of whole numbers shows the end of its range, and one step later 0. */
static int32_t turns_milli(const struct profile_row *row)
{
	double step = register_is_float(row->type) ? 0 : fabs(row->scale);
	return row->auxiliary == AUXILIARY_RAIN
		       ? (int32_t)llround((row->range_max + step) * decode_milli_per_unit(row))
		       : 0;
}

static void add_channel(struct yaml_file *file, struct station_draft *draft,
			const struct sensor_draft *sensor, int device, int row)
{
	struct conf *conf = &draft->conf;
	enum pollutant pollutant = sensor->model->rows[row].pollutant;
	const struct channel_conf channel = {
		.id = arena_format(conf->arena, "%s/%s", sensor->id,
				   profile_row_key(&sensor->model->rows[row])),
		.sensor = sensor->id,
		.pollutant = pollutant,
		.auxiliary = sensor->model->rows[row].auxiliary,
		.bus = sensor->on_bus,
		.device = device,
		.max_age_ms = max_age_ms(sensor->poll_ms),
		.delivers = sensor->model->rows[row].delivers,
		.turns_milli = turns_milli(&sensor->model->rows[row]),
		.ready_minute = sensor->model->rows[row].ready_minute,
		.logged = sensor->is_logger,
	};
	if (channel.auxiliary != AUXILIARY_NONE) {
		add_auxiliary(file, draft, sensor, &channel, row);
		return;
	}
	int there = find_channel(conf, pollutant);
	check_ready(file, draft, sensor, &channel);
	if (there >= 0) {
		add_second(file, draft, there, &channel, row);
		return;
	}
	conf->buses[sensor->on_bus].devices[device].channels[row] = (int16_t)conf->n_channels;
	conf->channels[conf->n_channels++] = channel;
	conf->station.scope.monitored |= 1u << pollutant;
}

static void join_channel(struct conf *conf, const struct channel_conf *channel, int row, int at)
{
	conf->buses[channel->bus].devices[channel->device].channels[row] = (int16_t)at;
	conf->channels[at] = *channel;
}

/* Behind all that are the first of their pollutant. */
static void join_seconds(struct station_draft *draft)
{
	struct conf *conf = &draft->conf;
	for (int i = 0; i < draft->n_seconds; i++)
		join_channel(conf, &draft->seconds[i], draft->second_rows[i],
			     conf->n_channels + conf->n_seconds++);
	for (int i = 0; i < draft->n_auxiliaries; i++)
		join_channel(conf, &draft->auxiliaries[i], draft->auxiliary_rows[i],
			     conf_first_auxiliary(conf) + conf->n_auxiliaries++);
}

static void add_device(struct yaml_file *file, struct station_draft *draft,
		       const struct sensor_draft *sensor)
{
	struct bus_conf *bus = &draft->conf.buses[sensor->on_bus];
	int device = bus->n_devices++;
	bus->devices[device] = (struct device_conf){
		.id = sensor->id,
		.unit_id = sensor->is_logger ? 0 : sensor->unit_id,
		.profile = sensor->model,
		.poll_ms = sensor->poll_ms,
		.response_timeout_ms = sensor->response_timeout_ms > 0
					       ? sensor->response_timeout_ms
					       : bus->link.response_timeout_ms,
		.retries = sensor->retries,
		.max_registers = sensor->max_registers,
		.logger = sensor->is_logger ? &sensor->logger : NULL,
	};
	struct upkeep_conf *upkeep = arena_alloc(draft->conf.arena, sizeof(*upkeep));
	*upkeep = sensor->upkeep;
	draft->conf.upkeep[sensor->on_bus][device] = upkeep;
	station_check_corrections(file, sensor);
	for (int row = 0; row < PROFILE_ROWS_MAX; row++)
		bus->devices[device].channels[row] = -1;
	for (int row = 0; row < sensor->model->n_rows; row++)
		add_channel(file, draft, sensor, device, row);
}

/* Without a word about it PM2.5 and PM10 lead, as far as the station measures them. */
static void join_leading(struct yaml_file *file, struct station_draft *draft)
{
	struct scope *scope = &draft->conf.station.scope;
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		yaml_node at = draft->leading_at[i];
		if (at && !(scope->monitored & 1u << i))
			yaml_problem(file, at, tr("leading: no sensor measures %s"),
				     pollutant_info((enum pollutant)i)->key);
		if (at)
			scope->leading |= 1u << i;
	}
	if (yaml_get(file, draft->station_at, "leading"))
		return;
	scope->leading = scope->monitored & (1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10);
	if (scope->leading == 0)
		yaml_problem(file, draft->station_at,
			     tr("no sensor measures pm25 or pm10; the key leading must name "
				"pollutants that are measured"));
}

/* A line that has more to carry than time: some polls would always be left out. */
static void check_cycles(struct yaml_file *file, const struct station_draft *draft)
{
	for (int b = 0; b < draft->conf.n_buses; b++) {
		const struct bus_conf *bus = &draft->conf.buses[b];
		double load = bus->of_loggers ? 0 : cycle_load(bus);
		if (load <= 1 || !isfinite(load)) /* a poll_s was refused */
			continue;
		if (bus->link.kind == LINK_RTU && bus->link.gap_ms == 0)
			yaml_problem(
				file, draft->bus_at[b],
				tr("bus %s: its polls take %.0f %% of the time at %d baud; poll "
				   "less often, or use a faster line or a second one"),
				bus->id, 100 * load, bus->link.baud);
		else
			yaml_problem(file, draft->bus_at[b],
				     tr("bus %s: its polls take %.0f %% of the time with pauses of "
					"%d ms (gap_ms); poll less often, or use a second bus"),
				     bus->id, 100 * load, link_conf_gap_ms(&bus->link));
	}
}

void station_join(struct yaml_file *file, struct station_draft *draft)
{
	if (draft->is_district) { /* its stations say what they measure, hour by hour */
		draft->conf.station.scope.monitored = POLLUTANT_ALL;
		join_leading(file, draft);
		return;
	}
	bool complete = draft->n_sensors > 0;
	for (int i = 0; i < draft->n_sensors; i++) {
		const struct sensor_draft *sensor = &draft->sensors[i];
		if (sensor->id && sensor->model && sensor->on_bus >= 0)
			add_device(file, draft, sensor);
		else
			complete = false;
	}
	join_seconds(draft);
	check_cycles(file, draft);
	station_check_loggers(file, draft);
	/* with a sensor missing nobody knows what is measured */
	if (complete)
		join_leading(file, draft);
}
