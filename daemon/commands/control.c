/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"

#define EVENTS_AT_ONCE 8
#define GROUPS_MAX 256 /* of a user */
#define NOT_FOR_ALL "only root and the daemon's own user may ask"

struct client {
	int fd; /* -1: free */
	struct control_peer peer;
	int64_t seen_ms; /* when it came, or its newest whole line */
	size_t have;
	char *line; /* CONTROL_LINE_MAX bytes */
};

struct control {
	const struct control_handler *handlers;
	void *ctx;
	int listen_fd, epoll_fd;
	struct sockaddr_un address;
	struct client clients[CONTROL_CLIENTS_MAX];
};

static void client_close(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd); /* epoll forgets it */
	free(client->line);
	*client = (struct client){.fd = -1};
}

static int watch_client(const struct control *control, int fd, struct client *client)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
	return epoll_ctl(control->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static bool has_line(const struct client *client)
{
	return memchr(client->line, '\n', client->have) != NULL;
}

/* Lines that are left are looked at again without a new one, as soon as answers are taken. */
static bool watch_rest(const struct control *control, struct client *client)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
	if (has_line(client))
		event.events |= EPOLLOUT;
	return epoll_ctl(control->epoll_fd, EPOLL_CTL_MOD, client->fd, &event) == 0;
}

/* Mode 0660 from the moment it is there. */
static int bind_private(const struct control *control)
{
	mode_t before = umask(0117);
	int r = bind(control->listen_fd, (const struct sockaddr *)&control->address,
		     sizeof(control->address));
	int error = errno;
	umask(before);
	return r < 0 ? -error : 0;
}

/* Only a socket is ever removed. */
static void remove_socket(const char *path)
{
	struct stat about;
	if (lstat(path, &about) == 0 && S_ISSOCK(about.st_mode))
		unlink(path);
}

static int listen_at(struct control *control, const char *path)
{
	control->address.sun_family = AF_UNIX;
	size_t length = strlen(path);
	if (length >= sizeof(control->address.sun_path))
		return -ENAMETOOLONG;
	memcpy(control->address.sun_path, path, length);
	remove_socket(path);
	control->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (control->listen_fd < 0)
		return -errno;
	int r = bind_private(control);
	if (r == 0 && listen(control->listen_fd, CONTROL_CLIENTS_MAX) < 0)
		r = -errno;
	return r < 0 ? r : watch_client(control, control->listen_fd, NULL);
}

int control_new(const char *path, const struct control_handler *handlers, void *ctx,
		struct control **ret)
{
	struct control *control = calloc(1, sizeof(*control));
	if (!control)
		return -ENOMEM;
	control->handlers = handlers;
	control->ctx = ctx;
	control->listen_fd = -1;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		control->clients[i].fd = -1;
	control->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	int r = control->epoll_fd < 0 ? -errno : listen_at(control, path);
	if (r < 0) {
		control_free(control);
		return r;
	}
	*ret = control;
	return 0;
}

struct control *control_free(struct control *control)
{
	if (!control)
		return NULL;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		client_close(&control->clients[i]);
	if (control->listen_fd >= 0) {
		close(control->listen_fd);
		remove_socket(control->address.sun_path);
	}
	if (control->epoll_fd >= 0)
		close(control->epoll_fd);
	free(control);
	return NULL;
}

int control_fd(const struct control *control)
{
	return control->epoll_fd;
}

/* ---- one connection ---- */

