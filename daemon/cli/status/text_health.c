/* SPDX-License-Identifier: MIT */
/* The lower half of the page: instruments, broker, clock, disk, database. */
#include <string.h>

#include "text_status.h"
#include "words.h"

#define MB (1024.0 * 1024.0)
#define GB (1024.0 * MB)

static const char *state_word(const struct status_part *part)
{
	switch (part->state) {
	case PART_OK:
		return tr("ok");
	case PART_SUSPECT:
		return tr("suspect");
	case PART_FAILED:
		return tr("failed");
	case PART_UNKNOWN:
		break;
	}
	return tr("not heard yet");
}

static void say_part(struct screen *screen, const struct status *status,
		     const struct status_part *part)
{
	char moment[TEXT_MOMENT_SIZE];
	screen_say(screen, "%s %s", part->id, state_word(part));
	if (part->state == PART_FAILED || part->state == PART_SUSPECT) {
		if (part->since_ms)
			screen_say(screen, tr(" since %s"),
				   text_moment(status, part->since_ms, moment));
		screen_say(screen, "%s%s", tr(": "), text_why(part->why));
	}
	if (part->busy[0])
		screen_say(screen, " (%s)", text_why(part->busy));
	if (part->busy[0] && part->busy_until_ms)
		screen_say(screen, tr(" until %s"),
			   text_moment(status, part->busy_until_ms, moment));
}

/* The bad ones first, the good ones behind them. */
static void say_parts(struct screen *screen, const struct status *status,
		      const struct status_part *parts, int n)
{
	const char *before = "";
	for (int good = 0; good < 2; good++) {
		for (int i = 0; i < n; i++) {
			if ((parts[i].state == PART_OK) != good)
				continue;
			screen_say(screen, "%s", before);
			say_part(screen, status, &parts[i]);
			before = tr("; ");
		}
	}
}

static bool is_stopped(const struct status *status)
{
	return !status->live.answered && !status->in_use;
}

static void say_channels(struct screen *screen, const struct status *status)
{
	const struct status_health *health = &status->health;
	int well = 0;
	for (int c = 0; c < health->n_channels; c++)
		well += health->channels[c].state == PART_OK;
	screen_say(screen,
		   is_stopped(status) ? tr("%d of %d brought values") : tr("%d of %d bring values"),
		   well, health->n_channels);
	for (int c = 0; c < health->n_channels; c++) {
		if (health->channels[c].state == PART_OK)
			continue;
		screen_say(screen, "%s", tr("; "));
		say_part(screen, status, &health->channels[c]);
	}
}

/* What a district has in place of instruments. */
static void say_points(struct screen *screen, const struct status *status)
{
	const struct status_health *health = &status->health;
	char moment[TEXT_MOMENT_SIZE];
	if (health->told_ms == 0)
		screen_say(screen, tr("none of %d assessment points told an hour yet"),
			   health->n_points);
	else
		screen_say(screen, tr("%d of %d assessment points told %s"), health->n_told,
			   health->n_points, text_moment(status, health->told_ms, moment));
	if (health->told_ms != 0 && health->untold[0] != '\0')
		screen_say(screen, tr("; not yet: %s"), health->untold);
	if (health->unreached[0] != '\0')
		screen_say(screen, tr("; what is relayed has not come to: %s"), health->unreached);
}

void text_say_health(struct screen *screen, const struct status *status)
{
	const struct status_health *health = &status->health;
	bool is_district = status->conf->roster.path;
	char moment[TEXT_MOMENT_SIZE];
	if (!health->known || is_district) {
		screen_row(screen, is_district ? tr("Stations") : tr("Sensors"),
			   is_district ? 2 : 1);
		if (health->known)
			say_points(screen, status);
		else
			screen_say(screen, "%s", tr("nothing was published yet"));
		return;
	}
	screen_row(screen, tr("Sensors"), 2);
	if (is_stopped(status))
		screen_say(screen, tr("as of %s: "), text_moment(status, health->time_ms, moment));
	say_parts(screen, status, health->buses, health->n_buses);
	screen_say(screen, "%s", tr("; "));
	say_parts(screen, status, health->sensors, health->n_sensors);
	screen_row(screen, tr("Channels"), 1);
	say_channels(screen, status);
}

static const char *clock_words(const char *name)
{
	static const struct {
		const char *name, *words;
	} clocks[] = {
		{"trusted", TR_LATER("clock trusted")},
		{"waiting", TR_LATER("clock: waits to be set")},
		{"unsynchronised", TR_LATER("clock not synchronised")},
		{"simulated", TR_LATER("clock simulated")},
	};
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		if (strcmp(name, clocks[i].name) == 0)
			return tr(clocks[i].words);
	}
	return tr("clock unknown");
}

void text_say_daemon(struct screen *screen, const struct status *status)
{
	const struct status_live *live = &status->live;
	char moment[TEXT_MOMENT_SIZE];
	screen_row(screen, "hazewatchd", 1);
	if (live->answered) {
		screen_say(screen, tr("%s since %s"), live->version,
			   text_moment(status, live->since_ms, moment));
		screen_say(screen, "%s%s", tr(", "), clock_words(live->clock));
		if (live->clock_until_ms)
			screen_say(screen, tr(" until %s"),
				   text_moment(status, live->clock_until_ms, moment));
		return;
	}
	screen_say(screen, "%s",
		   status->in_use ? tr("runs and does not answer") : tr("does not run"));
	if (status->health.known)
		screen_say(screen, tr("; last heard of %s, %s"),
			   text_moment(status, status->heard_ms, moment),
			   clock_words(status->health.clock));
	if (status->live_error && status->in_use)
		screen_say(screen, " (%s)", status->live_error);
}

