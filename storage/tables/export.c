/* SPDX-License-Identifier: MIT */
#include "export.h"

#include "db.h"

#define TEXT_MAX_SIZE 65536

/* One transaction reads so many hours at most, so that the daemon's log does not grow meanwhile,
 * nor the text of its rows. */
#define HOURS_AT_ONCE 48
#define HOURS_OF_MINUTES_AT_ONCE 6

#define TIME(seconds) "strftime('%Y-%m-%dT%H:%M:%S+08:00', " seconds ", 'unixepoch', '+8 hours')"
#define TIME_MS(ms) TIME(ms " / 1000")
#define MEAN(milli) "printf('%.3f', " milli " / 1000.0)"
#define MEAN_OR_NONE(milli) "CASE WHEN " milli " IS NOT NULL THEN " MEAN(milli) " END"
/* What was not covered has no mean. */
#define MEAN_OVER(weighted, covered)                                                               \
	"CASE WHEN " covered " > 0 THEN printf('%.3f', " weighted " / 1000.0 / " covered ") END"
/* The sender's id in the name of a command, "KIND/KEY/ID"; `at` is behind the kind. */
#define ID_OF(name, at) "substr(" name ", " at " + instr(substr(" name ", " at "), '/'))"
#define INT(column) "CAST(" column " AS TEXT)"
/* A text of the message of an event. */
#define TEXT_OF(path) "CASE WHEN json_valid(message) THEN json_extract(message, '" path "') END"
/* Of a time in ms: that of the hours from the first to the last parameter, and which hours there
 * are. */
#define WITHIN(ms) ms " >= (?1 - 1) * 3600000 AND " ms " < ?2 * 3600000"
#define SPAN(ms) "SELECT min(" ms ") / 3600000 + 1, max(" ms ") / 3600000 + 1"
#define ONE(key)                                                                                   \
	"max(CASE WHEN pollutant = '" key                                                          \
	"' AND valid AND NOT invalidated AND doubted IS NULL THEN"                                 \
	" printf('%.3f', mean_milli / 1000.0) END)"