/* False if nobody takes it. */
static bool send_answer(int fd, struct control_answer *answer)
{
	char *line = control_answer_line(answer);
	size_t length = line ? strlen(line) : 0;
	bool sent = line && send(fd, line, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length;
	free(line);
	return sent;
}

static void handle_request(const struct control *control, const struct control_peer *peer,
			   const struct control_request *request, struct control_answer *answer)
{
	const char *name = control_request_name(request);
	for (const struct control_handler *each = control->handlers; each->request; each++) {
		if (strcmp(each->request, name) != 0)
			continue;
		if (peer->member && !each->for_group)
			control_refuse(answer, NOT_FOR_ALL);
		else
			each->answer(control->ctx, peer, request, answer);
		return;
	}
	control_refuse(answer, "%.64s is not a request that this hazewatchd knows", name);
}

static bool answer_line(const struct control *control, const struct client *client, size_t length)
{
	struct control_answer answer = {.ok = false};
	struct control_request *request = control_request_parse(client->line, length, answer.text);
	if (request)
		handle_request(control, &client->peer, request, &answer);
	control_request_free(request);
	return send_answer(client->fd, &answer);
}

/* Answers whole lines, a few: nobody keeps the station from its work. False if the connection is to
 * end. */
static bool answer_lines(const struct control *control, struct client *client)
{
	for (int i = 0; i < CONTROL_LINES_AT_ONCE && has_line(client); i++) {
		char *end = memchr(client->line, '\n', client->have);
		size_t length = (size_t)(end - client->line);
		client->seen_ms = clock_monotonic_ms();
		if (!answer_line(control, client, length))
			return false;
		client->have -= length + 1;
		memmove(client->line, end + 1, client->have);
	}
	return (client->have < CONTROL_LINE_MAX || has_line(client)) && watch_rest(control, client);
}

/* True: there may be lines; else the connection has nothing now, or has ended. */
static bool client_read(struct client *client)
{
	ssize_t n = recv(client->fd, client->line + client->have, CONTROL_LINE_MAX - client->have,
			 MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		client_close(client);
		return false;
	}
	client->have += (size_t)n;
	return true;
}

/* Reads nothing more before the lines that it has are answered. */
static void client_look(const struct control *control, struct client *client)
{
	if ((has_line(client) || client_read(client)) && !answer_lines(control, client))
		client_close(client);
}

/* ---- connections ---- */

static bool is_member(int fd, gid_t first)
{
	gid_t groups[GROUPS_MAX];
	socklen_t size = sizeof(groups);
	bool found = first == getegid();
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
		size = 0;
	for (size_t i = 0; i < size / sizeof(groups[0]); i++)
		found |= groups[i] == getegid();
	return found;
}

static bool is_allowed(int fd, struct control_peer *ret)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return false;
	*ret = (struct control_peer){peer.uid, peer.uid != 0 && peer.uid != geteuid()};
	return !ret->member || is_member(fd, peer.gid);
}

/* NULL: there is none for somebody of that kind. */
static struct client *free_client(struct control *control, bool member)
{
	struct client *found = NULL;
	int members = 0;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct client *client = &control->clients[i];
		if (client->fd < 0)
			found = client;
		else
			members += client->peer.member;
	}
	return member && members >= CONTROL_MEMBERS_MAX ? NULL : found;
}

static void turn_away(int fd, const char *text)
{
	struct control_answer answer = {.ok = false};
	control_refuse(&answer, "%s", text);
	send_answer(fd, &answer);
	close(fd);
}

static void client_accept(struct control *control)
{
	int fd = accept4(control->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	struct control_peer peer = {0};
	if (!is_allowed(fd, &peer)) {
		turn_away(fd, NOT_FOR_ALL);
		return;
	}
	struct client *client = free_client(control, peer.member);
	if (!client) {
		turn_away(fd, "too many connections; try again");
		return;
	}
	*client = (struct client){.fd = fd,
				  .peer = peer,
				  .seen_ms = clock_monotonic_ms(),
				  .line = malloc(CONTROL_LINE_MAX)};
	if (!client->line || watch_client(control, fd, client) < 0)
		client_close(client);
}

void control_look(struct control *control)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int n = epoll_wait(control->epoll_fd, events, EVENTS_AT_ONCE, 0);
	for (int i = 0; i < n; i++) {
		struct client *client = events[i].data.ptr;
		if (!client)
			client_accept(control);
		else if (client->fd >= 0)
			client_look(control, client);
	}
}

void control_tick(struct control *control, int64_t now_ms)
{
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct client *client = &control->clients[i];
		if (client->fd >= 0 && now_ms - client->seen_ms > CONTROL_IDLE_MS)
			client_close(client);
	}
}
