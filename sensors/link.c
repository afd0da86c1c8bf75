/* SPDX-License-Identifier: MIT */
#include "link_inside.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>

#define DRAIN_MAX_MS 1000
#define GATEWAY_NO_PATH 10
#define GATEWAY_NO_ANSWER 11

struct link *link_new(const struct link_conf *conf)
{
	errno = EINVAL;
	if (!link_conf_usable(conf))
		return NULL;
	struct link *link = calloc(1, sizeof(*link));
	if (!link)
		return NULL;
	link->conf = *conf;
	link->gap_ms = link_conf_gap_ms(conf);
	link->fd = link->lock_fd = -1;
	pthread_mutex_init(&link->lock, NULL);
	link->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int rc = link->stop_fd < 0 ? -errno : 0;
	if (rc == 0 && conf->kind != LINK_RTU)
		rc = link_tcp_parse(link);
	if (rc == 0 && conf->kind != LINK_TCP)
		rc = link_rtu_new(link);
	if (rc < 0) {
		link_free(link);
		errno = -rc;
		return NULL;
	}
	return link;
}

struct link *link_free(struct link *link)
{
	if (!link)
		return NULL;
	link_close(link);
	link_rtu_free(link);
	if (link->stop_fd >= 0)
		close(link->stop_fd);
	pthread_mutex_destroy(&link->lock);
	free(link);
	return NULL;
}

/* No request for so long from now on, if not longer. */
static void free_later(struct link *link, int ms)
{
	int64_t at_ms = link_now_ms() + ms;

	if (ms > 0 && at_ms > link->free_at_ms)
		link->free_at_ms = at_ms;
}

static int await_free(const struct link *link)
{
	if (link_now_ms() >= link->free_at_ms)
		return 0;
	int rc = link_wait(link, -1, 0, link->free_at_ms);
	return rc == -ETIMEDOUT ? 0 : rc;
}

static void set_fd(struct link *link, int fd)
{
	pthread_mutex_lock(&link->lock);
	link->fd = fd;
	pthread_mutex_unlock(&link->lock);
}

void link_close(struct link *link)
{
	int fd = link->fd;

	if (fd < 0)
		return;
	set_fd(link, -1);
	link->served = false;
	if (link->conf.kind == LINK_TCP)
		close(fd);
	else
		link_rtu_close(link);
}

/* An adapter that was unplugged since the last request is no failure of the next one. */
static bool is_unplugged(const struct link *link)
{
	struct pollfd polled = {.fd = link->fd, .events = POLLRDHUP};

	return link->conf.kind == LINK_RTU && poll(&polled, 1, 0) > 0;
}

enum why link_open(struct link *link, int *ret_errno)
{
	if (link->fd >= 0 && is_unplugged(link))
		link_close(link);
	if (link->fd >= 0)
		return WHY_NONE;
	int fd = link->conf.kind == LINK_RTU ? link_rtu_open(link) : link_tcp_connect(link);
	if (fd < 0) {
		*ret_errno = -fd;
		return WHY_LINK;
	}
	if (link->conf.kind == LINK_RTU_TCP)
		link_rtu_adopt(link, fd);
	set_fd(link, fd);
	link->openings++;
	free_later(link, link->conf.connect_delay_ms);
	/* who had the line before may have been killed while it waited for an answer */
	if (link->openings == 1 && link_conf_is_rtu(&link->conf))
		free_later(link, link->conf.before_ms > 0 ? link->conf.before_ms
							  : link->conf.response_timeout_ms);
	/* libmodbus puts the descriptor into an fd_set */
	if (fd >= FD_SETSIZE) {
		link_close(link);
		*ret_errno = EMFILE;
		return WHY_LINK;
	}
	return WHY_NONE;
}

bool link_is_open(const struct link *link)
{
	return link->fd >= 0;
}

unsigned link_openings(const struct link *link)
{
	return link->openings;
}

/* ---- a request ---- */

static int send_tcp(struct link *link, struct frame *frame)
{
	uint8_t bytes[FRAME_TCP_REQUEST];

	/* each time it is sent under a number of its own; 0 is that of whoever has none */
	if (++link->transaction == 0)
		link->transaction = 1;
	frame->transaction = link->transaction;
	frame_put_tcp(frame, bytes);
	return link_tcp_send(link, bytes, sizeof(bytes));
}

/* What was left on the line is forgotten; a peer that hung up meanwhile is called again. */
static int send_rtu(struct link *link, const struct frame *frame)
{
	int code = 0;

	if (link->conf.kind == LINK_RTU_TCP && link_tcp_forget(link) < 0) {
		link_close(link);
		if (link_open(link, &code) != WHY_NONE)
			return -code;
		int rc = await_free(link);
		if (rc < 0)
			return rc;
	}
	return link_rtu_send(link, frame);
}

