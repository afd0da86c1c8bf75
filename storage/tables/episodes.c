/* SPDX-License-Identifier: MIT */
#include "episodes.h"

#include "directives.h"
#include "past_inside.h"
#include "plan.h"

/* What every part begins with: the span, the directives in it, whoever answered them. */
#define SPAN                                                                                       \
	"WITH span (begun, ended, until) AS (SELECT ?1, ?2, ?3),"                                  \
	" those (number) AS (SELECT DISTINCT directive FROM force_log, span"                       \
	"  WHERE effective BETWEEN begun AND ended)"

#define SOUND "h.valid AND NOT h.invalidated AND h.doubted IS NULL"

/* A release's id is behind "release/key/", as a directive's behind "directive/key/". */
#define RELEASE_ID "substr(r.command, 9 + instr(substr(r.command, 9), '/'))"

/* The orders of each source (a lift's withdrawals name no directive), and the first and the newest
 * receipt that answer them. In `late` the bare columns are those of the row that has the maximum.
 */
#define ORDERED                                                                                    \
	SPAN ", given AS (SELECT source, min(CASE WHEN kind IN ('issued', 'changed') THEN made"    \
	     " END) AS issued, min(CASE WHEN kind = 'delivered' THEN made END) AS delivered,"      \
	     " max(CASE WHEN kind IN ('issued', 'changed') THEN number END) AS newest,"            \
	     " max(kind = 'withdrawn') AS withdrawn FROM order_log"                                \
	     " WHERE directive IN those OR (kind = 'withdrawn' AND made BETWEEN"                   \
	     "  (SELECT begun FROM span) AND (SELECT until FROM span)) GROUP BY source),"          \
	     " refs AS (SELECT source, 'order/' || source AS ref FROM given UNION"                 \
	     " SELECT source, (SELECT value FROM meta WHERE key = 'uuid') || '-' || message"       \
	     "  FROM order_log WHERE directive IN those),"                                         \
	     " answers AS MATERIALIZED (SELECT g.source, a.rowid AS place, a.outcome, a.done_pct," \
	     "  a.cut_g_d, m.received FROM refs AS f JOIN given AS g ON g.source = f.source"       \
	     "  JOIN receipts AS a ON a.ref = f.ref JOIN commands AS m ON m.id = a.command, span"  \
	     "  WHERE m.received >= coalesce(g.issued, 0) AND m.received <= until),"               \
	     " early AS (SELECT source, min(received) AS first FROM answers GROUP BY source),"     \
	     " late AS (SELECT source, max(place), outcome, done_pct, cut_g_d FROM answers"        \
	     "  GROUP BY source),"                                                                 \
	     " answered AS (SELECT g.*, e.first, n.outcome, n.done_pct, n.cut_g_d FROM given AS g" \
	     "  LEFT JOIN early AS e ON e.source = g.source LEFT JOIN late AS n ON n.source = "    \
	     "g.source)"

