/* SPDX-License-Identifier: MIT */
/*
 * The station's configuration: one YAML file of kind `station`, and the plan, the edition and the
 * profiles it names. Read once, const afterwards.
 */
#ifndef DAEMON_CONF_H
#define DAEMON_CONF_H

#include "aqi.h"
#include "bus.h"
#include "calendar.h"
#include "edition.h"
#include "plan.h"
#include "retention.h"
#include "upkeep.h"
#include "yaml.h"

#define CONF_BUSES_MAX 16
#define CONF_CHANNELS_MAX POLLUTANT_COUNT /* one channel a pollutant */
#define CONF_PROFILES_MAX 32

enum clock_source { CLOCK_NTP, CLOCK_RTC, CLOCK_SIMULATED };

struct clock_conf {
	int source;           /* enum clock_source */
	int32_t holdover_h;   /* how long a synchronisation is trusted */
	int32_t patience_min; /* how long to wait for the first one */
	/* simulated: station time = start + (now - anchor) * speed */
	int64_t start_ms;  /* since 1970 UTC */
	int64_t anchor_ms; /* since 1970 UTC, of the machine's clock */
	double speed;      /* 1..100000 */
};

struct station_conf {
	const char *id, *name_zh, *name_en, *area;
	const char *national_code, *mn; /* NULL if unset */
	const char *lng, *lat;          /* decimal degrees as written, NULL if unset */
	struct scope scope;
};

struct channel_conf {
	const char *id; /* "<sensor>/<pollutant>" */
	const char *sensor;
	enum pollutant pollutant;
	int bus, device;    /* indices into buses and their devices */
	int32_t max_age_ms; /* how long a sample holds: 2 poll intervals, at least 60 s */
	enum delivers delivers;
	int32_t ready_minute; /* hourly: its value is the new one from this minute on */
};

#define CONF_CREDENTIAL "credential:" /* before the name of one of systemd's credentials */
#define CONF_KEYS_MAX 4 /* who may give commands: one in use, one to come, and spare */
#define CONF_KEY_NAME_MAX 64

/* Whose signature under a command counts. */
struct command_key {
	const char *name;
	uint8_t public[32]; /* Ed25519 */
};

enum mqtt_confirm { MQTT_CONFIRM_BROKER, MQTT_CONFIRM_PLATFORM };
enum mqtt_version { MQTT_VERSION_5, MQTT_VERSION_AUTO };

struct mqtt_conf {
	const char *host; /* NULL: no broker configured, nothing is published */
	int32_t port;
	const char *client_id; /* default: hazewatch-<station id> */
	const char *username;  /* NULL if unset */
	int32_t keepalive_s;
	int version; /* enum mqtt_version */
	int confirm; /* enum mqtt_confirm: who ends a row of the outbox */
	bool tls;
	/* Absolute paths, or CONF_CREDENTIAL and a name; read at each connect; NULL if unset. */
	const char *password_file, *ca_file, *cert_file, *key_file;
	const char *cap_code_name, *cap_code; /* CAP's eventCode; NULL: none */
	int n_keys;                           /* 0: commands need no signature */
	struct command_key keys[CONF_KEYS_MAX];
};

/* Under whose word the sources of the reduction list get orders. */
enum orders_under {
	ORDERS_UNDER_DIRECTIVE,
	ORDERS_UNDER_ADVICE, /* where no directive is in force */
};

struct conf {
	struct arena *arena;
	const char *path;
	struct station_conf station;
	bool exercise;
	struct clock_conf clock;
	const char *data_dir;
	struct retention retention;
	enum orders_under orders_under;
	int32_t close_delay_min; /* minutes after its end at which an hour closes, 0..60 */
	struct edition edition;
	struct plan plan;
	struct calendar calendar; /* without one, weekends alone */
	int n_profiles;
	struct profile *profiles[CONF_PROFILES_MAX];
	int n_buses;
	struct bus_conf buses[CONF_BUSES_MAX];
	/* of each device of each bus */
	const struct upkeep_conf *upkeep[CONF_BUSES_MAX][BUS_DEVICES_MAX];
	int n_channels;
	struct channel_conf channels[CONF_CHANNELS_MAX];
	struct mqtt_conf mqtt;
};

/*
 * Loads a station file with all it names. Names (of plan, edition, profile) are looked up in
 * config_dir (NULL: not given), then ./config, then the installed folder; a value with a '/' or
 * ending in .yaml is a file, relative to the station file's folder. On any problem *ret stays
 * untouched and false comes back.
 */
bool conf_load(const char *path, const char *config_dir, struct problems *problems,
	       struct conf **ret);
struct conf *conf_free(struct conf *conf);

/*
 * Loads an edition and a plan without a station: the rest of *ret is empty. Both are named as in a
 * station file, but a file counts from the working directory. Fails as conf_load does.
 */
bool conf_load_rules(const char *edition, const char *plan, const char *config_dir,
		     struct problems *problems, struct conf **ret);

/*
 * Loads every profile of the same folders; of two of one name the one that a station would get. The
 * rest of *ret is empty. A file with problems is left out, and so are those beyond
 * CONF_PROFILES_MAX, with a problem told.
 */
void conf_load_profiles(const char *config_dir, struct problems *problems, struct conf **ret);

/* An RFC 3339 time with a numeric offset -> milliseconds since 1970 UTC; false if it is none. */
bool conf_parse_time(const char *text, int64_t *ret_ms);

/* The kinds of file hazewatch knows: the value of the required first key `kind`. */
enum conf_kind { KIND_STATION, KIND_PLAN, KIND_EDITION, KIND_PROFILE, KIND_CALENDAR };

/* Checks any of our files by its kind; true if it has no problems, and only then *ret_kind is set.
 * A station file comes back in *ret (may be NULL) for the caller to print and free. */
bool conf_check(const char *path, const char *config_dir, struct problems *problems,
		enum conf_kind *ret_kind, struct conf **ret);

#endif
