/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "relay_inside.h"
#include "signers.h"

#define READ_EVERY_MS 10000  /* time alone changes what counts, too */
#define FIRST_PAUSE_MS 15000 /* a station gathers for up to 10 s after a connect */
#define LONGEST_PAUSE_MS 600000
#define ROUND_FIRST_MS 60000
#define ROUND_LONGEST_MS 3600000
#define QUIET_MS 3000 /* after a connect what waited at the broker comes */

/* ---- what became of it ---- */

static bool is_open(const struct relay_delivery *delivery, int command)
{
	return delivery->got[command] == RELAY_WAITING ||
	       delivery->got[command] == RELAY_REFUSED_FOR_NOW;
}

static void tell_whole(struct relay *relay, int command)
{
	const struct relay_command *about = &relay->commands[command];
	int accepted = relay_count_accepted(relay, command);
	if (relay->told[command] || accepted < relay->conf->roster.n)
		return;
	relay->told[command] = true;
	const struct log_fields fields = {.command = relay_command_id(about)};
	log_line(LOG_LEVEL_NOTICE, LOG_RELAY, &fields, "relay: %s %s: all %d stations have it",
		 about->kind, relay_command_id(about), accepted);
}

/* For good, if not for now. */
static void settle_answer(struct relay *relay, int station, int command,
			  const struct station_word *word, int64_t now_ms)
{
	uint8_t *got = &relay->deliveries[station].got[command];
	const char *id = relay->conf->roster.stations[station].id;
	const struct relay_command *about = &relay->commands[command];
	const struct relay_answer row = {about->name, id, word->refused, word->why, now_ms};
	const struct log_fields fields = {.command = relay_command_id(about)};
	if (word->refused && *got == RELAY_WAITING)
		log_line(LOG_LEVEL_WARNING, LOG_RELAY_REFUSED, &fields,
			 "relay: station %s refuses %s %s: %s", id, about->kind,
			 relay_command_id(about), word->why);
	*got = !word->refused ? RELAY_ACCEPTED
	       : word->passes ? RELAY_REFUSED_FOR_NOW
			      : RELAY_REFUSED;
	relay->changed = true;
	if (*got != RELAY_REFUSED_FOR_NOW && relay_begin_answers(relay) == 0)
		relays_put(relay->store, &row);
	tell_whole(relay, command);
}

/* ---- what is said next ---- */

/* -1: nothing is. */
static int find_next(const struct relay *relay, int station, int from)
{
	for (int c = from; c < relay->view.n; c++) {
		if (is_open(&relay->deliveries[station], c))
			return c;
	}
	return -1;
}

/* What was refused for now comes again after a pause. */
static void begin_round(struct relay_station *state, int64_t mono_ms)
{
	state->next = 0;
	patience_wait(&state->round, mono_ms, ROUND_FIRST_MS, ROUND_LONGEST_MS);
	state->patience = (struct patience){.due_ms = state->round.due_ms};
}

static int find_said(struct relay *relay, int station, int64_t mono_ms)
{
	struct relay_station *state = &relay->stations[station];
	if (state->said >= 0)
		return state->said;
	int command = find_next(relay, station, state->next);
	if (command >= 0 || find_next(relay, station, 0) < 0)
		return command;
	begin_round(state, mono_ms);
	return -1;
}

