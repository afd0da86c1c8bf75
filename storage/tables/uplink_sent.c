/* SPDX-License-Identifier: MIT */
/* The messages that have no acknowledgement. */
#include "db.h"
#include "uplink.h"
#include "uplink_inside.h"

int uplink_send(struct store *store, const char *platform, const struct uplink_message *message)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO uplink_sent (platform, qn, cn, period, again, tries,"
				  " body) VALUES (?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, platform);
	query_int(&q, message->qn);
	query_int(&q, uplink_cn(message->kind));
	query_int(&q, message->period);
	query_int(&q, message->again);
	query_int(&q, message->tries);
	query_text(&q, message->body);
	return query_run(&q);
}

int uplink_tried(struct store *store, const char *platform, int64_t qn, int32_t tries)
{
	struct query q = db_write(&store->state,
				  "UPDATE uplink_sent SET tries = ? WHERE platform = ? AND qn = ?");
	query_int(&q, tries);
	query_text(&q, platform);
	query_int(&q, qn);
	return query_run(&q);
}

int uplink_end(struct store *store, const char *platform, int64_t qn)
{
	struct query q =
		db_write(&store->state, "DELETE FROM uplink_sent WHERE platform = ? AND qn = ?");
	query_text(&q, platform);
	query_int(&q, qn);
	return query_run(&q);
}

int uplink_end_within(struct store *store, const char *platform, enum uplink_kind kind,
		      struct uplink_stretch stretch)
{
	struct query q = db_write(&store->state, "DELETE FROM uplink_sent WHERE platform = ?"
						 " AND cn = ? AND period > ? AND period <= ?");
	query_text(&q, platform);
	query_int(&q, uplink_cn(kind));
	query_int(&q, stretch.after);
	query_int(&q, stretch.upto);
	return query_run(&q);
}

static void read_message(struct query *q, struct uplink_message *ret)
{
	int64_t cn = query_column(q, 1, 2031, 2061);
	ret->qn = query_column(q, 0, 0, INT64_MAX);
	ret->kind = UPLINK_HOURS;
	for (int k = 0; k < UPLINK_KINDS; k++) {
		if (uplink_cn((enum uplink_kind)k) == cn)
			ret->kind = (enum uplink_kind)k;
	}
	ret->period = query_column(q, 2, 0, MINUTES_LAST);
	ret->again = query_column(q, 3, 0, 1) != 0;
	ret->tries = (int32_t)query_column(q, 4, 0, INT32_MAX);
}

int uplink_sent(struct store *store, const char *platform,
		struct uplink_message ret[UPLINK_SENT_MAX], int *ret_n)
{
	struct query q =
		db_read(&store->state, "SELECT qn, cn, period, again, tries"
				       " FROM uplink_sent WHERE platform = ? AND " UPLINK_SENT
				       " ORDER BY period DESC, qn DESC");
	query_text(&q, platform);
	*ret_n = 0;
	while (query_row(&q) && *ret_n < UPLINK_SENT_MAX) {
		ret[*ret_n].body[0] = '\0';
		read_message(&q, &ret[(*ret_n)++]);
	}
	return query_end(&q);
}

int uplink_message(struct store *store, const char *platform, int64_t qn,
		   struct uplink_message *ret)
{
	struct query q = db_read(&store->state, "SELECT qn, cn, period, again, tries, body"
						" FROM uplink_sent WHERE platform = ? AND qn = ?"
						" AND " UPLINK_SENT);
	query_text(&q, platform);
	query_int(&q, qn);
	bool any = query_row(&q);
	if (any) {
		read_message(&q, ret);
		query_column_copy(&q, 5, ret->body, sizeof(ret->body));
	}
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}
