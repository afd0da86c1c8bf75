/* SPDX-License-Identifier: MIT */
#include "control_client.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "clock.h"
#include "progress.h"
#include "usage.h"
#include "words.h"

#define ANSWER_MAX 65536
#define BRIEF_US 100000
#define SLICE_MS 200 /* between two looks at how long it takes */

static int keys = -1;
static char asked[PATH_MAX];

void control_mind_keys(int fd)
{
	keys = fd;
}

/* A daemon that hangs takes no connection once a few wait for it. */
static void bound_connect(int fd)
{
	struct timeval patience = {.tv_sec = CONTROL_PATIENCE_MS / 1000};
	if (keys >= 0)
		patience = (struct timeval){.tv_usec = BRIEF_US};
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	if (length >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, length);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	bound_connect(fd);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		int error = errno;
		close(fd);
		return -error;
	}
	return fd;
}

/* Who minds keys has the whole terminal: no line of progress goes there. */
static bool wait_readable(int fd, int patience_ms)
{
	struct pollfd polled[] = {{.fd = fd, .events = POLLIN}, {.fd = keys, .events = POLLIN}};
	int64_t until_ms = clock_monotonic_ms() + patience_ms, left_ms = patience_ms;
	int r = 0;
	while (r == 0 && left_ms > 0) {
		r = poll(polled, 2, left_ms < SLICE_MS ? (int)left_ms : SLICE_MS);
		if (keys < 0)
			progress_wait();
		left_ms = until_ms - clock_monotonic_ms();
	}
	return r > 0 && polled[0].revents != 0;
}

static int read_answer(int fd, int patience_ms, struct control_answer *ret)
{
	static char line[ANSWER_MAX];
	size_t have = 0;
	while (have + 1 < sizeof(line)) {
		if (!wait_readable(fd, patience_ms))
			return -ETIMEDOUT;
		ssize_t n = read(fd, line + have, sizeof(line) - 1 - have);
		if (n <= 0)
			return n < 0 ? -errno : -EPIPE;
		have += (size_t)n;
		line[have] = '\0';
		if (line[have - 1] == '\n')
			return control_answer_parse(line, ret) ? 0 : -EBADMSG;
	}
	return -EMSGSIZE;
}

static int ask_patiently(const char *path, const char *line, int patience_ms,
			 struct control_answer *ret)
{
	snprintf(asked, sizeof(asked), "%s", path);
	int fd = connect_to(path);
	if (fd < 0)
		return fd;
	size_t length = strlen(line);
	int r = 0;
	if (send(fd, line, length, MSG_NOSIGNAL) != (ssize_t)length ||
	    send(fd, "\n", 1, MSG_NOSIGNAL) != 1)
		r = -EPIPE;
	progress_begin_wait(tr("waiting for hazewatchd, second"), patience_ms);
	int answered =
		read_answer(fd, patience_ms, ret); /* it may have been turned away with a reason */
	progress_end();
	close(fd);
	return answered == 0 ? 0 : r < 0 ? r : answered;
}

int control_ask(const char *path, const char *line, struct control_answer *ret)
{
	return ask_patiently(path, line, CONTROL_PATIENCE_MS, ret);
}

int control_ask_station(const struct control_place *place, const char *line,
			struct control_answer *ret)
{
	char own[PATH_MAX];
	snprintf(own, sizeof(own), "%s/" CONTROL_NAME, place->dir);
	int r = ask_patiently(place->socket ? place->socket : own, line, place->patience_ms, ret);
	bool absent = r == -ENOENT || r == -ECONNREFUSED;
	return absent && !place->socket
		       ? ask_patiently(CONTROL_DEFAULT, line, place->patience_ms, ret)
		       : r;
}

const char *control_asked(void)
{
	return asked;
}

int control_ask_and_print(const char *path, const char *line)
{
	struct control_answer answer = {.ok = false};
	int r = control_ask(path, line, &answer);
	free(answer.body);
	if (r == 0 && answer.ok) {
		printf("%s\n", answer.text);
		return EX_OK;
	}
	if (r == 0) {
		usage_tell(tr("refused: %s"), answer.text);
		return EX_DATAERR;
	}
	bool absent = r == -ENOENT || r == -ECONNREFUSED;
	usage_tell("%s: %s%s", path, strerror(-r),
		   absent ? tr("; does hazewatchd run here? --socket says where") : "");
	return r == -EACCES || r == -EPERM ? EX_NOPERM : EX_UNAVAILABLE;
}
