/* SPDX-License-Identifier: MIT */
#include "pipeline.h"

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "log.h"
#include "outbox_one.h"
#include "station.h"

struct conf *conf;
struct store *store;
struct engine *engine;
int readings, looks, n_rows;
char reading[4096];
struct outbox_row rows[MAX_ROWS];
int32_t (*pm25_of)(int64_t hour);

static void say(void *ctx, const char *topic, bool retain, char *payload)
{
	(void)ctx, (void)retain;
	ck_assert_ptr_nonnull(payload);
	if (strcmp(topic, "reading") == 0) {
		readings++;
		snprintf(reading, sizeof(reading), "%s", payload);
	}
	free(payload);
}

static void look(void *ctx)
{
	(void)ctx;
	looks++;
}

static void silence(enum log_level level, const char *line)
{
	(void)level, (void)line;
}

void start(void)
{
	const struct engine_env env = {NULL, say, look};
	ck_assert_int_eq(store_open_keeping(conf->data_dir, 1 << 24, &store), 0);
	ck_assert_int_eq(engine_new(conf, store, "boot", &env, &engine), 0);
}

void killed(void)
{
	engine = engine_free(engine);
	store = store_close(store);
}

void collect_outbox(void)
{
	int n = 0;
	do {
		ck_assert_int_eq(outbox_take(store, 10, &rows[n_rows], &n), 0);
		for (int i = 0; i < n; i++)
			ck_assert_int_eq(
				outbox_answer(store,
					      &(struct outbox_answer){.seq = rows[n_rows + i].seq}),
				0);
		n_rows += n;
	} while (n > 0 && n_rows < MAX_ROWS - 10);
}

void setup(void)
{
	conf = station_conf("hj633-2012", "hetang-2024", "");
	n_rows = readings = looks = 0;
	pm25_of = smog_from_hour_30;
	log_capture(silence);
	start();
}

void teardown(void)
{
	killed();
	for (int i = 0; i < n_rows; i++)
		outbox_row_done(&rows[i]);
	conf_free(conf);
}

int32_t smog_from_hour_30(int64_t hour)
{
	int64_t i = hour - H;
	int base = i >= 30 && i < 126 ? 260 : 40;
	return (base + (int)(i * 7 % 23)) * 1000;
}

void poll_at(int64_t at_ms)
{
	int64_t hour = hour_of_ms(at_ms);
	for (uint16_t c = 0; c < conf->n_channels; c++) {
		struct sample sample = {.at_ms = at_ms, .channel = c, .quality = QUALITY_NORMAL};
		sample.value_milli =
			conf->channels[c].pollutant == POLLUTANT_PM25 ? pm25_of(hour) : 1000;
		engine_sample(engine, &sample, TIME_SYNCHRONISED);
	}
}

void run_hours(int64_t from, int64_t to)
{
	for (int64_t ms = from * HOUR_MS; ms < to * HOUR_MS; ms += POLL_MS) {
		poll_at(ms);
		engine_advance(engine, ms + 1000, TIME_SYNCHRONISED);
	}
}

void settle(int64_t now_ms)
{
	do
		engine_advance(engine, now_ms, TIME_SYNCHRONISED);
	while (engine_due_ms(engine) <= now_ms);
}

static const char *text_of(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

void event_list(char *list, size_t size)
{
	size_t n = 0;
	list[0] = '\0';
	collect_outbox();
	for (int i = 0; i < n_rows; i++) {
		if (strcmp(rows[i].topic, "warning/event") != 0)
			continue;
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		n += (size_t)snprintf(
			list + n, size - n, "%lld %s %s %s\n",
			(long long)json_integer_value(json_object_get(json, "number")),
			text_of(json, "event"), text_of(json, "level"), text_of(json, "hour"));
		json_decref(json);
	}
}

json_t *outbox_newest(const char *topic)
{
	json_t *json = NULL;
	collect_outbox();
	for (int i = n_rows - 1; i >= 0 && !json; i--) {
		if (strcmp(rows[i].topic, topic) == 0)
			json = json_loads(rows[i].payload, 0, NULL);
	}
	return json;
}

/* A CAP alert without the lines that have the id of the database, which is another in each. */
static void dump_alert(FILE *out, const char *payload)
{
	for (size_t n; *payload; payload += n) {
		n = strcspn(payload, "\n") + (strchr(payload, '\n') != NULL);
		char *line = strndup(payload, n);
		if (!strstr(line, "<identifier>") && !strstr(line, "<references>"))
			fputs(line, out);
		free(line);
	}
}

char *outbox_dump(const char *without)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	collect_outbox();
	for (int i = 0; i < n_rows; i++) {
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		fprintf(out, "%s ", rows[i].topic);
		if (json) {
			json_object_del(json, without);
			json_object_del(json, "id");
			json_object_del(json, "events_hash");
			char *line = json_dumps(json, JSON_COMPACT);
			fprintf(out, "%s\n", line);
			free(line);
		} else {
			dump_alert(out, rows[i].payload);
		}
		json_decref(json);
	}
	fclose(out);
	return text;
}

int64_t ask(const char *sql)
{
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_prepare_v2(store->state.handle, sql, -1, &stmt, NULL), SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}
