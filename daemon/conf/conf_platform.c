/* SPDX-License-Identifier: MIT */
#include "conf_platform.h"

#include <errno.h>
#include <string.h>

#include "conf_host.h"
#include "hour.h"
#include "plain_file.h"
#include "station_draft.h"
#include "words.h"

#define MN_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#define MN_MAX 24
#define REALTIME_S 60
#define PACE_MS 3000
#define TIMEOUT_MS 10000
#define RETRIES 3
#define MINUTES_DAYS 7

bool conf_is_platform_password(const char *text)
{
	size_t n = strlen(text);
	return n > 0 && n <= CONF_PLATFORM_PASSWORD_MAX && strpbrk(text, ";,=&# ") == NULL;
}

bool conf_is_minute_interval(int32_t minutes)
{
	return minutes > 0 && HOUR_MINUTES % minutes == 0;
}

/* ---- values ---- */

static void read_host(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {
		.key = "host", .type = YAML_TYPE_TEXT, .min = 1, .max = 253};
	const char *text = NULL;
	(void)index;
	yaml_read_value(file, node, &key, &text);
	if (!text)
		return;
	if (conf_host_split(text).bare)
		*(const char **)object = yaml_keep(file, node);
	else
		yaml_problem(file, node, tr("host: %s is not a name or an address alone"),
			     yaml_found(file, node));
}

static void read_mn(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {
		.key = "mn", .type = YAML_TYPE_TEXT, .min = 1, .max = MN_MAX};
	const char *text = NULL;
	(void)index;
	yaml_read_value(file, node, &key, &text);
	if (text && text[strspn(text, MN_LETTERS)] != '\0')
		yaml_problem(file, node, tr("mn: %s is not letters, digits, _ and - alone"),
			     yaml_found(file, node));
	else if (text)
		*(const char **)object = yaml_keep(file, node);
}

/* A file that is not there yet is for the daemon to tell. */
static void read_password_file(struct yaml_file *file, yaml_node node, int index, void *object)
{
	const char **path = object;
	char why[PLAIN_WHY_MAX], password[CONF_PLATFORM_PASSWORD_MAX + 2];
	station_read_path(file, node, index, object);
	if (!*path)
		return;
	bool read = plain_read_line(*path, password, sizeof(password), why);
	if (!read && errno == EINVAL)
		yaml_problem(file, node, tr("the file %s %s"), *path, why);
	else
		station_check_key_file(file, node, *path);
	if (read && !conf_is_platform_password(password))
		yaml_problem(file, node,
			     tr("the file %s is no password of HJ 212: 1 to %d bytes without "
				"; , = & # and blanks"),
			     *path, CONF_PLATFORM_PASSWORD_MAX);
	explicit_bzero(password, sizeof(password));
}

static void read_interval(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {
		.key = "minute_interval", .type = YAML_TYPE_INT, .min = 1, .max = HOUR_MINUTES};
	int32_t minutes = 0;
	(void)index;
	yaml_read_value(file, node, &key, &minutes);
	if (minutes != 0 && !conf_is_minute_interval(minutes))
		yaml_problem(file, node, tr("minute_interval: %d is not a divisor of 60"),
			     (int)minutes);
	else if (minutes != 0)
		*(int32_t *)object = minutes;
}

static const struct yaml_name sent_names[] = {
	{"realtime", 0}, {"minutes", 1}, {"hours", 2}, {"days", 3}, {NULL, 0},
};

static void read_sent(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key name = {
		.key = "send", .type = YAML_TYPE_NAME, .names = sent_names};
	struct platform_conf *platform = object;
	bool *const sent[] = {&platform->realtime, &platform->minutes, &platform->hours,
			      &platform->days};
	int which = -1;
	(void)index;
	yaml_read_value(file, node, &name, &which);
	if (which < 0)
		return;
	if (*sent[which])
		yaml_problem(file, node, tr("send: %s is named before"), yaml_scalar(file, node));
	*sent[which] = true;
}

static const struct yaml_name revised_names[] = {
	{"never", PLATFORM_REVISED_NEVER},
	{"resend", PLATFORM_REVISED_RESEND},
	{NULL, 0},
};
static const struct yaml_name few_names[] = {
	{"leave_out", PLATFORM_LEAVE_OUT},
	{"flag", PLATFORM_FLAG},
	{NULL, 0},
};

/* ---- one platform ---- */

struct platform_read {
	struct platform_conf conf;
	const char *profile;
};
#define OF(member) offsetof(struct platform_read, conf.member)

