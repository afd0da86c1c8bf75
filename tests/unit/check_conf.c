/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "conf.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A station that has every key; the tests change one place of it. */
static const char whole[] =
	"kind: station\n"
	"station:\n"
	"  id: s-1\n"
	"  name_zh: 荷塘\n"
	"  name_en: Hetang\n"
	"  area: \"430202\"\n"
	"  national_code: 1515A\n"
	"  mn: 010000A8900016F000169DC0\n"
	"  lng: 113.170\n"
	"  lat: -27.86\n"
	"  leading: [pm25, o3]\n"
	"exercise: true\n"
	"edition: hj633-2026\n"
	"plan: hetang-2024\n"
	"close_delay_min: 3\n"
	"clock:\n"
	"  source: simulated\n"
	"  start: 2013-10-31T10:00:00+08:00\n"
	"  anchor: 2026-01-01T00:00:00.25-00:30\n"
	"  speed: 3600\n"
	"storage: {dir: /tmp/x}\n"
	"buses:\n"
	"  - id: net\n"
	"    tcp: {host: \"::1\", port: 1502}\n"
	"    response_timeout_ms: 250\n"
	"  - id: line\n"
	"    rtu: {device: /dev/ttyUSB0, baud: 19200, parity: E}\n"
	"sensors:\n"
	"  - {id: air, bus: net, unit_id: 7, profile: ./six.yaml, poll_s: 2.5}\n"
	"mqtt:\n"
	"  host: broker.hetang\n"
	"  port: 8883\n"
	"  username: u\n"
	"  password_file: /etc/x\n"
	"  keepalive_s: 60\n"
	"binding_from: release\n"
	"clocks_apart: 0\n";

static const char one_row[] =
	"kind: profile\nid: one\nmaker: m\nmodel: m\nsource: s\nrows:\n"
	"  - {pollutant: pm25, function: 4, address: 1, type: u16, unit: ug/m3, scale: 1, "
	"range: [0, 1000]}\n";

static struct problems problems;
static struct conf *conf;
static char dir[128], path[256], config_dir[4096];

