/* SPDX-License-Identifier: MIT */
/* Whether a segment is the platform's 9014 to a message. Pure. */
#ifndef DAEMON_HJ212_LINE_ACK_H
#define DAEMON_HJ212_LINE_ACK_H

#include "hj212_factor.h"

enum line_ack {
	LINE_ACK_NONE,    /* it is no 9014 */
	LINE_ACK_FOREIGN, /* to another message, or in a form that the profile does not take */
	LINE_ACK_FITS,
};

/* Against the QN, MN and CN of the message under way. */
enum line_ack line_ack_judge(const struct hj212_segment *segment, enum hj212_ack mode,
			     const char *qn, const char *mn, int cn);

#endif