/* The two parameters of a statement are its first and its last hour. */
static const struct export
{
	const char *name, *layout, *header; /* layout NULL: ours */
	bool samples;
	int columns;
	const char *rows, *span;
}
exports[] = {
	{"hours", NULL, "hour,pm25_ug_m3,pm10_ug_m3,so2_ug_m3,no2_ug_m3,co_mg_m3,o3_ug_m3", false,
	 7,
	 "SELECT " TIME("hour * 3600") ", " ONE("pm25") ", " ONE("pm10") ", " ONE("so2") ", " ONE(
		 "no2") ", " ONE("co") ", " ONE("o3") " FROM hours WHERE hour BETWEEN ? AND ?"
						      " GROUP BY hour ORDER BY hour",
	 "SELECT min(hour), max(hour) FROM hours"},
	/* clang-format off */
	/* date and hour of the label, a pollutant a row; the station has no code of theirs */
	{"hours", "cnemc", "date,hour,type,hazewatch", false, 4,
	 "SELECT strftime('%Y%m%d', hour * 3600, 'unixepoch', '+8 hours'),"
	 " CAST((hour + 8) % 24 AS TEXT), type, value FROM ("
	 "SELECT hour, 0 AS turn, 'AQI' AS type,"
	 " CASE WHEN realtime_published THEN CAST(realtime AS TEXT) END AS value FROM aqi"
	 " UNION ALL SELECT hour, names.column2, names.column3, CASE WHEN valid AND NOT invalidated"
	 " AND doubted IS NULL THEN " MEAN("mean_milli") " END"
	 " FROM hours JOIN (VALUES ('pm25', 1, 'PM2.5'), ('pm10', 2, 'PM10'), ('so2', 3, 'SO2'),"
	 " ('no2', 4, 'NO2'), ('o3', 5, 'O3'), ('co', 6, 'CO')) AS names"
	 " ON names.column1 = pollutant) WHERE hour BETWEEN ? AND ? ORDER BY hour, turn",
	 "SELECT min(hour), max(hour) FROM hours"},
	/* clang-format on */
	{"means", NULL,
	 "hour,pollutant,mean,valid,quality,why,covered_min,samples,time_quality,rev,invalidated,"
	 "source,doubted",
	 false, 13,
	 "SELECT " TIME("hour * 3600") ", pollutant, " MEAN(
		 "mean_milli") ", CAST(valid AS TEXT), quality, why,"
			       " printf('%.1f', covered_ms / 60000.0), CAST(samples AS TEXT),"
			       " time_quality, CAST(rev AS TEXT), CAST(invalidated AS TEXT), "
			       "source, doubted"
			       " FROM hours WHERE hour BETWEEN ? AND ? ORDER BY hour, pollutant",
	 "SELECT min(hour), max(hour) FROM hours"},
	{"aqi", NULL,
	 "hour,daily,daily_published,daily_category,daily_primary,realtime,realtime_published,"
	 "realtime_category,realtime_primary,edition,rev",
	 false, 11,
	 "SELECT " TIME("hour * 3600") ", CAST(daily AS TEXT), CAST(daily_published AS TEXT),"
				       " CAST(daily_category AS TEXT), daily_primary,"
				       " CAST(realtime AS TEXT), CAST(realtime_published AS TEXT),"
				       " CAST(realtime_category AS TEXT), realtime_primary,"
				       " edition, CAST(rev AS TEXT) FROM aqi"
				       " WHERE hour BETWEEN ? AND ? ORDER BY hour",
	 "SELECT min(hour), max(hour) FROM aqi"},
	/* clang-format off */
	{"events", NULL,
	 "number,hour,event,about,previous,level,onset,basis,episode,revised,revised_from,made,"
	 "directive,by_directive,reason,plan,edition,list,text_zh,text_en,hash", false, 21,
	 "SELECT " INT("number") ", " TIME("hour * 3600") ", kind, about, previous, level,"
	 " " TIME("onset * 3600") ", basis,"
	 " CASE about WHEN 'advice' THEN " TIME("episode * 3600") " ELSE " INT("episode") " END,"
	 " revised, " TIME("revised_from * 3600") ", " TIME_MS("made") ", " INT("directive") ","
	 " " INT("by_directive") ", reason, plan, edition, " INT("list") ","
	 " " TEXT_OF("$.text_zh") ", " TEXT_OF("$.text_en") ", hash"
	 " FROM events WHERE hour BETWEEN ? AND ? ORDER BY number",
	 "SELECT min(hour), max(hour) FROM events"},
	{"directives", NULL,
	 "number,received,id,level,start,planned_end,regional,area,document,issuer,time,after,"
	 "withdraws,too_late,passed_over_by", false, 15,
	 "SELECT " INT("number") ", " TIME_MS("received") ", " ID_OF("command", "11") ", level,"
	 " " TIME_MS("start") ", " TIME_MS("planned_end") ", " INT("regional") ", area, document,"
	 " issuer, " TIME_MS("time") ", after, withdraws, too_late, " INT("passed_over_by")
	 " FROM directives WHERE " WITHIN("received") " ORDER BY number",
	 SPAN("received") " FROM directives"},
	{"releases", NULL,
	 "received,id,number,level,reviewer,signer,post,reviewed,signed,start,directive,"
	 "directive_number,fault,post_differs", false, 14,
	 "SELECT " TIME_MS("c.received") ", " ID_OF("command", "9") ", r.number, level, reviewer,"
	 " signer, post, " TIME_MS("reviewed") ", " TIME_MS("signed") ", " TIME_MS("start") ","
	 " directive, " INT("directive_number") ", fault, " INT("post_differs")
	 " FROM releases r JOIN commands c ON c.id = r.command WHERE " WITHIN("c.received")
	 " ORDER BY r.id",
	 SPAN("c.received") " FROM releases r JOIN commands c ON c.id = r.command"},
	{"receipts", NULL,
	 "received,id,time,ref,unit,person,outcome,done_pct,cut_kg_d,note", false, 10,
	 "SELECT " TIME_MS("c.received") ", " ID_OF("command", "9") ", " TIME_MS("r.time") ", ref,"
	 " unit, person, r.outcome, " INT("done_pct") ","
	 " CASE WHEN cut_g_d IS NOT NULL THEN " MEAN("cut_g_d") " END, note"
	 " FROM receipts r JOIN commands c ON c.id = r.command WHERE " WITHIN("c.received")
	 " ORDER BY c.received, command",
	 SPAN("c.received") " FROM receipts r JOIN commands c ON c.id = r.command"},
	{"orders", NULL,
	 "number,made,source,event,level,directive,message,hash", false, 8,
	 "SELECT " INT("number") ", " TIME_MS("made") ", source, kind, level, " INT("directive") ","
	 " " INT("message") ", hash FROM order_log WHERE " WITHIN("made") " ORDER BY number",
	 SPAN("made") " FROM order_log"},
	/* clang-format on */
	/* clang-format off */
	{"aux", NULL,
	 "hour,quantity,mean,quality,why,covered_min,samples,time_quality,rev", true, 9,
	 "SELECT " TIME("hour * 3600") ", quantity, " MEAN_OR_NONE("mean_milli") ", quality, why,"
	 " printf('%.1f', covered_ms / 60000.0), " INT("samples") ", time_quality, " INT("rev")
	 " FROM auxiliary_hours WHERE hour BETWEEN ? AND ? ORDER BY hour, quantity",
	 "SELECT min(hour), max(hour) FROM auxiliary_hours"},
	{"aux-minutes", NULL,
	 "minute,quantity,mean,covered_s,samples,normal,failures,doubted", true, 8,
	 "SELECT " TIME("minute * 60") ", quantity, " MEAN_OR_NONE("mean_milli") ","
	 " printf('%.3f', covered_ms / 1000.0), " INT("samples") ", " INT("normal") ", failures,"
	 " doubted FROM auxiliary_minutes WHERE minute BETWEEN (?1 - 1) * 60 AND ?2 * 60 - 1"
	 " ORDER BY minute, quantity",
	 "SELECT min(minute) / 60 + 1, max(minute) / 60 + 1 FROM auxiliary_minutes"},
	/* clang-format on */
	{"minutes", NULL, "minute,channel,mean,covered_s,samples,normal,doubted", true, 7,
	 "SELECT " TIME("minute * 60") ", name, " MEAN_OVER(
		 "weighted",
		 "covered_ms") ","
			       " printf('%.3f', covered_ms / 1000.0), CAST(samples AS TEXT),"
			       " CAST(normal AS TEXT), doubted FROM minutes JOIN channels"
			       " ON id = channel WHERE minute BETWEEN (?1 - 1) * 60 AND ?2 * 60 - "
			       "1"
			       " ORDER BY minute, channel",
	 "SELECT min(minute) / 60 + 1, max(minute) / 60 + 1 FROM minutes"},
	{"5-minutes", NULL, "begin,channel,mean,covered_s,samples,normal,doubted", true, 7,
	 "SELECT " TIME(
		 "minute / 5 * 300") ", name,"
				     " " MEAN_OVER(
					     "sum(weighted)",
					     "sum(covered_ms)") ","
								" printf('%.3f', sum(covered_ms) / "
								"1000.0),"
								" CAST(sum(samples) AS TEXT), "
								"CAST(sum(normal) AS TEXT),"
								" max(doubted)"
								" FROM minutes JOIN channels ON id "
								"= channel"
								" WHERE minute BETWEEN (?1 - 1) * "
								"60 AND ?2 * 60 - 1"
								" GROUP BY minute / 5, channel "
								"ORDER BY minute / 5, channel",
	 "SELECT min(minute) / 60 + 1, max(minute) / 60 + 1 FROM minutes"},
};
#define EXPORTS ((int)(sizeof(exports) / sizeof(exports[0])))

