/* SPDX-License-Identifier: MIT */
#include "hall_damage.h"

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>

#include "pipeline.h"

#define IN_FORCE 1
#define PENDING 2

#define LOSE_WORD                                                                                  \
	"UPDATE directives SET level = 'none', start = 5 WHERE number = ?1;"                       \
	"UPDATE commands SET json = '{}' WHERE id ="                                               \
	" (SELECT command FROM directives WHERE number = ?1);"

static const struct {
	int of;
	const char *sql; /* each statement may have the number */
} damages[HALL_DAMAGE_COUNT] = {
	{IN_FORCE, "UPDATE timetable SET level = 'none', overdue = NULL WHERE number = ?1;"},
	{IN_FORCE, "UPDATE timetable SET start = 7, effective = 8 WHERE number = ?1;"
		   "UPDATE directives SET level = 'none' WHERE number = ?1;"},
	{PENDING, "UPDATE timetable SET start = start - 1 WHERE number = ?1;"},
	{IN_FORCE, "UPDATE timetable_state SET last_turn = 0, episode = 0, newest = 'x';"},
	{IN_FORCE, "UPDATE timetable SET level = 'none' WHERE number = ?1;" LOSE_WORD},
	{IN_FORCE, "DELETE FROM timetable WHERE number = ?1;" LOSE_WORD},
};

void hall_damage(int kind, int64_t in_force, int64_t pending)
{
	char path[600];
	sqlite3 *db;
	int64_t number = damages[kind].of == IN_FORCE ? in_force : pending;
	if (number == 0)
		return;
	snprintf(path, sizeof(path), "%s/state.db", conf->data_dir);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	for (const char *sql = damages[kind].sql; *sql != '\0';) {
		sqlite3_stmt *stmt;
		ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, &sql), SQLITE_OK);
		sqlite3_bind_int64(stmt, 1, number);
		ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
		sqlite3_finalize(stmt);
	}
	sqlite3_close(db);
}
