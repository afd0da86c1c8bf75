/* SPDX-License-Identifier: MIT */
#include "own_poll.h"

#include <errno.h>
#include <stdatomic.h>

#include "clock.h"
#include "poller.h"

static int64_t read_ms(void *ctx)
{
	(void)ctx;
	return clock_monotonic_ms();
}

static int64_t wait_none(void *ctx, int64_t at_ms)
{
	(void)ctx;
	(void)at_ms;
	return 0;
}

static void ignore_sample(void *ctx, const struct sample *sample)
{
	(void)ctx;
	(void)sample;
}

static void keep_reason(void *ctx, int bus, const struct bus_notice *notice)
{
	struct own_poll *poll = ctx;
	(void)bus;
	if (notice->why == WHY_LINK)
		poll->link_errno = notice->code;
}

static void keep_rows(void *ctx, int bus, int device, const struct bus_reading *reading)
{
	struct own_poll *poll = ctx;
	(void)bus;
	(void)device;
	poll->reading = *reading;
}

int own_poll(const struct conf *conf, int bus, int device, struct own_poll *ret)
{
	static struct bus_conf alone; /* large, once */
	const struct bus_env env = {ret, read_ms, wait_none, ignore_sample, keep_reason, keep_rows};
	atomic_bool stopping = false;
	*ret = (struct own_poll){.link_errno = 0};
	alone = conf->buses[bus];
	alone.devices[0] = conf->buses[bus].devices[device];
	alone.n_devices = 1;
	struct link *link = link_new(&alone.link);
	if (!link)
		return -errno;
	const struct master master = link_master(link);
	struct poller *poller = poller_new(&alone, &env, 0, &stopping, &master);
	if (poller) {
		poller_poll(poller, 0);
		poller_close(poller);
		ret->age_ms = clock_monotonic_ms() - ret->reading.at_ms;
	}
	poller_free(poller);
	link_free(link);
	return poller ? 0 : -ENOMEM;
}
