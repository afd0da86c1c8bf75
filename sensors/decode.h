/* SPDX-License-Identifier: MIT */
/*
 * Registers of one device -> a value or the reason why there is none. Pure.
 */
#ifndef SENSORS_DECODE_H
#define SENSORS_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"
#include "sample.h"

/*
 * Decodes one row from its registers (register_count(row->type) words as received). Fills quality,
 * why and value_milli of *ret (thousandths of the pollutant's unit, rounded half away from zero),
 * leaves at_ms and channel alone. Sentinel or NaN: D; outside the range: T.
 */
void decode_row(const struct profile_row *row, const uint16_t *words, struct sample *ret);

/*
 * True if these words, no sentinel, say the end of the row's range or a little more: the air has at
 * least that, which goes to *ret_end_milli (thousandths of the pollutant's unit).
 */
bool decode_is_at_end(const struct profile_row *row, const uint16_t *words, int32_t *ret_end_milli);

/* The bits of register_count(type) words, the most significant first; `order` is that of two. */
uint32_t decode_bits(enum register_type type, enum byte_order order, const uint16_t *words);

/* The number that such bits stand for; a float may be NaN or infinite. */
double decode_number(enum register_type type, uint32_t bits);

/* WHY_NONE if the status word says that the device measures (always without a status register),
 * else what it says, or WHY_STATUS. */
enum why decode_status(const struct profile_status *status, uint16_t word);

#endif
