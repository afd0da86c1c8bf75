/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "publisher_inside.h"

#define REPORTS_MAX 512

/* ---- state, will and goodbye ---- */

static char *state_payload(struct publisher *publisher, const char *id, bool online,
			   const char *why)
{
	struct payload_head head = {.conf = publisher->conf,
				    .time_ms = publisher->now_ms,
				    .time_quality = publisher->time_quality};
	snprintf(head.id, sizeof(head.id), "%s-%s", publisher->boot, id);
	return payload_state(&head, online, why, publisher->boot, publisher->now_ms);
}

static void prepare_state(struct publisher *publisher, struct mqtt_message *message, const char *id,
			  const char *why)
{
	*message = (struct mqtt_message){.qos = 1, .retain = true};
	publisher_topic(publisher, "state", message);
	message->payload = state_payload(publisher, id, false, why);
}

/* ---- life ---- */

void publisher_set_time(struct publisher *publisher, int64_t now_ms, enum time_quality time_quality)
{
	publisher->now_ms = now_ms;
	publisher->time_quality = time_quality;
}

int publisher_fd(const struct publisher *publisher)
{
	return publisher->session ? queue_fd(publisher->reports) : -1;
}

struct publisher_link publisher_link(const struct publisher *publisher)
{
	bool connected = publisher->connected;
	return (struct publisher_link){
		.connected = connected,
		.since_ms = connected ? publisher->online_ms : publisher->lost_ms,
		.why = connected || publisher->why_lost[0] == '\0' ? NULL : publisher->why_lost};
}

struct broker_report publisher_broker(const struct publisher *publisher)
{
	return publisher->broker;
}

uint64_t publisher_dropped_commands(const struct publisher *publisher)
{
	return gate_dropped(publisher->gate) + gate_dropped_hours(publisher->gate);
}

int publisher_words_fd(const struct publisher *publisher)
{
	return gate_words_fd(publisher->gate);
}

bool publisher_next_word(struct publisher *publisher, struct station_word *ret)
{
	return gate_next_word(publisher->gate, ret);
}

int64_t publisher_heard_ms(const struct publisher *publisher)
{
	return gate_heard_ms(publisher->gate);
}

static void release_publisher(struct publisher *publisher)
{
	queue_free(publisher->reports);
	gate_free(publisher->gate);
	free(publisher->will.payload);
	free(publisher->goodbye.payload);
	free(publisher);
}

int publisher_new(struct store *store, struct spool *spool, const char *boot,
		  const struct payload_head *head, struct publisher **ret)
{
	const struct conf *conf = head->conf;
	struct publisher *publisher = calloc(1, sizeof(*publisher));
	if (!publisher)
		return -ENOMEM;
	publisher->conf = conf;
	publisher->store = store;
	publisher->boot = boot;
	publisher_set_time(publisher, head->time_ms, head->time_quality);
	publisher->unblocked_ms = clock_monotonic_ms();
	payload_prefix(conf, publisher->prefix);
	snprintf(publisher->commands, sizeof(publisher->commands), "%scmd/", publisher->prefix);
	publisher->reports = queue_new(REPORTS_MAX, sizeof(struct mqtt_event));
	publisher->gate = gate_new(spool, &conf->roster, conf->district.id);
	prepare_state(publisher, &publisher->will, "will", "lost");
	prepare_state(publisher, &publisher->goodbye, "bye", "stopped");
	/* the stations' prefix is the own one without the own id */
	snprintf(publisher->stations, sizeof(publisher->stations), "%.*s",
		 (int)(strlen(publisher->prefix) - strlen(conf->station.id) - 1),
		 publisher->prefix);
	publisher->setup = (struct mqtt_setup){.conf = &conf->mqtt,
					       .will = &publisher->will,
					       .commands = publisher->commands,
					       .stations = publisher->stations,
					       .hears_hours = conf->roster.path != NULL,
					       .hears_words = conf->relay.key_file != NULL,
					       .district = conf->district.id,
					       .gate = gate_take,
					       .ear = gate_hear,
					       .gate_ctx = publisher->gate};
	bool made = publisher->reports && publisher->gate && publisher->will.payload;
	int r = made ? 0 : -ENOMEM;
	if (r == 0 && conf->mqtt.n_hosts > 0)
		r = session_start(&publisher->setup, publisher->reports, &publisher->session);
	if (r != 0) {
		release_publisher(publisher);
		return r;
	}
	*ret = publisher;
	return 0;
}

bool publisher_stop(struct publisher *publisher, int wait_ms)
{
	free(publisher->goodbye.payload);
	prepare_state(publisher, &publisher->goodbye, "bye", "stopped");
	bool ended = !publisher->session ||
		     session_stop(publisher->session, &publisher->goodbye, wait_ms);
	if (!ended)
		return false;
	publisher->session = NULL;
	publisher->connected = false;
	publisher->link.told_lost = true; /* that is no news any more */
	publisher_listen(publisher);      /* the last answers */
	publisher_apply_acks(publisher);
	publisher_settle(publisher);
	publisher_tell_refused(publisher);
	release_publisher(publisher);
	return true;
}
