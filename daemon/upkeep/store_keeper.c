/* SPDX-License-Identifier: MIT */
#include "store_keeper.h"

#include "clock.h"
#include "hour.h"
#include "log.h"
#include "time_text.h"

#define PAUSE_MIN_MS 2000
#define PAUSE_MAX_MS 60000

/* "2026-11-20T09:00:00+08:00" of an hour's label. */
static const char *hour_text(int64_t hour, char ret[TIME_TEXT_SIZE])
{
	return time_text(hour * HOUR_MS, ret);
}

static void tell_mended(const struct mended *mended)
{
	char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE], newest[TIME_TEXT_SIZE];
	if (!mended->file)
		return;
	log_error(LOG_STORE_MENDED,
		  "database: %s was damaged; %lld rows were brought over into a new one, %d tables "
		  "not whole; the old file is %s",
		  mended->file, (long long)mended->rows, mended->broken_tables, mended->moved);
	if (mended->newest_hour != 0)
		log_error(LOG_STORE_MENDED, "database: the newest hour that is left is %s",
			  hour_text(mended->newest_hour, newest));
	if (mended->gap_first != 0)
		log_error(LOG_STORE_MENDED, "database: hours are missing from %s to %s",
			  hour_text(mended->gap_first, first), hour_text(mended->gap_last, last));
}

/* Without room for a new file the damaged one stays, and what can be read of it goes on. */
static int open_mended(const char *dir, struct store **ret)
{
	struct mended mended[STORE_FILES];
	int r = store_mend(dir, mended);
	for (int i = 0; i < STORE_FILES; i++)
		tell_mended(&mended[i]);
	if (r == 0)
		r = store_open_keeping(dir, STORE_KEEPER_BYTES, ret);
	if (r == 0 || r == STORE_E_BUSY || r == STORE_E_NEWER)
		return r;
	int opened = store_open_damaged(dir, STORE_KEEPER_BYTES, ret);
	if (opened == 0)
		log_error(LOG_STORE_UNMENDED,
			  "database: damaged, and no new one can be written: %s; the damaged one "
			  "stays where it is",
			  store_message(NULL));
	return opened;
}

int store_keeper_open(struct store_keeper *keeper, const char *dir, struct store **ret)
{
	int r = store_open_keeping(dir, STORE_KEEPER_BYTES, ret);
	if (r == STORE_E_CORRUPT)
		r = open_mended(dir, ret);
	if (r == 0)
		*keeper = (struct store_keeper){.store = *ret};
	return r;
}

int store_keeper_mend(struct store_keeper *keeper, const char *dir, struct store **store)
{
	*keeper = (struct store_keeper){.store = NULL};
	*store = store_close(*store);
	int r = open_mended(dir, store);
	if (r == 0)
		keeper->store = *store;
	return r;
}

static void begin_outage(struct store_keeper *keeper, int64_t now_ms, int64_t wall_ms)
{
	log_error(LOG_STORE_FAILS,
		  "database: %s; going on from memory, which a power cut would lose",
		  store_why(keeper->store));
	keeper->failing = true;
	keeper->since_ms = wall_ms;
	keeper->pause_ms = PAUSE_MIN_MS;
	keeper->next_ms = now_ms + keeper->pause_ms;
	keeper->told_lost = 0;
}

static void tell_lost(struct store_keeper *keeper, int64_t lost, int64_t wall_ms)
{
	char since[TIME_TEXT_SIZE], now[TIME_TEXT_SIZE];
	if (lost > 0 && keeper->told_lost == 0)
		log_error(LOG_CHANGES_LOST,
			  "database: memory is full: the oldest changes since %s are lost (%s)",
			  time_text(keeper->since_ms, since), time_text(wall_ms, now));
	keeper->told_lost = lost;
}

