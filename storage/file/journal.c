/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 65536

void journal_done(struct journal *journal)
{
	free(journal->text);
	*journal = (struct journal){0};
}

static bool make_room(struct journal *journal, size_t size)
{
	size_t room = journal->size > 0 ? journal->size : FIRST_SIZE;
	while (room < journal->n + size)
		room *= 2;
	if (room == journal->size)
		return true;
	char *text = realloc(journal->text, room);
	if (!text)
		return false;
	journal->text = text;
	journal->size = room;
	return true;
}

static void append_statement(struct journal *journal, const char *text)
{
	size_t size = strlen(text) + 1;
	bool fits = size < journal->limit - (journal->n - journal->kept);
	if (journal->overflow || !fits || !make_room(journal, size)) {
		journal->overflow = true;
		return;
	}
	memcpy(journal->text + journal->n, text, size);
	journal->n += size;
}

void journal_add(struct journal *journal, const char *sql)
{
	if (journal->limit > 0 && *sql)
		append_statement(journal, sql);
}

void journal_drop(struct journal *journal)
{
	journal->n = journal->kept;
	journal->overflow = false;
}

static void forget_oldest(struct journal *journal)
{
	size_t at = 0;
	for (const char *sql = "-"; sql && *sql;)
		sql = journal_next(journal, &at);
	memmove(journal->text, journal->text + at, journal->n - at);
	journal->n -= at;
	journal->kept -= at;
	journal->transactions--;
	journal->lost++;
}

void journal_keep(struct journal *journal)
{
	if (journal->n > journal->kept)
		append_statement(journal, "");
	if (journal->overflow) {
		journal_drop(journal);
		journal->lost++;
		return;
	}
	if (journal->n == journal->kept)
		return;
	while (journal->n > journal->limit && journal->kept > 0)
		forget_oldest(journal);
	journal->kept = journal->n;
	journal->transactions++;
}

void journal_clear(struct journal *journal)
{
	free(journal->text);
	*journal = (struct journal){.limit = journal->limit};
}

const char *journal_next(const struct journal *journal, size_t *at)
{
	if (*at >= journal->kept)
		return NULL;
	const char *sql = journal->text + *at;
	*at += strlen(sql) + 1;
	return sql;
}