const char *export_name(int kind)
{
	return kind < EXPORTS ? exports[kind].name : NULL;
}

const char *export_layout(int kind)
{
	return exports[kind].layout;
}

const char *export_header(int kind)
{
	return exports[kind].header;
}

static struct db *find_database(struct store *store, int kind)
{
	return exports[kind].samples ? &store->samples : &store->state;
}

/* *ret_going is false when `each` wants no more. */
static int export_part(struct store *store, const struct export_job *job, int64_t first,
		       int64_t last, bool *ret_going)
{
	struct query q = db_read(find_database(store, job->kind), exports[job->kind].rows);
	query_int(&q, first);
	query_int(&q, last);
	while (*ret_going && query_row(&q)) {
		struct export_row row = {.n = exports[job->kind].columns};
		for (int i = 0; i < row.n; i++)
			row.fields[i] = query_column_null(&q, i)
						? ""
						: query_column_text(&q, i, TEXT_MAX_SIZE);
		if (q.error == 0)
			*ret_going = job->each(job->ctx, &row);
	}
	return query_end(&q);
}

int export_rows(struct store *store, const struct export_job *job)
{
	int64_t first = 0, last = 0;
	bool going = true;
	int r = export_span(store, job->kind, &first, &last);
	if (r)
		return r == STORE_E_NONE ? 0 : r;
	first = job->from + 1 > first ? job->from + 1 : first;
	last = job->to < last ? job->to : last;
	int64_t step = exports[job->kind].samples ? HOURS_OF_MINUTES_AT_ONCE : HOURS_AT_ONCE;
	for (int64_t hour = first; hour <= last && r == 0 && going; hour += step) {
		int64_t end = hour + step - 1;
		r = export_part(store, job, hour, end < last ? end : last, &going);
		if (job->pause && !job->pause(job->ctx))
			going = false;
	}
	return r;
}

int export_span(struct store *store, int kind, int64_t *ret_first, int64_t *ret_last)
{
	struct query q = db_read(find_database(store, kind), exports[kind].span);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	int64_t first = any ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int64_t last = any ? query_column(&q, 1, INT64_MIN, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r || !any)
		return r ? r : STORE_E_NONE;
	*ret_first = first;
	*ret_last = last;
	return 0;
}
