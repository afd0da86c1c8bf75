/* SPDX-License-Identifier: MIT */
#include "sensor_news.h"

#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "log.h"
#include "log_words.h"
#include "words.h"

/* "42 min", "3 h": how long something lasted, for people. */
static const char *format_duration(int64_t ms, char text[32])
{
	if (ms < 120 * 1000)
		snprintf(text, 32, tr("%lld s"), (long long)(ms / 1000));
	else if (ms < 120 * 60 * 1000)
		snprintf(text, 32, tr("%lld min"), (long long)(ms / 60000));
	else
		snprintf(text, 32, tr("%lld h"), (long long)(ms / 3600000));
	return text;
}

/* Those whose name alone says too little. */
static const char *const reason_texts[WHY_COUNT] = {
	[WHY_LINK] = TR_LATER("bus down"),
	[WHY_BAD_FRAME] = TR_LATER("an answer that failed its check"),
	[WHY_ECHO] = TR_LATER("we read our own request: an adapter that hears itself"),
};

/* Of a data logger that brings no values. */
static void write_silence(const struct bus_notice *notice, char text[128])
{
	char lasted[32];
	if (notice->why == WHY_TIMEOUT)
		snprintf(text, 128, tr("nothing has come from it for %s"),
			 format_duration(notice->lasted_ms, lasted));
	else if (notice->why == WHY_STALE)
		snprintf(text, 128, "%s", tr("it speaks, and sends no values of the kinds in cn"));
	else
		snprintf(text, 128, tr("what it sends is not taken (%s)"),
			 hj212_trouble_name((enum hj212_trouble)notice->code));
}

static void write_reason(const struct bus_conf *bus, const struct bus_notice *notice,
			 char text[128])
{
	const char *known = reason_texts[notice->why];
	/* a bus has no reason of a device's */
	const struct device_conf *device = &bus->devices[notice->device < 0 ? 0 : notice->device];
	if (bus->of_loggers && notice->device >= 0)
		write_silence(notice, text);
	else if (notice->why == WHY_TIMEOUT)
		snprintf(text, 128, tr("no answer in %d ms"),
			 bus->devices[notice->device].response_timeout_ms);
	else if (notice->why == WHY_BAD_FRAME && notice->code == FRAME_BEHIND_ZERO)
		snprintf(text, 128, "%s", tr("a byte 00 before the answer"));
	else if (notice->why == WHY_EXCEPTION)
		snprintf(text, 128, tr("Modbus exception %d"), notice->code);
	else if (notice->why == WHY_LINK && notice->code != 0)
		snprintf(text, 128, "%s", strerror(notice->code));
	else if (notice->why == WHY_IDENTITY && device->profile->identity.text)
		snprintf(text, 128, "%s",
			 tr("another device answers: its identity registers hold another text"));
	else if (notice->why == WHY_IDENTITY)
		snprintf(text, 128, tr("another device answers: its identity register holds %u"),
			 (unsigned)notice->code);
	else if (notice->why == WHY_EXPECT)
		snprintf(text, 128,
			 tr("register %d (function %d) holds %u, not what the profile expects"),
			 device->profile->expects[notice->expect].at.address,
			 device->profile->expects[notice->expect].at.function,
			 (unsigned)notice->code);
	else
		snprintf(text, 128, "%s", known ? tr(known) : log_why(notice->why));
}

static const char *write_bus_place(const struct bus_conf *bus, char text[128])
{
	if (bus->link.kind != LINK_RTU)
		snprintf(text, 128, tr("%s port %d"), bus->link.host, bus->link.port);
	else
		snprintf(text, 128, "%s", bus->link.device);
	return text;
}

static void log_bus(const struct bus_conf *bus, const struct bus_notice *notice,
		    enum health_state before)
{
	const struct log_fields about = {.bus = bus->id};
	char why[128], where[128], lasted[32];
	if (notice->state == HEALTH_FAILED) {
		write_reason(bus, notice, why);
		log_line(LOG_LEVEL_WARNING, LOG_BUS_FAILED, &about,
			 "bus %s: cannot open %s: %s; trying again", bus->id,
			 write_bus_place(bus, where), why);
	} else if (notice->state == HEALTH_OK && before == HEALTH_FAILED) {
		log_line(LOG_LEVEL_NOTICE, LOG_BUS_BACK, &about, "bus %s: %s is back after %s",
			 bus->id, write_bus_place(bus, where),
			 format_duration(notice->lasted_ms, lasted));
	} else if (notice->state == HEALTH_OK && before == HEALTH_UNKNOWN) {
		log_line(LOG_LEVEL_INFO, LOG_BUS_OPEN, &about, "bus %s: %s is open", bus->id,
			 write_bus_place(bus, where));
	}
}

