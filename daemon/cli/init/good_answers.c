/* SPDX-License-Identifier: MIT */
#include "good_answers.h"

#include <stdio.h>
#include <string.h>

#include "cmd_probe.h"
#include "conf.h"
#include "conf_host.h"
#include "digits.h"
#include "division.h"
#include "usage.h"
#include "words.h"

#define HOST_BYTES_MAX 253

bool good_id(const char *text)
{
	size_t length = strlen(text);
	bool good = length >= 1 && length <= 32 && text[0] != '-' &&
		    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
	if (!good)
		usage_refuse(tr("--id: '%s' is not 1 to 32 of a-z, 0-9 and -"), text);
	return good;
}

bool good_name(const char *text)
{
	size_t length = strlen(text);
	bool good = length >= 1 && length <= 120;
	for (const char *at = text; *at; at++)
		good = good && (unsigned char)*at >= 0x20 && *at != 0x7f;
	if (!good)
		usage_refuse(tr("a name has 1 to 120 bytes on one line"));
	return good;
}

bool good_area(const char *text)
{
	bool good = division_is_code(text);
	if (!good)
		usage_refuse(tr("--area: '%s' is not a division code of %d digits"), text,
			     DIVISION_DIGITS);
	return good;
}

bool good_bus(const char *text)
{
	struct probe_options tried;
	probe_default(&tried);
	return probe_read_bus("--bus", text, &tried);
}

bool good_unit(const char *text)
{
	int32_t unit;
	bool good = digits_whole(text, 0, 255, &unit);
	if (!good)
		usage_refuse(tr("--unit: '%s' is not a whole number of 0 to 255"), text);
	return good;
}

static bool is_said(const char *text)
{
	if (text[0] == '\0')
		usage_refuse(tr("an answer is needed"));
	return text[0] != '\0';
}

static bool is_port(const char *digits, int length)
{
	int32_t port = 0;
	return digits_begin(digits, 65535, &port) == (size_t)length && port >= 1;
}

bool good_mqtt(const char *text)
{
	struct conf_host host = conf_host_split(text);
	bool good = host.name_length > 0 && host.name_length <= HOST_BYTES_MAX && !host.rest &&
		    (!host.port || is_port(host.port, host.port_length));
	if (!good)
		usage_refuse(tr("--mqtt: '%s' is not HOST, HOST:PORT, [IPV6-ADDRESS]:PORT or none"),
			     text);
	return good;
}

static const char *config_dir;

void good_answers_begin(const char *folder)
{
	config_dir = folder;
}

bool good_profile(const char *text)
{
	struct problems problems = {0};
	bool good = is_said(text) && conf_profile_is_there(text, config_dir, &problems);
	problems_print(&problems, stderr);
	problems_done(&problems);
	return good;
}

bool good_yes_or_no(const char *text)
{
	static const char *const words[] = {"yes", "no", NULL};
	bool good = strcmp(text, "yes") == 0 || strcmp(text, "no") == 0;
	if (!good)
		usage_refuse_word(tr("answer"), text, words);
	return good;
}
