/* SPDX-License-Identifier: MIT */
#include "control_answers.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "conf.h"
#include "control_commands.h"
#include "log.h"
#include "maintenance.h"
#include "time_text.h"

static int64_t station_now_ms(const struct control_answers *answers)
{
	return clock_station_ms(answers->clock, clock_boot_us());
}

/* 0 while it is not known what time it is. */
static int64_t known_now_ms(const struct control_answers *answers)
{
	if (answers->clock->state == CLOCK_WAITING)
		return 0;
	return clock_wall_ms(answers->clock, station_now_ms(answers));
}

static void put_maintenance(struct control_answers *answers, const char *sensor,
			    const struct maintenance *span, struct control_answer *ret)
{
	int bus, device, r = maintenance_put(answers->store, sensor, span);
	char until[TIME_TEXT_SIZE];
	if (r != 0) {
		control_refuse(ret, "database: %s: %s", store_strerror(r),
			       store_message(answers->store));
		return;
	}
	if (sensor_marks_find(answers->marks, sensor, &bus, &device))
		sensor_marks_set_maintenance(answers->marks, bus, device, span->since_ms,
					     span->until_ms);
	if (span->until_ms > span->since_ms)
		control_accept(ret, "%s: maintenance until %s", sensor,
			       time_text(span->until_ms, until));
	else
		control_accept(ret, "%s: no maintenance", sensor);
}

static void answer_maintenance(void *ctx, const struct control_peer *peer,
			       const struct control_request *request, struct control_answer *ret)
{
	(void)peer;
	struct control_answers *answers = ctx;
	const char *sensor = control_text(request, "sensor");
	int bus, device;
	int64_t minutes = 0, now_ms = known_now_ms(answers);
	bool end = control_flag(request, "end");
	if (!sensor || !sensor_marks_find(answers->marks, sensor, &bus, &device))
		control_refuse(ret, "sensor: %.64s is not a sensor of this station",
			       sensor ? sensor : "nothing");
	else if (!end && !control_int(request, "minutes", 1, UPKEEP_MAINTENANCE_MAX_MIN, &minutes))
		control_refuse(ret, "minutes: not a whole number of 1 to %d",
			       UPKEEP_MAINTENANCE_MAX_MIN);
	else if (now_ms == 0)
		control_refuse(ret, "the station does not know what time it is yet");
	else
		put_maintenance(answers, sensor,
				&(struct maintenance){now_ms, now_ms + minutes * MINUTE_MS}, ret);
}

static void answer_keys_reset(void *ctx, const struct control_peer *peer,
			      const struct control_request *request, struct control_answer *ret)
{
	(void)peer;
	struct control_answers *answers = ctx;
	const char *key = control_text(request, "key");
	int64_t before = 0;
	int r = key ? inbox_reset_counter(answers->inbox, key, &before) : STORE_E_NONE;
	if (r == STORE_E_NONE) {
		control_refuse(ret, "key: %.64s is not a key of this station",
			       key ? key : "nothing");
		return;
	}
	if (r != 0) {
		control_refuse(ret, "database: %s: %s", store_strerror(r),
			       store_message(answers->store));
		return;
	}
	log_notice(LOG_COUNTER_RESET, "the counter of the key %s was reset by hand; it was %lld",
		   key, (long long)before);
	control_accept(ret, "%s: its counter was %lld; its next command may have any", key,
		       (long long)before);
}

/* For `hazewatch status`. */
static void answer_status(void *ctx, const struct control_peer *peer,
			  const struct control_request *request, struct control_answer *ret)
{
	(void)peer;
	const struct control_answers *answers = ctx;
	(void)request;
	if (answers->tell)
		ret->body = answers->tell(answers->ctx);
	if (ret->body)
		control_accept(ret, "station %s", answers->conf->station.id);
	else
		control_refuse(ret, "the station says nothing of itself now");
}

/* For `hazewatch read`: what the bus brought last. Nothing is asked on the bus for it. */
static void answer_read(void *ctx, const struct control_peer *peer,
			const struct control_request *request, struct control_answer *ret)
{
	(void)peer;
	const struct control_answers *answers = ctx;
	const char *sensor = control_text(request, "sensor");
	int bus, device;
	if (!sensor || !sensor_marks_find(answers->marks, sensor, &bus, &device)) {
		control_refuse(ret, "sensor: %.64s is not a sensor of this station",
			       sensor ? sensor : "nothing");
		return;
	}
	if (answers->tell_sensor)
		ret->body = answers->tell_sensor(answers->ctx, bus, device);
	if (ret->body)
		control_accept(ret, "%s", sensor);
	else
		control_refuse(ret, "the station says nothing of its sensors now");
}