/* The answer's bytes into adu: how many, or a negative errno. */
static int exchange_bytes(struct link *link, struct frame *frame, int timeout_ms, uint8_t *adu)
{
	bool tcp = link->conf.kind == LINK_TCP;
	int rc = await_free(link);

	if (rc == 0)
		rc = tcp ? send_tcp(link, frame) : send_rtu(link, frame);
	if (rc < 0)
		return rc;
	int64_t until_ms = link_now_ms() + timeout_ms;
	return tcp ? link_tcp_receive(link, frame, until_ms, adu)
		   : link_rtu_receive(link, frame, until_ms, adu);
}

/*
 * A connection that has served and breaks before a byte of the answer was closed by a peer that
 * keeps none open: it is opened again and the request sent once more. Where an answer bears no
 * number that is left to who knows what is owed.
 */
static int exchange_again(struct link *link, struct frame *frame, int timeout_ms, uint8_t *adu)
{
	bool reused = link->served && link->conf.kind == LINK_TCP;
	int rc = exchange_bytes(link, frame, timeout_ms, adu), code = 0;

	if (!reused || (rc != -ECONNRESET && rc != -EPIPE))
		return rc;
	link_close(link);
	return link_open(link, &code) == WHY_NONE ? exchange_bytes(link, frame, timeout_ms, adu)
						  : -code;
}

static enum why transact_request(struct link *link, struct frame *frame, int timeout_ms,
				 uint16_t *ret, int *ret_code)
{
	uint8_t adu[FRAME_ADU_MAX] = {0};
	bool tcp = link->conf.kind == LINK_TCP;
	int rc = exchange_again(link, frame, timeout_ms, adu);

	if (rc == -ETIMEDOUT)
		return WHY_TIMEOUT;
	if (rc < 0 && rc != -EBADMSG) {
		*ret_code = -rc;
		return WHY_LINK;
	}
	enum why why = rc == -EBADMSG ? WHY_BAD_FRAME
		       : tcp          ? frame_check_tcp(frame, adu, rc, ret, ret_code)
				      : frame_check_rtu(frame, adu, rc, ret, ret_code);
	if (why != WHY_BAD_FRAME || tcp)
		return why;
	*ret_code = frame_is_behind_zero(frame, adu) ? FRAME_BEHIND_ZERO : 0;
	return frame_is_echo(frame, adu) ? WHY_ECHO : why;
}

/* Reads and forgets until the line was silent for quiet_ms: a late reply ends here. False if it
 * has ended. */
static bool drain_line(const struct link *link)
{
	int64_t give_up_ms = link_now_ms() + DRAIN_MAX_MS;
	uint8_t forgotten[FRAME_ADU_MAX];

	for (;;) {
		int64_t until_ms = link_now_ms() + link->conf.quiet_ms;
		if (link_wait(link, link->fd, POLLIN,
			      until_ms < give_up_ms ? until_ms : give_up_ms) != 0)
			return true;
		if (read(link->fd, forgotten, sizeof(forgotten)) <= 0)
			return false;
		/* what speaks without a pause would never leave us waiting */
		if (link_now_ms() >= give_up_ms)
			return true;
	}
}

/* Leaves the line so that nothing of this transaction can be met by the next one. */
static void settle_line(struct link *link, enum why why)
{
	bool doubtful = why == WHY_TIMEOUT || why == WHY_BAD_FRAME || why == WHY_ECHO;
	bool tcp = link->conf.kind == LINK_TCP;

	if (doubtful && !tcp && !drain_line(link) && link->conf.kind == LINK_RTU_TCP)
		why = WHY_LINK;
	/* a gateway may go on waiting for its device, and would keep the next one waiting */
	free_later(link, doubtful && tcp && link->conf.quiet_ms > link->gap_ms ? link->conf.quiet_ms
									       : link->gap_ms);
	if (why == WHY_LINK || (doubtful && tcp))
		link_close(link);
}

enum why link_read(struct link *link, const struct asked *asked, const struct request *request,
		   uint16_t *ret, int *ret_code)
{
	struct frame frame = {(uint8_t)asked->unit_id, 0, request};
	int timeout_ms = asked->timeout_ms > 0 ? asked->timeout_ms : link->conf.response_timeout_ms;

	if (link->fd < 0) {
		*ret_code = ENOTCONN;
		return WHY_LINK;
	}
	enum why why = transact_request(link, &frame, timeout_ms, ret, ret_code);
	settle_line(link, why);
	link->served = link->fd >= 0;
	if (why == WHY_EXCEPTION &&
	    (*ret_code == GATEWAY_NO_PATH || *ret_code == GATEWAY_NO_ANSWER))
		return WHY_TIMEOUT;
	return why;
}

void link_sleep(const struct link *link, int64_t ms)
{
	link_wait(link, -1, 0, link_now_ms() + ms);
}

void link_interrupt(struct link *link)
{
	eventfd_write(link->stop_fd, 1);
	pthread_mutex_lock(&link->lock);
	if (link->conf.kind != LINK_RTU && link->fd >= 0)
		shutdown(link->fd, SHUT_RDWR);
	pthread_mutex_unlock(&link->lock);
}
