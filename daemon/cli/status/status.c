/* SPDX-License-Identifier: MIT */
#include "status.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "hour.h"
#include "hours.h"
#include "latest.h"
#include "minutes.h"
#include "outbox.h"
#include "payload_status.h"
#include "sources.h"
#include "timetables.h"

#define PLENTY_MILLI 1000 /* of a valid hour, whatever it will be */

static int read_latest(struct store *store, const char *topic, char **ret)
{
	int r = latest_get(store, topic, ret);
	return r == STORE_E_NONE ? 0 : r;
}

static int read_published(struct store *store, struct status *ret)
{
	char *relay_text = NULL;
	int r = read_latest(store, "warning", &ret->warning_text);
	if (r == 0)
		r = read_latest(store, "aqi", &ret->aqi_text);
	if (r == 0)
		r = read_latest(store, "aux", &ret->auxiliary_text);
	if (r == 0)
		r = read_latest(store, "health", &ret->health_text);
	payload_read_warning(ret->conf, ret->warning_text, &ret->warning);
	payload_read_aqi(ret->aqi_text, &ret->aqi);
	payload_read_auxiliaries(ret->auxiliary_text, &ret->auxiliaries);
	payload_read_health(ret->health_text, &ret->health);
	if (r == 0 && ret->conf->relay.key_file)
		r = read_latest(store, "relay", &relay_text);
	payload_read_relay(relay_text, ret->health_text, &ret->health);
	free(relay_text);
	return r;
}

static int64_t file_bytes(const char *dir, const char *name)
{
	static const char *const parts[] = {"", "-wal"};
	int64_t bytes = 0;
	for (int i = 0; i < 2; i++) {
		char path[PATH_MAX];
		struct stat st;
		int n = snprintf(path, sizeof(path), "%s/%s%s", dir, name, parts[i]);
		if (n > 0 && n < (int)sizeof(path) && stat(path, &st) == 0)
			bytes += st.st_size;
	}
	return bytes;
}

static void read_files(struct status *ret)
{
	struct statvfs disk;
	const char *dir = ret->conf->data_dir;
	ret->files.state_bytes = file_bytes(dir, "state.db");
	ret->files.samples_bytes = file_bytes(dir, "samples.db");
	if (statvfs(dir, &disk) == 0) {
		ret->files.free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
		ret->files.total_bytes = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize;
	}
}

/* The rules themselves say when: hour by hour, each of them valid. */
static void foresee_daily(struct status *ret)
{
	const struct conf *conf = ret->conf;
	struct hour_values valid = {.valid = conf->station.scope.monitored};
	struct window window = {0};
	int64_t first = ret->newest_hour - WINDOW_HOURS + 1;
	struct aqi daily = {0};
	if (conf->roster.path) /* its points' hours say it, and each has its own */
		return;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		valid.milli[p] = PLENTY_MILLI;
	for (int i = 0; i < WINDOW_HOURS; i++)
		window_put(&window, first + i, &ret->day[i]);
	for (int h = 1; h <= WINDOW_HOURS && !daily.known; h++) {
		window_put(&window, ret->newest_hour + h, &valid);
		aqi_daily(&conf->edition, &conf->station.scope, &window, &daily);
		if (daily.known)
			ret->daily_at = ret->newest_hour + h;
	}
}

static int read_day(struct store *store, struct status *ret)
{
	int64_t first = ret->newest_hour - WINDOW_HOURS + 1;
	int r = hours_load(store, first, WINDOW_HOURS, ret->day);
	return r == 0 ? hours_daily(store, first, WINDOW_HOURS, ret->day_aqi) : r;
}

/* Of each level held: hours that are still missing within its limits, as far as these are of the
 * daily AQI. */