/* What to look at: at another speed a device hears nothing, or noise, and many hear nothing so soon
 * after an answer to somebody else. */
static const char *choose_hint(const struct bus_conf *bus, const struct bus_notice *notice,
			       enum health_state before)
{
	bool never = notice->why == WHY_TIMEOUT && before == HEALTH_UNKNOWN;
	if (notice->why == WHY_BAD_FRAME && notice->code == FRAME_BEHIND_ZERO)
		return tr("; see to bias and termination of the line, and how the converter "
			  "switches its driver");
	if (never && notice->hurried)
		return tr("; it never answered, and was asked right after others each time: give "
			  "its bus a gap_ms, then check unit id, baud rate and wires");
	if (!link_conf_is_rtu(&bus->link))
		return "";
	if (notice->why == WHY_BAD_FRAME)
		return tr("; check baud rate, parity and wires");
	if (never)
		return tr("; it never answered: check unit id, baud rate, parity and wires");
	return "";
}

static void log_logger(const struct bus_conf *bus, const struct bus_notice *notice,
		       enum health_state before)
{
	const struct device_conf *device = &bus->devices[notice->device];
	const struct log_fields about = {.sensor = device->id, .bus = bus->id};
	char why[128], lasted[32];
	write_reason(bus, notice, why);
	if (notice->state == HEALTH_FAILED)
		log_line(LOG_LEVEL_WARNING, LOG_SENSOR_FAILED, &about, "%s: %s (bus %s, MN %s)",
			 device->id, why, bus->id, device->logger->mn);
	else if (notice->state == HEALTH_OK && before == HEALTH_FAILED &&
		 notice->code == HJ212_SPEAKS_AGAIN)
		log_line(LOG_LEVEL_NOTICE, LOG_SENSOR_BACK, &about,
			 "%s: it is heard again after %s (bus %s, MN %s)", device->id,
			 format_duration(notice->lasted_ms, lasted), bus->id, device->logger->mn);
	else if (notice->state == HEALTH_OK && before == HEALTH_FAILED)
		log_line(LOG_LEVEL_NOTICE, LOG_SENSOR_BACK, &about,
			 "%s: values again after %s (bus %s, MN %s)", device->id,
			 format_duration(notice->lasted_ms, lasted), bus->id, device->logger->mn);
	else if (notice->state == HEALTH_OK && before == HEALTH_UNKNOWN)
		log_line(LOG_LEVEL_INFO, LOG_SENSOR_ANSWERS, &about,
			 "%s: sends values (bus %s, MN %s)", device->id, bus->id,
			 device->logger->mn);
}

static void log_device(const struct bus_conf *bus, const struct bus_notice *notice,
		       enum health_state before)
{
	const struct device_conf *device = &bus->devices[notice->device];
	const struct log_fields about = {.sensor = device->id, .bus = bus->id};
	char why[128], lasted[32];
	if (bus->of_loggers) {
		log_logger(bus, notice, before);
	} else if (notice->state == HEALTH_FAILED) {
		write_reason(bus, notice, why);
		log_line(LOG_LEVEL_WARNING, LOG_SENSOR_FAILED, &about,
			 "%s: %s, %d times (bus %s, unit %d)%s", device->id, why, notice->failures,
			 bus->id, device->unit_id, choose_hint(bus, notice, before));
	} else if (notice->state == HEALTH_OK && before == HEALTH_FAILED) {
		log_line(LOG_LEVEL_NOTICE, LOG_SENSOR_BACK, &about,
			 "%s: back after %s (bus %s, unit %d)", device->id,
			 format_duration(notice->lasted_ms, lasted), bus->id, device->unit_id);
	} else if (notice->state == HEALTH_OK && before == HEALTH_UNKNOWN) {
		log_line(LOG_LEVEL_INFO, LOG_SENSOR_ANSWERS, &about,
			 "%s: answers (bus %s, unit %d)", device->id, bus->id, device->unit_id);
	}
}

static int sensor_index(const struct conf *conf, int bus, int device)
{
	for (int b = 0; b < bus; b++)
		device += conf->buses[b].n_devices;
	return device;
}

bool sensor_news_take(const struct conf *conf, const struct sensor_news_notice *notice,
		      int64_t now_ms, struct health_report *report)
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

/* ---- channels ---- */

