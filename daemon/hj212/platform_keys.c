/* SPDX-License-Identifier: MIT */
/* Password and SM4 key of a platform. Neither is in a log. */
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "platforms_inside.h"
#include "words.h"

#define TEXT_MAX 400
#define NAME_MAX_BYTES 64

static bool read_password(struct platform *platform, char why[PLAIN_WHY_MAX])
{
	if (!plain_read_line(platform->conf->password_file, platform->password,
			     sizeof(platform->password), why))
		return false;
	if (conf_is_platform_password(platform->password))
		return true;
	snprintf(why, PLAIN_WHY_MAX, "%s", tr("is no password of HJ 212"));
	return false;
}

void platform_share_keys(struct platform *platform)
{
	const struct hj212_key *key = &platform->key;
	platform_line_set_keys(platform->line, platform->has_key ? &key->now : NULL,
			       platform->has_key && key->has_before ? &key->before : NULL,
			       key->taken_ms);
}

static bool read_key(struct platforms *all, struct platform *platform, char why[PLAIN_WHY_MAX])
{
	const char *file = platform->conf->profile->key_file;
	char name[NAME_MAX_BYTES]; /* no data logger's: their names have no point */
	snprintf(name, sizeof(name), "platform.%s", platform->conf->name);
	bool good = hj212_key_open(&platform->key, file, all->conf->data_dir, name, why);
	if (good && why[0] != '\0')
		log_warning(LOG_PLATFORM_KEY, "platform %s: the file %s %s; the key of %s is used",
			    platform->conf->name, platform->key.path, why, file);
	return good;
}

bool platform_read_secrets(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	const char *key_file = platform->conf->profile->key_file;
	char why[PLAIN_WHY_MAX] = "", text[TEXT_MAX];
	platform->has_password = read_password(platform, why);
	platform->has_key = platform->has_password && key_file && read_key(all, platform, why);
	if (!platform->has_key) {
		explicit_bzero(&platform->key.now, sizeof(platform->key.now));
		explicit_bzero(&platform->key.before, sizeof(platform->key.before));
	}
	platform_share_keys(platform);
	if (platform->has_password && (platform->has_key || !key_file))
		return true;
	snprintf(text, sizeof(text), tr("the file %.200s %.120s"),
		 platform->has_password ? key_file : platform->conf->password_file, why);
	platform_tell_ill(all, platform, text, now_ms);
	return false;
}

static void tell_key_file(const struct platform *platform, const char *why)
{
	log_warning(LOG_PLATFORM_KEY, "platform %s: the file %s %s", platform->conf->name,
		    platform->key.path, why);
}

void platform_confirm_key(struct platform *platform)
{
	char why[PLAIN_WHY_MAX] = "";
	bool had_before = platform->key.has_before;
	if (!platform->has_key || !(had_before || platform->key.stale))
		return;
	if (!hj212_key_confirm(&platform->key, why)) /* one that is stale goes, too */
		tell_key_file(platform, why);
	if (had_before)
		platform_share_keys(platform);
}

void platform_look_at_key(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	char why[PLAIN_WHY_MAX] = "";
	int32_t days = platform->has_key ? hj212_key_age_days(&platform->key, now_ms) : -1;
	all->changed |= days != platform->report.key_days;
	platform->report.key_days = days;
	if (days < 0)
		return;
	bool had_before = platform->key.has_before;
	if (!hj212_key_look(&platform->key, now_ms, why))
		tell_key_file(platform, why);
	if (had_before && !platform->key.has_before)
		platform_share_keys(platform);
	if (days >= HJ212_KEY_WARN_DAYS && !platform->told_key)
		log_warning(LOG_PLATFORM_KEY,
			    "platform %s: its key is %d days old; HJ 212-2025 wants another one "
			    "after %d days at most",
			    platform->conf->name, (int)days, HJ212_KEY_DAYS);
	platform->told_key = days >= HJ212_KEY_WARN_DAYS;
}
