/* SPDX-License-Identifier: MIT */
#include "look.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control_client.h"
#include "store.h"
#include "words.h"

#define TRIES 3

bool look_take_option(struct look_place *place, int option)
{
	if (option == 'f')
		place->config = optarg;
	else if (option == 'c')
		place->config_dir = optarg;
	else if (option == 's')
		place->socket = optarg;
	return option == 'f' || option == 'c' || option == 's';
}

int look_at_database(struct status *status, char message[SCREEN_TEXT_MAX])
{
	for (int tries = 1;; tries++) {
		struct store *store = NULL;
		int r = store_open_readonly(status->conf->data_dir, &store);
		if (r == 0)
			r = status_read(store, status);
		snprintf(message, SCREEN_TEXT_MAX, "%s", store_message(store));
		bool overtaken = store && store_is_overtaken(store);
		store_close(store);
		if (!overtaken || tries == TRIES)
			return r;
		status_done(status);
	}
}

static bool ask_status(const char *path, struct status *status)
{
	struct control_answer answer = {.ok = false};
	int r = control_ask(path, "{\"request\": \"status\"}", &answer);
	bool taken = r == 0 && answer.ok && status_take_live(status, answer.body);
	free(answer.body);
	if (taken)
		status->live_error = NULL;
	else if (r != -ENOENT)
		status->live_error = r != 0 ? strerror(-r) : tr("another station");
	return taken;
}

void look_at_daemon(struct status *status, const char *socket)
{
	char own[PATH_MAX];
	snprintf(own, sizeof(own), "%s/" CONTROL_NAME, status->conf->data_dir);
	if (socket)
		ask_status(socket, status);
	else if (!ask_status(own, status))
		ask_status(CONTROL_DEFAULT, status);
}

int look_ask(const struct conf *conf, const char *socket, const char *line,
	     struct control_answer *ret)
{
	const struct control_place place = {socket, conf->data_dir, CONTROL_PATIENCE_MS};
	return control_ask_station(&place, line, ret);
}