static const struct yaml_key platform_keys[] = {
	{"name", YAML_TYPE_ID, .required = true, .offset = OF(name)},
	{"host", YAML_TYPE_CALL, .required = true, .each = read_host, .offset = OF(host)},
	{"port", YAML_TYPE_INT, .required = true, .min = 1, .max = 65535, .offset = OF(port)},
	{"profile", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 255,
	 .offset = offsetof(struct platform_read, profile)},
	{"mn", YAML_TYPE_CALL, .each = read_mn, .offset = OF(mn)},
	{"password_file", YAML_TYPE_CALL, .required = true, .each = read_password_file,
	 .offset = OF(password_file)},
	{"send", YAML_TYPE_EACH, .min = 1, .max = 4, .each = read_sent,
	 .offset = offsetof(struct platform_read, conf)},
	{"realtime_s", YAML_TYPE_INT, .min = 10, .max = 3600, .offset = OF(realtime_s)},
	{"minute_interval", YAML_TYPE_CALL, .each = read_interval, .offset = OF(minute_interval)},
	{"pace_ms", YAML_TYPE_INT, .max = 60000, .offset = OF(pace_ms)},
	{"timeout_ms", YAML_TYPE_INT, .min = 1000, .max = 60000, .offset = OF(timeout_ms)},
	{"retries", YAML_TYPE_INT, .max = 10, .offset = OF(retries)},
	{"minutes_days", YAML_TYPE_INT, .min = 1, .max = 36500, .offset = OF(minutes_days)},
	{"revised", YAML_TYPE_NAME, .names = revised_names, .offset = OF(revised)},
	{"few_hours", YAML_TYPE_NAME, .names = few_names, .offset = OF(few_hours)},
	{0},
};

static void check_twin(struct yaml_file *file, yaml_node node, const struct conf *conf, int index)
{
	for (int i = 0; i < index; i++) {
		const struct platform_conf *other = &conf->platforms[i];
		const char *name = conf->platforms[index].name;
		if (name && other->name && strcmp(name, other->name) == 0)
			yaml_problem(file, yaml_get(file, node, "name"),
				     tr("name: %s is another platform's already"), name);
	}
}

static void read_platform(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct station_draft *draft = object;
	struct conf *conf = &draft->conf;
	struct platform_read read = {.conf = {.realtime_s = REALTIME_S,
					      .minute_interval = 1,
					      .pace_ms = PACE_MS,
					      .timeout_ms = TIMEOUT_MS,
					      .retries = RETRIES,
					      .minutes_days = MINUTES_DAYS}};
	if (index >= CONF_PLATFORMS_MAX)
		return; /* the table has told it */
	yaml_read(file, node, platform_keys, &read);
	if (yaml_is_map(file, node) && !yaml_get(file, node, "send"))
		read.conf.realtime = read.conf.minutes = read.conf.hours = read.conf.days = true;
	conf->platforms[index] = read.conf;
	conf->n_platforms = index + 1;
	draft->platforms[index].profile =
		(struct file_name){read.profile, yaml_get(file, node, "profile")};
	draft->platforms[index].mn_at = yaml_get(file, node, "mn");
	check_twin(file, node, conf, index);
}

static const struct yaml_key hj212_keys[] = {
	{"platforms", YAML_TYPE_EACH, .required = true, .min = 1, .max = CONF_PLATFORMS_MAX,
	 .each = read_platform},
	{0},
};

void station_read_hj212(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	yaml_read(file, node, hj212_keys, object);
}

/* ---- with its profile ---- */

/* The station's own number stands in where the platform gave none. */
static void settle_mn(struct yaml_file *file, const struct platform_draft *draft,
		      const struct conf *conf, struct platform_conf *platform)
{
	const char *mn = conf->station.mn;
	if (draft->mn_at)
		return;
	if (!mn)
		yaml_problem(file, draft->profile.at,
			     tr("platform %s needs mn, the number by which it knows this device"),
			     platform->name ? platform->name : "?");
	else if (strlen(mn) > MN_MAX || mn[strspn(mn, MN_LETTERS)] != '\0')
		yaml_problem(file, draft->profile.at,
			     tr("platform %s: the station's mn %s is not 1 to %d letters, digits, "
				"_ and -"),
			     platform->name ? platform->name : "?", mn, MN_MAX);
	platform->mn = mn;
}

static bool is_sendable(const char *unit)
{
	return strcmp(unit, "ug/m3") == 0 || strcmp(unit, "mg/m3") == 0 ||
	       strcmp(unit, "ng/m3") == 0;
}

void station_check_platform(struct yaml_file *file, struct station_draft *draft, int index)
{
	struct platform_conf *platform = &draft->conf.platforms[index];
	const struct platform_draft *read = &draft->platforms[index];
	const struct hj212_profile *profile = platform->profile;
	settle_mn(file, read, &draft->conf, platform);
	for (int i = 0; profile && i < profile->n_factors; i++) {
		const struct hj212_factor *factor = &profile->factors[i];
		if (factor->pollutant >= 0 && !is_sendable(factor->unit))
			yaml_problem(file, read->profile.at,
				     tr("profile: %s counts %s in %s; what is sent is in ug/m3, "
					"mg/m3 or ng/m3"),
				     profile->id, factor->code, factor->unit);
	}
	if (platform->mn && read->mn_at &&
	    (strlen(platform->mn) != MN_MAX ||
	     platform->mn[strspn(platform->mn, "0123456789ABCDEFabcdef")] != '\0'))
		yaml_warning(file, read->mn_at,
			     tr("mn: %s is not the 24 hexadecimal digits that HJ 212 wants"),
			     platform->mn);
}
