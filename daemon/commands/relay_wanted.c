/* SPDX-License-Identifier: MIT */
/* What is relayed now, and what the database knows of the answers to it. */
#include <string.h>

#include "relay_inside.h"

static int find_command(const struct relay *relay, const char *name)
{
	for (int c = 0; c < relay->view.n; c++) {
		if (strcmp(relay->commands[c].name, name) == 0)
			return c;
	}
	return -1;
}

static void take_stored(void *ctx, const struct relay_answer *row)
{
	struct relay *relay = ctx;
	int command = find_command(relay, row->command);
	int station = roster_find(&relay->conf->roster, row->station);
	if (command >= 0 && station >= 0)
		relay->deliveries[station].got[command] =
			row->refused ? RELAY_REFUSED : RELAY_ACCEPTED;
}

int relay_count_accepted(const struct relay *relay, int command)
{
	int accepted = 0;
	for (int s = 0; s < relay->conf->roster.n; s++)
		accepted += relay->deliveries[s].got[command] == RELAY_ACCEPTED;
	return accepted;
}

static void load_answers(struct relay *relay)
{
	relay->loaded = relays_each(relay->store, take_stored, relay) == 0;
	for (int c = 0; c < relay->view.n; c++)
		relay->told[c] = relay_count_accepted(relay, c) == relay->conf->roster.n;
}

/* What was answered goes with its command to its new place. */
static void move_answers(struct relay *relay, const int was[RELAYS_MAX], int n)
{
	bool told[RELAYS_MAX] = {false};
	for (int c = 0; c < n; c++)
		told[c] = was[c] >= 0 && relay->told[was[c]];
	memcpy(relay->told, told, sizeof(told));
	for (int s = 0; s < relay->conf->roster.n; s++) {
		struct relay_delivery *delivery = &relay->deliveries[s];
		uint8_t got[RELAYS_MAX] = {RELAY_WAITING};
		for (int c = 0; c < n; c++)
			got[c] = was[c] >= 0 ? delivery->got[was[c]] : RELAY_WAITING;
		memcpy(delivery->got, got, sizeof(got));
		relay->stations[s].said = -1;
		relay->stations[s].next = 0;
		relay->stations[s].patience = (struct patience){0};
	}
}

int relay_begin_answers(struct relay *relay)
{
	int r = relay->writing ? 0 : store_begin(relay->store);
	relay->writing = r == 0;
	return r;
}

void relay_end_answers(struct relay *relay)
{
	if (relay->writing)
		store_commit(relay->store);
	relay->writing = false;
}

static void forget_gone(struct relay *relay)
{
	if (relay_begin_answers(relay) == 0)
		relays_keep(relay->store, relay->commands, relay->view.n);
	relay_end_answers(relay);
}

void relay_read_wanted(struct relay *relay, int64_t now_ms)
{
	static struct relay_command now[RELAYS_MAX]; /* too large for a stack; one thread */
	int was[RELAYS_MAX], n = 0;
	bool slip_binds = relay->conf->binding_from == BINDING_FROM_RELEASE;
	if (relays_wanted(relay->store, now_ms, slip_binds, now, &n) != 0)
		return;
	bool same = n == relay->view.n;
	for (int c = 0; c < n; c++) {
		was[c] = find_command(relay, now[c].name);
		same = same && was[c] == c;
	}
	if (same && relay->loaded)
		return;
	move_answers(relay, was, n);
	memcpy(relay->commands, now, sizeof(now[0]) * (size_t)n);
	relay->view.n = n;
	if (!relay->loaded)
		load_answers(relay);
	if (relay->loaded)
		forget_gone(relay);
	relay->changed = true;
}
