/* SPDX-License-Identifier: MIT */
#include "keeper.h"

#include "clock.h"
#include "log.h"

#define PAUSE_MIN_MS 2000
#define PAUSE_MAX_MS 60000

/* "2026-11-20T09:00:00+08:00" of an hour's label. */
static const char *hour_text(int64_t hour, char ret[CLOCK_TEXT_SIZE])
{
	return clock_text(hour * HOUR_MS, ret);
}

static void tell_mended(const struct mended *mended)
{
	char first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE], newest[CLOCK_TEXT_SIZE];
	if (!mended->file)
		return;
	log_error("database: %s was damaged; %lld rows were brought over into a new one, %d tables "
		  "not whole; the old file is %s",
		  mended->file, (long long)mended->rows, mended->broken_tables, mended->moved);
	if (mended->newest_hour != 0)
		log_error("database: the newest hour that is left is %s",
			  hour_text(mended->newest_hour, newest));
	if (mended->gap_first != 0)
		log_error("database: hours are missing from %s to %s",
			  hour_text(mended->gap_first, first), hour_text(mended->gap_last, last));
}

static int open_mended(const char *dir, struct store **ret)
{
	struct mended mended[STORE_FILES];
	int r = store_mend(dir, mended);
	for (int i = 0; r == 0 && i < STORE_FILES; i++)
		tell_mended(&mended[i]);
	return r == 0 ? store_open_keeping(dir, KEEPER_BYTES, ret) : r;
}

int keeper_open(struct keeper *keeper, const char *dir, struct store **ret)
{
	int r = store_open_keeping(dir, KEEPER_BYTES, ret);
	if (r == STORE_E_CORRUPT)
		r = open_mended(dir, ret);
	if (r == 0)
		*keeper = (struct keeper){.store = *ret};
	return r;
}

static void begin(struct keeper *keeper, int64_t now_ms, int64_t wall_ms)
{
	log_error("database: %s; going on from memory, which a power cut would lose",
		  store_why(keeper->store));
	keeper->failing = true;
	keeper->since_ms = wall_ms;
	keeper->pause_ms = PAUSE_MIN_MS;
	keeper->next_ms = now_ms + keeper->pause_ms;
	keeper->told_lost = 0;
}

static void tell_lost(struct keeper *keeper, int64_t lost, int64_t wall_ms)
{
	char since[CLOCK_TEXT_SIZE], now[CLOCK_TEXT_SIZE];
	if (lost > 0 && keeper->told_lost == 0)
		log_error("database: memory is full: the oldest changes since %s are lost (%s)",
			  clock_text(keeper->since_ms, since), clock_text(wall_ms, now));
	keeper->told_lost = lost;
}

static int recover(struct keeper *keeper)
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

static bool try_again(struct keeper *keeper)
{
	char since[CLOCK_TEXT_SIZE];
	struct store_kept kept = store_kept(keeper->store);
	if (recover(keeper) != 0)
		return false;
	log_notice("database: works again; %lld changes since %s are on disk, %lld are lost",
		   (long long)kept.transactions, clock_text(keeper->since_ms, since),
		   (long long)kept.lost);
	keeper->failing = false;
	return true;
}

static void tell_damaged(struct keeper *keeper)
{
	int64_t damaged = store_damaged(keeper->store);
	if (damaged > keeper->told_damaged)
		log_error("database: %lld messages are damaged and were not published",
			  (long long)(damaged - keeper->told_damaged));
	keeper->told_damaged = damaged;
}

static void restore(struct keeper *keeper, int64_t now_ms)
{
	const char *gone[STORE_FILES];
	if (now_ms < keeper->restore_ms)
		return;
	int r = store_restore(keeper->store, gone);
	for (int i = 0; r == 0 && i < STORE_FILES; i++)
		if (gone[i])
			log_error("database: %s was deleted or replaced while it was in use; it "
				  "was written again",
				  gone[i]);
	if (r != 0 && keeper->restore_ms == 0)
		log_error("database: a file was deleted or replaced while it was in use; the old "
			  "one goes on until the end of this process: %s",
			  store_message(keeper->store));
	keeper->restore_ms = r == 0 ? 0 : clock_monotonic_ms() + PAUSE_MAX_MS;
}

void keeper_tick(struct keeper *keeper, int64_t now_ms, int64_t wall_ms)
{
	tell_damaged(keeper);
	restore(keeper, now_ms);
	struct store_kept kept = store_kept(keeper->store);
	if (!kept.state && !kept.samples)
		return;
	if (!keeper->failing)
		begin(keeper, now_ms, wall_ms);
	tell_lost(keeper, kept.lost, wall_ms);
	if (now_ms < keeper->next_ms || try_again(keeper))
		return;
	keeper->pause_ms *= 2;
	if (keeper->pause_ms > PAUSE_MAX_MS)
		keeper->pause_ms = PAUSE_MAX_MS;
	keeper->next_ms = clock_monotonic_ms() + keeper->pause_ms;
}

void keeper_stop(struct keeper *keeper, int64_t wall_ms)
{
	char since[CLOCK_TEXT_SIZE], now[CLOCK_TEXT_SIZE];
	if (!keeper->store)
		return;
	restore(keeper, INT64_MAX);
	struct store_kept kept = store_kept(keeper->store);
	if (!kept.state && !kept.samples)
		return;
	if (!keeper->failing)
		begin(keeper, 0, wall_ms);
	if (!try_again(keeper))
		log_error("database: what was decided from %s to %s is lost: %lld changes (%s)",
			  clock_text(keeper->since_ms, since), clock_text(wall_ms, now),
			  (long long)kept.transactions, store_message(keeper->store));
}
