/* SPDX-License-Identifier: MIT */
/* The connection comes and goes: what is told of it, and what may have made the broker hang up. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "mqtt_reason.h"
#include "post.h"
#include "publisher_inside.h"
#include "words.h"

#define HELD_MS 60000 /* a connection that held so long was a good one */
#define BRIEF_MS 3000 /* and one that did not hold so long none at all */
#define FRESH_MS 5000 /* what was sent so shortly before may be why the broker hangs up */
#define STRIKES 2
#define QUIET_MS (3600 * 1000)
#define SAME_ID_MS 60000

/* How long a connection must hold before it is told of, by those before it that did not: so an
 * outage is one pair of lines also where the broker takes us and hangs up. */
static int64_t find_hold(const struct link *link, int64_t lasted_ms)
{
	static const int64_t holds[] = {0, BRIEF_MS, 10000, 30000, 30000, HELD_MS};
	const int last = sizeof(holds) / sizeof(*holds) - 1;
	if (link->shorts == 1 && lasted_ms >= BRIEF_MS)
		return 0;
	return holds[link->shorts < last ? link->shorts : last];
}

/* ---- it comes ---- */

static void tell_connected(const struct publisher *publisher)
{
	struct outbox_counts counts = {0};
	outbox_counts(publisher->store, &counts);
	const struct mqtt_host *host = &publisher->conf->mqtt.hosts[publisher->link.host];
	log_notice(LOG_BROKER_CONNECTED,
		   "mqtt: connected to %s port %d%s with MQTT %s; %lld messages wait", host->name,
		   host->port, publisher->conf->mqtt.tls ? tr(" by TLS") : "",
		   publisher->broker.old
			   ? tr("3.1.1: a broker of that version acknowledges what it "
				"refuses, delivery is unverified")
			   : "5",
		   (long long)counts.pending);
}

static void welcome_link(struct publisher *publisher)
{
	struct link *link = &publisher->link;
	link->welcome = true;
	link->told_lost = publisher->told_deaf = publisher->told_unheard = false;
	tell_connected(publisher);
	publisher_repeat_retained(publisher);
}

void publisher_on_connected(struct publisher *publisher, const struct mqtt_event *event)
{
	struct link *link = &publisher->link;
	if (!publisher->session) /* it came about while the session was ended */
		return;
	publisher_check_store(publisher, outbox_retry_all(publisher->store));
	publisher->connected = true;
	publisher->lean = false;
	if (event->limits.packet_max != publisher->broker.packet_max)
		publisher->told_large = false;
	publisher->broker = (struct broker_report){.known = true,
						   .old = event->old,
						   .retain = event->limits.retain,
						   .qos = event->limits.qos,
						   .packet_max = event->limits.packet_max};
	publisher->online_ms = publisher->now_ms;
	link->since_ms = clock_monotonic_ms();
	link->host = event->host;
	link->welcome = false;
	publisher_append_online(publisher);
	if (link->hold_ms == 0)
		welcome_link(publisher);
	if (!event->session)
		publisher_check_store(publisher, outbox_again(publisher->store, publisher->now_ms,
							      post_is_repeated));
}

void publisher_watch_link(struct publisher *publisher)
{
	struct link *link = &publisher->link;
	int64_t now_ms = clock_monotonic_ms(), held_ms = now_ms - link->since_ms;
	if (!publisher->connected)
		return;
	if (!link->welcome && held_ms >= link->hold_ms)
		welcome_link(publisher);
	if (link->extra_ms > link->since_ms && now_ms - link->extra_ms > FRESH_MS)
		link->extra_strikes = 0;
	if (held_ms < HELD_MS)
		return;
	if (link->shorts > 0) /* it may have hung up for reasons of its own: once more for all */
		publisher_check_store(publisher, outbox_unblock(publisher->store, true));
	link->shorts = link->alone = 0;
	link->told_same_id = false;
}

/* ---- it goes ---- */