static int foresee_release(struct store *store, struct status *ret)
{
	const struct plan *plan = &ret->conf->plan;
	int32_t daily[PLAN_RELEASE_H_MAX];
	const int32_t *milli[PLAN_INDEX_SLOTS] = {NULL};
	int64_t first = ret->newest_hour - PLAN_RELEASE_H_MAX + 1;
	int r = hours_daily(store, first, PLAN_RELEASE_H_MAX, daily);
	for (int i = 0; i < PLAN_RELEASE_H_MAX && r == 0; i++)
		daily[i] = daily[i] < 0 ? TIMELINE_UNKNOWN : daily[i] * AQI_MILLI;
	for (int l = 1; l <= ret->warning.advice && r == 0; l++) {
		milli[PLAN_INDEX_DAILY_AQI] = daily + PLAN_RELEASE_H_MAX - plan_release_h(plan, l);
		ret->release_h[l] = plan_release_in_h(plan, l, milli);
	}
	return r;
}

/* The last sign of life; bulk that cannot be read is done without. */
static void find_heard(struct store *store, struct status *ret)
{
	int64_t minute = 0;
	ret->heard_ms = ret->health.time_ms;
	if (ret->newest_hour * HOUR_MS > ret->heard_ms)
		ret->heard_ms = ret->newest_hour * HOUR_MS;
	if (minutes_newest(store, &minute) == 0 && (minute + 1) * MINUTE_MS > ret->heard_ms)
		ret->heard_ms = (minute + 1) * MINUTE_MS;
}

/* What of the reduction list has to be renewed; one that cannot be read is done without. */
static void read_list_age(struct store *store, struct status *ret)
{
	struct source_list list;
	if (sources_in_force(store, &list) != 0)
		return;
	ret->list_ms = sources_are_old(&list, ret->now_ms) ? list.imported_ms : 0;
	ret->whole_year = sources_old_year(&list, ret->now_ms);
}

/* Whether what ended last was a warning at any time, and no stage below them. */
struct ended {
	const struct plan *plan;
	bool warned, any, warning;
};

static void take_in_force(void *ctx, const struct force_row *row)
{
	struct ended *ended = ctx;
	if (row->level != LEVEL_NONE) {
		ended->warned |= level_warned(ended->plan, row->level) != LEVEL_NONE;
		return;
	}
	ended->warning = ended->warned;
	ended->any = true;
	ended->warned = false;
}

static void read_ended(struct store *store, struct status *ret)
{
	struct ended ended = {.plan = &ret->conf->plan};
	bool read = force_log_each(store, take_in_force, &ended) == 0 && ended.any;
	ret->warning.ended_stage = read && !ended.warning;
}

int status_read(struct store *store, struct status *ret)
{
	store_use_plan(store, &ret->conf->plan);
	ret->in_use = store_is_in_use(store);
	int r = read_published(store, ret);
	if (r == 0)
		r = hours_newest(store, &ret->newest_hour);
	if (r == 0)
		r = outbox_counts(store, &ret->outbox);
	if (r == 0)
		r = outbox_oldest_ms(store, &ret->oldest_ms);
	if (r == 0 && ret->newest_hour != 0)
		r = read_day(store, ret);
	if (r == 0 && ret->newest_hour != 0 && !ret->aqi.daily.known)
		foresee_daily(ret);
	if (r == 0 && ret->newest_hour != 0 && ret->warning.advice > LEVEL_NONE)
		r = foresee_release(store, ret);
	read_ended(store, ret);
	read_list_age(store, ret);
	find_heard(store, ret);
	read_files(ret);
	return r;
}

bool status_take_live(struct status *status, const char *body)
{
	bool ours = body && payload_read_live(body, &status->live) &&
		    strcmp(status->live.station, status->conf->station.id) == 0;
	if (ours)
		status->live_text = strdup(body);
	else
		status->live = (struct status_live){0};
	return ours;
}

void status_done(struct status *status)
{
	free(status->live_text);
	free(status->warning_text);
	free(status->aqi_text);
	free(status->auxiliary_text);
	free(status->health_text);
	status->live_text = status->warning_text = status->aqi_text = status->health_text = NULL;
}
