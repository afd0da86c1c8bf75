/* SPDX-License-Identifier: MIT */
/* What was measured beside the pollutants during the response. */
#ifndef DAEMON_CLI_REPORT_BESIDE_H
#define DAEMON_CLI_REPORT_BESIDE_H

#include "assessment.h"

/* Nothing where there was nothing of it, or it cannot be read: the page is about other things. */
void beside_put(const struct report *report);

#endif
