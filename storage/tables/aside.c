/* SPDX-License-Identifier: MIT */
#include "aside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crc.h"
#include "directory.h"

static bool is_known(const struct store *store, uint32_t sum)
{
	int64_t n = store->bad_rows < STORE_BAD_ROWS ? store->bad_rows : STORE_BAD_ROWS;
	for (int64_t i = 0; i < n; i++) {
		if (store->bad_sums[i] == sum)
			return true;
	}
	return false;
}

void aside_note(struct store *store, const char *format, ...)
{
	char text[sizeof(store->bad_row)];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	uint32_t sum = crc32_of_text(text);
	if (is_known(store, sum))
		return;
	memcpy(store->bad_row, text, sizeof(text));
	store->bad_sums[store->bad_rows++ % STORE_BAD_ROWS] = sum;
}

bool aside_is_noted(const struct store *store, const char *format, ...)
{
	char text[sizeof(store->bad_row)];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return is_known(store, crc32_of_text(text));
}

int aside_write(struct store *store, const char *table, const char *row)
{
	char dir[PATH_MAX], path[PATH_MAX + 32];
	directory_of(store, dir);
	snprintf(path, sizeof(path), "%s/quarantine", dir);
	if (mkdir(path, DIRECTORY_MODE) == 0)
		chmod(path, DIRECTORY_MODE);
	snprintf(path, sizeof(path), "%s/quarantine/rows.txt", dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		      DATABASE_MODE);
	if (fd < 0)
		return -errno;
	int n = dprintf(fd, "%s %s\n", table, row);
	int r = n < 0 || fdatasync(fd) < 0 ? -EIO : 0;
	close(fd);
	return r;
}

/* A text as JSON has it: what is neither a sign of JSON nor a control character stays. */
static void append_json_text(sqlite3_str *json, const char *text)
{
	sqlite3_str_appendchar(json, 1, '"');
	for (; text && *text; text++) {
		if ((unsigned char)*text < 0x20)
			sqlite3_str_appendf(json, "\\u%04x", *text);
		else if (*text == '"' || *text == '\\')
			sqlite3_str_appendf(json, "\\%c", *text);
		else
			sqlite3_str_appendchar(json, 1, *text);
	}
	sqlite3_str_appendchar(json, 1, '"');
}

static void append_column(sqlite3_str *json, sqlite3_stmt *stmt, int column)
{
	sqlite3_str_appendf(json, "%s\"%s\":", column > 0 ? "," : "",
			    sqlite3_column_name(stmt, column));
	switch (sqlite3_column_type(stmt, column)) {
	case SQLITE_INTEGER:
		sqlite3_str_appendf(json, "%lld", sqlite3_column_int64(stmt, column));
		break;
	case SQLITE_NULL:
		sqlite3_str_appendf(json, "null");
		break;
	default:
		append_json_text(json, (const char *)sqlite3_column_text(stmt, column));
	}
}

void aside_row(struct store *store, const char *table, struct query *q)
{
	sqlite3_str *json = sqlite3_str_new(NULL);
	aside_note(store, "%s %s", table, sqlite3_column_text(q->stmt, 0));
	sqlite3_str_appendchar(json, 1, '{');
	for (int i = 0; i < sqlite3_column_count(q->stmt); i++)
		append_column(json, q->stmt, i);
	sqlite3_str_appendchar(json, 1, '}');
	char *text = sqlite3_str_finish(json);
	if (text && !q->db->readonly)
		aside_write(store, table, text);
	sqlite3_free(text);
}
