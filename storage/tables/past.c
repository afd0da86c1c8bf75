/* SPDX-License-Identifier: MIT */
#include "past_inside.h"

#define HOUR_MS INT64_C(3600000)

/* One transaction reads so many hours at most, so that the daemon's log does not grow meanwhile. */
#define MS_AT_ONCE (INT64_C(31) * 24 * HOUR_MS)

#define MEAN(key)                                                                                  \
	", max(CASE WHEN pollutant = '" key "' AND valid AND NOT invalidated AND doubted IS NULL"  \
	" THEN mean_milli END)"
#define DAY(key) ", max(CASE WHEN pollutant = '" key "' THEN daily_mean_milli END)"
#define BESIDE(key) ", max(CASE WHEN quantity = '" key "' THEN mean_milli END)"
#define EACH(of) of("pm25") of("pm10") of("so2") of("no2") of("co") of("o3")

/* The two parameters are the bounds. `slices`: it reads as many rows as there are hours. */
static const struct past {
	int columns;
	bool slices, samples;
	const char *sql;
} pasts[PAST_KINDS] = {
	[PAST_HOURS] =
		{12, true, false,
		 "SELECT h.hour * 3600000, a.realtime, a.realtime_primary, a.daily,"
		 " a.daily_primary" EACH(
			 MEAN) ", max(h.rev) FROM hours AS h LEFT JOIN aqi AS a ON a.hour = h.hour"
			       " WHERE h.hour > ? / 3600000 AND h.hour <= ? / 3600000"
			       " GROUP BY h.hour ORDER BY h.hour"},
	[PAST_DAYS] = {9, true, false,
		       "SELECT (a.hour - 24) * 3600000, a.daily, a.daily_primary" EACH(
			       DAY) " FROM aqi AS a LEFT JOIN iaqi AS i ON i.hour = a.hour"
				    " WHERE a.hour > ? / 3600000 AND a.hour <= ? / 3600000"
				    " AND (a.hour + 8) % 24 = 0 GROUP BY a.hour ORDER BY a.hour"},
	[PAST_EVENTS] = {10, false, false,
			 "SELECT number, coalesce(made, hour * 3600000), about, kind, previous,"
			 " level, coalesce(onset_ms, onset * 3600000), basis, directive, message"
			 " FROM events WHERE coalesce(made, hour * 3600000) > ?"
			 " AND coalesce(made, hour * 3600000) <= ? ORDER BY number"},
	[PAST_DIRECTIVES] =
		{13, false, false,
		 "SELECT d.number, coalesce(d.said, d.received), coalesce(d.level, 'withdraws'),"
		 " d.start, coalesce(t.effective, (SELECT min(effective) FROM force_log AS f"
		 "  WHERE f.directive = d.number)), d.planned_end,"
		 " CASE WHEN EXISTS (SELECT 1 FROM events AS e WHERE e.directive = d.number"
		 "   AND e.kind = 'withdrawn') THEN 'withdrawn'"
		 "  WHEN t.number IS NOT NULL AND t.turn IS NULL THEN 'pending'"
		 "  WHEN t.turn = (SELECT last_turn FROM timetable_state) AND t.level <> 'none'"
		 "   THEN CASE WHEN t.overdue THEN 'overdue' ELSE 'in_force' END"
		 "  ELSE 'past' END,"
		 " (SELECT max(r.number) FROM releases AS r WHERE r.directive_number = d.number"
		 "  AND r.fault = 'good'), d.document, d.issuer, d.area,"
		 /* of kind/key@user/id: who typed it on this machine */
		 " CASE WHEN instr(d.command, '@') > 0 THEN substr(d.command,"
		 "  instr(d.command, '@') + 1, instr(substr(d.command, instr(d.command, '@')), "
		 "'/')"
		 "  - 2) END, d.passed_over_by"
		 " FROM directives AS d LEFT JOIN timetable AS t ON t.number = d.number"
		 " WHERE d.received > ? AND d.received <= ? ORDER BY d.number"},
	[PAST_AUXILIARIES] =
		{12, true, true,
		 "SELECT hour * 3600000" BESIDE("tsp") BESIDE("no") BESIDE("nox") BESIDE(
			 "temperature") BESIDE("humidity") BESIDE("pressure") BESIDE("wind_speed")
			 BESIDE("wind_direction") BESIDE("noise")
				 BESIDE("rain") ", max(rev) FROM auxiliary_hours"
						" WHERE hour > ? / 3600000 AND hour <= ? / 3600000"
						" GROUP BY hour ORDER BY hour"},
	[PAST_ORDER_LOG] =
		{10, false, false,
		 "SELECT * FROM (SELECT g.made AS at, g.source AS source, g.kind AS what, g.level,"
		 " nullif(g.directive, 0), NULL, NULL, NULL, NULL, g.run FROM order_log AS g"
		 " UNION ALL SELECT m.received, CASE WHEN r.ref GLOB 'order/*' THEN substr(r.ref, "
		 "7)"
		 /* the id of a message is uuid-number */
		 "  ELSE (SELECT o.source FROM order_log AS o WHERE o.message ="
		 "   CAST(substr(r.ref, 38) AS INTEGER) AND r.ref = (SELECT value FROM meta"
		 "   WHERE key = 'uuid') || '-' || o.message LIMIT 1) END, r.outcome, NULL, NULL,"
		 " r.done_pct, r.cut_g_d, r.unit, nullif(r.note, ''), NULL"
		 " FROM receipts AS r JOIN commands AS m ON m.id = r.command)"
		 " WHERE at > ? AND at <= ? AND source IS NOT NULL ORDER BY at, source"},
};

static int read_slice(struct store *store, const struct past_job *job, int64_t until_ms,
		      bool *ret_going)
{
	struct query q = db_read(pasts[job->kind].samples ? &store->samples : &store->state,
				 pasts[job->kind].sql);
	query_int(&q, job->since_ms);
	query_int(&q, until_ms);
	while (*ret_going && query_row(&q)) {
		struct past_cell cells[PAST_COLUMNS_MAX];
		int n = pasts[job->kind].columns;
		for (int i = 0; i < n; i++)
			cells[i] = past_cell_of(&q, i);
		if (!query_forgive(&q))
			*ret_going = job->each(job->ctx, cells, n);
	}
	return query_end(&q);
}

/* What the table holds, so that an open beginning is not read month by month from 1970 on. */
static int find_first(struct store *store, enum past_kind kind, int64_t *ret_ms)
{
	struct query q =
		pasts[kind].samples
			? db_read(&store->samples, "SELECT min(hour) - 1 FROM auxiliary_hours")
			: db_read(&store->state, "SELECT min(hour) - 1 FROM hours");
	bool any = query_row(&q) && !query_column_null(&q, 0);
	*ret_ms = any ? query_column_any(&q, 0) * HOUR_MS : 0;
	return query_end(&q);
}

int past_rows(struct store *store, const struct past_job *job)
{
	struct past_job part = *job;
	bool going = true;
	int64_t first = 0;
	if (job->kind == PAST_ORDERS)
		return past_orders(store, job);
	if (!pasts[job->kind].slices)
		return read_slice(store, job, job->until_ms, &going);
	int r = find_first(store, job->kind, &first);
	if (part.since_ms < first)
		part.since_ms = first;
	while (r == 0 && going && part.since_ms < job->until_ms) {
		int64_t end = part.since_ms + MS_AT_ONCE;
		end = end < job->until_ms ? end : job->until_ms;
		r = read_slice(store, &part, end, &going);
		part.since_ms = end;
	}
	return r;
}
