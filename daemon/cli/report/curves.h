/* SPDX-License-Identifier: MIT */
/* The hourly means of each pollutant that was measured, one strip below the other, as inline SVG.
 */
#ifndef DAEMON_CLI_REPORT_CURVES_H
#define DAEMON_CLI_REPORT_CURVES_H

#include "assessment.h"

void curves_put(const struct report *report);

#endif
