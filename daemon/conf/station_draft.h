/* SPDX-License-Identifier: MIT */
/*
 * The inside of conf.h: a station file -> a draft of struct conf, every value checked by itself and
 * against the others of the file (conf_station.c, conf_clock.c, conf_bus.c, conf_sensor.c,
 * conf_mqtt.c, conf_relay.c, conf_example.c); the files it names (conf_find.c, conf_open.c); both
 * joined (conf_join.c) under the lead of conf.c.
 */
#ifndef DAEMON_CONF_STATION_DRAFT_H
#define DAEMON_CONF_STATION_DRAFT_H

#include "conf.h"

#define SENSORS_MAX BUS_DEVICES_MAX

/* Another file, named in this one. */
struct file_name {
	const char *text; /* NULL if it was absent or wrong */
	yaml_node at;
};

struct sensor_draft {
	const char *id, *bus;
	struct file_name profile;
	const struct profile *model; /* the profile once loaded; NULL after a problem */
	int32_t unit_id, poll_ms;
	int32_t response_timeout_ms, retries, max_registers; /* 0: not given */
	struct upkeep_conf upkeep;
	bool is_logger; /* then of these: */
	struct hj212_logger_conf logger;
	pollutant_set pollutants;
	int on_bus; /* index into buses, -1: no such bus */
	yaml_node at;
};

struct station_draft {
	struct conf conf;
	struct file_name edition, plan, calendar, outlook;
	bool is_district;
	const char *roster; /* its file; NULL: absent or wrong */
	yaml_node station_at, clock_at, bus_at[CONF_BUSES_MAX];
	yaml_node leading_at[POLLUTANT_COUNT]; /* 0: not named as leading */
	int n_seconds; /* second instruments of a pollutant, and their rows */
	struct channel_conf seconds[CONF_CHANNELS_MAX];
	int second_rows[CONF_CHANNELS_MAX];
	struct platform_draft {
		struct file_name profile;
		yaml_node mn_at;
	} platforms[CONF_PLATFORMS_MAX]; /* as in conf */
	int n_auxiliaries;
	struct channel_conf auxiliaries[CONF_AUXILIARIES_MAX];
	int auxiliary_rows[CONF_AUXILIARIES_MAX];
	int n_sensors;
	struct sensor_draft sensors[SENSORS_MAX];
};

/* Reads the whole file. What had a problem keeps its default. */
void station_read(struct yaml_file *file, struct station_draft *ret);

/* Parts of it, called with the draft as their object; a check needs what all parts have read. */
void station_read_clock(struct yaml_file *file, yaml_node node, int index, void *object);
void station_check_clock(struct yaml_file *file, const struct station_draft *draft);
void station_read_mqtt(struct yaml_file *file, yaml_node node, int index, void *object);
void station_read_relay(struct yaml_file *file, yaml_node node, int index, void *object);
void station_read_district(struct yaml_file *file, yaml_node node, int index, void *object);
void station_check_relay(struct yaml_file *file, const struct station_draft *draft);
void station_read_hj212(struct yaml_file *file, yaml_node node, int index, void *object);
/* After its profile was loaded (NULL: it has problems). */
void station_check_platform(struct yaml_file *file, struct station_draft *draft, int index);
void station_read_bus(struct yaml_file *file, yaml_node node, int index, void *object);
void station_read_sensor(struct yaml_file *file, yaml_node node, int index, void *object);
void station_check_sensors(struct yaml_file *file, struct station_draft *draft);

/* A sensor that is a data logger (conf_logger.c): its key hj212, the object is a struct
 * sensor_draft; all of them against their profiles, once these are loaded. */
void station_read_logger(struct yaml_file *file, yaml_node node, int index, void *object);
void station_check_loggers(struct yaml_file *file, const struct station_draft *draft);

/* Its profile, NULL after problems. */
void station_take_profile(struct yaml_file *from, struct hj212_profile *profile,
			  struct sensor_draft *sensor);

/* The path of a file that another one names by name, to be found in `folder`, or by path; NULL
 * after a problem. */
const char *conf_find_file(const char *config_dir, struct yaml_file *from,
			   const struct file_name *name, const char *folder);

/* The paths of all files that can be named by name; at most `most` come into ret. How many there
 * are. */
int conf_find_all(const char *config_dir, struct arena *arena, const char *folder, int most,
		  const char **ret);

/* The file of the outlook's model; NULL: there is no outlook, or after a problem. */
const char *station_find_outlook(const char *config_dir, struct yaml_file *file,
				 const struct station_draft *draft);

/* Values that documents are written with, left in a file that has no problems (conf_example.c). */
void station_warn_of_examples(struct yaml_file *file, const struct station_draft *draft);

/* Sensors and their loaded profiles -> devices, channels and what the station measures. */
void station_join(struct yaml_file *file, struct station_draft *draft);

/* The object is an int64_t: milliseconds since 1970 UTC of an RFC 3339 time. */
void station_read_time(struct yaml_file *file, yaml_node node, int index, void *object);

/* Parts of a sensor's care; the object is a struct upkeep_conf. */
void station_read_correction(struct yaml_file *file, yaml_node node, int index, void *object);
void station_read_check(struct yaml_file *file, yaml_node node, int index, void *object);
/* The corrections of a sensor against what its profile measures. */
void station_check_corrections(struct yaml_file *file, const struct sensor_draft *sensor);

/* A secret's file, NULL: none, must be a plain one, if it is there, and is nobody else's business.
 */
void station_check_key_file(struct yaml_file *file, yaml_node node, const char *path);

/* An absolute path; the object is a const char *. */
void station_read_path(struct yaml_file *file, yaml_node node, int index, void *object);

#endif