static void say_cut_off(struct screen *screen, const struct status *status)
{
	const struct status_health *health = &status->health;
	char moment[TEXT_MOMENT_SIZE];
	if (!health->cut_off || !status->conf->district.id)
		return;
	screen_say(screen, tr("cut off from %s since %s"), status->conf->district.id,
		   text_moment(status, health->cut_off_ms, moment));
	screen_say(screen, "%s", tr("; "));
}

void text_say_broker(struct screen *screen, const struct status *status)
{
	const struct status_live *live = &status->live;
	const struct outbox_counts *outbox = &status->outbox;
	long long waiting = outbox->pending + outbox->sent + outbox->acked;
	char moment[TEXT_MOMENT_SIZE];
	screen_row(screen, tr("Broker"), status->health.cut_off ? 2 : 1);
	say_cut_off(screen, status);
	if (waiting == 0)
		screen_say(screen, "%s", tr("no message waits"));
	else
		screen_say(screen, tr("%lld waiting since %s"), waiting,
			   text_moment(status, status->oldest_ms, moment));
	if (outbox->blocked > 0)
		screen_say(screen, tr("; %lld refused"), (long long)outbox->blocked);
	if (!live->answered)
		return;
	screen_say(screen, live->connected ? tr("; connected since %s") : tr("; away since %s"),
		   text_moment(status, live->broker_since_ms, moment));
	if (!live->connected && live->broker_why[0])
		screen_say(screen, "%s%s", tr(": "), live->broker_why);
}

static void say_platform(struct screen *screen, const struct status *status,
			 const struct status_platform *platform)
{
	char moment[TEXT_MOMENT_SIZE];
	if (platform->since_ms == 0)
		screen_say(screen, tr("%s not connected yet"), platform->id);
	else
		screen_say(screen,
			   platform->connected ? tr("%s connected since %s")
					       : tr("%s away since %s"),
			   platform->id, text_moment(status, platform->since_ms, moment));
	if (platform->acked_ms != 0)
		screen_say(screen, tr(", acknowledged last %s"),
			   text_moment(status, platform->acked_ms, moment));
	if (platform->hours + platform->days + platform->minutes == 0)
		screen_say(screen, "%s", tr(", nothing waits"));
	else
		screen_say(screen, tr(", waiting: %lld hours, %lld days, %lld minutes"),
			   (long long)platform->hours, (long long)platform->days,
			   (long long)platform->minutes);
	if (platform->given_up > 0)
		screen_say(screen, tr(", %lld given up"), (long long)platform->given_up);
	if (platform->refused > 0)
		screen_say(screen, tr(", %lld refused"), (long long)platform->refused);
	if (platform->key_days >= 0)
		screen_say(screen, tr(", key %d days old"), (int)platform->key_days);
}

static bool is_well(const struct status_platform *platform)
{
	return platform->connected && platform->why[0] == '\0' && platform->given_up == 0 &&
	       platform->hours + platform->days + platform->minutes == 0;
}

/* Of several, one to which nothing is to be said is named shortly. */
static void say_well_platform(struct screen *screen, const struct status_platform *platform)
{
	screen_say(screen, tr("%s is well"), platform->id);
	if (platform->key_days >= 0)
		screen_say(screen, tr(", key %d days old"), (int)platform->key_days);
}

/* Those that want a look first: there are two lines for all of them. */
static void say_platforms(struct screen *screen, const struct status *status)
{
	const struct status_platforms *platforms = status_platforms(status);
	int said = 0;
	if (platforms->n == 0)
		return;
	screen_row(screen, tr("Platforms"), 2);
	for (int i = 0; i < 2 * platforms->n; i++) {
		const struct status_platform *platform = &platforms->all[i % platforms->n];
		if (is_well(platform) != (i >= platforms->n))
			continue;
		screen_say(screen, "%s", said++ > 0 ? tr("; ") : "");
		if (is_well(platform) && platforms->n > 1)
			say_well_platform(screen, platform);
		else
			say_platform(screen, status, platform);
	}
}

static void say_files(struct screen *screen, const struct status *status)
{
	const struct status_files *files = &status->files;
	const struct retention *quotas = &status->conf->retention;
	screen_say(screen, tr("; state.db %.1f of %d MB, samples.db %.1f of %d MB; "),
		   (double)files->state_bytes / MB, quotas->state_quota_mb,
		   (double)files->samples_bytes / MB, quotas->samples_quota_mb);
	screen_say(screen, tr("disk: %.1f of %.1f GB free"), (double)files->free_bytes / GB,
		   (double)files->total_bytes / GB);
}

static void say_database(struct screen *screen, const struct status *status)
{
	const char *how = status->live.is_volatile                           ? tr("IN MEMORY ONLY")
			  : status->health.known && !status->health.store_ok ? tr("FAILING")
									     : tr("ok");
	char hour[TEXT_MOMENT_SIZE];
	screen_row(screen, tr("Database"), 2);
	screen_say(screen, "%s", how);
	if (status->newest_hour)
		screen_say(screen, tr(", hours to %s"),
			   text_hour_end(status, status->newest_hour, hour));
	if (status->live.kept > 0)
		screen_say(screen, tr("; %lld changes wait for the disk, %lld lost"),
			   (long long)status->live.kept, (long long)status->live.lost);
	if (status->live.bad_rows > 0)
		screen_say(screen, tr("; %lld damaged rows"), (long long)status->live.bad_rows);
	say_files(screen, status);
}

void text_say_machine(struct screen *screen, const struct status *status)
{
	text_say_daemon(screen, status);
	text_say_broker(screen, status);
	say_platforms(screen, status);
	say_database(screen, status);
}
