/* SPDX-License-Identifier: MIT */
/*
 * libmodbus builds the RTU request, receives frames of either kind and owns the file descriptor.
 * Three things are ours, each because 3.1.6 cannot do it: the TCP connect, which must be
 * interruptible; the TCP request, whose raw form has transaction id 0 for ever; and the check of
 * the reply.
 */
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <modbus.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"

#define DRAIN_MAX_MS 1000
#define GATEWAY_NO_PATH 10
#define GATEWAY_NO_ANSWER 11

struct link {
	struct link_conf conf;
	struct sockaddr_storage address; /* TCP */
	socklen_t address_length;
	modbus_t *modbus;
	int stop_fd;          /* readable for good once interrupted */
	int lock_fd;          /* RTU: holds the lock of the tty */
	uint16_t transaction; /* TCP: of the newest request */
	unsigned openings;
	int gap_ms;           /* RTU: silence between two frames */
	int64_t free_at_ms;   /* no request before */
	pthread_mutex_t lock; /* so that nobody shuts down a descriptor that has a new owner */
	int fd;               /* -1: closed; written by the bus thread only */
};

int64_t link_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* 0 when fd has the event, -ETIMEDOUT, -ECANCELED after link_interrupt; fd -1 only waits. */
static int wait_for(const struct link *link, int fd, short events, int64_t until_ms)
{
	struct pollfd polled[] = {{.fd = link->stop_fd, .events = POLLIN},
				  {.fd = fd, .events = events}};

	for (;;) {
		int64_t left_ms = until_ms - link_now_ms();
		int n = poll(polled, 2, left_ms > 0 ? (int)left_ms : 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (polled[0].revents)
			return -ECANCELED;
		return n > 0 ? 0 : -ETIMEDOUT;
	}
}

/* Never a name: resolving one has no time limit. */
static int parse_address(struct link *link, const char *service)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;

	if (getaddrinfo(link->conf.host, service, &hints, &found) != 0)
		return -EINVAL;
	memcpy(&link->address, found->ai_addr, found->ai_addrlen);
	link->address_length = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

static modbus_t *context_new(struct link *link)
{
	const struct link_conf *conf = &link->conf;
	char service[8];

	if (conf->kind == LINK_RTU)
		return modbus_new_rtu(conf->device, conf->baud, conf->parity, conf->data_bits,
				      conf->stop_bits);
	snprintf(service, sizeof(service), "%u", (unsigned)conf->port);
	return parse_address(link, service) == 0 ? modbus_new_tcp_pi(conf->host, service) : NULL;
}

struct link *link_new(const struct link_conf *conf)
{
	errno = EINVAL;
	if (!link_conf_usable(conf))
		return NULL;
	struct link *link = calloc(1, sizeof(*link));
	if (!link)
		return NULL;
	link->conf = *conf;
	link->gap_ms = conf->kind == LINK_RTU ? frame_gap_ms(conf->baud, link_conf_bits(conf)) : 0;
	link->fd = link->lock_fd = -1;
	pthread_mutex_init(&link->lock, NULL);
	link->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (link->stop_fd >= 0)
		link->modbus = context_new(link);
	if (!link->modbus) {
		int error = errno;
		link_free(link);
		errno = error;
		return NULL;
	}
	modbus_set_error_recovery(link->modbus, MODBUS_ERROR_RECOVERY_NONE);
	modbus_set_byte_timeout(link->modbus, 0, 0);
	return link;
}

struct link *link_free(struct link *link)
{
	if (!link)
		return NULL;
	link_close(link);
	modbus_free(link->modbus);
	if (link->stop_fd >= 0)
		close(link->stop_fd);
	pthread_mutex_destroy(&link->lock);
	free(link);
	return NULL;
}

static void set_fd(struct link *link, int fd)
{
	pthread_mutex_lock(&link->lock);
	link->fd = fd;
	pthread_mutex_unlock(&link->lock);
}

void link_close(struct link *link)
{
	if (link->fd < 0)
		return;
	/* unsent bytes would hold up the close of a tty that nobody reads */
	modbus_flush(link->modbus);
	set_fd(link, -1);
	if (link->lock_fd >= 0)
		ioctl(link->lock_fd, TIOCNXCL);
	modbus_close(link->modbus);
	if (link->lock_fd >= 0)
		close(link->lock_fd);
	link->lock_fd = -1;
}

static int tcp_connect(const struct link *link, int fd)
{
	int64_t until_ms = link_now_ms() + link->conf.response_timeout_ms;
	int on = 1, error = 0;
	socklen_t size = sizeof(error);

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (const struct sockaddr *)&link->address, link->address_length) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return -errno;
	int rc = wait_for(link, fd, POLLOUT, until_ms);
	if (rc == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return -errno;
	return rc ? rc : -error;
}

static int tcp_open(struct link *link)
{
	int fd = socket(link->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	int rc = tcp_connect(link, fd);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	modbus_set_socket(link->modbus, fd);
	return 0;
}

/* The lock comes first: libmodbus changes the settings of the line when it opens it. */
static int rtu_open(struct link *link)
{
	int fd = open(link->conf.device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (!isatty(fd) || flock(fd, LOCK_EX | LOCK_NB) < 0 || modbus_connect(link->modbus) < 0) {
		int rc = errno == EWOULDBLOCK ? -EBUSY : errno > 0 ? -errno : -EIO;
		close(fd);
		return rc;
	}
	ioctl(fd, TIOCEXCL);
	link->lock_fd = fd;
	return 0;
}

/* A peer that hung up since the last request (an idle limit, an unplugged adapter) is no failure
 * of the next one. */
static bool has_hung_up(const struct link *link)
{
	struct pollfd polled = {.fd = link->fd, .events = POLLRDHUP};

	return poll(&polled, 1, 0) > 0;
}

enum why link_open(struct link *link, int *ret_errno)
{
	if (link->fd >= 0 && has_hung_up(link))
		link_close(link);
	if (link->fd >= 0)
		return WHY_NONE;
	int rc = link->conf.kind == LINK_TCP ? tcp_open(link) : rtu_open(link);
	if (rc < 0) {
		*ret_errno = -rc;
		return WHY_LINK;
	}
	int fd = modbus_get_socket(link->modbus);
	set_fd(link, fd);
	link->openings++;
	/* who had the line before may have been killed while it waited for an answer */
	if (link->conf.kind == LINK_RTU)
		link->free_at_ms = link_now_ms() + link->conf.response_timeout_ms;
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

static int send_request(struct link *link, const struct frame *frame)
{
	uint8_t bytes[FRAME_TCP_REQUEST];

	modbus_flush(link->modbus);
	errno = 0;
	if (link->conf.kind == LINK_TCP) {
		frame_put_tcp(frame, bytes);
		if (send(link->fd, bytes, sizeof(bytes), MSG_NOSIGNAL) == sizeof(bytes))
			return 0;
	} else {
		frame_put_rtu(frame, bytes);
		/* else libmodbus drops the reply; it refuses units it does not know */
		if (frame->unit_id <= FRAME_UNIT_MAX_RTU)
			modbus_set_slave(link->modbus, frame->unit_id);
		if (modbus_send_raw_request(link->modbus, bytes, FRAME_RTU_REQUEST) > 0)
			return 0;
	}
	/* nobody takes what we send: a short write is no errno, and none at all is said to pass */
	return errno > 0 && errno < MODBUS_ENOBASE && errno != EAGAIN ? -errno : -EIO;
}

/* A whole frame into adu: its length, or -ETIMEDOUT, -EBADMSG for a broken one, -errno. */
static int receive_frame(struct link *link, const struct frame *frame, uint8_t *adu)
{
	int64_t until_ms = link_now_ms() + link->conf.response_timeout_ms;
	int rc = wait_for(link, link->fd, POLLIN, until_ms);

	if (rc < 0)
		return rc;
	int64_t left_ms = until_ms - link_now_ms();
	if (left_ms < 1)
		left_ms = 1;
	modbus_set_response_timeout(link->modbus, (uint32_t)(left_ms / 1000),
				    (uint32_t)(left_ms % 1000 * 1000));
	int length = modbus_receive_confirmation(link->modbus, adu);
	if (length == 0 && frame->unit_id > FRAME_UNIT_MAX_RTU)
		return frame_expected_rtu(frame, adu);
	if (length >= 0)
		return length;
	/* a frame that begins and does not end in time is broken, not missing */
	return errno == ETIMEDOUT || errno >= MODBUS_ENOBASE ? -EBADMSG : -errno;
}

static enum why transact_request(struct link *link, const struct frame *frame, uint16_t *ret,
				 int *ret_code)
{
	uint8_t adu[FRAME_ADU_MAX] = {0};
	int rc = wait_for(link, -1, 0, link->free_at_ms);

	if (rc == -ETIMEDOUT)
		rc = send_request(link, frame);
	if (rc == 0)
		rc = receive_frame(link, frame, adu);
	if (rc == -ETIMEDOUT)
		return WHY_TIMEOUT;
	if (rc < 0 && rc != -EBADMSG) {
		*ret_code = -rc;
		return WHY_LINK;
	}
	bool tcp = link->conf.kind == LINK_TCP;
	enum why why = rc == -EBADMSG ? WHY_BAD_FRAME
		       : tcp          ? frame_check_tcp(frame, adu, rc, ret, ret_code)
				      : frame_check_rtu(frame, adu, rc, ret, ret_code);
	return why == WHY_BAD_FRAME && !tcp && frame_is_echo(frame, adu) ? WHY_ECHO : why;
}

/* Reads and forgets until the line was silent for quiet_ms: a late reply ends here. */
static void drain_line(const struct link *link)
{
	int64_t give_up_ms = link_now_ms() + DRAIN_MAX_MS;
	uint8_t forgotten[FRAME_ADU_MAX];

	for (;;) {
		int64_t until_ms = link_now_ms() + link->conf.quiet_ms;
		if (wait_for(link, link->fd, POLLIN,
			     until_ms < give_up_ms ? until_ms : give_up_ms) != 0)
			return;
		if (read(link->fd, forgotten, sizeof(forgotten)) <= 0)
			return;
	}
}

/* Leaves the line so that nothing of this transaction can be met by the next one. */
static void settle_line(struct link *link, enum why why)
{
	bool doubtful = why == WHY_TIMEOUT || why == WHY_BAD_FRAME || why == WHY_ECHO;

	if (why == WHY_LINK || (doubtful && link->conf.kind == LINK_TCP)) {
		/* a gateway may go on waiting for its device, and would keep the next one waiting
		 */
		if (doubtful)
			link->free_at_ms = link_now_ms() + link->conf.quiet_ms;
		link_close(link);
		return;
	}
	if (link->conf.kind == LINK_TCP)
		return;
	if (doubtful)
		drain_line(link);
	link->free_at_ms = link_now_ms() + link->gap_ms;
}

enum why link_read(struct link *link, int unit_id, const struct request *request, uint16_t *ret,
		   int *ret_code)
{
	struct frame frame = {(uint8_t)unit_id, ++link->transaction, request};

	if (link->fd < 0) {
		*ret_code = ENOTCONN;
		return WHY_LINK;
	}
	enum why why = transact_request(link, &frame, ret, ret_code);
	settle_line(link, why);
	if (why == WHY_EXCEPTION &&
	    (*ret_code == GATEWAY_NO_PATH || *ret_code == GATEWAY_NO_ANSWER))
		return WHY_TIMEOUT;
	return why;
}

void link_interrupt(struct link *link)
{
	eventfd_write(link->stop_fd, 1);
	pthread_mutex_lock(&link->lock);
	if (link->conf.kind == LINK_TCP && link->fd >= 0)
		shutdown(link->fd, SHUT_RDWR);
	pthread_mutex_unlock(&link->lock);
}
