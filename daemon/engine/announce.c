/* SPDX-License-Identifier: MIT */
#include "announce.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "events.h"
#include "post.h"
#include "uplink.h"

int announce_head(const struct conf *conf, struct store *store,
		  const struct announcement *announcement, struct payload_head *ret)
{
	*ret = (struct payload_head){.conf = conf,
				     .time_ms = announcement->now_ms,
				     .time_quality = announcement->time_quality};
	return post_head(store, ret);
}

int announce_warning(const struct conf *conf, struct store *store,
		     const struct announcement *announcement)
{
	struct payload_head head;
	int r = announce_head(conf, store, announcement, &head);
	return r != 0 ? r
		      : post_append(store, &head, "warning",
				    payload_warning(&head, &announcement->advice));
}

int announce_cuts(const struct conf *conf, struct store *store,
		  const struct announcement *announcement)
{
	struct payload_head head;
	int r = announce_head(conf, store, announcement, &head);
	return r != 0 ? r
		      : post_append(store, &head, "cuts",
				    payload_cuts(&head, &announcement->advice));
}

int announce_hour(const struct conf *conf, struct store *store,
		  const struct announcement *announcement, const struct hour_report *hour)
{
	struct hour_report told = *hour;
	struct payload_head head;
	char hash[EVENTS_HASH_SIZE];
	int r = events_newest_hash(store, hash);
	told.events_hash = hash;
	if (r == 0)
		r = announce_head(conf, store, announcement, &head);
	if (r != 0)
		return r;
	told.resent = announcement->resent;
	char *payload = payload_aqi(&head, &told);
	return told.resent ? post_append_old(store, &head, "aqi", payload)
			   : post_append(store, &head, "aqi", payload);
}

static void add_mean(void *ctx, const struct auxiliary_mean *mean)
{
	struct auxiliary_report *report = ctx;
	if (report->n < CONF_AUXILIARIES_MAX)
		report->means[report->n++] = *mean;
}

int announce_auxiliary(const struct conf *conf, struct store *store,
		       const struct announcement *announcement, int64_t hour, bool old)
{
	struct auxiliary_report report = {.hour = hour};
	struct payload_head head;
	int32_t rev = 0;
	const struct auxiliaries_job job = {AUXILIARY_NONE, hour, hour, &report, add_mean};
	/* samples.db is bulk: what cannot be read of it is no fault of the hour that is told */
	if (conf->n_auxiliaries == 0 || auxiliaries_each_hour(store, &job) != 0 || report.n == 0)
		return 0;
	for (int i = 0; i < report.n; i++)
		rev = report.means[i].rev > rev ? report.means[i].rev : rev;
	int r = rev > 0 ? uplink_note_revised(store, hour) : 0;
	if (r == 0)
		r = announce_head(conf, store, announcement, &head);
	if (r != 0)
		return r;
	char *payload = payload_auxiliary(&head, &report);
	return old ? post_append_old(store, &head, "aux", payload)
		   : post_append(store, &head, "aux", payload);
}

int announce_reply(const struct conf *conf, struct store *store,
		   const struct announcement *announcement, const struct command *command,
		   const struct command_answer *answer)
{
	struct payload_head head;
	int r = announce_head(conf, store, announcement, &head);
	char *payload = r == 0 ? payload_reply(&head, command, answer) : NULL;
	if (payload && command->reply) {
		free(*command->reply); /* of a try before this one */
		*command->reply = strdup(payload);
	}
	return r != 0 ? r : post_append(store, &head, "reply", payload);
}

/* ---- events ---- */

static const char *name_reason(const struct event *event)
{
	if (event->told)
		return told_reason_name(event->told->reason);
	return event_reason_name(event->reason);
}

static int store_event(const struct conf *conf, struct store *store,
		       const struct announcement *announcement, const struct event *event,
		       const char *message)
{
	const struct cuts_list *list = announcement->advice.list;
	bool corrects = event->kind == EVENT_CORRECTION;
	const struct event_row row = {.number = event->number,
				      .kind = event->kind,
				      .about = event->about,
				      .level = event->level,
				      .previous = event->previous,
				      .made_ms = event->time_ms,
				      .hour = event->hour,
				      .onset_ms = event->onset_ms,
				      .basis = basis_name(event->basis),
				      .episode = event->episode,
				      .directive = event->told ? event->told->entry.number : 0,
				      .by = event->told ? event->told->by : 0,
				      .reason = name_reason(event),
				      .revised = corrects ? event->revised : -1,
				      .revised_from = event->revised_from,
				      .plan = conf->plan.id,
				      .edition = conf->edition.id,
				      .rules = announcement->rules,
				      .list = list ? list->number : 0,
				      .message = message};
	return events_append(store, &row);
}

static int announce_event(const struct conf *conf, struct store *store,
			  const struct announcement *announcement, const struct event *event)
{
	struct payload_head head;
	int r = announce_head(conf, store, announcement, &head);
	if (r != 0)
		return r;
	head.time_ms = event->time_ms;
	char *payload = payload_event(&head, event, &announcement->advice);
	r = payload ? store_event(conf, store, announcement, event, payload) : -ENOMEM;
	if (r == 0)
		return post_append(store, &head, "warning/event", payload);
	free(payload);
	return r;
}

int announce_events(const struct conf *conf, struct store *store,
		    const struct announcement *announcement)
{
	int r = 0;
	for (int i = 0; i < announcement->n_events && r == 0; i++)
		r = announce_event(conf, store, announcement, &announcement->events[i]);
	return r;
}
