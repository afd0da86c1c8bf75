/* SPDX-License-Identifier: MIT */
/*
 * The inside of platforms.h: what waits (platform_waiting.c, platform_late.c), which message is
 * next (platform_queue.c) or goes again (platform_parked.c), how it becomes frames
 * (platform_send.c), what came of it (platforms.c) and is told (platform_told.c), what was asked
 * for (platform_asked.c), password and key (platform_keys.c). Nobody else includes it.
 */
#ifndef DAEMON_HJ212_PLATFORMS_INSIDE_H
#define DAEMON_HJ212_PLATFORMS_INSIDE_H

#include "hj212_key.h"
#include "hj212_request.h"
#include "platform_line.h"
#include "platforms.h"

/* A message without an acknowledgement that is sent again. */
struct parked {
	int64_t qn;            /* 0: nothing */
	int64_t not_before_ms; /* monotonic */
	int64_t acks;          /* how many there had been when it was sent last */
	int alone;             /* how often it failed since others had been acknowledged */
};

/* Data that a platform asked for; gone with the connection. */
#define PLATFORM_RANGES_MAX 4
struct platform_range {
	struct hj212_request request;
	enum uplink_kind kind;
	int64_t next, last; /* ENDs in minutes */
	int step;
	int64_t sent;
};

/* What is under way. */
struct platform_job {
	enum { JOB_NONE, JOB_REALTIME, JOB_RANGE, JOB_PERIOD } what;
	int64_t qn;
	enum uplink_kind kind;
	int32_t tries;
	int64_t key_ms; /* which key it is enciphered by: when that was taken */
	bool acked;     /* and the store refused to know it: to be written yet */
};

struct platform {
	const struct platform_conf *conf;
	struct platform_line *line;
	struct uplink uplink; /* as in the store */
	bool known;           /* the store has it */
	bool has_password, has_key;
	char password[CONF_PLATFORM_PASSWORD_MAX + 1];
	struct hj212_key key;
	struct platform_job job;
	int n_ranges;
	struct platform_range ranges[PLATFORM_RANGES_MAX];
	bool ranges_turn;
	struct parked parked[UPLINK_SENT_MAX];
	int64_t acks, realtime_ms; /* since the start; monotonic: when real-time values are due */
	int64_t ill_ms;            /* wall: since when nothing is acknowledged; 0: it is well */
	bool heard;                /* it has acknowledged something since the start */
	bool told_given_up, told_key;
	int64_t set_ms[2]; /* monotonic: when it set its intervals (1062, 1064) last; 0: never */
	int64_t asked_ms, requests_refused; /* monotonic: when a request was told last */
	int64_t late_left, late_ms; /* minutes told late that are held back; since when they are so
				       many, monotonic */
	int64_t late_held_ms;       /* since when any are, or were judged last, monotonic */
	int64_t key_ms, hasty_ms;   /* monotonic: of the last 1014; that more came was told */
	uint64_t refused_before;    /* when it acknowledged last */
	struct platform_report report;
};

struct platforms {
	const struct conf *conf;
	struct store *store;
	struct platforms_env env;
	struct queue *events;
	int n;
	int64_t store_told_ms;          /* monotonic: that the store refuses was told; 0: never */
	int64_t bad_rows, set_aside_ms; /* when damaged rows were looked for last; monotonic */
	bool changed;
	struct platform all[CONF_PLATFORMS_MAX];
	struct platform_body body;
	struct uplink_message message;
	struct line_message frames;
	struct hj212_segment segment;
};

#define PLATFORM_LOOKED_AT_MAX 64 /* stretches and the like that are looked at, at once */

/* ---- platform_waiting.c: the last two inside a transaction ---- */

/* How many minutes a message is over. */
int platform_step(const struct platform *platform, enum uplink_kind kind);

/* The END of the newest period of so many minutes up to a moment, of the oldest from it on. */
int64_t platform_align_down(int64_t at, int step);
int64_t platform_align_up(int64_t at, int step);

