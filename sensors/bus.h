/* SPDX-License-Identifier: MIT */
/*
 * The thread of one bus: polls its devices in turn and emits samples and notices by value.
 *
 * Never logs, never touches a database or MQTT, never waits for whoever takes the samples. Polls
 * are scheduled on station time (which an exercise may compress), time-outs and probes run on
 * CLOCK_MONOTONIC. A poll that comes late is made once; of those missed meanwhile only the newest
 * is caught up.
 */
#ifndef SENSORS_BUS_H
#define SENSORS_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include "health.h"
#include "hj212_logger.h"
#include "link.h"
#include "profile.h"
#include "sample.h"

#define BUS_DEVICES_MAX 64
#define BUS_CHANNELS_MAX PROFILE_ROWS_MAX

struct device_conf {
	const char *id;
	int unit_id; /* 0..255 */
	const struct profile *profile;
	int32_t poll_ms;         /* station time between two polls, above 0 */
	int response_timeout_ms; /* 0: that of the bus */
	int retries;             /* how often a request without an answer is made again in a poll */
	int max_registers;       /* that one request may ask for; 0: READPLAN_REGISTERS_MAX */
	/* the station's channel of each row of the profile, -1: not used */
	int16_t channels[PROFILE_ROWS_MAX];
	/* it is a data logger that speaks by itself (hj212_source.h), and not asked; NULL: asked */
	const struct hj212_logger_conf *logger;
};

struct bus_conf {
	const char *id;
	struct link_conf link; /* of loggers: LINK_TCP, where it listens or connects to */
	bool of_loggers;       /* HJ 212, not Modbus */
	bool listens;          /* loggers connect to it */
	int n_devices;
	struct device_conf devices[BUS_DEVICES_MAX];
};

/* What a register that never changes was found to hold. */
struct bus_proof {
	enum why why;                    /* WHY_NONE: what it must */
	uint32_t holds;                  /* the bits looked at */
	char text[PROFILE_TEXT_MAX + 1]; /* of an identity that is a text */
};

/* A change of health, told once. device == -1: the bus itself. */
struct bus_notice {
	int device;
	enum health_state state;
	enum why why;
	/* exception or errno, of WHY_IDENTITY and WHY_EXPECT the bits of the register; 0: none */
	int code;
	int64_t lasted_ms; /* how long the state before lasted, monotonic */
	int32_t failures;  /* in a row, up to now */
	bool hurried;      /* each time the device was asked right after another answer */
	int expect;        /* of WHY_EXPECT: which expectation of the profile */
};

/* What the newest poll of a device brought for one row of its profile, used or not. */
struct bus_row {
	bool asked; /* false: left out of this poll for the sake of another request */
	bool has_words;
	uint16_t words[PROFILE_WORDS_MAX]; /* as received; as many as the type takes */
	enum quality quality;
	enum why why;
	int32_t value_milli; /* as in struct sample */
};

/* The same of all its rows. */
struct bus_reading {
	uint64_t polls; /* of the device since the start, this one included; 0: none yet */
	int64_t at_ms;  /* station time */
	bool has_status;
	int status_at;     /* which status: the first that is not normal, else the first */
	uint32_t status;   /* what its register held */
	enum why says;     /* WHY_NONE: normal */
	bool has_identity; /* it was read in this poll or before */
	struct bus_proof identity;
	int n_expects;
	struct bus_proof expects[PROFILE_EXPECTS_MAX]; /* read with the identity */
	int n_rows;
	struct bus_row rows[PROFILE_ROWS_MAX];
};

/* What a bus needs from its surroundings. All are called on the bus thread and must not block. */
struct bus_env {
	void *ctx;
	int64_t (*station_ms)(void *ctx); /* station time since boot */
	/* milliseconds of CLOCK_MONOTONIC until station time reaches at_ms, 0 if past */
	int64_t (*wait_ms)(void *ctx, int64_t at_ms);
	void (*emit)(void *ctx, const struct sample *sample);
	void (*notice)(void *ctx, int bus, const struct bus_notice *notice);
	/* after the samples of a poll; NULL: nobody wants it */
	void (*read)(void *ctx, int bus, int device, const struct bus_reading *reading);
};

struct bus;

/*
 * Starts the thread; the first polls are due at once. `index` comes back in notices; conf and env
 * stay the caller's and must live on. Negative errno; -EINVAL if the line cannot be opened as it
 * is described.
 */
int bus_start(const struct bus_conf *conf, const struct bus_env *env, int index, struct bus **ret);

/* Asks the thread to end; returns at once. */
void bus_stop(struct bus *bus);

/* Stops, waits for the thread (at most 1 s) and frees it. Accepts NULL, returns NULL. */
struct bus *bus_free(struct bus *bus);

/* Counts since the start; for `health`. Safe from any thread. */
struct bus_stats {
	uint64_t polls;    /* that came due and were made, failed ones included */
	uint64_t failures; /* of these, some or all values are missing */
	uint64_t overruns; /* left out because the bus was busy */
};
void bus_stats(const struct bus *bus, struct bus_stats *ret);

#endif