/* ---- commands that people type here ---- */

/* For `hazewatch directive` and its like: into the spool. The group may, with a key. */
static void answer_command(void *ctx, const struct control_peer *peer,
			   const struct control_request *request, struct control_answer *ret)
{
	const struct control_answers *answers = ctx;
	control_take_command(answers->inbox, peer, request, ret);
}

/* What became of it. */
static void answer_reply(void *ctx, const struct control_peer *peer,
			 const struct control_request *request, struct control_answer *ret)
{
	const struct control_answers *answers = ctx;
	(void)peer;
	if (known_now_ms(answers) == 0)
		control_accept(ret, "kept until the station knows what time it is");
	else
		control_tell_reply(answers->inbox, request, ret);
}

/* For `hazewatch list import`: begins, or with "look" says how far it is. What it changes is
 * followed as a list at a start is. */
static void answer_list(void *ctx, const struct control_peer *peer,
			const struct control_request *request, struct control_answer *ret)
{
	struct control_answers *answers = ctx;
	const uint64_t one = 1;
	(void)peer;
	if (control_flag(request, "look"))
		control_tell_list(&answers->list, ret);
	else
		control_begin_list(&answers->list, answers->conf, answers->store, ret);
	if (answers->list.from && write(answers->list_fd, &one, sizeof(one)) < 0)
		control_end_list(&answers->list); /* nobody would go on with it */
}

/* A piece, when nothing else is to be done. */
static void on_list(void *ctx)
{
	struct control_answers *answers = ctx;
	uint64_t times;
	if (!control_work_list(&answers->list) && read(answers->list_fd, &times, sizeof(times)) < 0)
		return; /* it was read already */
}

static const struct control_handler handlers[] = {
	{"status", true, answer_status},
	{"read", true, answer_read},
	{"maintenance", false, answer_maintenance},
	{"keys_reset", false, answer_keys_reset},
	{"command", true, answer_command},
	{"reply", true, answer_reply},
	{"list", false, answer_list},
	{0},
};

int control_answers_init(struct control_answers *answers, const struct conf *conf,
			 const struct clock *clock)
{
	*answers = (struct control_answers){
		.conf = conf, .clock = clock, .marks = sensor_marks_new(conf), .list_fd = -1};
	return answers->marks ? 0 : -ENOMEM;
}

static void restore_maintenance(struct control_answers *answers)
{
	for (int b = 0; b < answers->conf->n_buses; b++) {
		const struct bus_conf *bus = &answers->conf->buses[b];
		for (int d = 0; d < bus->n_devices; d++) {
			struct maintenance span;
			if (maintenance_get(answers->store, bus->devices[d].id, &span) == 0)
				sensor_marks_set_maintenance(answers->marks, b, d, span.since_ms,
							     span.until_ms);
		}
	}
}

static void on_control(void *ctx)
{
	struct control_answers *answers = ctx;
	control_look(answers->control);
}

int control_answers_begin(struct control_answers *answers, struct store *store, struct inbox *inbox,
			  struct loop *loop)
{
	const char *runtime = getenv("RUNTIME_DIRECTORY");
	char path[PATH_MAX];
	answers->store = store;
	answers->inbox = inbox;
	restore_maintenance(answers);
	snprintf(path, sizeof(path), "%s/" CONTROL_NAME,
		 runtime && runtime[0] ? runtime : answers->conf->data_dir);
	int r = control_new(path, handlers, answers, &answers->control);
	if (r < 0)
		log_warning(LOG_CONTROL_SOCKET,
			    "control socket %s: %s; hazewatch maintenance, keys and directive will "
			    "not work",
			    path, strerror(-r));
	if (!answers->control)
		return 0;
	answers->list_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (answers->list_fd < 0)
		return -errno;
	r = loop_on_readable(loop, answers->list_fd, LOOP_LIST, on_list, answers);
	return r < 0 ? r
		     : loop_on_readable(loop, control_fd(answers->control), LOOP_PEOPLE, on_control,
					answers);
}

bool control_answers_look(struct control_answers *answers, struct health_report *report)
{
	if (answers->control)
		control_tick(answers->control, clock_monotonic_ms());
	return sensor_marks_look(answers->marks, station_now_ms(answers), known_now_ms(answers),
				 report);
}

void control_answers_end(struct control_answers *answers)
{
	control_end_list(&answers->list);
	if (answers->list_fd >= 0)
		close(answers->list_fd);
	answers->list_fd = -1;
	answers->control = control_free(answers->control);
	answers->marks = sensor_marks_free(answers->marks);
}
