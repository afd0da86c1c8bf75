/* SPDX-License-Identifier: MIT */
#include "cmd_probe.h"
#include "digits.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sweep.h"
#include "usage.h"
#include "words.h"

#define DEFAULT_COUNT 32
#define MODBUS_PORT 502
#define RTU_PREFIX "rtu:"
#define ADDRESS_TOP 65535
#define UNIT_TOP 255

static const char *const usage = TR_LATER(
	"Usage: hazewatch probe BUS --unit N [OPTION]...\n"
	"       hazewatch probe BUS --unit FIRST-LAST [OPTION]...\n"
	"\n"
	"Reads an instrument that is not set up yet: shows its registers in every\n"
	"reading, names the profiles that fit, and prints the skeleton of a new one. With\n"
	"a range of units it tells which of them answer. Writes nothing to an instrument.\n"
	"BUS is a serial line, like /dev/ttyUSB0, that no other program uses, the\n"
	"ADDRESS[:PORT] of Modbus TCP, or rtu:ADDRESS:PORT for RTU frames over TCP.\n"
	"\n"
	"  --unit N           unit id, 1 to 255, on TCP also 0\n"
	"  --function 3|4     holding registers, the default, or input registers\n"
	"  --from A           first register, counted from 0, decimal or 0x...; default 0\n"
	"  --count N          how many registers; default 32\n"
	"  --baud N, --parity N|E|O, --stop-bits 1|2\n"
	"                     of a serial line; default 9600, N, 1\n"
	"  --timeout MS       for an answer, 20 to 30000; default 500\n"
	"  --skeleton FILE    write the skeleton of a profile to a new file\n"
	"  --config-dir DIR   look here first for profiles\n"
	"  --language zh|en   by default that of the locale\n"
	"  --help             show this\n"
	"\n"
	"Exit status: 0 read, 64 wrong usage, 66 there is no such line, 69 nothing\n"
	"answers, 71 no memory, 73 FILE cannot be made, 74 the line or the output failed,\n"
	"75 another program holds it or the run was interrupted, 77 not allowed.\n");

void probe_show_usage(void)
{
	fputs(tr(usage), stdout);
}

static bool refuse_value(const char *option, const char *text, const char *allowed)
{
	usage_refuse(tr("%s: %s is not %s"), option, text, allowed);
	return false;
}

static bool refuse_options(const char *text)
{
	usage_refuse("%s", text);
	return false;
}

/* 0x and hexadecimal digits. */
static bool read_hexadecimal(const char *text, int most, int *ret)
{
	char *end;
	unsigned long number = strtoul(text + 2, &end, 16);
	if (!isxdigit((unsigned char)text[2]) || *end != '\0' || number > (unsigned long)most)
		return false;
	*ret = (int)number;
	return true;
}

static bool take_number_option(const char *option, int least, int most, const char *allowed,
			       int *ret)
{
	bool hex = strncmp(optarg, "0x", 2) == 0 && strcmp(option, "--from") == 0;
	bool good =
		hex ? read_hexadecimal(optarg, most, ret) : digits_whole(optarg, least, most, ret);
	return good || refuse_value(option, optarg, allowed);
}

/* "7" or "1-247" */
static bool take_units(struct probe_options *options)
{
	size_t n = digits_begin(optarg, UNIT_TOP, &options->first_unit);
	const char *end = optarg + n;
	bool two = n > 0 && *end == '-';

	options->last_unit = options->first_unit;
	if (two ? digits_whole(end + 1, options->first_unit, UNIT_TOP, &options->last_unit)
		: n > 0 && *end == '\0')
		return true;
	return refuse_value("--unit", optarg, tr("a whole number of 0 to 255, or two like 1-247"));
}

/* One of a few letters. */
static bool take_letter(const char *option, const char *letters, const char *allowed, char *ret)
{
	if (strlen(optarg) != 1 || !strchr(letters, optarg[0]))
		return refuse_value(option, optarg, allowed);
	*ret = optarg[0];
	return true;
}

static bool take_language(void)
{
	static const char *const languages[] = {"zh", "en", NULL};
	bool chinese = strcmp(optarg, "zh") == 0;

	if (!chinese && strcmp(optarg, "en") != 0) {
		usage_refuse_word("--language", optarg, languages);
		return false;
	}
	words_speak(chinese ? WORDS_CHINESE : WORDS_ENGLISH);
	return true;
}

/* ---- the bus ---- */

/* "192.0.2.10:502", "192.0.2.10", "[2001:db8::1]:502", "2001:db8::1" */
static bool parse_tcp(const char *text, struct probe_options *ret)
{
	const char *colon = strrchr(text, ':');
	size_t length = strlen(text);
	bool bracketed = text[0] == '[';
	int port = MODBUS_PORT;

	if (colon && (bracketed ? colon[-1] == ']' : strchr(text, ':') == colon)) {
		length = (size_t)(colon - text);
		if (!digits_whole(colon + 1, 1, ADDRESS_TOP, &port))
			return false;
	}
	if (bracketed && (length < 2 || text[length - 1] != ']'))
		return false;
	snprintf(ret->host, sizeof(ret->host), "%.*s", (int)(length - 2 * bracketed),
		 text + bracketed);
	ret->link.host = ret->host;
	ret->link.port = (uint16_t)port;
	return link_host_is_numeric(ret->host);
}

