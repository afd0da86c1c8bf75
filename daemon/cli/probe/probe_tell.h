/* SPDX-License-Identifier: MIT */
/* What `hazewatch probe` says where it got no registers, and what to try then; on standard error.
 */
#ifndef DAEMON_CLI_PROBE_PROBE_TELL_H
#define DAEMON_CLI_PROBE_PROBE_TELL_H

#include "cmd_probe.h"
#include "sweep.h"

/* The line could not be opened: the errno; returns the exit code. */
int probe_tell_closed(const struct link_conf *link, int code);

/* A unit gave no right answer; `code` is the errno of WHY_LINK. Returns the exit code. */
int probe_tell_missing_answer(const struct probe_options *options, int unit, enum why why,
			      int code);

/* None of the units that were looked for answers. Returns the exit code. */
int probe_tell_silence(const struct probe_options *options);

/* The unit answers, and refuses each of the registers. */
void probe_tell_all_refused(const struct sweep *sweep);

#endif
