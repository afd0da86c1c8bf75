/* SPDX-License-Identifier: MIT */
/*
 * Hours that an assessment point did not tell: after a start on an empty disk, after an outage that
 * outlasted the broker's memory. One station a second is asked, so that what comes finds room.
 */
#include <string.h>

#include "hour.h"
#include "log.h"
#include "relay_inside.h"

#define FIRST_PAUSE_MS INT64_C(30000)
#define LONGEST_PAUSE_MS INT64_C(3600000)
#define APART_MS 1000
#define GRACE_MS INT64_C(600000) /* of station time, after the hour should have closed */

/* What may yet come by itself is not missed: an hour that closed in this run, until long after. */
static bool may_come(const struct relay *relay, int64_t hour, int64_t now_ms)
{
	int64_t due_ms = hour * HOUR_MS + relay->conf->close_delay_min * MINUTE_MS + GRACE_MS;
	return hour > relay->began_with && now_ms < due_ms;
}

/* False: nothing is missed of the station. */
static bool find_missed(const struct relay *relay, int station, int64_t now_ms, struct resend *ret)
{
	bool told[ASK_HOURS];
	int64_t newest = engine_newest_hour(relay->engine);
	for (int i = 0; i < ASK_HOURS; i++) {
		int64_t hour = newest - ASK_HOURS + 1 + i;
		told[i] = engine_point_told(relay->engine, station, hour) ||
			  may_come(relay, hour, now_ms);
	}
	return ask_stretch(&relay->stations[station].asked.absent, newest, told, &ret->from,
			   &ret->to);
}

static void tell_asking(struct relay *relay, int missed)
{
	if (missed > 0 && !relay->asking)
		log_notice(LOG_HOURS_ASKED,
			   "relay: %d of %d assessment points have told less than the last %d "
			   "hours; they are asked for the rest",
			   missed, relay->conf->roster.n_points, ASK_HOURS);
	if (missed == 0 && relay->asking)
		log_notice(LOG_HOURS_ASKED,
			   "relay: every assessment point has told the last %d hours, as far as "
			   "it has them",
			   ASK_HOURS);
	relay->asking = missed > 0;
}

static int count_untold(const struct relay *relay, int station, const struct resend *stretch)
{
	int n = 0;
	for (int64_t hour = stretch->from; hour <= stretch->to; hour++)
		n += !engine_point_told(relay->engine, station, hour);
	return n;
}

/* True: it was asked. As long as hours come of what was asked for the pause does not grow. */
static bool ask_station(struct relay *relay, int station, const struct resend *missed,
			const struct relay_moment *moment)
{
	struct relay_asked *asked = &relay->stations[station].asked;
	if (relay->deliveries[station].presence != STATION_THERE ||
	    !patience_is_due(&asked->patience, moment->mono_ms))
		return false;
	if (count_untold(relay, station, &asked->stretch) < asked->untold)
		asked->patience.pause_ms = 0;
	asked->stretch = *missed;
	asked->untold = count_untold(relay, station, missed);
	patience_wait(&asked->patience, moment->mono_ms, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
	return relay_say_resend(relay, station, missed, moment->now_ms) == 0;
}

void relay_ask(struct relay *relay, const struct relay_moment *moment)
{
	int n = relay->conf->roster.n_points, missed = 0;
	bool asked = false;
	struct resend stretch;
	if (engine_newest_hour(relay->engine) == 0 || moment->mono_ms < relay->quiet_ms ||
	    moment->mono_ms - relay->asked_ms < APART_MS)
		return;
	relay->asked_ms = moment->mono_ms;
	if (relay->began_with == 0)
		relay->began_with = engine_newest_hour(relay->engine);
	for (int i = 0; i < n; i++) {
		int station = (relay->turn + i) % n;
		if (!find_missed(relay, station, moment->now_ms, &stretch)) {
			relay->stations[station].asked.patience = (struct patience){0};
			continue;
		}
		missed++;
		if (asked || !ask_station(relay, station, &stretch, moment))
			continue;
		asked = true;
		relay->turn = station + 1;
	}
	if (asked || missed == 0)
		tell_asking(relay, missed);
}

void relay_take_absent(struct relay *relay, int station, const struct station_word *word,
		       int64_t mono_ms)
{
	struct relay_asked *asked = &relay->stations[station].asked;
	if (strcmp(word->command, asked->id) != 0)
		return;
	if (word->refused) /* most often it tells others their hours, which takes seconds */
		asked->patience.due_ms = mono_ms + asked->patience.pause_ms / 3;
	for (int i = 0; i < word->absent.n; i++)
		absent_note(&asked->absent, word->absent.stretches[i].from,
			    word->absent.stretches[i].to);
}
