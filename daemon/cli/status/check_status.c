/* SPDX-License-Identifier: MIT */
/* How it is: what somebody has to look after, and what somebody has to act on. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hour.h"
#include "text.h"
#include "text_status.h"
#include "time_text.h"
#include "words.h"

#define BACKLOG_MS (15 * MINUTE_MS)
#define KEY_OLD_DAYS 75 /* as the daemon warns of it */
#define UNRELEASED_MS HOUR_MS
#define SILENT_HOURS 2 /* an hour closes minutes after its end */

struct findings {
	char *text;
	size_t n, size;
	enum status_verdict verdict;
};

__attribute__((format(printf, 3, 4))) static void
add_finding(struct findings *found, enum status_verdict verdict, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(found->text + found->n, found->size - found->n, format, args);
	va_end(args);
	if (n < 0 || found->n + (size_t)n + 2 >= found->size) {
		found->text[found->n] = '\0';
	} else {
		found->n += (size_t)n;
		memcpy(found->text + found->n, "\n", 2);
		found->n++;
	}
	if (verdict > found->verdict)
		found->verdict = verdict;
}

static bool measures_nothing(const struct status *status)
{
	const struct status_health *health = &status->health;
	bool any = false;
	for (int c = 0; c < health->n_channels; c++)
		any |= health->channels[c].state == PART_OK;
	return health->known && health->n_channels > 0 && !any;
}

static void find_over_ranges(const struct status *status, struct findings *found)
{
	char level[TEXT_LEVEL_MAX];
	for (int i = 0; i < status->warning.n_over; i++) {
		const struct status_over_range *over = &status->warning.over[i];
		const char *name = pollutant_info(over->pollutant)->name;
		const char *unit = text_unit((int)over->pollutant);
		if (over->would_call_for <= LEVEL_NONE) {
			add_finding(found, STATUS_CRITICAL,
				    tr("%s is at the end of its instrument's range (at least %g "
				       "%s)"),
				    name, over->at_least, unit);
			continue;
		}
		text_level(status->conf, over->would_call_for,
			   words_are_chinese() ? TEXT_ZH : TEXT_EN, level);
		add_finding(found, STATUS_CRITICAL,
			    tr("%s is at the end of its instrument's range (at least %g %s, %s if "
			       "that lasts)"),
			    name, over->at_least, unit, level);
	}
}

/* Of a stage below the warnings nobody is told, unless its slip is what makes it bind. */
static bool needs_release(const struct status *status, int level)
{
	return level == LEVEL_NONE || status->warning.binding_from_release ||
	       level_warned(&status->conf->plan, level) != LEVEL_NONE;
}

static bool waits_for_release(const struct status *status, const struct status_directive *directive)
{
	int64_t since_ms = directive->said_ms ? directive->said_ms : directive->start_ms;
	return since_ms != 0 && !directive->released &&
	       status->now_ms - since_ms >= UNRELEASED_MS &&
	       needs_release(status, directive->level);
}

/* People are told of a warning by its slip: of one that comes or has ended, too. */
static void find_unreleased(const struct status *status, struct findings *found)
{
	const struct status_warning *warning = &status->warning;
	char start[TEXT_MOMENT_SIZE];
	if (warning->in_force_any && waits_for_release(status, &warning->in_force))
		add_finding(found, STATUS_CRITICAL, "%s",
			    tr("a directive is in force and no release slip names it"));
	if (warning->newest.level == LEVEL_NONE && warning->newest.effective_ms != 0 &&
	    (!warning->ended_stage || warning->binding_from_release) &&
	    waits_for_release(status, &warning->newest))
		add_finding(found, STATUS_CRITICAL, "%s",
			    tr("the warning was lifted and no release slip says so"));
	for (int i = 0; i < warning->n_pending; i++) {
		if (waits_for_release(status, &warning->pending[i]))
			add_finding(found, STATUS_CRITICAL,
				    tr("no release slip names the directive that begins %s"),
				    text_moment(status, warning->pending[i].start_ms, start));
	}
}

