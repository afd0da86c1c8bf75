/* SPDX-License-Identifier: MIT */
#include "operate.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "maintenance.h"

static int64_t station_now_ms(const struct operate *operate)
{
	return clock_station_ms(operate->clock, clock_boot_us());
}

/* 0 while it is not known what time it is. */
static int64_t known_now_ms(const struct operate *operate)
{
	if (operate->clock->state == CLOCK_WAITING)
		return 0;
	return clock_wall_ms(operate->clock, station_now_ms(operate));
}

static void put_maintenance(struct operate *operate, const char *sensor,
			    const struct maintenance *span, struct control_answer *ret)
{
	int bus, device, r = maintenance_put(operate->store, sensor, span);
	char until[CLOCK_TEXT_SIZE];
	if (r != 0) {
		control_refuse(ret, "database: %s: %s", store_strerror(r),
			       store_message(operate->store));
		return;
	}
	if (upkeep_find(operate->upkeep, sensor, &bus, &device))
		upkeep_set_maintenance(operate->upkeep, bus, device, span->since_ms,
				       span->until_ms);
	if (span->until_ms > span->since_ms)
		control_accept(ret, "%s: maintenance until %s", sensor,
			       clock_text(span->until_ms, until));
	else
		control_accept(ret, "%s: no maintenance", sensor);
}

static void answer_maintenance(void *ctx, const struct control_request *request,
			       struct control_answer *ret)
{
	struct operate *operate = ctx;
	const char *sensor = control_text(request, "sensor");
	int bus, device;
	int64_t minutes = 0, now_ms = known_now_ms(operate);
	bool end = control_flag(request, "end");
	if (!sensor || !upkeep_find(operate->upkeep, sensor, &bus, &device))
		control_refuse(ret, "sensor: %.64s is not a sensor of this station",
			       sensor ? sensor : "nothing");
	else if (!end && !control_int(request, "minutes", 1, UPKEEP_MAINTENANCE_MAX_MIN, &minutes))
		control_refuse(ret, "minutes: not a whole number of 1 to %d",
			       UPKEEP_MAINTENANCE_MAX_MIN);
	else if (now_ms == 0)
		control_refuse(ret, "the station does not know what time it is yet");
	else
		put_maintenance(operate, sensor,
				&(struct maintenance){now_ms, now_ms + minutes * MINUTE_MS}, ret);
}

static const struct control_handler handlers[] = {
	{"maintenance", answer_maintenance},
	{0},
};

int operate_init(struct operate *operate, const struct conf *conf, const struct clock *clock)
{
	*operate = (struct operate){.conf = conf, .clock = clock, .upkeep = upkeep_new(conf)};
	return operate->upkeep ? 0 : -ENOMEM;
}

static void take_back(struct operate *operate)
{
	for (int b = 0; b < operate->conf->n_buses; b++) {
		const struct bus_conf *bus = &operate->conf->buses[b];
		for (int d = 0; d < bus->n_devices; d++) {
			struct maintenance span;
			if (maintenance_get(operate->store, bus->devices[d].id, &span) == 0)
				upkeep_set_maintenance(operate->upkeep, b, d, span.since_ms,
						       span.until_ms);
		}
	}
}

static void on_control(void *ctx)
{
	struct operate *operate = ctx;
	control_look(operate->control);
}

int operate_begin(struct operate *operate, struct store *store, struct loop *loop)
{
	const char *runtime = getenv("RUNTIME_DIRECTORY");
	char path[PATH_MAX];
	operate->store = store;
	take_back(operate);
	snprintf(path, sizeof(path), "%s/" CONTROL_NAME,
		 runtime && runtime[0] ? runtime : operate->conf->data_dir);
	int r = control_new(path, handlers, operate, &operate->control);
	if (r < 0)
		log_warning("control socket %s: %s; hazewatch maintenance will not work", path,
			    strerror(-r));
	if (!operate->control)
		return 0;
	return loop_on_readable(loop, control_fd(operate->control), LOOP_REPORTS, on_control,
				operate);
}

bool operate_look(struct operate *operate, struct health_report *report)
{
	if (operate->control)
		control_tick(operate->control);
	return upkeep_look(operate->upkeep, station_now_ms(operate), known_now_ms(operate), report);
}

void operate_end(struct operate *operate)
{
	operate->control = control_free(operate->control);
	operate->upkeep = upkeep_free(operate->upkeep);
}