/* True: something was said. */
static bool say_next(struct relay *relay, int station, const struct relay_moment *moment)
{
	struct relay_station *state = &relay->stations[station];
	if (relay->deliveries[station].presence != STATION_THERE ||
	    !patience_is_due(&state->patience, moment->mono_ms))
		return false;
	int command = find_said(relay, station, moment->mono_ms);
	if (command < 0)
		return false;
	int r = relay_say_command(relay, station, &relay->commands[command], moment->now_ms);
	if (r == STORE_E_NONE) {
		const struct station_word word = {.refused = true,
						  .why = "no text that a station would take"};
		settle_answer(relay, station, command, &word, moment->now_ms);
		return false;
	}
	state->said = r == 0 ? command : -1;
	patience_wait(&state->patience, moment->mono_ms, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
	return r == 0;
}

/* Where it ended it goes on the next time, so that none waits behind others for good. */
static void say_some(struct relay *relay, const struct relay_moment *moment)
{
	int n = relay->conf->roster.n, first = relay->first, said = 0;
	for (int i = 0; i < n && said < RELAY_AT_ONCE; i++) {
		int station = (first + i) % n;
		said += say_next(relay, station, moment);
		relay->first = (station + 1) % n;
	}
}

bool relay_tick(struct relay *relay, const struct relay_moment *moment)
{
	if (!relay)
		return false;
	bool old = moment->mono_ms - relay->read_ms >= READ_EVERY_MS;
	if (relay->read_ms == 0 || old || moment->commands != relay->seen) {
		relay->read_ms = moment->mono_ms;
		relay->seen = moment->commands;
		relay_read_wanted(relay, moment->now_ms);
	}
	if (moment->connected) {
		say_some(relay, moment);
		relay_end_answers(relay);
		relay_ask(relay, moment);
	}
	relay_keep_counter(relay);
	bool changed = relay->changed;
	relay->changed = false;
	return changed;
}

/* ---- what stations say ---- */

static void hurry_station(struct relay_station *state)
{
	state->said = -1;
	state->next = 0;
	state->patience = state->round = state->asked.patience = (struct patience){0};
}

/* It may run on another disk, or on an empty one; what it has it calls repeated. A forecast of
 * before is soon followed by the next. */
static void doubt_accepted(struct relay *relay, int station)
{
	struct relay_delivery *delivery = &relay->deliveries[station];
	for (int c = 0; c < relay->view.n; c++) {
		bool is_forecast =
			strcmp(relay->commands[c].kind, command_kind_name(COMMAND_FORECAST)) == 0;
		if (delivery->got[c] == RELAY_ACCEPTED && !is_forecast)
			delivery->got[c] = RELAY_WAITING;
	}
	relay->changed = true;
}

/* An "offline" of a run before the newest one is no news. */
static void take_state(struct relay *relay, int station, const struct station_word *word)
{
	struct relay_station *state = &relay->stations[station];
	enum station_presence *presence = &relay->deliveries[station].presence;
	bool same_run = strcmp(state->boot, word->boot) == 0;
	if (word->kind == STATION_OFFLINE && *presence == STATION_THERE && !same_run)
		return;
	enum station_presence now = word->kind == STATION_ONLINE ? STATION_THERE : STATION_AWAY;
	if (now == STATION_THERE && (*presence != now || !same_run))
		hurry_station(state);
	if (now == STATION_THERE && !same_run)
		doubt_accepted(relay, station);
	relay->changed |= *presence != now;
	*presence = now;
	memcpy(state->boot, word->boot, sizeof(state->boot));
}

/* A later word before it, or the slip of what is not there yet, would be refused for good. */
static bool keeps_order(enum command_kind kind)
{
	return kind == COMMAND_DIRECTIVE || kind == COMMAND_RELEASE;
}

static void take_reply(struct relay *relay, int station, const struct station_word *word,
		       const struct relay_moment *moment)
{
	struct relay_station *state = &relay->stations[station];
	int command = 0;
	while (command < relay->view.n &&
	       (strcmp(relay->commands[command].kind, command_kind_name(word->of)) != 0 ||
		strcmp(relay_command_id(&relay->commands[command]), word->command) != 0))
		command++;
	if (command == relay->view.n || !is_open(&relay->deliveries[station], command))
		return;
	settle_answer(relay, station, command, word, moment->now_ms);
	if (state->said != command)
		return;
	state->said = -1;
	state->next = command + 1;
	state->patience = (struct patience){0};
	if (word->refused && word->passes && keeps_order(word->of))
		begin_round(state, moment->mono_ms);
}

static void hear_word(struct relay *relay, const struct station_word *word,
		      const struct relay_moment *moment)
{
	int station = roster_find(&relay->conf->roster, word->station);
	if (station < 0)
		return;
	if (word->kind != STATION_REPLIED)
		take_state(relay, station, word);
	else if (word->of == COMMAND_RESEND)
		relay_take_absent(relay, station, word, moment->mono_ms);
	else
		take_reply(relay, station, word, moment);
}

void relay_hear(struct relay *relay, const struct station_word words[], int n,
		const struct relay_moment *moment)
{
	for (int i = 0; relay && i < n; i++)
		hear_word(relay, &words[i], moment);
	if (relay)
		relay_end_answers(relay);
}

void relay_connected(struct relay *relay, int64_t mono_ms)
{
	if (!relay)
		return;
	relay->quiet_ms = mono_ms + QUIET_MS;
	for (int s = 0; s < relay->conf->roster.n; s++)
		hurry_station(&relay->stations[s]);
}

/* ---- life ---- */

const struct relay_view *relay_view(const struct relay *relay)
{
	return relay ? &relay->view : NULL;
}

static void name_places(struct relay *relay)
{
	const struct conf *conf = relay->conf;
	payload_prefix(conf, relay->prefix);
	relay->prefix[strlen(relay->prefix) - strlen(conf->station.id) - 1] = '\0';
	/* no key of a station file has such a name */
	snprintf(relay->counter_name, sizeof(relay->counter_name), "relay/%s",
		 conf->relay.key_name);
}

int relay_new(const struct conf *conf, struct store *store, struct engine *engine,
	      const struct relay_env *env, struct relay **ret)
{
	*ret = NULL;
	if (!conf->relay.key_file)
		return 0;
	struct relay *relay = calloc(1, sizeof(*relay));
	if (!relay)
		return -ENOMEM;
	size_t n = conf->roster.n > 0 ? (size_t)conf->roster.n : 1;
	relay->conf = conf;
	relay->store = store;
	relay->engine = engine;
	relay->env = *env;
	relay->stations = calloc(n, sizeof(*relay->stations));
	relay->deliveries = calloc(n, sizeof(*relay->deliveries));
	if (!relay->stations || !relay->deliveries) {
		relay_free(relay);
		return -ENOMEM;
	}
	relay->view = (struct relay_view){0, relay->commands, relay->deliveries};
	relay->changed = true;
	for (int s = 0; s < conf->roster.n; s++)
		relay->stations[s].said = -1;
	name_places(relay);
	if (signers_counter(store, relay->counter_name, &relay->counter) != 0)
		relay->counter = 0;
	relay->stored = relay->counter;
	*ret = relay;
	return 0;
}

struct relay *relay_free(struct relay *relay)
{
	if (relay) {
		free(relay->stations);
		free(relay->deliveries);
	}
	free(relay);
	return NULL;
}
