/* SPDX-License-Identifier: MIT */
/* What people are told of a platform: once when it begins, once when it is over. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "log_words.h"
#include "platforms_inside.h"

#define STORE_TOLD_APART_MS 3600000

static void set_why(struct platforms *all, struct platform *platform, const char *why)
{
	struct platform_report *report = &platform->report;
	if (strcmp(report->why, why) != 0)
		all->changed = true;
	snprintf(report->why, sizeof(report->why), "%s", why);
}

void platform_tell_ill(struct platforms *all, struct platform *platform, const char *why,
		       int64_t now_ms)
{
	char refused_why[LINE_WHY_MAX];
	uint64_t refused = platform_line_refused(platform->line, refused_why);
	set_why(all, platform, why);
	if (platform->ill_ms != 0)
		return;
	platform->ill_ms = now_ms > 0 ? now_ms : 1;
	if (refused != platform->refused_before)
		log_warning(LOG_PLATFORM_FAILS, "platform %s: %s; of what it sends is refused: %s",
			    platform->conf->name, why, refused_why);
	else if (platform->conf->minutes || platform->conf->hours || platform->conf->days)
		log_warning(LOG_PLATFORM_FAILS, "platform %s: %s; means wait until it acknowledges",
			    platform->conf->name, why);
	else /* the moment's values are not kept */
		log_warning(LOG_PLATFORM_FAILS, "platform %s: %s", platform->conf->name, why);
}

void platform_tell_well(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	char refused_why[LINE_WHY_MAX];
	platform->refused_before = platform_line_refused(platform->line, refused_why);
	set_why(all, platform, "");
	if (platform->ill_ms != 0 && platform->heard)
		log_notice(LOG_PLATFORM_WORKS, "platform %s: acknowledges again after %lld min",
			   platform->conf->name, (long long)((now_ms - platform->ill_ms) / 60000));
	else if (!platform->heard)
		log_notice(LOG_PLATFORM_WORKS, "platform %s: acknowledges what is sent",
			   platform->conf->name);
	platform->heard = true;
	platform->told_given_up = false;
	platform->ill_ms = 0;
}

void platform_tell_given_up(struct platforms *all, struct platform *platform)
{
	int64_t given_up = platform->uplink.given_up;
	if (given_up == platform->report.given_up)
		return;
	if (platform->known && !platform->told_given_up && given_up > platform->report.given_up) {
		log_warning(LOG_PLATFORM_GIVEN_UP,
			    "platform %s: what it has not acknowledged is given up by and by, "
			    "%lld messages so far",
			    platform->conf->name, (long long)given_up);
		platform->told_given_up = true;
	}
	platform->report.given_up = given_up;
	all->changed = true;
}

void platform_tell_store(struct platforms *all, const struct platform *platform, int r)
{
	int64_t now_ms = clock_monotonic_ms();
	if (r == 0 || store_is_volatile(all->store))
		return;
	if (all->store_told_ms != 0 && now_ms - all->store_told_ms < STORE_TOLD_APART_MS)
		return;
	all->store_told_ms = now_ms;
	log_error(LOG_STORE_REFUSES, "platform %s: %s: %s", platform->conf->name, store_words(r),
		  store_message(all->store));
}
