/* SPDX-License-Identifier: MIT */
/*
 * The inside of link.h: link.c leads, link_tcp.c knows sockets, link_rtu.c knows libmodbus, which
 * opens serial lines and receives RTU frames, from a socket too; both wait by link_wait.c. Errors
 * are negative errnos; -ETIMEDOUT: nothing came, -EBADMSG: what came is no answer, -ECANCELED:
 * link_interrupt.
 */
#ifndef SENSORS_LINK_INSIDE_H
#define SENSORS_LINK_INSIDE_H

#include <pthread.h>
#include <sys/socket.h>

#include "frame.h"
#include "link.h"

struct link {
	struct link_conf conf;
	struct sockaddr_storage address; /* of a socket */
	socklen_t address_length;
	void *modbus;         /* a modbus_t: RTU, on either kind of line */
	int stop_fd;          /* readable for good once interrupted */
	int lock_fd;          /* a tty: holds its lock */
	uint16_t transaction; /* TCP: of the newest request */
	unsigned openings;
	bool served;          /* it was answered since it was opened */
	int gap_ms;           /* silence between two frames */
	int64_t free_at_ms;   /* no request before */
	pthread_mutex_t lock; /* so that nobody shuts down a descriptor that has a new owner */
	int fd;               /* -1: closed; written by the bus thread only */
};

/* ---- link_wait.c ---- */

/* 0 when fd has the event; fd -1 only waits. */
int link_wait(const struct link *link, int fd, short events, int64_t until_ms);

/* ---- link_tcp.c ---- */

/* Never a name: resolving one has no time limit. */
int link_tcp_parse(struct link *link);
/* A connected descriptor. */
int link_tcp_connect(const struct link *link);
int link_tcp_send(const struct link *link, const uint8_t *bytes, size_t n);
/* The answer, after all that is none of it, into adu: its length. */
int link_tcp_receive(const struct link *link, const struct frame *frame, int64_t until_ms,
		     uint8_t *adu);
/* Forgets what has come; an error if the connection has ended. */
int link_tcp_forget(const struct link *link);

/* ---- link_rtu.c ---- */

/* -EINVAL for what libmodbus does not take. */
int link_rtu_new(struct link *link);
void link_rtu_free(struct link *link);
/* Locks and opens the tty: its descriptor. */
int link_rtu_open(struct link *link);
/* Takes a connected socket. */
void link_rtu_adopt(struct link *link, int fd);
void link_rtu_close(struct link *link);
int link_rtu_send(struct link *link, const struct frame *frame);
/* A frame into adu: its length. */
int link_rtu_receive(struct link *link, const struct frame *frame, int64_t until_ms, uint8_t *adu);

#endif
