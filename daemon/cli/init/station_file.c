/* SPDX-License-Identifier: MIT */
#include "station_file.h"

#include <stdlib.h>
#include <string.h>

#include "conf_host.h"
#include "pollutant.h"

static const char head[] =
	"# A station of hazewatch, begun by `hazewatch init`. Every key is described in "
	"hazewatch.yaml(5);\n"
	"# `hazewatch check FILE` checks it.\n"
	"# 站点配置文件，由 `hazewatch init` 生成；各键见手册 hazewatch.yaml(5)，用 `hazewatch "
	"check "
	"文件` 检查。\n"
	"kind: station\n"
	"\n";

/* A text in quotes, whatever it holds. */
static void print_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void print_text(FILE *out, const char *key, const char *text)
{
	fprintf(out, "  %s: ", key);
	print_quoted(out, text);
	fputc('\n', out);
}

static uint32_t measures_of(const struct profile *profile)
{
	uint32_t set = 0;
	for (int i = 0; profile && i < profile->n_rows; i++)
		if (profile->rows[i].auxiliary == AUXILIARY_NONE)
			set |= 1u << profile->rows[i].pollutant;
	return set;
}

/* A weather mast. */
static bool is_auxiliary(const struct profile *profile)
{
	return profile && profile->n_rows > 0 && measures_of(profile) == 0;
}

/* What the units before this one measure: a station has one channel a pollutant. */
static uint32_t measured_before(const struct station_file *station, int unit)
{
	uint32_t set = 0;
	for (int i = 0; i < unit; i++) {
		uint32_t own = measures_of(station->units[i].profile);
		if (!(set & own))
			set |= own;
	}
	return set;
}

static bool is_sensor(const struct station_file *station, int unit)
{
	uint32_t own = measures_of(station->units[unit].profile);
	if (station->profile)
		return true;
	return own ? !(own & measured_before(station, unit))
		   : is_auxiliary(station->units[unit].profile);
}

bool station_file_measures(const struct station_file *station)
{
	for (int i = 0; i < station->n_units; i++) {
		if (is_sensor(station, i) &&
		    (station->profile || !is_auxiliary(station->units[i].profile)))
			return true;
	}
	return false;
}

/* PM leads by itself; where none is measured something else must be said to. */
static void print_leading(FILE *out, const struct station_file *station)
{
	uint32_t measured = measured_before(station, station->n_units);
	uint32_t particles = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10;
	const char *between = "";
	if (measured == 0 || (measured & particles)) {
		fputs("  # leading: [pm25, pm10]   # the plan's daily AQI is known when one of "
		      "these has a mean\n",
		      out);
		return;
	}
	fputs("  leading: [", out);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(measured & 1u << p))
			continue;
		fprintf(out, "%s%s", between, pollutant_info((enum pollutant)p)->key);
		between = ", ";
	}
	fputs("]   # the plan's daily AQI is known when one of these has a mean\n", out);
}

static void print_station(FILE *out, const struct station_file *station)
{
	fputs("station:\n", out);
	fprintf(out, "  id: %s   # topic and client id / 主题和客户端编号\n", station->id);
	print_text(out, "name_zh", station->name_zh);
	print_text(out, "name_en", station->name_en);
	fprintf(out, "  area: \"%s\"   # administrative division code (GB/T 2260) / 行政区划代码\n",
		station->area);
	fputs("  # district_zh: 荷塘区   # in texts and CAP / 正文和 CAP 中的区名\n"
	      "  # district_en: Hetang district\n"
	      "  # national_code: 1515A   # station code / 点位编码\n"
	      "  # mn: 010000A8900016F000169DC0   # equipment id (HJ 212) / MN 号\n"
	      "  # lng: 113.17\n"
	      "  # lat: 27.86\n",
	      out);
	print_leading(out, station);
	fprintf(out,
		"\nexercise: %s   # true: everything is marked 【演练】 and goes to "
		"hazewatch-exercise/\n"
		"# language: zh   # of the log: en or zh / 日志语言\n",
		station->exercise ? "true" : "false");
	fputs("edition: ", out);
	print_quoted(out, station->edition);
	fputs("   # the AQI standard: a name, or a file / AQI 标准\nplan: ", out);
	print_quoted(out, station->plan);
	fputs("   # the emergency plan: a name, or a file / 应急预案\n"
	      "calendar: china   # working days / 工作日\n"
	      "\nclock:\n"
	      "  source: ntp   # ntp: the kernel's synchronisation state; rtc: the clock is "
	      "trusted as it is\n"
	      "\nstorage:\n"
	      "  dir: /var/lib/hazewatch\n\n",
	      out);
}

static void print_bus(FILE *out, const struct link_conf *link)
{
	fputs("buses:\n  - id: field-1\n", out);
	if (link->kind != LINK_RTU) {
		fputs(link->kind == LINK_TCP ? "    tcp: {host: " : "    rtu_over_tcp: {host: ",
		      out);
		print_quoted(out, link->host);
		fprintf(out, ", port: %d}\n", link->port);
		fputs("    # rtu: {device: /dev/ttyUSB0, baud: 9600, parity: N, stop_bits: 1}\n",
		      out);
	} else {
		fputs("    rtu: {device: ", out);
		print_quoted(out, link->device);
		fprintf(out, ", baud: %d, parity: %c, stop_bits: %d}\n", link->baud, link->parity,
			link->stop_bits);
	}
	fputc('\n', out);
}

static void print_sensor(FILE *out, const struct station_file *station, int unit)
{
	const struct probe_found *found = &station->units[unit];
	const char *mark = is_sensor(station, unit) ? "" : "# ";
	if (!station->profile && !found->profile) {
		fprintf(out,
			"  # unit %d answers, and no profile fits: hazewatch probe BUS --unit %d\n",
			found->unit_id, found->unit_id);
		return;
	}
	if (mark[0])
		fprintf(out, "  # what unit %d measures is measured already:\n", found->unit_id);
	else if (!station->profile)
		fprintf(out, "  # %s\n",
			found->certain ? "identified by its register / 身份寄存器相符"
				       : "possible, not certain: compare its values with its "
					 "display / 可能，请核对数值");
	fprintf(out, "  %s- id: unit-%d\n", mark, found->unit_id);
	fprintf(out, "  %s  bus: field-1\n", mark);
	fprintf(out, "  %s  unit_id: %d\n", mark, found->unit_id);
	fprintf(out, "  %s  profile: ", mark);
	print_quoted(out, station->profile ? station->profile : found->profile->id);
	fprintf(out, "   # the registers: a name, or a file / 型号文件\n");
	fprintf(out, "  %s  poll_s: 10\n", mark);
}

static void print_mqtt(FILE *out, const char *mqtt)
{
	struct conf_host host = conf_host_split(mqtt);
	if (strcmp(mqtt, "none") == 0) {
		fputs("\n# mqtt:\n#   host: 10.0.0.1\n#   port: 1883\n", out);
		return;
	}
	fprintf(out, "\nmqtt:\n  host: \"%.*s\"\n", host.name_length, host.name);
	if (host.port)
		fprintf(out, "  port: %d\n", (int)strtol(host.port, NULL, 10));
	fputs("  # username: hetang-01\n"
	      "  # password_file: /etc/hazewatch/mqtt.pass\n",
	      out);
}

void station_file_write(FILE *out, const struct station_file *station)
{
	fputs(head, out);
	print_station(out, station);
	print_bus(out, &station->bus.link);
	fputs("sensors:\n", out);
	for (int i = 0; i < station->n_units; i++)
		print_sensor(out, station, i);
	print_mqtt(out, station->mqtt);
}
