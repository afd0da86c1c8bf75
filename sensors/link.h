/* SPDX-License-Identifier: MIT */
/*
 * One Modbus line, RTU through libmodbus: open, read, drain, close; every failure sorted into a
 * `why`.
 *
 * Used by one bus thread alone, but for link_interrupt. Keeps rules without which a late or foreign
 * reply is taken for an answer: no recovery mode, byte timeout off, what has come is forgotten
 * before a request and the line drained after an error (RTU), close after a timeout or a bad frame
 * (TCP), own check of the reply. IP addresses only.
 */
#ifndef SENSORS_LINK_H
#define SENSORS_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "master.h"
#include "readplan.h"
#include "sample.h"

enum link_kind { LINK_TCP, LINK_RTU, LINK_RTU_TCP /* RTU frames over a connection */ };

/* Of any time-out and pause of a line. */
#define LINK_MS_MAX 30000

struct link_conf {
	enum link_kind kind;
	const char *host; /* TCP, RTU_TCP: a numeric IPv4 or IPv6 address */
	uint16_t port;
	const char *device; /* RTU from here */
	int baud;
	char parity; /* 'N' 'E' 'O' */
	int data_bits, stop_bits;
	int response_timeout_ms; /* 20..LINK_MS_MAX; of a connect, and of units that have no other
				  */
	/* RTU: silence that ends a drain; TCP: pause after an answer that did not come */
	int quiet_ms;
	int gap_ms;           /* 0..LINK_MS_MAX; pause before a request, beside what RTU needs */
	int connect_delay_ms; /* 0..LINK_MS_MAX; pause after the line was opened */
	/* RTU, RTU_TCP: how long who had the line before may have waited for an answer; nothing is
	 * asked for as long at first. 0: response_timeout_ms */
	int before_ms;
};

/* True for an IPv4 or IPv6 address: no name is looked up. */
bool link_host_is_numeric(const char *host);

/* True if the line can be opened as it is described, a host name aside. */
bool link_conf_usable(const struct link_conf *conf);

/* True if answers are RTU frames, which bear no number: a late one is known by its length alone. */
bool link_conf_is_rtu(const struct link_conf *conf);

/* Milliseconds between an answer and the next request. */
int link_conf_gap_ms(const struct link_conf *conf);

/* Bits of one character on a serial line: start, data, parity, stop. */
int link_conf_bits(const struct link_conf *conf);

/* Milliseconds of CLOCK_MONOTONIC, which every time-out of a link is counted on. */
int64_t link_now_ms(void);

struct link;

/* A link that is closed; the strings stay the caller's. NULL with errno: no memory, no descriptor,
 * or a line that cannot be opened as it is described (a host name, a rate that libmodbus does not
 * know). */
struct link *link_new(const struct link_conf *conf);
struct link *link_free(struct link *link);

/* Opens if closed, or if an adapter was unplugged, within the response timeout. WHY_NONE or
 * WHY_LINK; *ret_errno says why not. */
enum why link_open(struct link *link, int *ret_errno);
bool link_is_open(const struct link *link);
/* How often it was opened: another device may answer after each time. */
unsigned link_openings(const struct link *link);
void link_close(struct link *link);

/*
 * One request, within the unit's timeout (RTU: and at most 1 s for the drain). A connection that
 * served and was closed meanwhile is opened again, which link_openings tells. Returns WHY_NONE with
 * request->count words in `ret`, or WHY_TIMEOUT, WHY_BAD_FRAME (*ret_code may be
 * FRAME_BEHIND_ZERO), WHY_ECHO, WHY_EXCEPTION (*ret_code = the exception), WHY_LINK (*ret_code =
 * errno; the link is closed). Exceptions 10 and 11 of a gateway are WHY_TIMEOUT: the device behind
 * it is silent.
 */
enum why link_read(struct link *link, const struct asked *asked, const struct request *request,
		   uint16_t *ret, int *ret_code);

/* Lets so long pass, or ends with link_interrupt. */
void link_sleep(const struct link *link, int64_t ms);

/* From another thread: ends a sleep, an open or a read that is under way, and every later one, at
 * once; a frame that has begun on a tty ends within 1 s. */
void link_interrupt(struct link *link);

/* The link as a poller takes it, with CLOCK_MONOTONIC; it must live as long. */
struct master link_master(struct link *link);

#endif
