/* SPDX-License-Identifier: MIT */
/*
 * What `hazewatch probe` shows of a device: its registers in every reading, the profiles that fit,
 * the units of a line. In Chinese or English, aligned on a terminal of 80 columns.
 */
#ifndef DAEMON_CLI_PROBE_TEXT_PROBE_H
#define DAEMON_CLI_PROBE_TEXT_PROBE_H

#include <stdio.h>

#include "recognise.h"
#include "sweep.h"

/* "/dev/ttyUSB0 9600 8N1", "192.0.2.10 port 502" */
#define TEXT_LINE_MAX 128
void text_probe_line(const struct link_conf *link, char ret[TEXT_LINE_MAX]);

/* What an exception of Modbus means; "" if it has no name. */
const char *text_probe_exception(int code);

/* Each register as hex, u16, s16, each pair as f32 and u32 in the four orders; what was not read,
 * and why. */
void text_probe_registers(FILE *out, const struct sweep *sweep);

/* The candidates among n matches in their order, each with its reasons; weak ones only where there
 * is nothing better. */
void text_probe_matches(FILE *out, const struct match *matches, int n, int unit_id);

/* What units on a line said when they were greeted. */
struct unit_greeting {
	enum why why;
	int code;
};
void text_probe_units(FILE *out, const struct unit_greeting greetings[256], enum link_kind kind);

#endif
