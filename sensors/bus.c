/* SPDX-License-Identifier: MIT */
#include "bus.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "poller.h"

#define WAIT_MAX_MS 60000
#define SLOW_MS 1000 /* a poll that takes longer is a long one */

struct bus {
	const struct bus_conf *conf;
	const struct bus_env *env;
	struct link *link;
	struct poller *poller;
	int64_t due_ms[BUS_DEVICES_MAX]; /* station time of each device's next poll */
	atomic_ullong polls, failures, overruns;
	pthread_t thread;
	atomic_bool stopping;
};

/* The device that has been due longest, or will be first; -1: there is none. */
static int next_device(const struct bus *bus)
{
	int next = -1;

	for (int i = 0; i < bus->conf->n_devices; i++)
		if (next < 0 || bus->due_ms[i] < bus->due_ms[next])
			next = i;
	return next;
}

/*
 * Moves on to the next multiple of the interval. If that has passed, by less than an interval, the
 * poll is made all the same: so the bus works off what a silent device has cost. What was missed
 * before is only counted.
 */
static void schedule_poll(struct bus *bus, int device)
{
	int64_t interval_ms = bus->conf->devices[device].poll_ms;
	int64_t newest = bus->env->station_ms(bus->env->ctx) / interval_ms;
	int64_t next = bus->due_ms[device] / interval_ms + 1;

	if (newest > next) {
		bus->overruns += (uint64_t)(newest - next);
		next = newest;
	}
	bus->due_ms[device] = next * interval_ms;
}

/*
 * A device that takes long, or is waited for in vain for long, is given no more than half of the
 * time as long as there are others: after its poll it rests for as long as that took.
 */
static void rest_device(struct bus *bus, int device, int64_t began_ms, int64_t took_ms)
{
	int64_t interval_ms = bus->conf->devices[device].poll_ms;
	int64_t now_ms = bus->env->station_ms(bus->env->ctx);
	int64_t rested = (2 * now_ms - began_ms + interval_ms - 1) / interval_ms;
	int64_t left_out = rested - bus->due_ms[device] / interval_ms;

	if (took_ms <= SLOW_MS || bus->conf->n_devices < 2 || left_out <= 0)
		return;
	bus->overruns += (uint64_t)left_out;
	bus->due_ms[device] = rested * interval_ms;
}

/* Polls a device whose time has come, which may bring another one its turn. */
static void poll_device(struct bus *bus, int device)
{
	int64_t began_ms = bus->env->station_ms(bus->env->ctx), since_ms = link_now_ms();

	/* the silence after a line was opened first is none of the device's doing */
	bool is_first = link_openings(bus->link) == 0;

	schedule_poll(bus, device);
	bool complete = poller_poll(bus->poller, device);
	bus->polls++;
	if (!complete)
		bus->failures++;
	if (!is_first)
		rest_device(bus, device, began_ms, link_now_ms() - since_ms);
}

/* False when the bus is to stop. */
static bool wait_until(struct bus *bus, int64_t due_ms)
{
	int64_t wait_ms;

	while (!bus->stopping && (wait_ms = bus->env->wait_ms(bus->env->ctx, due_ms)) > 0)
		link_sleep(bus->link, wait_ms < WAIT_MAX_MS ? wait_ms : WAIT_MAX_MS);
	return !bus->stopping;
}

static void *bus_run(void *arg)
{
	struct bus *bus = arg;
	int device = next_device(bus);

	while (device >= 0 && wait_until(bus, bus->due_ms[device])) {
		poll_device(bus, device);
		device = next_device(bus);
	}
	poller_close(bus->poller);
	return NULL;
}

/* Signals are the main thread's. */
static int thread_start(struct bus *bus)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int rc = pthread_create(&bus->thread, NULL, bus_run, bus);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
}

/* The longest time for which a daemon before may have been waiting when it was killed. */
static int longest_timeout_ms(const struct bus_conf *conf)
{
	int ms = conf->link.response_timeout_ms;

	for (int i = 0; i < conf->n_devices; i++)
		if (conf->devices[i].response_timeout_ms > ms)
			ms = conf->devices[i].response_timeout_ms;
	return ms;
}

static int master_start(struct bus *bus, int index)
{
	struct link_conf conf = bus->conf->link;

	conf.before_ms = longest_timeout_ms(bus->conf);
	bus->link = link_new(&conf);
	if (!bus->link)
		return -errno;
	const struct master master = link_master(bus->link);
	bus->poller = poller_new(bus->conf, bus->env, index, &bus->stopping, &master);
	return bus->poller ? 0 : -ENOMEM;
}

static struct bus *bus_release(struct bus *bus)
{
	poller_free(bus->poller);
	link_free(bus->link);
	free(bus);
	return NULL;
}

static bool conf_is_usable(const struct bus_conf *conf)
{
	if (conf->n_devices < 0 || conf->n_devices > BUS_DEVICES_MAX)
		return false;
	for (int i = 0; i < conf->n_devices; i++)
		if (conf->devices[i].poll_ms <= 0)
			return false;
	return true;
}

int bus_start(const struct bus_conf *conf, const struct bus_env *env, int index, struct bus **ret)
{
	if (!conf_is_usable(conf))
		return -EINVAL;
	struct bus *bus = calloc(1, sizeof(*bus));
	if (!bus)
		return -ENOMEM;
	bus->conf = conf;
	bus->env = env;
	for (int i = 0; i < conf->n_devices; i++)
		bus->due_ms[i] = env->station_ms(env->ctx);
	int rc = master_start(bus, index);
	if (rc == 0)
		rc = thread_start(bus);
	if (rc < 0) {
		bus_release(bus);
		return rc;
	}
	*ret = bus;
	return 0;
}

void bus_stop(struct bus *bus)
{
	atomic_store(&bus->stopping, true);
	poller_interrupt(bus->poller);
}

struct bus *bus_free(struct bus *bus)
{
	if (!bus)
		return NULL;
	bus_stop(bus);
	pthread_join(bus->thread, NULL);
	return bus_release(bus);
}

void bus_stats(const struct bus *bus, struct bus_stats *ret)
{
	ret->polls = bus->polls;
	ret->failures = bus->failures;
	ret->overruns = bus->overruns;
}
