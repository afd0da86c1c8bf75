/* SPDX-License-Identifier: MIT */
/*
 * libmodbus sets a serial line up, and receives RTU frames from it or from a socket. On a socket
 * its flush does nothing and its write may raise SIGPIPE: there link_tcp.c sends and forgets.
 */
#include "link_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <modbus.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define UNSTOPPED_MS 1000 /* libmodbus cannot be interrupted while it waits for a tty */

int link_rtu_new(struct link *link)
{
	const struct link_conf *conf = &link->conf;
	bool tty = conf->kind == LINK_RTU;

	/* what a context of a socket is told of its line is never used */
	link->modbus = tty ? modbus_new_rtu(conf->device, conf->baud, conf->parity, conf->data_bits,
					    conf->stop_bits)
			   : modbus_new_rtu("-", 9600, 'N', 8, 1);
	if (!link->modbus)
		return errno > 0 ? -errno : -EINVAL;
	modbus_set_error_recovery(link->modbus, MODBUS_ERROR_RECOVERY_NONE);
	modbus_set_byte_timeout(link->modbus, 0, 0);
	return 0;
}

void link_rtu_free(struct link *link)
{
	modbus_free(link->modbus);
}

/* The lock comes first: libmodbus changes the settings of the line when it opens it. */
int link_rtu_open(struct link *link)
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
	return modbus_get_socket(link->modbus);
}

void link_rtu_adopt(struct link *link, int fd)
{
	modbus_set_socket(link->modbus, fd);
}

void link_rtu_close(struct link *link)
{
	/* unsent bytes would hold up the close of a tty that nobody reads */
	modbus_flush(link->modbus);
	if (link->lock_fd >= 0)
		ioctl(link->lock_fd, TIOCNXCL);
	modbus_close(link->modbus);
	if (link->lock_fd >= 0)
		close(link->lock_fd);
	link->lock_fd = -1;
}

int link_rtu_send(struct link *link, const struct frame *frame)
{
	uint8_t bytes[FRAME_RTU_REQUEST + 2];

	frame_put_rtu(frame, bytes);
	/* else libmodbus drops the reply; it refuses units it does not know */
	if (frame->unit_id <= FRAME_UNIT_MAX_RTU)
		modbus_set_slave(link->modbus, frame->unit_id);
	if (link->conf.kind != LINK_RTU) {
		uint16_t crc = frame_crc(bytes, FRAME_RTU_REQUEST);
		bytes[FRAME_RTU_REQUEST] = (uint8_t)crc;
		bytes[FRAME_RTU_REQUEST + 1] = (uint8_t)(crc >> 8);
		return link_tcp_send(link, bytes, sizeof(bytes));
	}
	modbus_flush(link->modbus);
	errno = 0;
	if (modbus_send_raw_request(link->modbus, bytes, FRAME_RTU_REQUEST) > 0)
		return 0;
	/* nobody takes what we send: a short write is no errno, and none at all is said to pass */
	return errno > 0 && errno < MODBUS_ENOBASE && errno != EAGAIN ? -errno : -EIO;
}

/* Until the rest of a frame that has begun can be awaited by libmodbus, which heeds no interrupt on
 * a tty: a slow line takes seconds for it. */
static int await_rest(const struct link *link, const struct frame *frame, int64_t until_ms)
{
	const struct link_conf *conf = &link->conf;
	if (conf->kind != LINK_RTU)
		return 0;
	int64_t line_ms = (int64_t)(5 + request_answer_bytes(frame->request)) *
			  link_conf_bits(conf) * 1000 / conf->baud;
	int64_t full_ms = link_now_ms() + line_ms - UNSTOPPED_MS / 2;
	if (line_ms <= UNSTOPPED_MS / 2)
		return 0;
	int rc = link_wait(link, -1, 0, full_ms < until_ms ? full_ms : until_ms);
	return rc == -ETIMEDOUT ? 0 : rc;
}

int link_rtu_receive(struct link *link, const struct frame *frame, int64_t until_ms, uint8_t *adu)
{
	int rc = link_wait(link, link->fd, POLLIN, until_ms);

	if (rc == 0)
		rc = await_rest(link, frame, until_ms);
	if (rc < 0)
		return rc;
	int64_t left_ms = until_ms - link_now_ms();
	if (left_ms < 1)
		left_ms = 1;
	if (left_ms > UNSTOPPED_MS && link->conf.kind == LINK_RTU)
		left_ms = UNSTOPPED_MS;
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
