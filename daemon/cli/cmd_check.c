/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include "check_words.h"
#include "conf.h"
#include "cycle.h"
#include "device.h"
#include "plain_file.h"
#include "plan_words.h"
#include "reader.h"
#include "sources.h"
#include "store.h"
#include "time_text.h"
#include "usage.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define LOAD_HIGH 0.7
#define SLOW_MS 1000

static const char *const usage =
	TR_LATER("Usage: hazewatch check [--config-dir DIR] FILE...\n"
		 "\n"
		 "Checks configuration files of any kind: station, district, plan, edition,\n"
		 "profile, calendar, hj212, outlook, list-words, record-layouts.\n"
		 "Every problem is told as FILE:LINE:COLUMN: text. For a station it shows\n"
		 "how its buses will be read, for a plan what raises and what lifts a level.\n"
		 "\n"
		 "  --config-dir DIR  look here first for plans, editions and profiles\n"
		 "  --help            show this\n"
		 "\n"
		 "Exit status: 0 no problem, 64 wrong usage, 66 a file cannot be read, 74 the\n"
		 "output failed, 78 a file has problems.\n");

static const char *kind_name(enum conf_kind kind)
{
	switch (kind) {
	case KIND_STATION:
		return TR_LATER("station");
	case KIND_PLAN:
		return TR_LATER("plan");
	case KIND_EDITION:
		return TR_LATER("edition");
	case KIND_PROFILE:
		return TR_LATER("profile");
	case KIND_CALENDAR:
		return TR_LATER("calendar");
	case KIND_DISTRICT:
		return TR_LATER("district");
	case KIND_HJ212:
		return TR_LATER("HJ 212 profile");
	case KIND_OUTLOOK:
		return TR_LATER("outlook");
	}
	return "?";
}

static void show_logger(const struct device_conf *device)
{
	const struct hj212_logger_conf *logger = device->logger;
	const struct profile *model = device->profile;
	printf(tr("    sensor %s: data logger %s, profile %s,"), device->id, logger->mn,
	       logger->profile->id);
	for (int i = 0; i < model->n_rows; i++)
		printf(" %s", pollutant_info(model->rows[i].pollutant)->key);
	if (logger->takes & HJ212_TAKES_MINUTES)
		printf(tr("; 2051 of %d min"), (int)logger->minutes);
	if (logger->takes & HJ212_TAKES_HOURS)
		printf(tr("; 2061"));
	printf("\n");
}

/* A bus of loggers. */
static void show_loggers(const struct bus_conf *bus)
{
	printf(bus->listens ? tr("  bus %s: hj212, listens at %s port %d\n")
			    : tr("  bus %s: hj212, connects to %s port %d\n"),
	       bus->id, bus->link.host, bus->link.port);
	for (int i = 0; i < bus->n_devices; i++)
		show_logger(&bus->devices[i]);
}

/* Shows the requests of a device. */
static void show_device(const struct device_conf *device, const struct link_conf *link)
{
	struct readplan plan;
	device_plan(device, &plan);
	int registers = 0;
	for (int i = 0; i < plan.n; i++)
		registers += plan.requests[i].count;
	printf(tr("    sensor %s: unit %d, profile %s, every %g s, %d registers in "), device->id,
	       device->unit_id, device->profile->id, device->poll_ms / 1000.0, registers);
	printf(plan.n == 1 ? tr("%d request") : tr("%d requests"), plan.n);
	if (link->kind == LINK_RTU)
		printf(tr(", %.1f ms on the line"), cycle_device_ms(device, link));
	printf("\n");
	if (device->response_timeout_ms > SLOW_MS || device->retries > 0)
		printf(tr("      an answer may take %g s, %d retries: the others of the bus wait "
			  "meanwhile\n"),
		       device->response_timeout_ms / 1000.0, device->retries);
	if (!device->profile->identity.present)
		printf(tr("      no identity register: another device at its address is not "
			  "noticed\n"));
	for (int i = 0; i < plan.n; i++)
		printf(tr("      function %d, address %d, %d registers\n"),
		       plan.requests[i].function, plan.requests[i].address, plan.requests[i].count);
}

static void show_roster(const struct roster *roster)
{
	printf(tr("  assessment points: %d; other stations, which do not count: %d\n"),
	       roster->n_points, roster->n - roster->n_points);
}

static void show_bus(const struct bus_conf *bus)
{
	const struct link_conf *link = &bus->link;
	if (bus->of_loggers) {
		show_loggers(bus);
		return;
	}
	if (link->kind == LINK_TCP)
		printf(tr("  bus %s: tcp %s port %d\n"), bus->id, link->host, link->port);
	else if (link->kind == LINK_RTU_TCP)
		printf(tr("  bus %s: rtu_over_tcp %s port %d\n"), bus->id, link->host, link->port);
	else
		printf(tr("  bus %s: rtu %s %d %d%c%d\n"), bus->id, link->device, link->baud,
		       link->data_bits, link->parity, link->stop_bits);
	for (int i = 0; i < bus->n_devices; i++)
		show_device(&bus->devices[i], link);
	printf(tr("    %.2f requests a second"), cycle_requests_per_s(bus));
	if (cycle_load(bus) > 0)
		printf(tr(", line load %.1f %%%s"), 100 * cycle_load(bus),
		       cycle_load(bus) > LOAD_HIGH
			       ? tr(": little is left for devices that answer late")
			       : "");
	printf("\n");
}