static const struct part {
	int columns;
	const char *sql;
} parts[] = {
	[EPISODE_TIMELINE] =
		{6, SPAN
		 " SELECT coalesce(made, hour * 3600000) AS at, about, kind, level, onset_ms,"
		 " (SELECT document FROM directives AS d WHERE d.number = e.directive"
		 "  AND e.about = 'directive') FROM events AS e, span"
		 " WHERE at >= begun - 259200000 AND at <= ended + 3600000"
		 " UNION ALL SELECT c.received, 'release', 'release', r.level, r.start, r.number"
		 " FROM releases AS r JOIN commands AS c ON c.id = r.command, span"
		 " WHERE r.fault = 'good' AND r.directive_number IN those"
		 " ORDER BY 1"},
	[EPISODE_CHAIN] =
		{7, SPAN
		 ", slips AS (SELECT directive_number AS number, min(c.received) AS released"
		 "  FROM releases AS r JOIN commands AS c ON c.id = r.command"
		 "  WHERE r.fault = 'good' GROUP BY 1),"
		 " brought AS (SELECT directive AS number, min(made) AS first, max(made) AS last"
		 "  FROM order_log WHERE kind = 'delivered' GROUP BY 1)"
		 " SELECT d.number, coalesce(d.level, 'withdraws'), d.said, d.received,"
		 " s.released, b.first, b.last FROM directives AS d, span"
		 " LEFT JOIN slips AS s ON s.number = d.number"
		 " LEFT JOIN brought AS b ON b.number = d.number"
		 " WHERE d.number IN those OR (d.received > begun AND d.received <= ended)"
		 " ORDER BY d.number"},
	[EPISODE_POLLUTANTS] =
		{9, SPAN
		 " SELECT h.pollutant, CAST(round(avg(CASE WHEN " SOUND
		 " THEN h.mean_milli END)) AS INTEGER),"
		 " max(CASE WHEN " SOUND " THEN h.mean_milli END),"
		 " (SELECT x.hour * 3600000 FROM hours AS x, span WHERE x.pollutant = h.pollutant"
		 "  AND x.valid AND NOT x.invalidated AND x.doubted IS NULL"
		 "  AND x.hour > begun / 3600000 AND x.hour <= ended / 3600000"
		 "  ORDER BY x.mean_milli DESC, x.hour LIMIT 1),"
		 " (ended / 3600000) - (begun / 3600000), sum(" SOUND "),"
		 " sum(h.invalidated), sum(h.doubted NOT NULL), sum(h.rev > 0)"
		 " FROM hours AS h, span WHERE h.hour > begun / 3600000"
		 " AND h.hour <= ended / 3600000 GROUP BY h.pollutant"
		 " ORDER BY instr('pm25 pm10 so2 no2 co o3', h.pollutant)"},
	[EPISODE_ORDERS] =
		{9, ORDERED
		 " SELECT w.source, (SELECT name FROM sources AS s WHERE s.id = w.source"
		 "  AND s.list = (SELECT max(number) FROM lists)),"
		 " (SELECT level FROM order_log WHERE number = w.newest), w.issued, w.delivered,"
		 " coalesce(w.outcome, 'none'), w.done_pct, w.cut_g_d,"
		 " (w.first - w.issued) / 60000 FROM answered AS w"
		 " WHERE w.issued NOT NULL ORDER BY w.source"},
	[EPISODE_ORDER_SUMS] =
		{9, ORDERED
		 " SELECT count(w.issued), (SELECT count(*) FROM order_log WHERE kind IN"
		 "  ('issued', 'changed') AND directive IN those), (SELECT count(*) FROM order_log"
		 "  WHERE kind = 'delivered' AND message IN (SELECT message FROM order_log"
		 "   WHERE kind IN ('issued', 'changed') AND directive IN those)),"
		 " sum(w.withdrawn), count(w.first), sum(w.outcome = 'done'),"
		 " sum(w.outcome = 'partly'), sum(w.outcome = 'not'), sum(w.cut_g_d)"
		 " FROM answered AS w WHERE w.issued NOT NULL HAVING count(w.issued) > 0"},
	[EPISODE_RECEIPTS] =
		{8,
		 SPAN ", said (ref, made) AS (SELECT " DIRECTIVES_ID_OF(
			 "d.command") ", d.received"
				      "  FROM directives AS d WHERE d.number IN those"
				      " UNION SELECT " RELEASE_ID
				      ", c.received FROM releases AS r JOIN commands AS c"
				      "  ON c.id = r.command WHERE r.directive_number IN those"
				      " UNION SELECT r.number, c.received FROM releases AS r JOIN "
				      "commands AS c"
				      "  ON c.id = r.command WHERE r.directive_number IN those"
				      " UNION SELECT json_extract(e.message, '$.id'), e.made FROM "
				      "events AS e"
				      "  WHERE e.directive IN those AND json_valid(e.message)"
				      " UNION SELECT 'episode-' || number, NULL FROM those)"
				      " SELECT r.unit, r.ref, min(s.made), c.received, r.outcome, "
				      "r.done_pct, r.cut_g_d,"
				      " (c.received - min(s.made)) / 60000 FROM receipts AS r, span"
				      " JOIN commands AS c ON c.id = r.command JOIN said AS s ON "
				      "s.ref = r.ref"
				      " WHERE c.received <= until OR r.ref GLOB 'episode-*'"
				      " GROUP BY r.command ORDER BY r.unit, c.received"},
	[EPISODE_REVIEWS] =
		{6,
		 SPAN " SELECT v.time, (v.first_hour - 1) * 3600000, v.last_hour * 3600000,"
		      " v.pollutants, CASE WHEN v.restored THEN 'restored' ELSE 'invalidated' END,"
		      " v.reason FROM reviews AS v, span WHERE v.last_hour > begun / 3600000 - 72"
		      " AND v.first_hour <= ended / 3600000 + 72 ORDER BY v.time"},
	[EPISODE_TEXTS] = {4, SPAN
			   " SELECT coalesce(made, hour * 3600000) AS at, about, kind, message"
			   " FROM events, span WHERE message NOT NULL AND at >= begun - 259200000"
			   " AND at <= ended + 3600000 ORDER BY number"},
};

int episode_rows(struct store *store, enum episode_part part, const struct episode_span *span,
		 const struct past_job *job)
{
	struct query q = db_read(&store->state, parts[part].sql);
	bool going = true;
	query_int(&q, span->begun_ms);
	query_int(&q, span->ended_ms);
	query_int(&q, span->until_ms);
	while (going && query_row(&q)) {
		struct past_cell cells[PAST_COLUMNS_MAX];
		for (int i = 0; i < parts[part].columns; i++)
			cells[i] = past_cell_of(&q, i);
		if (!query_forgive(&q))
			going = job->each(job->ctx, cells, parts[part].columns);
	}
	return query_end(&q);
}

int episode_force(struct store *store, void (*take)(void *ctx, const struct force_row *row),
		  void *ctx)
{
	struct query q = db_read(&store->state, "SELECT event, effective, level, directive"
						" FROM force_log ORDER BY event");
	while (query_row(&q)) {
		struct force_row row = {.event = query_column(&q, 0, 0, INT64_MAX),
					.from_ms = query_column(&q, 1, INT64_MIN, INT64_MAX),
					.directive = query_column(&q, 3, 0, INT64_MAX)};
		level_parse(store->plan, query_column_text(&q, 2, LEVEL_ID_MAX), &row.level);
		if (!query_forgive(&q))
			take(ctx, &row);
	}
	return query_end(&q);
}

int episode_directive(struct store *store, const char *id, int64_t *ret_number)
{
	struct query q = db_read(&store->state, "SELECT max(number) FROM directives WHERE"
						" " DIRECTIVES_ID_OF("command") " = ?");
	query_text(&q, id);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	int64_t number = any ? query_column_any(&q, 0) : 0;
	int r = query_end(&q);
	if (r == 0 && any)
		*ret_number = number;
	return r == 0 && !any ? STORE_E_NONE : r;
}
