/* SPDX-License-Identifier: MIT */
#include "latest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "db.h"
#include "outbox.h"

#define PAYLOAD_SIZE (1 << 20)

int latest_get(struct store *store, const char *topic, char **ret)
{
	struct query q = db_read(&store->state,
				 "SELECT seq, payload, crc, expires FROM latest WHERE topic = ?");
	char *payload = NULL;
	query_text(&q, topic);
	if (query_row(&q)) {
		struct outbox_row row = {.seq = query_column(&q, 0, 1, INT64_MAX)};
		const char *text = query_column_text(&q, 1, PAYLOAD_SIZE);
		int64_t crc = query_column(&q, 2, 0, UINT32_MAX);
		if (!query_column_null(&q, 3))
			row.expires_ms = query_column_any(&q, 3);
		snprintf(row.topic, sizeof(row.topic), "%s", topic);
		payload = q.error ? NULL : strdup(text);
		row.payload = payload;
		if (payload && (payload[0] == '\0' || outbox_crc(&row) != crc)) {
			outbox_row_done(&row);
			payload = NULL;
		}
	}
	int r = query_end(&q);
	if (r == 0 && payload)
		*ret = payload;
	return r ? r : payload ? 0 : STORE_E_NONE;
}