/* Whoever ends a row of the outbox decides what a broker that is killed can lose. */
static void show_mqtt(const struct mqtt_conf *mqtt)
{
	bool platform = mqtt->confirm == MQTT_CONFIRM_PLATFORM;
	for (int i = 0; i < mqtt->n_hosts; i++)
		printf(tr("  mqtt: %s port %d%s\n"), mqtt->hosts[i].name, mqtt->hosts[i].port,
		       mqtt->tls ? tr(" by TLS") : "");
	if (mqtt->n_hosts == 0 || platform)
		return;
	printf(tr(
		"    confirm: broker: what the broker has acknowledged and loses is lost, as by a "
		"mosquitto that is killed or with a node of\n"
		"    a RabbitMQ with classic queues: confirm: platform is needed there\n"));
	if (mqtt->version == MQTT_VERSION_AUTO)
		printf(tr("    version: auto: a broker of MQTT 3.1.1 acknowledges what it refuses, "
			  "too: confirm: platform is needed with it\n"));
}

static void show_platforms(const struct conf *conf)
{
	for (int i = 0; i < conf->n_platforms; i++) {
		const struct platform_conf *each = &conf->platforms[i];
		printf(tr("  platform %s: HJ 212, %s port %d, MN %s, profile %s;%s%s%s%s\n"),
		       each->name, each->host, each->port, each->mn, each->profile->id,
		       each->realtime ? " 2011" : "", each->minutes ? " 2051" : "",
		       each->hours ? " 2061" : "", each->days ? " 2031" : "");
	}
}

/* The plan wants list and denominator looked at each year (3.2). Where this station's database is
 * not there or not for this user, nothing is said of them. */
static void warn_of_old_list(const char *path, const struct conf *conf, struct problems *problems)
{
	struct store *store = NULL;
	struct source_list list;
	char date[TIME_TEXT_SIZE];
	int64_t now_ms = reader_now_ms(conf);
	bool known = store_open_readonly(conf->data_dir, &store) == 0 &&
		     sources_in_force(store, &list) == 0;
	int32_t year = known ? sources_old_year(&list, now_ms) : 0;
	if (known && sources_are_old(&list, now_ms))
		problems_warn(problems, path, 0, 0,
			      tr("the reduction list is older than 12 months: imported on %.10s"),
			      time_text(list.imported_ms, date));
	if (year != 0)
		problems_warn(problems, path, 0, 0,
			      tr("the list's denominator is older than 12 months: of %d"), year);
	store_close(store);
}

static bool check_one_file(const char *path, const char *config_dir, struct problems *problems)
{
	enum conf_kind kind;
	struct conf *conf = NULL;
	const char *words;
	if (check_words(path, problems, &words)) {
		if (words)
			printf(tr("%s: %s: ok\n"), path, tr(words));
		return words;
	}
	if (!conf_check(path, config_dir, problems, &kind, &conf))
		return false;
	if (!conf || kind == KIND_PLAN) {
		printf(tr("%s: %s: ok\n"), path, tr(kind_name(kind)));
		if (conf)
			plan_words_print(&conf->plan);
		conf_free(conf);
		return true;
	}
	bool is_district = conf->roster.path;
	printf(is_district ? tr("%s: district %s: ok\n") : tr("%s: station %s: ok\n"), path,
	       conf->station.id);
	for (int i = 1; i < conf->n_files; i++)
		printf(tr("  reads %s\n"), conf->files[i]);
	if (is_district)
		show_roster(&conf->roster);
	for (int i = 0; i < conf->n_buses; i++)
		show_bus(&conf->buses[i]);
	show_mqtt(&conf->mqtt);
	show_platforms(conf);
	warn_of_old_list(path, conf, problems);
	conf_free(conf);
	return true;
}

/* False after a message: it is not there, no file, or closed to whoever asks. */
static bool can_be_read(const char *path)
{
	char why[PLAIN_WHY_MAX];
	FILE *file = plain_open(path, why);
	if (!file)
		usage_tell("%s: %s", path, why);
	else
		fclose(file);
	return file != NULL;
}

static int check_files(char **paths, const char *config_dir)
{
	struct problems problems = {0};
	bool missing = false;
	for (; *paths; paths++) {
		if (strcmp(*paths, "-") != 0 && !can_be_read(*paths)) {
			missing = true;
		} else {
			check_one_file(*paths, config_dir, &problems);
		}
	}
	usage_flush();
	problems_print(&problems, stderr);
	problems_print_warnings(&problems, stderr);
	int code = problems.n > 0 ? EX_CONFIG : missing ? EX_NOINPUT : EX_OK;
	problems_done(&problems);
	return code;
}

int check_command(int argc, char **argv)
{
	static const struct option options[] = {
		{"config-dir", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *config_dir = NULL;
	for (int option; (option = usage_next(argc, argv, options)) != -1;) {
		if (option == 'h') {
			fputs(tr(usage), stdout);
			return EX_OK;
		}
		if (option != 'c')
			return EX_USAGE;
		config_dir = optarg;
	}
	if (optind == argc)
		return usage_refuse(tr("no FILE is given"));
	return check_files(argv + optind, config_dir);
}
