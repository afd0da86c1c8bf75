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

/* Thousandths of the unit that is kept in one of the row's own; NaN: it is no unit of that
 * quantity. */
double decode_milli_per_unit(const struct profile_row *row);

/* The bits of register_count(type) words, the most significant first. */
uint64_t decode_bits(enum register_type type, enum byte_order order, const uint16_t *words);

/* The number that such bits stand for; a float may be NaN or infinite. */
double decode_number(enum register_type type, uint64_t bits);

/* The bits of a row's slice of its registers, of all without one, and the number they stand for. */
uint64_t decode_row_bits(const struct profile_row *row, const uint16_t *words);
double decode_row_number(const struct profile_row *row, const uint16_t *words);

/* The bits that a condition looks at, and whether they are one of those it must hold. */
uint32_t decode_looked_at(const struct profile_condition *condition, const uint16_t *words);
bool decode_holds(const struct profile_condition *condition, const uint16_t *words);

/* WHY_NONE if the words of a status say that the device measures, else what they say, or
 * WHY_STATUS. */
enum why decode_status(const struct profile_status *status, const uint16_t *words);

/* The text of `n` bytes in registers, printable or "?", ended by a NUL. */
void decode_text(enum byte_order order, const uint16_t *words, int n, char *ret);

#endif