/* Whole periods wait; what finds no room is given up. */
int platform_wait(struct platforms *all, struct platform *platform, enum uplink_kind kind,
		  struct uplink_stretch stretch);
int platform_give_up_old(struct platforms *all, struct platform *platform, int64_t now_ms);

/* ---- platform_late.c: inside a transaction ---- */

/* What data loggers told late, or otherwise, waits where it is wanted. */
int platform_late(struct platforms *all, struct platform *platform, int64_t now_ms);

/* ---- platform_queue.c: inside a transaction ---- */

/* Takes what has closed since into what waits. */
int platform_advance(struct platforms *all, struct platform *platform, int64_t now_ms);

/* Damaged rows of the uplinks go; what a message said that was one waits again. */
int platforms_set_aside(struct platforms *all);

/* Hours that were corrected wait again where that is wanted. */
int platforms_revise(struct platforms *all);

/* The next message of a period: one that was sent before, or one that gets a QN now; it is in
 * all->message. STORE_E_NONE: nothing is to be sent. live: the newest ones that closed alone. */
int platform_next(struct platforms *all, struct platform *platform, int64_t now_ms, bool live);

/* A QN that is later than all before it, but for those of a clock that was a day ahead. */
int64_t platform_new_qn(struct platform *platform, int64_t now_ms);

/* How many periods of each kind wait or have no acknowledgement. */
int platform_count(struct platforms *all, struct platform *platform);

/* ---- platform_parked.c: inside a transaction ---- */

/* One that may go again now, in all->message; STORE_E_NONE. *ret_n: how many there are. */
int platform_next_parked(struct platforms *all, struct platform *platform, int *ret_n);

/* Something was acknowledged: what had failed like all else need not wait any longer. */
void platform_got_through(struct platform *platform);

/* That so many periods are not sent any more; fewer than 1: nothing. */
int platform_give_up(struct platforms *all, struct platform *platform, int64_t periods);

/* It was not acknowledged: when it goes again, or that it is given up. */
int platform_failed(struct platforms *all, struct platform *platform);

/* ---- platform_asked.c ---- */

/* What a platform asked for: answered, refused, or done. */
void platform_hear(struct platforms *all, struct platform *platform, const struct line_event *event,
		   int64_t now_ms);
/* The next message that was asked for, in all->body; inside a transaction. STORE_E_NONE: there is
 * none now. */
int platform_next_asked(struct platforms *all, struct platform *platform, int64_t now_ms);

/* ---- platform_keys.c ---- */

/* Password and key, at each connect; false, and it is told: one of them cannot be read. */
bool platform_read_secrets(struct platforms *all, struct platform *platform, int64_t now_ms);
/* What a platform sent, or acknowledged, under the key in force makes the one before needless. */
void platform_confirm_key(struct platform *platform);
/* The age of the key, and a warning of it. */
void platform_look_at_key(struct platforms *all, struct platform *platform, int64_t now_ms);
/* The line reads by these from now on. */
void platform_share_keys(struct platform *platform);

/* ---- platform_told.c ---- */

/* Nothing is acknowledged, why; then that it is again: each once. */
void platform_tell_ill(struct platforms *all, struct platform *platform, const char *why,
		       int64_t now_ms);
void platform_tell_well(struct platforms *all, struct platform *platform, int64_t now_ms);
/* That something was given up: once until it is well. */
void platform_tell_given_up(struct platforms *all, struct platform *platform);
/* That the store refused. */
void platform_tell_store(struct platforms *all, const struct platform *platform, int r);

/* ---- platform_send.c ---- */

void platform_qn_write(int64_t qn, char ret[LINE_QN_SIZE]);

/* Hands a message to the line: false, it cannot be sent now, or never for want of a key. */
struct platform_words {
	int64_t qn;
	int cn;
	const char *body;
	bool again;
};
bool platform_send(struct platforms *all, struct platform *platform,
		   const struct platform_words *words);

#endif
