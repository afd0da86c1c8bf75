/* SPDX-License-Identifier: MIT */
/*
 * The station's configuration: one YAML file of kind `station`, or `district`, and the plan, the
 * edition, the profiles, or the roster, it names. Read once, const afterwards.
 */
#ifndef DAEMON_CONF_CONF_H
#define DAEMON_CONF_CONF_H

#include "aqi.h"
#include "binding.h"
#include "bus.h"
#include "calendar.h"
#include "clock.h"
#include "conf_channel.h"
#include "conf_hj212.h"
#include "conf_mqtt.h"
#include "conf_platform.h"
#include "conf_relay.h"
#include "conf_roster.h"
#include "conf_upkeep.h"
#include "edition.h"
#include "outlook.h"
#include "plan.h"
#include "retention.h"
#include "words.h"
#include "yaml.h"

#define CONF_BUSES_MAX 64
#define CONF_PROFILES_MAX 64
#define CONF_FILES_MAX (CONF_PROFILES_MAX + CONF_HJ212_MAX + 6)

struct station_conf {
	const char *id, *name_zh, *name_en, *area;
	const char *district_zh, *district_en; /* whose plan it follows, by name; NULL if unset */
	const char *national_code, *mn;        /* NULL if unset */
	const char *lng, *lat;                 /* decimal degrees as written, NULL if unset */
	struct scope scope;
};

/* Under whose word the sources of the reduction list get orders. */
enum orders_under {
	ORDERS_UNDER_DIRECTIVE,
	ORDERS_UNDER_ADVICE, /* where no directive is in force */
};

enum outlook_show {
	OUTLOOK_SHOW_AUTO, /* while its last days prove it */
	OUTLOOK_SHOW_OFF,
	OUTLOOK_SHOW_ON,
};

/* Files that ship, where nothing else is said. */
#define CONF_EDITION_DEFAULT "hj633-2026"   /* of config/aqi */
#define CONF_PLAN_DEFAULT "hetang-2024"     /* of config/plans */
#define CONF_OUTLOOK_DEFAULT "beijing-2015" /* of config/outlook */

/* The outlook of 24 hours. */
struct outlook_conf {
	enum outlook_show show;
	const struct outlook_model *model; /* NULL: there is no outlook */
};

struct conf {
	struct arena *arena;
	const char *path;
	struct station_conf station;
	bool exercise;
	enum words_language language; /* of the log */
	struct clock_conf clock;
	const char *data_dir;
	struct retention retention;
	enum orders_under orders_under;
	bool publish_roster;            /* names of the list's sources are published */
	enum binding_from binding_from; /* what binds the district's units */
	int32_t clocks_apart_min; /* so much earlier a directive may be said than the newest, 0..60
				   */
	int32_t close_delay_min;  /* minutes after its end at which an hour closes, 0..60 */
	struct outlook_conf outlook;
	struct edition edition;
	struct plan plan;
	struct calendar calendar; /* without one, weekends alone */
	int n_profiles;
	struct profile *profiles[CONF_PROFILES_MAX];
	int n_buses;
	struct bus_conf buses[CONF_BUSES_MAX];
	/* of each device of each bus */
	const struct upkeep_conf *upkeep[CONF_BUSES_MAX][BUS_DEVICES_MAX];
	/* one a pollutant, the first of the file; behind them the second ones of a pollutant;
	 * behind them one an auxiliary quantity */
	int n_channels, n_seconds, n_auxiliaries;
	struct channel_conf channels[CONF_ALL_CHANNELS_MAX];
	struct roster roster; /* of a district; empty: it is a station */
	struct mqtt_conf mqtt;
	struct relay_conf relay;       /* of a district */
	struct district_conf district; /* of a station */
	int n_platforms;               /* of HJ 212, that get what it measures */
	struct platform_conf platforms[CONF_PLATFORMS_MAX];
	int n_files; /* that it was read from, the station's own file first */
	const char *files[CONF_FILES_MAX];
};

/* The first channel of an auxiliary quantity, and behind the last. */
int conf_first_auxiliary(const struct conf *conf);
int conf_behind_channels(const struct conf *conf);

/*
 * Loads a station file with all it names. Names (of plan, edition, profile) are looked up in
 * config_dir (NULL: not given), then in the installed folder; a value with a '/' or
 * ending in .yaml is a file, relative to the station file's folder. On any problem *ret stays
 * untouched and false comes back.
 */
bool conf_load(const char *path, const char *config_dir, struct problems *problems,
	       struct conf **ret);
struct conf *conf_free(struct conf *conf);

/* The language that a station file asks for, as far as one of its lines says so: for the problems
 * that keep it from being read. English if none does. */
enum words_language conf_language(const char *path);

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

/* The path of a file of this folder that a command names by name or by path, the latter from the
 * working directory; NULL after a problem. */
const char *conf_find_named(const char *config_dir, struct arena *arena, struct problems *problems,
			    const char *text, const char *folder);

/* Whether one of them has this name; a path is not looked at. */
bool conf_profile_is_there(const char *name, const char *config_dir, struct problems *problems);

/* The kinds of file hazewatch knows: the value of the required first key `kind`. */
enum conf_kind {
	KIND_STATION,
	KIND_PLAN,
	KIND_EDITION,
	KIND_PROFILE,
	KIND_CALENDAR,
	KIND_DISTRICT,
	KIND_HJ212,
	KIND_OUTLOOK,
};

/* Checks any of our files by its kind; true if it has no problems, and only then *ret_kind is set.
 * A station or a plan comes back in *ret (may be NULL) for the caller to print and free. */
bool conf_check(const char *path, const char *config_dir, struct problems *problems,
		enum conf_kind *ret_kind, struct conf **ret);

#endif
