/* SPDX-License-Identifier: MIT */
/* The AQIs of the episode over the categories, with the plan's thresholds, as inline SVG. */
#ifndef DAEMON_CLI_REPORT_CHART_H
#define DAEMON_CLI_REPORT_CHART_H

#include "assessment.h"

void chart_put(const struct report *report);

#endif
