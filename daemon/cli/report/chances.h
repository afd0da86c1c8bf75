/* SPDX-License-Identifier: MIT */
/* What the outlook of 24 h said before each threshold was exceeded, and how good it was: out of the
 * stored hours, as they are now. */
#ifndef DAEMON_CLI_REPORT_CHANCES_H
#define DAEMON_CLI_REPORT_CHANCES_H

#include "assessment.h"

/* Nothing where the outlook is not shown. A store error. */
int chances_put(const struct report *report);

#endif
