/* SPDX-License-Identifier: MIT */
#include "roster.h"

#include <stdio.h>
#include <string.h>

#include "log.h"

/* "42 min", "3 h": how long something lasted, for people. */
static const char *duration(int64_t ms, char text[32])
{
	if (ms < 120 * 1000)
		snprintf(text, 32, "%lld s", (long long)(ms / 1000));
	else if (ms < 120 * 60 * 1000)
		snprintf(text, 32, "%lld min", (long long)(ms / 60000));
	else
		snprintf(text, 32, "%lld h", (long long)(ms / 3600000));
	return text;
}

static void reason(const struct bus_conf *bus, const struct bus_notice *notice, char text[128])
{
	switch (notice->why) {
	case WHY_TIMEOUT:
		snprintf(text, 128, "no answer in %d ms", bus->link.response_timeout_ms);
		return;
	case WHY_EXCEPTION:
		snprintf(text, 128, "Modbus exception %d", notice->code);
		return;
	case WHY_LINK:
		snprintf(text, 128, "%s", notice->code ? strerror(notice->code) : "bus down");
		return;
	case WHY_BAD_FRAME:
		snprintf(text, 128, "an answer that failed its check");
		return;
	case WHY_ECHO:
		snprintf(text, 128, "we read our own request: an adapter that hears itself");
		return;
	case WHY_IDENTITY:
		snprintf(text, 128, "another device answers: its identity register holds %d",
			 notice->code);
		return;
	case WHY_NONE:
	case WHY_OUT_OF_RANGE:
	case WHY_SENTINEL:
	case WHY_STATUS:
	case WHY_FROZEN:
	case WHY_JUMP:
	case WHY_ZERO_CHECK:
	case WHY_SPAN_CHECK:
	case WHY_WARM_UP:
	case WHY_MAINTENANCE:
	case WHY_CLOCK:
	case WHY_REVIEW:
		break;
	}
	snprintf(text, 128, "%s", why_name(notice->why));
}

static const char *place(const struct bus_conf *bus, char text[128])
{
	if (bus->link.kind == LINK_TCP)
		snprintf(text, 128, "%s port %d", bus->link.host, bus->link.port);
	else
		snprintf(text, 128, "%s", bus->link.device);
	return text;
}

static void log_bus(const struct bus_conf *bus, const struct bus_notice *notice,
		    enum health_state before)
{
	char why[128], where[128], lasted[32];
	if (notice->state == HEALTH_FAILED) {
		reason(bus, notice, why);
		log_warning("bus %s: cannot open %s: %s; trying again", bus->id, place(bus, where),
			    why);
	} else if (notice->state == HEALTH_OK && before == HEALTH_FAILED) {
		log_notice("bus %s: %s is back after %s", bus->id, place(bus, where),
			   duration(notice->lasted_ms, lasted));
	} else if (notice->state == HEALTH_OK && before == HEALTH_UNKNOWN) {
		log_info("bus %s: %s is open", bus->id, place(bus, where));
	}
}

/* What to look at on a serial line: at another speed a device hears nothing, or noise. */
static const char *hint(const struct bus_conf *bus, const struct bus_notice *notice,
			enum health_state before)
{
	if (bus->link.kind != LINK_RTU)
		return "";
	if (notice->why == WHY_BAD_FRAME)
		return "; check baud rate, parity and wires";
	if (notice->why == WHY_TIMEOUT && before == HEALTH_UNKNOWN)
		return "; it never answered: check unit id, baud rate, parity and wires";
	return "";
}

static void log_device(const struct bus_conf *bus, const struct bus_notice *notice,
		       enum health_state before)
{
	const struct device_conf *device = &bus->devices[notice->device];
	char why[128], lasted[32];
	if (notice->state == HEALTH_FAILED) {
		reason(bus, notice, why);
		log_warning("%s: %s, %d times (bus %s, unit %d)%s", device->id, why,
			    notice->failures, bus->id, device->unit_id, hint(bus, notice, before));
	} else if (notice->state == HEALTH_OK && before == HEALTH_FAILED) {
		log_notice("%s: back after %s (bus %s, unit %d)", device->id,
			   duration(notice->lasted_ms, lasted), bus->id, device->unit_id);
	} else if (notice->state == HEALTH_OK && before == HEALTH_UNKNOWN) {
		log_info("%s: answers (bus %s, unit %d)", device->id, bus->id, device->unit_id);
	}
}

static int sensor_index(const struct conf *conf, int bus, int device)
{
	for (int b = 0; b < bus; b++)
		device += conf->buses[b].n_devices;
	return device;
}

bool roster_take(const struct conf *conf, const struct roster_notice *notice, int64_t now_ms,
		 struct health_report *report)
{
	const struct bus_conf *bus = &conf->buses[notice->bus];
	const struct bus_notice *news = &notice->notice;
	struct sensor_report *entry =
		news->device < 0 ? &report->buses[notice->bus]
				 : &report->sensors[sensor_index(conf, notice->bus, news->device)];
	/* suspect is between the two: what was failed or fine before it stays to be told */
	if (news->state == HEALTH_SUSPECT)
		return false;
	if (news->device < 0)
		log_bus(bus, news, entry->state);
	else
		log_device(bus, news, entry->state);
	bool changed = entry->state != news->state;
	*entry = (struct sensor_report){news->state, news->why, now_ms};
	return changed;
}