static void put(const char *name, const char *text)
{
	char full[512];
	snprintf(full, sizeof(full), "%s/%s", dir, name);
	FILE *out = fopen(full, "w");
	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

static void copy(const char *from, const char *name)
{
	static char text[65536];
	FILE *in = fopen(from, "r");
	ck_assert_ptr_nonnull(in);
	text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
	fclose(in);
	put(name, text);
}

static void set_up(void)
{
	memset(&problems, 0, sizeof(problems));
	conf = NULL;
	snprintf(dir, sizeof(dir), "%s", unit_tmpdir());
	snprintf(path, sizeof(path), "%s/station.yaml", dir);
	snprintf(config_dir, sizeof(config_dir), "%s", unit_source("config"));
	copy(unit_source("config/profiles/generic-six.yaml"), "six.yaml");
	put("one.yaml", one_row);
}

static void tear_down(void)
{
	problems_done(&problems);
	conf = conf_free(conf);
}

static bool load(const char *text)
{
	problems_done(&problems);
	conf = conf_free(conf);
	put("station.yaml", text);
	return conf_load(path, config_dir, &problems, &conf);
}

/* The station with one place changed. */
static const char *change(const char *from, const char *to)
{
	static char text[sizeof(whole) + 4096];
	const char *at = strstr(whole, from);
	ck_assert_msg(at, "the station has no %s", from);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
	return text;
}

/* After the change there is exactly this problem in the station file. */
static void expect(const char *from, const char *to, const char *expected)
{
	ck_assert(!load(change(from, to)));
	ck_assert_ptr_null(conf);
	ck_assert_msg(problems.n == 1, "%s: %d problems: %s", to, problems.n,
		      problems.n ? problems.text[problems.n - 1] : "");
	ck_assert_int_eq(strncmp(problems.text[0], path, strlen(path)), 0);
	ck_assert_str_eq(problems.text[0] + strlen(path) + 1, expected);
}

static bool told(const char *part)
{
	for (int i = 0; i < problems.n && i < PROBLEMS_MAX; i++) {
		if (strstr(problems.text[i], part))
			return true;
	}
	return false;
}

START_TEST(the_shipped_example_loads)
{
	ck_assert_msg(conf_load(unit_source("config/hazewatch.yaml"), config_dir, &problems, &conf),
		      "%s", problems.n ? problems.text[0] : "");
	ck_assert_str_eq(conf->station.id, "hetang-01");
	ck_assert_str_eq(conf->edition.id, "hj633-2026");
	ck_assert_str_eq(conf->plan.id, "hetang-2024");
	ck_assert_int_eq(conf->n_channels, POLLUTANT_COUNT);
	ck_assert_uint_eq(conf->station.scope.monitored, POLLUTANT_ALL);
	ck_assert_int_eq(conf->clock.source, CLOCK_NTP);
	ck_assert(!conf->exercise);
	ck_assert_str_eq(conf->mqtt.client_id, "hazewatch-hetang-01");
	ck_assert_str_eq(conf->station.district_zh, "荷塘区");
	ck_assert_str_eq(conf->station.district_en, "Hetang District");
}
END_TEST

START_TEST(every_key_lands_in_the_model)
{
	ck_assert_msg(load(whole), "%s", problems.n ? problems.text[0] : "");
	ck_assert_str_eq(conf->path, path);
	ck_assert_str_eq(conf->station.name_zh, "荷塘");
	ck_assert_str_eq(conf->station.area, "430202");
	ck_assert_str_eq(conf->station.national_code, "1515A");
	ck_assert_str_eq(conf->station.mn, "010000A8900016F000169DC0");
	ck_assert_str_eq(conf->station.lng, "113.170");
	ck_assert_str_eq(conf->station.lat, "-27.86");
	ck_assert_uint_eq(conf->station.scope.leading, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_O3);
	ck_assert(conf->exercise);
	ck_assert_int_eq(conf->close_delay_min, 3);
	ck_assert_int_eq(conf->binding_from, BINDING_FROM_RELEASE);
	ck_assert_int_eq(conf->clocks_apart_min, 0);
	ck_assert_str_eq(conf->data_dir, "/tmp/x");
	ck_assert_int_eq(conf->clock.source, CLOCK_SIMULATED);
	ck_assert_int_eq(conf->clock.start_ms, INT64_C(1383184800000));
	ck_assert_int_eq(conf->clock.anchor_ms, INT64_C(1767227400250));
	ck_assert_double_eq(conf->clock.speed, 3600);
	ck_assert_int_eq(conf->mqtt.n_hosts, 1);
	ck_assert_str_eq(conf->mqtt.hosts[0].name, "broker.hetang");
	ck_assert_int_eq(conf->mqtt.hosts[0].port, 8883);
	ck_assert_int_eq(conf->mqtt.will_delay_s, 30);
	ck_assert_str_eq(conf->mqtt.username, "u");
	ck_assert_str_eq(conf->mqtt.password_file, "/etc/x");
	ck_assert_int_eq(conf->mqtt.keepalive_s, 60);
}
END_TEST

START_TEST(buses_and_devices_land_in_the_model)
{
	ck_assert(load(whole));
	ck_assert_int_eq(conf->n_buses, 2);
	const struct link_conf *net = &conf->buses[0].link, *line = &conf->buses[1].link;
	ck_assert_int_eq(net->kind, LINK_TCP);
	ck_assert_str_eq(net->host, "::1");
	ck_assert_uint_eq(net->port, 1502);
	ck_assert_int_eq(net->response_timeout_ms, 250);
	ck_assert_int_eq(line->kind, LINK_RTU);
	ck_assert_str_eq(line->device, "/dev/ttyUSB0");
	ck_assert_int_eq(line->baud, 19200);
	ck_assert_int_eq(line->parity, 'E');
	ck_assert_int_eq(line->data_bits, 8);
	ck_assert_int_eq(line->stop_bits, 1);
	ck_assert_int_eq(line->response_timeout_ms, 500);
	ck_assert_int_eq(line->quiet_ms, 300);
	ck_assert_int_eq(conf->buses[0].n_devices, 1);
	ck_assert_int_eq(conf->buses[1].n_devices, 0);
	const struct device_conf *air = &conf->buses[0].devices[0];
	ck_assert_str_eq(air->id, "air");
	ck_assert_int_eq(air->unit_id, 7);
	ck_assert_int_eq(air->poll_ms, 2500);
	ck_assert_ptr_eq(air->profile, conf->profiles[0]);
	for (int row = 0; row < air->profile->n_rows; row++) {
		const struct channel_conf *channel = &conf->channels[air->channels[row]];
		ck_assert_int_eq(channel->pollutant, air->profile->rows[row].pollutant);
	}
	ck_assert_int_eq(air->channels[air->profile->n_rows], -1);
	ck_assert_str_eq(conf->channels[0].id, "air/pm25");
}
END_TEST

START_TEST(what_devices_need_lands_in_the_model)
{
	ck_assert(
		load("kind: station\nstation: {id: a, name_zh: a, name_en: a, area: 430202}\n"
		     "edition: hj633-2012\nplan: hetang-2024\nstorage: {dir: /x}\n"
		     "buses: [{id: b, rtu_over_tcp: {host: 192.0.2.1, port: 4001}, gap_ms: 200,\n"
		     "  connect_delay_ms: 2000, response_timeout_ms: 30000}]\n"
		     "sensors:\n"
		     "  - {id: s, bus: b, unit_id: 1, profile: six.yaml, poll_s: 60, retries: 2,\n"
		     "     response_timeout_ms: 5000, max_registers: 8}\n"));
	const struct link_conf *line = &conf->buses[0].link;
	const struct device_conf *device = &conf->buses[0].devices[0];
	ck_assert_int_eq(line->kind, LINK_RTU_TCP);
	ck_assert_str_eq(line->host, "192.0.2.1");
	ck_assert_uint_eq(line->port, 4001);
	ck_assert_int_eq(line->gap_ms, 200);
	ck_assert_int_eq(line->connect_delay_ms, 2000);
	ck_assert_int_eq(line->response_timeout_ms, 30000);
	ck_assert_int_eq(device->response_timeout_ms, 5000);
	ck_assert_int_eq(device->retries, 2);
	ck_assert_int_eq(device->max_registers, 8);
	ck_assert(link_conf_usable(line));
	ck_assert(load(whole));
	ck_assert_int_eq(conf->buses[0].devices[0].response_timeout_ms, 250);
}
END_TEST

START_TEST(defaults_stand_where_nothing_is_said)
{
	ck_assert(load("kind: station\nstation: {id: a, name_zh: a, name_en: a, area: 430202}\n"
		       "edition: hj633-2012\nplan: hetang-2024\nstorage: {dir: /x}\n"
		       "buses: [{id: b, tcp: {host: 192.0.2.1}}]\n"
		       "sensors: [{id: s, bus: b, unit_id: 0, profile: six.yaml, poll_s: 60}]\n"));
	ck_assert_int_eq(conf->close_delay_min, 2);
	ck_assert_int_eq(conf->binding_from, BINDING_FROM_DIRECTIVE);
	ck_assert_int_eq(conf->clocks_apart_min, 5);
	ck_assert_int_eq(conf->clock.source, CLOCK_NTP);
	ck_assert_int_eq(conf->clock.holdover_h, 168);
	ck_assert_int_eq(conf->clock.patience_min, 30);
	ck_assert_uint_eq(conf->buses[0].link.port, 502);
	ck_assert_int_eq(conf->mqtt.n_hosts, 0);
	ck_assert_ptr_null(conf->station.lng);
	ck_assert_uint_eq(conf->station.scope.leading, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10);
}
END_TEST

START_TEST(a_sample_holds_for_two_polls_and_at_least_a_minute)
{
	ck_assert(load(whole));
	ck_assert_int_eq(conf->channels[0].max_age_ms, 60000);
	ck_assert(load(change("poll_s: 2.5", "poll_s: 30.001")));
	ck_assert_int_eq(conf->channels[0].max_age_ms, 60002);
	ck_assert(load(change("poll_s: 2.5", "poll_s: 3600")));
	ck_assert_int_eq(conf->channels[0].max_age_ms, 7200000);
}
END_TEST

static const char *const wrong_places[][3] = {
	{"area: \"430202\"", "area: 43020", "6:9: area: 43020 is not a division code of 6 digits"},
	{"lng: 113.170", "lng: 180.1",
	 "9:8: lng: 180.1 is not a plain decimal number of -180 to 180"},
	{"lat: -27.86", "lat: 1e1", "10:8: lat: 1e1 is not a plain decimal number of -90 to 90"},
	{"[pm25, o3]", "[pm25, o3, pm25]", "11:23: leading: pm25 is named before, at 11:13"},
	{"edition: hj633-2026", "edition: ./none.yaml", NULL},
	{"close_delay_min: 3", "close_delay_min: 61",
	 "15:18: close_delay_min: 61 is not a whole number of 0 to 60"},
	{"dir: /tmp/x", "dir: tmp/x",
	 "21:16: tmp/x is not an absolute path, one that begins with /"},
	{"host: \"::1\"", "host: sensor.local",
	 "24:17: host: sensor.local is not a numeric IPv4 or IPv6 address (no name is looked up)"},
	{"host: \"::1\"", "host: 192.0.2.010",
	 "24:17: host: 192.0.2.010 is not a numeric IPv4 or IPv6 address (no name is looked up)"},
	{"250", "19", "25:26: response_timeout_ms: 19 is not a whole number of 20 to 30000"},
	{"id: line", "id: net", "26:9: duplicate bus id net, given before at 23:9"},
	{"19200", "19201",
	 "27:39: baud: 19201 is not one of 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, "
	 "115200"},
	{"rtu: {", "tcp: {host: 192.0.2.1}\n    rtu: {",
	 "28:10: a bus is one of tcp, rtu, rtu_over_tcp and hj212; 2 are given"},
	{"rtu: {device: /dev/ttyUSB0, baud: 19200, parity: E}", "quiet_ms: 10",
	 "26:5: a bus needs one of the keys tcp, rtu, rtu_over_tcp and hj212"},
	{"bus: net", "bus: nets", "29:20: bus: nets is not one of the buses: net, line"},
	{"unit_id: 7", "unit_id: 256", "29:34: unit_id: 256 is not a whole number of 0 to 255"},
	{"unit_id: 7", "unit_id: 0x10", "29:34: unit_id: 0x10 is not a whole number of 0 to 255"},
	{"bus: net, unit_id: 7", "bus: line, unit_id: 0",
	 "29:35: unit_id: 0 is not a whole number of 1 to 255 (a serial line)"},
	{"poll_s: 2.5", "poll_s: 0.05",
	 "29:66: poll_s: 0.05 is not a plain decimal number of 0.1 to 3600 with at most 3 "
	 "decimals"},
	{"keepalive_s: 60", "keepalive_s: 4",
	 "35:16: keepalive_s: 4 is not a whole number of 5 to 600"},
	{"exercise: true", "exercise: false",
	 "17:11: a compressed clock runs only in an exercise (exercise: true)"},
	{"  speed: 3600\n", "",
	 "17:3: required key speed is missing: a simulated clock needs start, anchor and speed"},
	{"10:00:00+08:00", "10:00:00",
	 "18:10: '2013-10-31T10:00:00' is not a time with its offset like "
	 "2013-10-31T10:00:00+08:00"},
};

START_TEST(a_wrong_value_is_told_at_its_place)
{
	const char *const *row = wrong_places[_i];
	if (row[2]) {
		expect(row[0], row[1], row[2]);
		return;
	}
	char expected[512];
	snprintf(expected, sizeof(expected),
		 "13:10: the file %s/./none.yaml cannot be read: No such file or directory", dir);
	expect(row[0], row[1], expected);
}
END_TEST

START_TEST(only_a_simulated_clock_has_start_anchor_and_speed)
{
	ck_assert(!load(change("source: simulated", "source: rtc")));
	ck_assert_int_eq(problems.n, 3);
	ck_assert(told(":18:10: start is allowed with clock source simulated only"));
	ck_assert(told(":19:11: anchor is allowed"));
	ck_assert(told(":20:10: speed is allowed"));
	expect("source: simulated", "source: gps",
	       "17:11: source: gps is not one of ntp, rtc, simulated");
}
END_TEST

static const char *const no_times[] = {
	"2013-10-31",
	"2013-10-31T10:00:00",
	"2013-10-31T10:00:00Z",
	"2013-10-31 10:00:00+08:00",
	"2013-10-31t10:00:00+08:00",
	"2013-10-31T10:00+08:00",
	"2013-10-31T10:00:00+0800",
	"2013-10-31T10:00:00+24:00",
	"2013-10-31T24:00:00+08:00",
	"2013-10-31T10:60:00+08:00",
	"2013-10-31T10:00:60+08:00",
	"2013-10-31T10:00:00.+08:00",
	"2013-10-31T10:00:00.1234567890+08:00",
	"2013-02-29T10:00:00+08:00",
	"2013-00-01T10:00:00+08:00",
	"2013-13-01T10:00:00+08:00",
	"2013-01-00T10:00:00+08:00",
	"1969-12-31T10:00:00+08:00",
	"2013-10-31T10:00:00+08:00 ",
	" 2013-10-31T10:00:00+08:00",
	"13-10-31T10:00:00+08:00",
};

START_TEST(a_time_is_read_strictly)
{
	char to[80];
	snprintf(to, sizeof(to), "start: \"%s\"", no_times[_i]);
	ck_assert(!load(change("start: 2013-10-31T10:00:00+08:00", to)));
	ck_assert_int_eq(problems.n, 1);
	ck_assert(told("is not a time with its offset"));
}
END_TEST

START_TEST(a_leap_day_is_a_day)
{
	ck_assert(load(change("2013-10-31T10:00:00+08:00", "2024-02-29T23:59:59.9999+08:00")));
	ck_assert_int_eq(conf->clock.start_ms, INT64_C(1709222399999));
}
END_TEST

static const char second[] =
	"poll_s: 2.5}\n  - {id: two, bus: net, unit_id: 8, profile: one.yaml, poll_s: 5}";

START_TEST(a_second_sensor_for_a_pollutant_stands_in_for_the_first)
{
	char text[sizeof(whole) + 256];

	ck_assert(load(change("poll_s: 2.5}", second)));
	ck_assert_int_eq(conf->n_channels, 6);
	ck_assert_int_eq(conf->n_seconds, 1);
	ck_assert_str_eq(conf->channels[6].id, "two/pm25");
	for (int b = 0; b < conf->n_buses; b++)
		for (int d = 0; d < conf->buses[b].n_devices; d++)
			if (strcmp(conf->buses[b].devices[d].id, "two") == 0)
				ck_assert_int_eq(conf->buses[b].devices[d].channels[0], 6);
	snprintf(text, sizeof(text), "%s\n%s", second,
		 "  - {id: three, bus: net, unit_id: 9, profile: one.yaml, poll_s: 5}");
	expect("poll_s: 2.5}", text,
	       "31:48: sensor three measures pm25, which air and two measure already, at 30:46; a "
	       "pollutant has two instruments at most");
}
END_TEST

START_TEST(one_unit_id_serves_one_sensor_of_a_bus)
{
	ck_assert(!load(change("poll_s: 2.5}",
			       "poll_s: 2.5}\n  - {id: air, bus: net, unit_id: 7, profile: "
			       "one.yaml, poll_s: 5}")));
	ck_assert(told(":30:34: unit_id 7 is used on bus net already, at 29:34"));
	ck_assert(told(":30:10: duplicate sensor id air, given before at 29:10"));
}
END_TEST

START_TEST(what_leads_must_be_measured)
{
	expect("profile: ./six.yaml", "profile: ./one.yaml",
	       "11:19: leading: no sensor measures o3");
	static char rows[sizeof(one_row)];
	strcpy(rows, one_row);
	memcpy(strstr(rows, "pm25"), "so2 ", 4);
	put("one.yaml", rows);
	char text[sizeof(whole)];
	strcpy(text, change("profile: ./six.yaml", "profile: ./one.yaml"));
	char *leading = strstr(text, "  leading: [pm25, o3]\n");
	memmove(leading, leading + 22, strlen(leading + 22) + 1);
	ck_assert(!load(text));
	ck_assert_int_eq(problems.n, 1);
	ck_assert(told(":3:3: no sensor measures pm25 or pm10; the key leading must name"));
}
END_TEST

START_TEST(a_profile_that_two_sensors_share_is_loaded_once)
{
	ck_assert(!load(
		change("./six.yaml, poll_s: 2.5}",
		       "one.yaml, poll_s: 1}\n"
		       "  - {id: two, bus: line, unit_id: 8, profile: one.yaml, poll_s: 5}\n"
		       "  - {id: three, bus: line, unit_id: 9, profile: one.yaml, poll_s: 5}")));
	ck_assert_int_eq(problems.n, 2);
	ck_assert(told("which air and two measure already"));
	put("one.yaml", "kind: profile\nid: one\n");
	load(change("./six.yaml, poll_s: 2.5}",
		    "one.yaml, poll_s: 1}\n"
		    "  - {id: two, bus: line, unit_id: 8, profile: one.yaml, poll_s: 5}"));
	int maker = 0;
	for (int i = 0; i < problems.n; i++)
		maker += strstr(problems.text[i], "key maker is missing") != NULL;
	ck_assert_int_eq(maker, 1);
}
END_TEST

START_TEST(problems_of_all_files_come_in_one_run)
{
	put("one.yaml", "kind: profile\nid: one\nmaker: m\nmodel: m\nsource: s\nrows: []\n");
	put("ed.yaml", "kind: edition\nid: E\n");
	put("pl.yaml", "kind: profile\n");
	char text[sizeof(whole) + 256];
	strcpy(text, change("edition: hj633-2026\nplan: hetang-2024",
			    "edition: ./ed.yaml\nplan: ./pl.yaml"));
	memcpy(strstr(text, "six.yaml"), "one.yaml", 8);
	memcpy(strstr(text, "60\n"), "4 \n", 3);
	ck_assert(!load(text));
	ck_assert(told("/station.yaml:35:16: keepalive_s: 4"));
	ck_assert(told("/ed.yaml:2:5: id: E is not an id"));
	ck_assert(told("/pl.yaml:1:7: kind: profile is not plan"));
	ck_assert(told("/one.yaml:6:7: rows: 0 items"));
}
END_TEST

START_TEST(a_name_that_is_not_found_tells_all_places_looked_in)
{
	char expected[8192];
	snprintf(expected, sizeof(expected),
		 "14:7: hetang is not found: did you mean hetang-2024? There are beijing-2016, "
		 "chengdu-2020, chongqing-2017, harbin-2018, hetang-2024, hohhot-2019, mee-2024, "
		 "tianjin-2017, zhengzhou-2016; looked for %s/plans/hetang.yaml, /",
		 config_dir);
	ck_assert(!load(change("hetang-2024", "hetang")));
	ck_assert_msg(told(expected), "%s", problems.text[0]);
}
END_TEST

START_TEST(the_folder_named_config_here_is_nobody_s)
{
	put("station.yaml", whole);
	ck_assert_int_eq(chdir(unit_source(".")), 0);
	bool found = conf_load(path, NULL, &problems, &conf);
	ck_assert(found || told(" is not found"));
	for (int i = 1; found && i < conf->n_files; i++)
		ck_assert_msg(strncmp(conf->files[i], "config/", 7) != 0, "%s", conf->files[i]);
}
END_TEST

START_TEST(the_given_folder_comes_first)
{
	char aqi[256], name[300];
	snprintf(aqi, sizeof(aqi), "%s/aqi", dir);
	ck_assert_int_eq(mkdir(aqi, 0700), 0);
	put("aqi/hj633-2026.yaml", "kind: edition\n");
	snprintf(name, sizeof(name), "%s", dir);
	put("station.yaml", whole);
	ck_assert(!conf_load(path, name, &problems, &conf));
	ck_assert(told("/aqi/hj633-2026.yaml:1:1: required key id is missing"));
}
END_TEST

START_TEST(profiles_of_every_folder_are_loaded_and_the_first_of_a_name)
{
	char folder[256];
	int shipped, ours = 0;
	bool replaced = false; /* one of what may be installed */
	snprintf(folder, sizeof(folder), "%s/profiles", dir);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	conf_load_profiles(NULL, &problems, &conf);
	shipped = conf->n_profiles;
	for (int i = 0; i < shipped; i++)
		replaced |= strcmp(conf->profiles[i]->id, "renke-compact") == 0;
	conf = conf_free(conf);
	put("profiles/own.yaml", one_row);
	put("profiles/renke-compact.yaml", one_row);
	put("profiles/bad.yaml", "kind: profile\nid: bad\n");
	put("profiles/notes.txt", "no profile");
	conf_load_profiles(dir, &problems, &conf);
	ck_assert_int_eq(conf->n_profiles, shipped + (replaced ? 1 : 2));
	for (int i = 0; i < conf->n_profiles; i++) {
		ck_assert_str_ne(conf->profiles[i]->id, "renke-compact");
		ours += strcmp(conf->profiles[i]->id, "one") == 0;
	}
	ck_assert_int_eq(ours, 2);
	ck_assert(told("/profiles/bad.yaml:1:1: required key maker is missing"));
}
END_TEST

START_TEST(profiles_beyond_the_most_are_left_out_and_counted)
{
	char name[256];
	snprintf(name, sizeof(name), "%s/profiles", dir);
	ck_assert_int_eq(mkdir(name, 0700), 0);
	ck_assert_int_eq(chdir(dir), 0);
	for (int i = 0; i < CONF_PROFILES_MAX + 3; i++) {
		snprintf(name, sizeof(name), "profiles/p%02d.yaml", i);
		put(name, one_row);
	}
	conf_load_profiles(dir, &problems, &conf);
	ck_assert_int_eq(conf->n_profiles, CONF_PROFILES_MAX);
	ck_assert(told("/profiles/p63.yaml"));
	ck_assert(told(" profiles more are left out"));
}
END_TEST

static void put_secret(const char *bytes, size_t n)
{
	char full[512];
	snprintf(full, sizeof(full), "%s/secret", dir);
	FILE *out = fopen(full, "wb");
	ck_assert_ptr_nonnull(out);
	fwrite(bytes, 1, n, out);
	fclose(out);
}

/* The station file with a password file of this name in the test's folder. */
static void expect_secret(const char *expected)
{
	char to[512], said[512];
	snprintf(to, sizeof(to), "  password_file: %s/secret\n", dir);
	snprintf(said, sizeof(said), "the file %s/secret %s", dir, expected);
	ck_assert(!load(change("  password_file: /etc/x\n", to)));
	ck_assert_msg(told(said), "%s: %s", said, problems.n ? problems.text[0] : "nothing");
	ck_assert_int_eq(problems.n, 1);
}

START_TEST(a_password_file_that_is_none_or_holds_none_is_refused_when_it_is_checked)
{
	static char large[300];
	char full[512];
	memset(large, 'x', sizeof(large));
	snprintf(full, sizeof(full), "%s/secret", dir);
	ck_assert_int_eq(mkfifo(full, 0600), 0);
	alarm(5);
	expect_secret("is a FIFO, not a file");
	alarm(0);
	unlink(full);
	ck_assert_int_eq(mkdir(full, 0700), 0);
	expect_secret("is a folder, not a file");
	rmdir(full);
	put_secret("", 0);
	expect_secret("is empty");
	put_secret("\n", 1);
	expect_secret("is empty");
	put_secret(large, sizeof(large));
	expect_secret("is longer than 255 bytes, the most allowed");
	unlink(full); /* the daemon will tell, each time it connects */
	char to[512];
	snprintf(to, sizeof(to), "  password_file: %s/secret\n", dir);
	ck_assert(load(change("  password_file: /etc/x\n", to)));
}
END_TEST

START_TEST(a_secret_that_everybody_may_read_is_told_and_no_problem)
{
	char to[900], full[200], said[400];
	snprintf(full, sizeof(full), "%s/secret", dir);
	put_secret("x\n", 2);
	snprintf(to, sizeof(to), "  password_file: %s\n", full);
	for (int mode = 0600; mode <= 0644; mode += 2) {
		ck_assert_int_eq(chmod(full, (mode_t)mode), 0);
		bool open = (mode & 06) != 0;
		ck_assert(load(change("  password_file: /etc/x\n", to)));
		ck_assert_msg(problems.n == 0 && problems.n_warnings == open, "%04o: %d", mode,
			      problems.n_warnings);
		snprintf(said, sizeof(said),
			 "warning: the file %s is open to everybody on this machine (mode %04o)",
			 full, mode);
		ck_assert(!open || strstr(problems.warning[0], said) != NULL);
		ck_assert(!open || strncmp(problems.warning[0], path, strlen(path)) == 0);
	}
	ck_assert_int_eq(chmod(full, 0604), 0);
	snprintf(to, sizeof(to), "  password_file: /etc/x\n  tls: {ca: %s, cert: %s, key: %s}\n",
		 full, full, full);
	load(change("  password_file: /etc/x\n", to));
	ck_assert_int_eq(problems.n_warnings, 1); /* certificates are no secret */
}
END_TEST

START_TEST(kind_is_the_first_key)
{
	char text[sizeof(whole) + 64];
	snprintf(text, sizeof(text), "exercise: true\nkind: station\n%s",
		 strstr(change("exercise: true\n", ""), "station:\n"));
	ck_assert(!load(text));
	ck_assert_int_eq(problems.n, 1);
	ck_assert(told(":1:1: the first key is exercise; it must be kind, with one of station, "
		       "plan, edition, profile, calendar, district, hj212, outlook"));
	expect("kind: station", "kind: Station",
	       "1:7: kind: Station is not one of station, plan, edition, profile, calendar, "
	       "district, hj212, outlook");
	ck_assert(!load("- kind\n"));
	ck_assert(told(":1:1: a list is not a mapping that begins with the key kind"));
	ck_assert(!load("a: 1\n"));
	ck_assert(told(":1:1: the first key is a; it must be kind"));
}
END_TEST

START_TEST(a_profile_is_no_station)
{
	ck_assert(!load(one_row));
	ck_assert_ptr_null(conf);
	ck_assert(told("station.yaml:1:7: kind: profile is not station"));
}
END_TEST

START_TEST(any_kind_can_be_checked)
{
	static const struct {
		const char *path;
		enum conf_kind kind;
	} files[] = {
		{"config/hazewatch.yaml", KIND_STATION},
		{"config/plans/hetang-2024.yaml", KIND_PLAN},
		{"config/aqi/hj633-2012.yaml", KIND_EDITION},
		{"config/aqi/hj633-2026.yaml", KIND_EDITION},
		{"config/profiles/generic-six.yaml", KIND_PROFILE},
	};
	for (size_t i = 0; i < COUNT(files); i++) {
		enum conf_kind kind = KIND_STATION;
		const char *file = unit_source(files[i].path);
		ck_assert_msg(conf_check(file, config_dir, &problems, &kind, NULL), "%s: %s",
			      files[i].path, problems.n ? problems.text[0] : "");
		ck_assert_int_eq(kind, files[i].kind);
	}
}
END_TEST

START_TEST(a_station_cut_anywhere_is_refused_or_a_station)
{
	for (size_t length = 0; length < sizeof(whole) - 1; length += 7) {
		char text[sizeof(whole)];
		snprintf(text, sizeof(text), "%.*s", (int)length, whole);
		bool good = load(text);
		ck_assert(good == (problems.n == 0));
		/* up to the sensors everything is required */
		ck_assert(!good || length > (size_t)(strstr(whole, "mqtt:") - whole) - 3);
	}
}
END_TEST

static void add_good(TCase *tests)
{
	tcase_add_test(tests, the_shipped_example_loads);
	tcase_add_test(tests, every_key_lands_in_the_model);
	tcase_add_test(tests, buses_and_devices_land_in_the_model);
	tcase_add_test(tests, what_devices_need_lands_in_the_model);
	tcase_add_test(tests, defaults_stand_where_nothing_is_said);
	tcase_add_test(tests, a_sample_holds_for_two_polls_and_at_least_a_minute);
	tcase_add_test(tests, a_leap_day_is_a_day);
	tcase_add_test(tests, any_kind_can_be_checked);
}

static void add_wrong(TCase *tests)
{
	tcase_add_loop_test(tests, a_wrong_value_is_told_at_its_place, 0, COUNT(wrong_places));
	tcase_add_test(tests, only_a_simulated_clock_has_start_anchor_and_speed);
	tcase_add_loop_test(tests, a_time_is_read_strictly, 0, COUNT(no_times));
	tcase_add_test(tests, a_second_sensor_for_a_pollutant_stands_in_for_the_first);
	tcase_add_test(tests, one_unit_id_serves_one_sensor_of_a_bus);
	tcase_add_test(tests, what_leads_must_be_measured);
	tcase_add_test(tests, a_profile_that_two_sensors_share_is_loaded_once);
	tcase_add_test(tests, problems_of_all_files_come_in_one_run);
	tcase_add_test(tests, a_name_that_is_not_found_tells_all_places_looked_in);
	tcase_add_test(tests, the_given_folder_comes_first);
	tcase_add_test(tests, the_folder_named_config_here_is_nobody_s);
	tcase_add_test(tests, profiles_of_every_folder_are_loaded_and_the_first_of_a_name);
	tcase_add_test(tests, profiles_beyond_the_most_are_left_out_and_counted);
	tcase_add_test(tests,
		       a_password_file_that_is_none_or_holds_none_is_refused_when_it_is_checked);
	tcase_add_test(tests, a_secret_that_everybody_may_read_is_told_and_no_problem);
	tcase_add_test(tests, kind_is_the_first_key);
	tcase_add_test(tests, a_profile_is_no_station);
	tcase_add_test(tests, a_station_cut_anywhere_is_refused_or_a_station);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("conf");
	static void (*const add[])(TCase *) = {add_good, add_wrong};
	static const char *const names[] = {"good", "wrong"};
	for (size_t i = 0; i < COUNT(add); i++) {
		TCase *tests = tcase_create(names[i]);
		tcase_add_checked_fixture(tests, set_up, tear_down);
		tcase_set_timeout(tests, 60);
		add[i](tests);
		suite_add_tcase(suite, tests);
	}
	return suite;
}