static int recover_store(struct store_keeper *keeper)
{
	struct mended mended[STORE_FILES];
	int r = store_recover(keeper->store);
	if (r != STORE_E_CORRUPT)
		return r;
	r = store_mend_open(keeper->store, mended);
	for (int i = 0; r == 0 && i < STORE_FILES; i++)
		tell_mended(&mended[i]);
	return r == 0 ? store_recover(keeper->store) : r;
}

static bool try_again(struct store_keeper *keeper)
{
	char since[TIME_TEXT_SIZE];
	struct store_kept kept = store_kept(keeper->store);
	if (recover_store(keeper) != 0)
		return false;
	log_notice(LOG_STORE_WORKS,
		   "database: works again; %lld changes since %s are on disk, %lld are lost",
		   (long long)kept.transactions, time_text(keeper->since_ms, since),
		   (long long)kept.lost);
	keeper->failing = false;
	return true;
}

static void tell_damaged(struct store_keeper *keeper)
{
	int64_t damaged = store_damaged(keeper->store);
	if (damaged > keeper->told_damaged)
		log_error(LOG_ROWS_DAMAGED,
			  "database: %lld messages are damaged and were not published",
			  (long long)(damaged - keeper->told_damaged));
	keeper->told_damaged = damaged;
	const char *newest = "";
	int64_t bad = store_bad_rows(keeper->store, &newest);
	if (bad > keeper->told_bad_rows)
		log_error(LOG_ROWS_DAMAGED,
			  "database: %lld rows are damaged and are not used, the newest: %s",
			  (long long)(bad - keeper->told_bad_rows), newest);
	keeper->told_bad_rows = bad;
}

static void restore_files(struct store_keeper *keeper, int64_t now_ms)
{
	const char *gone[STORE_FILES];
	if (now_ms < keeper->restore_ms)
		return;
	int r = store_restore(keeper->store, gone);
	for (int i = 0; r == 0 && i < STORE_FILES; i++)
		if (gone[i])
			log_error(LOG_STORE_FILE_GONE,
				  "database: %s was deleted or replaced while it was in use; it "
				  "was written again",
				  gone[i]);
	if (r != 0 && keeper->restore_ms == 0)
		log_error(LOG_STORE_FILE_GONE,
			  "database: a file was deleted or replaced while it was in use; the old "
			  "one goes on until the end of this process: %s",
			  store_message(keeper->store));
	keeper->restore_ms = r == 0 ? 0 : clock_monotonic_ms() + PAUSE_MAX_MS;
}

void store_keeper_tick(struct store_keeper *keeper, int64_t now_ms, int64_t wall_ms)
{
	tell_damaged(keeper);
	restore_files(keeper, now_ms);
	store_check_slice(keeper->store);
	struct store_kept kept = store_kept(keeper->store);
	if (!kept.state && !kept.samples)
		return;
	if (!keeper->failing)
		begin_outage(keeper, now_ms, wall_ms);
	tell_lost(keeper, kept.lost, wall_ms);
	if (now_ms < keeper->next_ms || try_again(keeper))
		return;
	keeper->pause_ms *= 2;
	if (keeper->pause_ms > PAUSE_MAX_MS)
		keeper->pause_ms = PAUSE_MAX_MS;
	keeper->next_ms = clock_monotonic_ms() + keeper->pause_ms;
}

void store_keeper_stop(struct store_keeper *keeper, int64_t wall_ms)
{
	char since[TIME_TEXT_SIZE], now[TIME_TEXT_SIZE];
	if (!keeper->store)
		return;
	restore_files(keeper, INT64_MAX);
	struct store_kept kept = store_kept(keeper->store);
	if (!kept.state && !kept.samples)
		return;
	if (!keeper->failing)
		begin_outage(keeper, 0, wall_ms);
	if (!try_again(keeper))
		log_error(LOG_CHANGES_LOST,
			  "database: what was decided from %s to %s is lost: %lld changes (%s)",
			  time_text(keeper->since_ms, since), time_text(wall_ms, now),
			  (long long)kept.transactions, store_message(keeper->store));
}