bool probe_read_bus(const char *option, const char *text, struct probe_options *ret)
{
	if (text[0] == '/') {
		ret->link.kind = LINK_RTU;
		ret->link.device = text;
		return true;
	}
	bool rtu = strncmp(text, RTU_PREFIX, strlen(RTU_PREFIX)) == 0;
	ret->link.kind = rtu ? LINK_RTU_TCP : LINK_TCP;
	return parse_tcp(text + (rtu ? strlen(RTU_PREFIX) : 0), ret) ||
	       refuse_value(option, text,
			    tr("a path like /dev/ttyUSB0 or a numeric "
			       "ADDRESS:PORT (no name is looked up)"));
}

/* ---- the whole ---- */

static bool take_probe_option(int option, struct probe_options *ret)
{
	char stop_bits = '1', function = '3';
	bool good = true;

	switch (option) {
	case 'u':
		return take_units(ret);
	case 'n':
		good = take_letter("--function", "34", "3 or 4", &function);
		ret->function = function - '0';
		return good;
	case 'a':
		return take_number_option("--from", 0, ADDRESS_TOP,
					  tr("a whole number of 0 to 65535, or 0x..."), &ret->from);
	case 'c':
		return take_number_option("--count", 1, SWEEP_REGISTERS_MAX,
					  tr("a whole number of 1 to 65536"), &ret->count);
	case 'b':
		return take_number_option("--baud", 1, 1000000, tr("a baud rate"), &ret->link.baud);
	case 'p':
		return take_letter("--parity", "NEO", tr("N, E or O"), &ret->link.parity);
	case 's':
		good = take_letter("--stop-bits", "12", "1 or 2", &stop_bits);
		ret->link.stop_bits = stop_bits - '0';
		return good;
	case 't':
		return take_number_option("--timeout", 20, LINK_MS_MAX,
					  tr("a whole number of 20 to 30000"),
					  &ret->link.response_timeout_ms);
	case 'k':
		ret->skeleton = optarg;
		return true;
	case 'd':
		ret->config_dir = optarg;
		return true;
	case 'l':
		return take_language();
	case 'h':
		ret->help = true;
		return true;
	}
	return false;
}

/* What the options say about each other. */
static bool check_probe_options(struct probe_options *ret, bool serial_options)
{
	bool serial = ret->link.kind == LINK_RTU;

	if (ret->first_unit < 0)
		return refuse_options(
			tr("--unit is missing; --unit 1-247 looks for units that answer"));
	if (link_conf_is_rtu(&ret->link) && ret->first_unit == 0)
		return refuse_options(
			tr("--unit: 0 calls every unit of a serial line, and none answers"));
	if (!serial && serial_options)
		return refuse_options(tr("--baud, --parity and --stop-bits are of a serial line"));
	if (ret->count == 0)
		ret->count = DEFAULT_COUNT < SWEEP_REGISTERS_MAX - ret->from
				     ? DEFAULT_COUNT
				     : SWEEP_REGISTERS_MAX - ret->from;
	if (ret->from + ret->count > SWEEP_REGISTERS_MAX)
		return refuse_options(tr("--count: beyond register 65535, the last one"));
	if (ret->skeleton && ret->first_unit < ret->last_unit)
		return refuse_options(tr("--skeleton: of one unit only"));
	if (!link_conf_usable(&ret->link))
		return refuse_options(
			tr("--baud: allowed are 300, 600, 1200, 2400, 4800, 9600, 19200, "
			   "38400, 57600, 115200, 230400, 460800"));
	return true;
}

void probe_default(struct probe_options *ret)
{
	*ret = (struct probe_options){
		.link = {.baud = 9600,
			 .parity = 'N',
			 .data_bits = 8,
			 .stop_bits = 1,
			 .response_timeout_ms = 500},
		.first_unit = -1,
		.function = 3,
	};
}

bool probe_read_options(int argc, char **argv, struct probe_options *ret)
{
	static const struct option known[] = {
		{"unit", required_argument, NULL, 'u'},
		{"function", required_argument, NULL, 'n'},
		{"from", required_argument, NULL, 'a'},
		{"count", required_argument, NULL, 'c'},
		{"baud", required_argument, NULL, 'b'},
		{"parity", required_argument, NULL, 'p'},
		{"stop-bits", required_argument, NULL, 's'},
		{"timeout", required_argument, NULL, 't'},
		{"skeleton", required_argument, NULL, 'k'},
		{"config-dir", required_argument, NULL, 'd'},
		{"language", required_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	bool serial_options = false;

	probe_default(ret);
	for (int option; (option = usage_next(argc, argv, known)) != -1;) {
		serial_options = serial_options || strchr("bps", option);
		if (!take_probe_option(option, ret))
			return false;
		if (ret->help)
			return true;
	}
	if (argc - optind != 1)
		return refuse_options(tr("one BUS is needed"));
	return probe_read_bus("BUS", argv[optind], ret) && check_probe_options(ret, serial_options);
}
