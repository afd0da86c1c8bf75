/* SPDX-License-Identifier: MIT */
#include "control_commands.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

#define USERS "/etc/passwd"
#define OVERFLOW_UID 65534
#define IN_A_NAME "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* What the daemon can tell without asking a network: else the number. */
static void name_user(uid_t uid, char ret[COMMAND_USER_MAX])
{
	FILE *file = fopen(USERS, "re");
	const struct passwd *user;
	snprintf(ret, COMMAND_USER_MAX, "%lu", (unsigned long)uid);
	while (file && (user = fgetpwent(file))) {
		size_t n = strlen(user->pw_name);
		if (user->pw_uid != uid || n == 0 || n >= COMMAND_USER_MAX ||
		    strspn(user->pw_name, IN_A_NAME) != n)
			continue;
		memcpy(ret, user->pw_name, n + 1);
		break;
	}
	if (file)
		fclose(file);
}

/* Whoever may become root may say who they were before; and who is behind a user namespace
 * (PrivateUsers=), whose name the kernel keeps back and whose key counts. Nobody else is believed.
 */
static void add_login(const struct control_peer *peer, const char *login,
		      char user[COMMAND_USER_MAX])
{
	size_t n = strlen(user), more = login ? strlen(login) : 0;
	bool believed = peer->uid == 0 || peer->uid == OVERFLOW_UID;
	if (!believed || more == 0 || n + 1 + more >= COMMAND_USER_MAX ||
	    strspn(login, IN_A_NAME) != more)
		return;
	user[n] = ':';
	memcpy(user + n + 1, login, more + 1);
}

static bool read_kind(const struct control_request *request, enum command_kind *ret,
		      struct control_answer *answer)
{
	const char *kind = control_text(request, "kind");
	if (kind && command_kind_parse(kind, ret))
		return true;
	control_refuse(answer, "kind: %.64s is not a kind of command", kind ? kind : "nothing");
	return false;
}

void control_take_command(struct inbox *inbox, const struct control_peer *peer,
			  const struct control_request *request, struct control_answer *ret)
{
	char user[COMMAND_USER_MAX], why[COMMAND_WHY_MAX] = "";
	struct inbox_typed typed = {.payload = control_text(request, "payload"),
				    .user = user,
				    .needs_key = peer->member};
	if (!read_kind(request, &typed.kind, ret))
		return;
	if (!typed.payload) {
		control_refuse(ret, "payload: is not a text");
		return;
	}
	name_user(peer->uid, user);
	add_login(peer, control_text(request, "login"), user);
	switch (inbox_type(inbox, &typed, why)) {
	case SPOOL_ON_DISK:
		control_accept(ret, "kept");
		return;
	case SPOOL_IN_MEMORY:
		control_accept(ret, CONTROL_IN_MEMORY);
		return;
	case SPOOL_REFUSED:
		control_refuse(ret, "%s", why);
		return;
	}
}

void control_tell_reply(const struct inbox *inbox, const struct control_request *request,
			struct control_answer *ret)
{
	const char *id = control_text(request, "id"), *reply;
	enum command_kind kind;
	if (!read_kind(request, &kind, ret))
		return;
	reply = id ? inbox_reply(inbox, kind, id) : NULL;
	if (reply)
		ret->body = strdup(reply);
	control_accept(ret, "%s", reply ? "answered" : "not judged yet");
}