static void blame_row(struct publisher *publisher, struct flight *flight, int code)
{
	struct link *link = &publisher->link;
	struct outbox_answer answer = {.seq = flight->seq,
				       .outcome = OUTBOX_REFUSED,
				       .reason = code ? code : MQTT_HUNG_UP};
	char reason[MQTT_REASON_MAX];
	bool again = publisher_is_suspect(publisher, flight->seq, flight->topic);
	link->strikes = again ? link->strikes + 1 : 1;
	link->suspect = flight->seq;
	snprintf(link->suspect_topic, sizeof(link->suspect_topic), "%s", flight->topic);
	if (link->strikes < STRIKES)
		return;
	log_error(LOG_BROKER_REFUSES,
		  "mqtt: the broker hung up twice when message %lld under %s was sent: %s; it is "
		  "kept, the others go on",
		  (long long)flight->seq, flight->topic, mqtt_reason_text(answer.reason, reason));
	publisher->told_refused = true;
	publisher_note(publisher, &answer);
	link->strikes--; /* the next time once is enough */
	flight->seq = 0;
}

/* What nobody waits for: messages of QoS 0, and those that are said again. */
static void blame_extras(struct link *link)
{
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - link->extra_ms > FRESH_MS || link->extra_ms < link->since_ms)
		return;
	link->extra_strikes++;
	if (link->extra_strikes < STRIKES)
		return;
	log_error(LOG_BROKER_REFUSES,
		  "mqtt: the broker hung up twice when messages of QoS 0 were sent or retained "
		  "ones repeated: neither is sent for an hour");
	link->quiet_until_ms = now_ms + QUIET_MS;
	link->extra_strikes = 0;
}

/* Where it may have been any of several rows they go one by one after this. */
static void look_for_reason(struct publisher *publisher, int code)
{
	int64_t now_ms = clock_monotonic_ms();
	struct flight *fresh = NULL;
	int n = 0;
	for (int i = 0; i < PUBLISHER_WINDOW; i++) {
		struct flight *flight = &publisher->flights[i];
		if (flight->seq == 0 || now_ms - flight->sent_ms > FRESH_MS)
			continue;
		fresh = flight;
		n++;
	}
	publisher->link.alone = n;
	if (n == 1)
		blame_row(publisher, fresh, code);
	else if (n == 0)
		blame_extras(&publisher->link);
}

static void look_for_rival(struct publisher *publisher, int code)
{
	struct link *link = &publisher->link;
	int64_t now_ms = clock_monotonic_ms(), third_ms = link->lost_ms[1];
	link->lost_ms[1] = link->lost_ms[0];
	link->lost_ms[0] = now_ms;
	if (code == MQTT_TAKEN_OVER)
		link->told_same_id = true; /* by the reason itself */
	if (link->told_same_id || third_ms == 0 || now_ms - third_ms > SAME_ID_MS)
		return;
	log_warning(LOG_BROKER_TWINS,
		    "mqtt: the connection was lost 3 times within a minute: does another client "
		    "use the client id %s?",
		    publisher->conf->mqtt.client_id);
	link->told_same_id = true;
}

static void lose_link(struct publisher *publisher, const struct mqtt_event *event)
{
	struct link *link = &publisher->link;
	int64_t lasted_ms = clock_monotonic_ms() - link->since_ms;
	link->shorts = lasted_ms < HELD_MS ? link->shorts + 1 : 0;
	link->hold_ms = find_hold(link, lasted_ms);
	if (event->loss == MQTT_LOSS_HUNG_UP) {
		if (mqtt_reason_blames(event->code))
			look_for_reason(publisher, event->code);
		look_for_rival(publisher, event->code);
	}
	publisher->connected = false;
	memset(publisher->flights, 0, sizeof(publisher->flights));
	publisher_settle(publisher); /* what was answered before */
	publisher_check_store(publisher, outbox_retry_all(publisher->store));
}

void publisher_on_lost(struct publisher *publisher, const struct mqtt_event *event)
{
	struct link *link = &publisher->link;
	/* a broker that refuses once it is back is news */
	bool news = event->loss == MQTT_LOSS_REFUSED && event->code != link->told_code;
	const struct mqtt_conf *conf = &publisher->conf->mqtt;
	const struct mqtt_host *host = &conf->hosts[event->host];
	if (!link->told_lost || news)
		log_warning(
			LOG_BROKER_LOST,
			"mqtt: no connection to %s port %d%s: %s; messages are kept, trying again",
			host->name, host->port,
			conf->n_hosts > 1 && !publisher->connected ? tr(" and the others") : "",
			event->text);
	link->told_lost = true;
	link->told_code = event->code;
	snprintf(publisher->why_lost, sizeof(publisher->why_lost), "%s", event->text);
	if (publisher->connected || publisher->lost_ms == 0)
		publisher->lost_ms = publisher->now_ms;
	if (publisher->connected)
		lose_link(publisher, event);
}
