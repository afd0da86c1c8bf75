/* SPDX-License-Identifier: MIT */
/*
 * The inside of hj212_source.h: the thread and its connections (hj212_source.c, hj212_socket.c),
 * what a message is and how it is answered (hj212_hear.c), the state of each logger
 * (hj212_state.c). Nobody else includes it.
 */
#ifndef SENSORS_HJ212_SOURCE_INSIDE_H
#define SENSORS_HJ212_SOURCE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "hj212_frame.h"
#include "hj212_source.h"

/* A connection, with the parser's state of its own. */
struct hj212_connection {
	int fd;
	uint64_t id; /* never used twice */
	bool connecting;
	bool broken;      /* to be closed */
	bool dry;         /* all that had come at the end was read */
	int64_t heard_ms; /* monotonic: the newest right frame of a logger, or its begin */
	int logger;       /* whose that was; -1: none yet */
	struct hj212_reader reader;
	/* the DataTime of a message in parts, which need not be in each of them */
	char time_qn[HJ212_QN_MAX], time[HJ212_QN_MAX];
	int time_logger, time_cn;
	uint16_t n_time;
};

/* A message that waits for its commit. number 0: none. */
struct hj212_pending {
	uint64_t number, connection;
	int64_t until_ms; /* monotonic */
	bool settled, good;
	struct hj212_head head;
};

struct hj212_state {
	enum hj212_health { HJ212_NEVER, HJ212_SPEAKS, HJ212_SILENT } health;
	int64_t since_ms;           /* station time: of that, of silence since the newest values */
	int64_t said_ms;            /* of its newest values; of the start before */
	int32_t minutes;            /* the period they were of */
	enum hj212_trouble trouble; /* of its newest frame */
	bool heard;                 /* a right frame of it since the newest values */
	bool mute;                  /* HJ212_SILENT since nothing at all comes, values or not */
	int64_t heard_ms;           /* station time: of its newest right frame; 0: none yet */
	/* the longest pause between two of them in the stretch that runs, and in the one before;
	 * 0: that is not known */
	int64_t gap_since_ms, gap_ms, gap_before_ms;
	unsigned told;  /* bits of the troubles that were told */
	bool has_clock; /* of the window that runs: */
	int64_t clock_since_ms, clock_ms;
	struct hj212_unit units[POLLUTANT_COUNT];
	struct hj212_counts counts; /* under the lock */
};

#define HJ212_STRANGERS_TOLD 8

struct hj212_source {
	struct hj212_source_setup setup;
	struct hj212_form form;
	int n_loggers;
	struct hj212_logger *loggers;
	struct hj212_state *states;
	int listen_fd, wake_fd;
	bool line_failed, line_open; /* what was told of it */
	int64_t line_ms;             /* monotonic: not opened before */
	int64_t accept_ms;           /* the same: nobody is let in before, no descriptor was left */
	int64_t backoff_ms, began_ms;
	uint64_t connections_made, messages;
	unsigned turn; /* which connection is the first to be read */
	struct hj212_connection *connections[HJ212_CONNECTIONS_MAX]; /* NULL: free */
	int n_strangers;
	char strangers[HJ212_STRANGERS_TOLD][HJ212_MN_MAX + 1];
	struct hj212_segment segment;
	atomic_ullong unknown; /* frames of strangers */
	pthread_mutex_t lock;
	struct hj212_pending pending[HJ212_PENDING_MAX]; /* under it */
	pthread_t thread;
	atomic_bool ending, ended, stopping;
};

/* ---- hj212_socket.c ---- */

/* A connection whose peer has vanished is found out. */
void hj212_socket_set_up(int fd);

/* A listening socket, or one that is connecting; negative errno. */
int hj212_socket_open(const struct bus_conf *conf);

/* ---- hj212_hear.c ---- */

/* What of a connection was read, as far as there is room for what it brings. True if that is all.
 */
bool hj212_hear_all(struct hj212_source *source, struct hj212_connection *connection,
		    int64_t now_ms);

/* Reads and hears what is there, a piece at a time, so that the other connections have their turn;
 * nothing before what came earlier is heard. */
void hj212_read(struct hj212_source *source, struct hj212_connection *connection);

/* Whether one more message may wait for its commit; how many do. */
bool hj212_has_room(struct hj212_source *source);
int hj212_count_pending(struct hj212_source *source);

/* Answers what was settled since, unless it waited too long. */
void hj212_answer_settled(struct hj212_source *source, int64_t now_ms);

/* ---- hj212_state.c ---- */

/* A right frame came, taken or not; `wall_ms` 0: not known. */
void hj212_state_heard(struct hj212_source *source, const struct hj212_head *head, int64_t wall_ms);

/* Values of it were handed over. */
void hj212_state_said(struct hj212_source *source, int logger, const struct hj212_values *values);

/* A frame was not taken: counted, and told once. `logger` -1: of none that is known. */
void hj212_state_refused(struct hj212_source *source, int logger, enum hj212_trouble trouble,
			 const char *found);

/* Who has been silent for too long; who is connected. */
void hj212_state_look(struct hj212_source *source);

#endif