/* What a person looks at when an instrument answers and brings no value. */
static const char *choose_advice(enum why why)
{
	switch (why) {
	case WHY_OUT_OF_RANGE:
		return TR_LATER("its values are outside the profile's range; hold them against its "
				"display, "
				"then unit, scale and range of the profile against the manual");
	case WHY_SENTINEL:
		return TR_LATER(
			"it says that it has no value; see whether that module is fitted and warm");
	case WHY_STATUS:
		return TR_LATER("its status says that it does not measure; look at its display");
	case WHY_OVER_RANGE:
		return TR_LATER(
			"it stands at the end of its range: the air has that or more, or it is "
			"broken; measure with another instrument");
	case WHY_FALL:
		return TR_LATER(
			"it fell to a tenth at once and does not move; see whether it draws air");
	case WHY_FROZEN:
		return TR_LATER("its value does not move; see whether it draws air");
	case WHY_JUMP:
		return TR_LATER("its values leap; look at inlet, power and wires");
	case WHY_EXCEPTION:
		return TR_LATER("it refuses these registers; see whether the profile is that of "
				"this model");
	case WHY_TIMEOUT:
		return TR_LATER("it answers other requests and not for these registers; see "
				"whether the "
				"profile is that of this model, or set gap_ms of its bus: it may "
				"need a pause "
				"between two requests");
	case WHY_BAD_FRAME:
	case WHY_ECHO:
		return TR_LATER("it does not answer for these registers; see whether the profile "
				"is that of "
				"this model");
	case WHY_IDENTITY:
		return TR_LATER(
			"its identity register does not hold what it must; see which instrument "
			"answers at this unit id");
	case WHY_EXPECT:
		return TR_LATER("a register does not hold what the profile expects: another unit, "
				"range or gas is set, or it is another model; set it back at the "
				"instrument");
	case WHY_STALE:
		return TR_LATER("what must change stands still: the server answers with old "
				"values; see whether the instrument behind it measures");
	case WHY_ZERO_CHECK:
	case WHY_SPAN_CHECK:
	case WHY_WARM_UP:
	case WHY_MAINTENANCE:
		return TR_LATER("it says so itself; look at its display if that lasts");
	case WHY_OUT_OF_SERVICE:
	case WHY_MANUAL:
	case WHY_CALIBRATION:
		return TR_LATER("its data logger says so; look there if that lasts");
	case WHY_NONE:
	case WHY_LINK:
	case WHY_CLOCK:
	case WHY_REVIEW:
		break;
	}
	return TR_LATER("look at the instrument");
}

static void log_channel(const struct channel_conf *channel, const struct channel_health *health,
			int64_t lasted_ms)
{
	const struct log_fields about = {.sensor = channel->id};
	char lasted[32];
	if (health->state == HEALTH_FAILED)
		log_line(LOG_LEVEL_WARNING, LOG_CHANNEL_FAILED, &about,
			 "%s: no good value for %s: %s: %s", channel->id,
			 format_duration(lasted_ms, lasted), log_why(health->why),
			 tr(choose_advice(health->why)));
	else
		log_line(LOG_LEVEL_NOTICE, LOG_CHANNEL_BACK, &about,
			 "%s: good values again after %s", channel->id,
			 format_duration(lasted_ms, lasted));
}

/* Notes how a channel is; true if it was otherwise. */
static bool note_channel(struct sensor_report *entry, enum health_state state, enum why why,
			 int64_t now_ms)
{
	if (entry->state == state || state == HEALTH_UNKNOWN)
		return false;
	*entry = (struct sensor_report){state, why, now_ms};
	return true;
}

bool sensor_news_sample(const struct conf *conf, const struct sample *sample, int64_t now_ms,
			struct channel_health *channels, struct health_report *report)
{
	const struct channel_conf *channel = &conf->channels[sample->channel];
	struct sensor_report *entry = &report->channels[sample->channel];
	struct channel_health *health = &channels[sample->channel];
	const struct channel_health before = *health;
	int sensor = sensor_index(conf, channel->bus, channel->device);
	bool silent = report->sensors[sensor].state == HEALTH_FAILED ||
		      report->buses[channel->bus].state == HEALTH_FAILED;

	if (sample->why != WHY_NONE && (silent || report->busy[sensor] != WHY_NONE)) {
		channel_excuse(health, sample);
		return silent && note_channel(entry, HEALTH_FAILED, sample->why, now_ms);
	}
	if (channel_take(health, sample, channel->delivers) &&
	    (health->state == HEALTH_FAILED || before.state == HEALTH_FAILED))
		log_channel(channel, health, sample->at_ms - before.since_ms);
	return note_channel(entry, health->state, health->why, now_ms);
}
