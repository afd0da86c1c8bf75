/* SPDX-License-Identifier: MIT */
/*
 * The thread of a bus of data loggers (数采仪): hears HJ 212, by listening or over one connection
 * of its own making, and emits values and notices by value, as bus.h does for Modbus.
 *
 * A message of values is answered (9014) only once whoever takes them says that they are committed
 * (hj212_source_settle); without that word it is not, and the logger sends it again. Never logs,
 * never touches a database, never waits for whoever takes the values, never sets a clock.
 *
 * Limits: a connection for each logger and HJ212_STRANGERS_MAX more, as all buses share the
 * process' descriptors; HJ212_BUFFER bytes of each, HJ212_PENDING_MAX messages that wait for their
 * commit. While there are so many nothing is read, and TCP holds the loggers back, so that nothing
 * is lost of those that want no answer. After HJ212_PENDING_MS a message is not answered any more.
 */
#ifndef SENSORS_HJ212_SOURCE_H
#define SENSORS_HJ212_SOURCE_H

#include "bus.h"
#include "hj212_logger.h"

#define HJ212_STRANGERS_MAX 4 /* connections of a bus beyond one a logger */
#define HJ212_CONNECTIONS_MAX (BUS_DEVICES_MAX + HJ212_STRANGERS_MAX)
#define HJ212_PENDING_MAX 128
#define HJ212_PENDING_MS 30000
#define HJ212_OLDEST_H 1488      /* 62 days: older periods are not taken */
#define HJ212_AHEAD_MS 300000    /* so long before its end by our clock a period is taken */
#define HJ212_CLOCK_OFF_MS 60000 /* further apart the clocks are told */
#define HJ212_SILENCE_LEAST_MS 180000
#define HJ212_GAP_STRETCH_MS 7200000 /* so long its pauses are watched: longer than an hour */

/* Values on their way to the database. */
struct hj212_said {
	int device;      /* of the bus */
	uint64_t number; /* for hj212_source_settle */
	struct hj212_values values;
};

/* What is told once, until it is otherwise. */
enum hj212_news_kind { HJ212_NEWS_TROUBLE, HJ212_NEWS_CLOCK, HJ212_NEWS_UNIT };

#define HJ212_FOUND_MAX 80

struct hj212_news {
	enum hj212_news_kind kind;
	int device; /* -1: of none that is known */
	enum hj212_trouble trouble;
	char found[HJ212_FOUND_MAX]; /* printable; of a frame its causes, joined by ", " */
	int64_t off_ms;              /* of a clock: the logger's less ours; 0: right again */
	enum pollutant pollutant;    /* of a unit */
	bool doubted;
	int32_t median_milli; /* by its profile */
};

/* Of one logger since the start. */
struct hj212_counts {
	bool connected;
	uint64_t messages;                /* of values, handed over */
	uint64_t refused[HJ212_TROUBLES]; /* [HJ212_FINE]: there was no room */
	int64_t off_ms;                   /* of its clock; 0: as ours, or not known */
	pollutant_set doubted;            /* whose unit is */
};

/* What it needs from its surroundings. All are called on its thread and must not block. */
struct hj212_source_env {
	void *ctx;
	int64_t (*station_ms)(void *ctx); /* station time since boot */
	int64_t (*wall_ms)(void *ctx);    /* the same since 1970 UTC; 0: it is not known yet */
	void (*notice)(void *ctx, int bus, const struct bus_notice *notice);
	/* false: there is no room */
	bool (*said)(void *ctx, int bus, const struct hj212_said *said);
	void (*tell)(void *ctx, int bus, const struct hj212_news *news);
};

struct hj212_source_setup {
	const struct bus_conf *conf;
	const struct hj212_source_env *env;
	const struct hj212_cipher *cipher; /* NULL: none */
	/* of each device; "": it could not be read, and nothing of it is taken */
	const char (*passwords)[HJ212_PW_MAX + 1];
	int index; /* comes back as `bus` */
};

struct hj212_source;

/* Starts the thread. What the setup points to must live on, but for the passwords. Negative errno.
 */
int hj212_source_start(const struct hj212_source_setup *setup, struct hj212_source **ret);

/* Asks the thread to end; returns at once. */
void hj212_source_stop(struct hj212_source *source);

/* The last of it: what has come so far is still read, handed over and answered. Returns at once;
 * `true` of hj212_source_ended once all of it is settled. Safe from any thread. */
void hj212_source_end(struct hj212_source *source);
bool hj212_source_ended(struct hj212_source *source);

/* Stops, waits for the thread (a moment) and frees it. Accepts NULL, returns NULL. */
struct hj212_source *hj212_source_free(struct hj212_source *source);

/* What became of a message: good, its values are in the database, and it is answered if that was
 * asked for. Safe from any thread. */
void hj212_source_settle(struct hj212_source *source, uint64_t number, bool good);

/* For `health`. Safe from any thread. */
void hj212_source_counts(struct hj212_source *source, int device, struct hj212_counts *ret);

/* Frames of no logger that is known, since the start. Safe from any thread. */
uint64_t hj212_source_unknown(struct hj212_source *source);

#endif
