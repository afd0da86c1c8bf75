/* SPDX-License-Identifier: MIT */
#include "give_daemon.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "control_client.h"
#include "look.h"
#include "payload.h"
#include "payload_given.h"
#include "progress.h"
#include "sign.h"
#include "signers.h"
#include "usage.h"
#include "words.h"

#define ASK_AGAIN_MS 50

static bool is_absent(int r)
{
	return r == -ENOENT || r == -ECONNREFUSED;
}

static int fail_to_reach(int r)
{
	usage_tell("%s: %s%s", control_asked(), strerror(-r),
		   is_absent(r)
			   ? tr("; nothing is given: does hazewatchd run here? systemctl status "
				"hazewatchd, or --socket")
			   : tr("; nothing is given"));
	if (r != -EACCES && r != -EPERM)
		return EX_UNAVAILABLE;
	usage_tell_who_may(control_asked());
	return EX_NOPERM;
}

/* A negative errno; the answer's body is the caller's. */
static int put_line(const struct conf *conf, const char *socket, char *line,
		    struct control_answer *ret)
{
	*ret = (struct control_answer){.ok = false};
	int r = line ? look_ask(conf, socket, line, ret) : -ENOMEM;
	free(line);
	return r;
}

int give_find_daemon(const struct conf *conf, const char *socket)
{
	struct control_answer answer;
	int r = put_line(conf, socket, strdup("{\"request\":\"status\"}"), &answer);
	char begin[96];
	snprintf(begin, sizeof(begin), "station %s", conf->station.id);
	free(answer.body);
	if (r != 0)
		return fail_to_reach(r);
	if (strcmp(answer.text, begin) == 0)
		return EX_OK;
	usage_tell("%s: %s", control_asked(),
		   answer.ok ? tr("it is another station's than --config says") : answer.text);
	return answer.ok ? EX_UNAVAILABLE : EX_NOPERM;
}

/* ---- signatures ---- */

int give_next_counter(const struct conf *conf, const char *key, int64_t *ret)
{
	char name[CONF_KEY_NAME_MAX + 1];
	struct store *store = NULL;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(key, ":"), key);
	int r = store_open_readonly(conf->data_dir, &store);
	if (r == 0)
		r = signers_counter(store, name, ret);
	if (r != 0)
		usage_tell(tr("the counter of the key %s cannot be read: %s"), name,
			   store_message(store));
	store_close(store);
	*ret += 1;
	return r == 0 ? EX_OK : r == -EACCES ? EX_NOPERM : EX_NOINPUT;
}

/* The contract's envelope around it, on the heap; NULL after a message. */
static char *wrap_signed(const struct give_order *order)
{
	const char *file = strchr(order->key, ':') + 1;
	char prefix[PAYLOAD_PREFIX_MAX], topic[PAYLOAD_TOPIC_MAX], text[SIGN_TEXT_SIZE];
	char *wrapped = NULL;
	payload_prefix(order->conf, prefix);
	snprintf(topic, sizeof(topic), "%scmd/%s", prefix, command_kind_name(order->kind));
	if (!sign_make(file, topic, order->json, strlen(order->json), text))
		usage_tell("%s: %s", file, tr("not a readable Ed25519 or SM2 private key in PEM"));
	else if (asprintf(&wrapped, SIGN_MARK "%.*s %s\n%s", (int)strcspn(order->key, ":"),
			  order->key, text, order->json) < 0)
		return NULL;
	return wrapped;
}

/* ---- to and fro ---- */

static int refuse_answer(const struct control_answer *answer)
{
	bool key = strncmp(answer->text, "signature: missing", 18) == 0;
	usage_tell(tr("refused: %s"), answer->text);
	if (key)
		usage_tell("%s", tr("only root and the daemon's user need no key here: give --key "
				    "NAME:FILE, or use sudo"));
	return key ? EX_NOPERM : EX_DATAERR;
}

/* The answer on the heap; NULL: none yet, and why. */
static char *ask_for_answer(const struct give_order *order, char why[CONTROL_TEXT_MAX])
{
	struct control_answer answer;
	char *line = payload_ask_request(command_kind_name(order->kind), order->id);
	int r = put_line(order->conf, order->socket, line, &answer);
	if (r == 0 && answer.body && strcmp(answer.body, "null") != 0)
		return answer.body;
	free(answer.body);
	snprintf(why, CONTROL_TEXT_MAX, "%s", r == 0 ? answer.text : strerror(-r));
	return NULL;
}

/* Also over a restart of the daemon: what it keeps is on its disk. */
static int wait_for_answer(const struct give_order *order, char **ret_answer)
{
	const struct timespec pause = {.tv_nsec = ASK_AGAIN_MS * 1000000};
	int64_t until_ms = clock_monotonic_ms() + GIVE_WAIT_MS;
	char why[CONTROL_TEXT_MAX] = "";
	progress_begin_wait(tr("waiting for hazewatchd, second"), GIVE_WAIT_MS);
	do {
		*ret_answer = ask_for_answer(order, why);
		progress_wait();
		if (!*ret_answer)
			nanosleep(&pause, NULL);
	} while (!*ret_answer && clock_monotonic_ms() < until_ms);
	progress_end();
	if (*ret_answer)
		return EX_OK;
	usage_tell(tr("%s is kept by the station and not judged yet: %s\nIt will be, also after a "
		      "restart: do not give it under another id."),
		   order->id, why);
	return EX_TEMPFAIL;
}

/* Who types it, also behind sudo; NULL: nobody knows. */
static const char *find_login(void)
{
	const struct passwd *user = geteuid() == 0 ? NULL : getpwuid(geteuid());
	return user ? user->pw_name : geteuid() == 0 ? getenv("SUDO_USER") : NULL;
}

int give_to_daemon(const struct give_order *order, char **ret_answer)
{
	char *wrapped = order->key ? wrap_signed(order) : NULL;
	struct control_answer answer;
	if (order->key && !wrapped)
		return EX_NOINPUT;
	char *line = payload_give_request(command_kind_name(order->kind),
					  wrapped ? wrapped : order->json, find_login());
	free(wrapped);
	int r = put_line(order->conf, order->socket, line, &answer);
	free(answer.body);
	if (r == -EPIPE || r == -ETIMEDOUT || r == -ECONNRESET)
		usage_tell("%s: %s", control_asked(), strerror(-r)); /* it may have it */
	else if (r != 0)
		return fail_to_reach(r);
	else if (!answer.ok)
		return refuse_answer(&answer);
	else if (strcmp(answer.text, CONTROL_IN_MEMORY) == 0)
		usage_tell(
			tr("the disk fails: %s is kept in memory alone, and a power cut loses it"),
			order->id);
	return wait_for_answer(order, ret_answer);
}