static void find_critical(const struct status *status, struct findings *found)
{
	char hour[TEXT_MOMENT_SIZE];
	if (!status->live.answered && !status->in_use)
		add_finding(found, STATUS_CRITICAL, "%s", tr("hazewatchd does not run"));
	else if (measures_nothing(status))
		add_finding(found, STATUS_CRITICAL, "%s", tr("nothing is measured"));
	else if (status->newest_hour != 0 &&
		 status->now_ms > (status->newest_hour + SILENT_HOURS) * HOUR_MS)
		add_finding(found, STATUS_CRITICAL, tr("no hour has closed since %s"),
			    text_hour_end(status, status->newest_hour, hour));
	if (status->live.is_volatile || (status->health.known && !status->health.store_ok))
		add_finding(found, STATUS_CRITICAL, "%s",
			    tr("the database fails: a power cut loses what is in memory"));
	find_unreleased(status, found);
	find_over_ranges(status, found);
}

static void find_silent(const struct status_part *parts, int n, struct findings *found)
{
	for (int i = 0; i < n; i++) {
		if (parts[i].state == PART_FAILED && !parts[i].busy[0])
			add_finding(found, STATUS_WARNING, "%s%s%s", parts[i].id, tr(": "),
				    text_why(parts[i].why));
	}
}

const struct status_platforms *status_platforms(const struct status *status)
{
	return status->live.answered ? &status->live.platforms : &status->health.platforms;
}

static void find_platforms(const struct status *status, struct findings *found)
{
	const struct status_platforms *platforms = status_platforms(status);
	for (int i = 0; i < platforms->n; i++) {
		const struct status_platform *platform = &platforms->all[i];
		if (platform->why[0] != '\0')
			add_finding(found, STATUS_WARNING, tr("platform %s gets nothing: %s"),
				    platform->id, platform->why);
		if (platform->key_days >= KEY_OLD_DAYS)
			add_finding(found, STATUS_WARNING,
				    tr("platform %s: its key is %d days old, another one is due "
				       "after 90"),
				    platform->id, (int)platform->key_days);
	}
}

static void find_warnings(const struct status *status, struct findings *found)
{
	const struct status_health *health = &status->health;
	char moment[TEXT_MOMENT_SIZE];
	if (health->cut_off)
		add_finding(found, STATUS_WARNING, tr("cut off from %s since %s"),
			    status->conf->district.id ? status->conf->district.id : "?",
			    text_moment(status, health->cut_off_ms, moment));
	if (health->undirected[0] != '\0')
		add_finding(found, STATUS_WARNING,
			    tr("online, but without a directive that is relayed: %s"),
			    health->undirected);
	if (status->warning.hold == REASON_INSUFFICIENT_DATA)
		add_finding(found, STATUS_WARNING, "%s", tr("the advice is held for want of data"));
	find_silent(health->sensors, health->n_sensors, found);
	if (!measures_nothing(status))
		find_silent(health->channels, health->n_channels, found);
	find_silent(health->auxiliaries, health->n_auxiliaries, found);
	if (health->particles_since_ms != 0)
		add_finding(found, STATUS_WARNING, tr("PM2.5 above PM10 since %s"),
			    text_moment(status, health->particles_since_ms, moment));
	find_platforms(status, found);
	if (status->oldest_ms != 0 && status->now_ms - status->oldest_ms >= BACKLOG_MS)
		add_finding(found, STATUS_WARNING, tr("messages wait since %s"),
			    text_moment(status, status->oldest_ms, moment));
	if (status->outbox.blocked > 0)
		add_finding(found, STATUS_WARNING, tr("the broker refuses %lld messages"),
			    (long long)status->outbox.blocked);
}

/* The plan wants both looked at each year (3.2). */
static void find_old_list(const struct status *status, struct findings *found)
{
	char date[TIME_TEXT_SIZE];
	if (status->list_ms != 0)
		add_finding(found, STATUS_WARNING,
			    tr("the reduction list is older than 12 months: imported on %.10s"),
			    time_text(status->list_ms, date));
	if (status->whole_year != 0)
		add_finding(found, STATUS_WARNING,
			    tr("the list's denominator is older than 12 months: of %d"),
			    status->whole_year);
}

enum status_verdict status_judge(const struct status *status, char *reasons, size_t size)
{
	struct findings found = {.text = reasons, .size = size, .verdict = STATUS_WELL};
	reasons[0] = '\0';
	if (!status->health.known && !status->warning.known) {
		add_finding(&found, STATUS_UNKNOWN, "%s",
			    tr("the station has not published anything yet"));
		return found.verdict;
	}
	find_critical(status, &found);
	find_warnings(status, &found);
	find_old_list(status, &found);
	return found.verdict;
}
