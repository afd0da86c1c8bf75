/* SPDX-License-Identifier: MIT */
/*
 * The buses and sensors of the station and how they are: each failure is logged once when it begins
 * and once when it ends.
 */
#ifndef DAEMON_STATION_SENSOR_NEWS_H
#define DAEMON_STATION_SENSOR_NEWS_H

#include "bus.h"
#include "channel.h"
#include "conf.h"
#include "report.h"

/* A notice of a bus as it crosses to the main thread. */
struct sensor_news_notice {
	int bus;
	struct bus_notice notice;
};

/* Takes a notice: logs it, and notes it in the report. True if something changed for `health`. */
bool sensor_news_take(const struct conf *conf, const struct sensor_news_notice *notice,
		      int64_t now_ms, struct health_report *report);

/*
 * Takes a sample as its bus sent it, and tells once, with what to do, that a channel of an
 * instrument which answers brings nothing. `channels` are those of conf, all zero at the start.
 * True if something changed for `health`.
 */
bool sensor_news_sample(const struct conf *conf, const struct sample *sample, int64_t now_ms,
			struct channel_health *channels, struct health_report *report);

#endif
