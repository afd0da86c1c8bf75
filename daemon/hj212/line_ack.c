/* SPDX-License-Identifier: MIT */
/*
 * standard: ST=91;CN=9014, QN and MN of the message in the head, nothing inside of CP.
 * lenient:  CN=9014 as well; QN, MN and CN may stand inside of CP instead, another MN than ours may
 *           be missing but not be there; QnRtn, if it is told, must be 1.
 */
#include "line_ack.h"

#include <string.h>

#define CN_ACK 9014
#define ST_SYSTEM 91
#define CN_MOST 9999
#define QNRTN_DONE 1

static const struct hj212_item *find_item(const struct hj212_segment *segment, const char *key)
{
	for (int i = 0; i < segment->n_items; i++) {
		if (hj212_is(segment, segment->items[i].key, key))
			return &segment->items[i];
	}
	return NULL;
}

static bool is_text(const struct hj212_segment *segment, const struct hj212_item *item,
		    const char *text)
{
	return item && item->value.n == strlen(text) &&
	       memcmp(segment->bytes + item->value.at, text, item->value.n) == 0;
}

static bool fits_standard(const struct hj212_segment *segment, const char *qn, const char *mn)
{
	return hj212_number(segment, hj212_head(segment, "ST"), CN_MOST) == ST_SYSTEM &&
	       is_text(segment, hj212_head(segment, "QN"), qn) &&
	       is_text(segment, hj212_head(segment, "MN"), mn) && segment->n_items == 0;
}

/* What is said must be right; the QN must be said. */
static bool fits_lenient(const struct hj212_segment *segment, const char *qn, const char *mn,
			 int cn)
{
	const struct hj212_item *head_qn = hj212_head(segment, "QN"),
				*inner_qn = find_item(segment, "QN");
	const struct hj212_item *head_mn = hj212_head(segment, "MN"),
				*inner_mn = find_item(segment, "MN");
	const struct hj212_item *inner_cn = find_item(segment, "CN"),
				*done = find_item(segment, "QnRtn");
	if (!head_qn && !inner_qn)
		return false;
	if ((head_qn && !inner_qn && !is_text(segment, head_qn, qn)) ||
	    (inner_qn && !is_text(segment, inner_qn, qn)))
		return false;
	if ((head_mn && !is_text(segment, head_mn, mn)) ||
	    (inner_mn && !is_text(segment, inner_mn, mn)))
		return false;
	if (inner_cn && hj212_number(segment, inner_cn, CN_MOST) != cn)
		return false;
	return !done || hj212_number(segment, done, CN_MOST) == QNRTN_DONE;
}

enum line_ack line_ack_judge(const struct hj212_segment *segment, enum hj212_ack mode,
			     const char *qn, const char *mn, int cn)
{
	const struct hj212_item *command = hj212_head(segment, "CN");
	bool fits;
	if (!command || hj212_number(segment, command, CN_MOST) != CN_ACK)
		return LINE_ACK_NONE;
	fits = mode == HJ212_ACK_LENIENT ? fits_lenient(segment, qn, mn, cn)
					 : fits_standard(segment, qn, mn);
	return fits ? LINE_ACK_FITS : LINE_ACK_FOREIGN;
}
