/* SPDX-License-Identifier: MIT */
#include "hj212_frame.h"

#define TAIL 6 /* CRC and line end */

/* The characters of UTF-8, or of GBK, which has two bytes for each that is not ASCII. */
static int count_characters(const struct hj212_event *event, bool gbk)
{
	int characters = 0;

	for (size_t i = 0; i < event->n; i++) {
		uint8_t byte = event->segment[i];
		if (gbk && byte > 0x80)
			i++;
		characters += gbk || (byte & 0xC0) != 0x80;
	}
	return characters;
}

static const char *length_cause(const struct hj212_event *event)
{
	if (event->declared == (int)event->n)
		return "length_standard";
	if (event->declared == (int)event->n + TAIL)
		return "length_plus_6";
	if (event->declared == count_characters(event, false) ||
	    event->declared == count_characters(event, true))
		return "length_characters";
	return "length_wrong";
}

int hj212_causes(const struct hj212_event *event, const char *ret[HJ212_CAUSES_MAX])
{
	static const char *const crcs[] = {[HJ212_CRC_STANDARD] = "crc_standard",
					   [HJ212_CRC_MODBUS] = "crc_modbus",
					   [HJ212_CRC_MODBUS_SWAPPED] = "crc_modbus_swapped",
					   [HJ212_CRC_SWAPPED] = "crc_swapped",
					   [HJ212_CRC_NONE] = "crc_wrong"};
	int n = 0;

	if (event->faults & HJ212_FAULT_DIGITS)
		ret[n++] = "length_digits";
	if (event->faults & HJ212_FAULT_LENGTH)
		ret[n++] = length_cause(event);
	if (event->faults & HJ212_FAULT_CRC)
		ret[n++] = crcs[event->fits];
	if (event->faults & HJ212_FAULT_NO_CRC)
		ret[n++] = "crc_missing";
	if (event->faults & HJ212_FAULT_TOO_LONG)
		ret[n++] = "too_long";
	if (event->faults & HJ212_FAULT_CUT)
		ret[n++] = "cut";
	return n;
}
