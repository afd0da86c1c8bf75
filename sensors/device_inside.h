/* SPDX-License-Identifier: MIT */
/*
 * The inside of device.h: device.c makes samples, device_proofs.c says what must be right beside a
 * value before it is one. Nobody else includes it.
 */
#ifndef SENSORS_DEVICE_INSIDE_H
#define SENSORS_DEVICE_INSIDE_H

#include "device.h"

/* The sample is none, and why. */
void device_fail_sample(struct sample *sample, enum why why);

/* True if the request for a piece of the profile was not made for the sake of another one. */
bool device_is_held(const struct device *device, const struct poll *poll,
		    const struct request *wanted);

/* The words that a poll read for a piece of the profile; NULL, and why, if it did not. */
const uint16_t *device_words(const struct device *device, const struct poll *poll,
			     const struct request *wanted, struct sample *ret);

/* False, and why in the sample, if a status of the row says that it does not measure, or did not
 * say. */
bool device_status_allows(const struct device *device, const struct poll *poll, int row,
			  struct sample *sample);

/* Takes down what must change, once a poll; fails a sample of a device where it did not. */
void device_note_alive(struct device *device, const struct poll *poll);
void device_judge_alive(const struct device *device, const struct poll *poll,
			struct sample *sample);

/* True if there is nothing to say of a row, as it, or what it depends on, was not asked for. */
bool device_is_row_held(const struct device *device, const struct poll *poll, int row);

/* The status that people are shown: of several the first that is not normal. */
void device_keep_status(struct device *device, const struct poll *poll);

#endif
