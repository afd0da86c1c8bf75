/* SPDX-License-Identifier: MIT */
/*
 * The spool on a card that loses its power or is full, at every call that it makes. What is
 * durable: a file as it was at its last fdatasync, and of every change since all, nothing, or some
 * of its 512-byte sectors.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "spool.h"
#include "unit.h"

#define FILES 2
#define SECTOR 512
#define CHANGES_MAX 64
#define CARD_BYTES (SPOOL_FILE_BYTES + 65536)
#define GIVEN_MAX 4096
#define LIFE 60 /* steps of the life that is cut at every call */
#define ROUNDS 3
#define CUTS_AT_RANDOM 200
#define LARGEST 20000 /* bytes of a payload */

/* ---- the card ---- */

struct change {
	bool cuts; /* to the length `at`, else n bytes at `at` */
	int64_t at;
	size_t n;
	char *bytes;
};

static struct card_file {
	ino_t inode;
	char *durable;
	int64_t n;
	struct change changes[CHANGES_MAX];
	int n_changes;
} card[FILES];

enum fault { NO_FAULT, POWER_FAILS, IS_FULL };
static enum fault fault;
static int calls, fails_at, fails_until; /* 0: never; exclusive */
static bool is_off;
static bool forgets_sync; /* a card that says it has what it has not */

static bool is_struck(void)
{
	calls++;
	if (fault == NO_FAULT || calls < fails_at || (fails_until != 0 && calls >= fails_until))
		return false;
	is_off = is_off || fault == POWER_FAILS;
	return true;
}

static struct card_file *find_file(int fd)
{
	struct stat st;
	ck_assert_int_eq(fstat(fd, &st), 0);
	for (int i = 0; i < FILES; i++) {
		if (card[i].inode == st.st_ino)
			return &card[i];
	}
	return NULL;
}

static void forget_changes(struct card_file *of)
{
	for (int i = 0; i < of->n_changes; i++)
		free(of->changes[i].bytes);
	of->n_changes = 0;
}

static void apply(struct card_file *of, const struct change *change)
{
	int64_t end = change->at + (int64_t)change->n;
	if (change->cuts) {
		of->n = change->at;
		return;
	}
	ck_assert_int_le(end, CARD_BYTES);
	if (end > of->n) {
		memset(of->durable + of->n, 0, (size_t)(end - of->n));
		of->n = end;
	}
	memcpy(of->durable + change->at, change->bytes, change->n);
}

static void note_change(int fd, const struct change *change)
{
	struct card_file *of = find_file(fd);
	if (!of || is_off)
		return;
	if (of->n_changes == CHANGES_MAX) { /* written back meanwhile */
		for (int i = 0; i < CHANGES_MAX; i++)
			apply(of, &of->changes[i]);
		forget_changes(of);
	}
	struct change *to = &of->changes[of->n_changes++];
	*to = *change;
	to->bytes = malloc(change->n + 1);
	if (change->n > 0)
		memcpy(to->bytes, change->bytes, change->n);
}

static ssize_t write_some(int fd, char *bytes, size_t n, off_t offset)
{
	note_change(fd, &(struct change){.at = offset, .n = n, .bytes = bytes});
	return (ssize_t)syscall(SYS_pwrite64, fd, bytes, n, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset)
{
	static char bytes[SPOOL_PAYLOAD_MAX + 4096];
	size_t size = 0;
	for (int i = 0; i < n; i++) {
		memcpy(bytes + size, parts[i].iov_base, parts[i].iov_len);
		size += parts[i].iov_len;
	}
	bool was_off = is_off;
	if (!is_struck())
		return write_some(fd, bytes, size, offset);
	if (!was_off && fault == POWER_FAILS) /* on its way when the power failed */
		note_change(fd, &(struct change){.at = offset, .n = size, .bytes = bytes});
	if (fault == IS_FULL) {
		size = unit_random() % size;
		errno = ENOSPC;
		return size > 0 ? write_some(fd, bytes, size, offset) : -1;
	}
	errno = EIO;
	return -1;
}

int fdatasync(int fd)
{
	struct card_file *of = find_file(fd);
	if (is_struck()) {
		errno = fault == IS_FULL ? ENOSPC : EIO;
		return -1;
	}
	if (of && !forgets_sync) {
		for (int i = 0; i < of->n_changes; i++)
			apply(of, &of->changes[i]);
		forget_changes(of);
	}
	return 0;
}

int ftruncate64(int fd, off64_t size)
{
	bool was_off = is_off;
	bool fails = is_struck() && fault == POWER_FAILS; /* a full card takes what is shorter */
	is_off = was_off;
	note_change(fd, &(struct change){.cuts = true, .at = size});
	is_off = was_off || fails;
	if (!fails)
		return (int)syscall(SYS_ftruncate, fd, size);
	errno = EIO;
	return -1;
}

/* ---- what the test knows ---- */

static struct spool *spool;
static char dir[128];
static int given;                   /* payloads 1, 2, ... */
static bool is_promised[GIVEN_MAX]; /* acknowledged, and not forgotten by spool_cut */
static bool is_passed[GIVEN_MAX];

/* The text of a payload says which it is; the rest follows from that. */
static int text_of(int i, char ret[LARGEST + 32])
{
	int length = 1 + (i * 7919) % (i % 16 == 0 ? LARGEST : 600);
	int n = snprintf(ret, LARGEST + 32, "%d:", i);
	if (length > n) {
		memset(ret + n, 1 + i * 31 % 255, (size_t)(length - n));
		n = length;
	}
	return n;
}

static const char *path_of(int number)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/commands-%d.spool", dir, number + 1);
	return path;
}

static void open_spool(void)
{
	spool = spool_open(dir);
	ck_assert_ptr_nonnull(spool);
	for (int i = 0; i < FILES; i++) {
		struct stat st;
		ck_assert_int_eq(stat(path_of(i), &st), 0);
		card[i].inode = st.st_ino;
	}
}

static void begin_anew(void)
{
	snprintf(dir, sizeof(dir), "%s", unit_tmpdir());
	spool = spool_close(spool);
	fault = NO_FAULT;
	is_off = forgets_sync = false;
	given = 0;
	memset(is_promised, 0, sizeof(is_promised));
	memset(is_passed, 0, sizeof(is_passed));
	for (int i = 0; i < FILES; i++) {
		unlink(path_of(i));
		forget_changes(&card[i]);
		card[i].n = 0;
		if (!card[i].durable)
			card[i].durable = malloc(CARD_BYTES);
	}
	open_spool();
	calls = 0;
}

static void teardown(void)
{
	spool = spool_close(spool);
	for (int i = 0; i < FILES; i++) {
		forget_changes(&card[i]);
		free(card[i].durable);
		card[i].durable = NULL;
	}
}

static void strike(enum fault what, int from, int times)
{
	fault = what;
	calls = 0;
	fails_at = from;
	fails_until = times < 0 ? 0 : from + times;
}

/* ---- a life ---- */

static enum spool_kept give(void)
{
	char text[LARGEST + 32];
	ck_assert_int_lt(given + 1, GIVEN_MAX);
	int n = text_of(++given, text);
	enum spool_kept kept = spool_append(spool, "directive", 0, text, n);
	is_promised[given] = kept == SPOOL_ON_DISK;
	return kept;
}

/* It is committed in the database; forgotten with the next cut. */
static void take_one(void)
{
	const struct spool_entry *entry = spool_first(spool);
	if (!entry)
		return;
	is_passed[atoi(entry->payload)] = true;
	spool_pass(spool);
}

static void cut(void)
{
	for (int i = 1; i <= given; i++)
		is_promised[i] = is_promised[i] && !is_passed[i];
	spool_cut(spool);
}

static void live_a_step(unsigned random)
{
	switch (random % 8) {
	case 0:
	case 1:
		take_one();
		break;
	case 2:
		cut();
		break;
	case 3:
		for (int i = 0; i < 6; i++)
			take_one();
		cut();
		break;
	default:
		give();
	}
}

/* The same steps each time. */
static void live(int steps)
{
	for (int i = 0; i < steps && !is_off; i++)
		live_a_step((unsigned)(i * i + i / 3) * 2654435761u >> 7);
}

/* ---- after it ---- */

/* Sector by sector, or whole, or not at all. */
static void survive_change(struct card_file *of, const struct change *change)
{
	unsigned how = unit_random() % 3;
	if (how == 0 || (change->cuts && how == 2))
		return;
	if (how == 1) {
		apply(of, change);
		return;
	}
	for (size_t at = 0; at < change->n;) {
		size_t n = SECTOR - (size_t)(change->at + (int64_t)at) % SECTOR;
		n = n < change->n - at ? n : change->n - at;
		if (unit_random() % 2)
			apply(of, &(struct change){.at = change->at + (int64_t)at,
						   .n = n,
						   .bytes = change->bytes + at});
		at += n;
	}
}

/* The files are what the cut left of them. */
static void restart(void)
{
	spool = spool_close(spool);
	fault = NO_FAULT;
	for (int i = 0; i < FILES; i++) {
		struct card_file *of = &card[i];
		for (int c = 0; c < of->n_changes; c++)
			survive_change(of, &of->changes[c]);
		forget_changes(of);
		int fd = open(path_of(i), O_WRONLY | O_TRUNC);
		ck_assert_int_ge(fd, 0);
		ck_assert_int_eq(write(fd, of->durable, (size_t)of->n), of->n);
		close(fd);
	}
	is_off = false;
	open_spool();
}

/* How many promised commands are not there; what is there is as it was given, in its order. One
 * may be there twice, in both files: its first writing could not be taken back durably. */
static int count_lost(void)
{
	static bool is_there[GIVEN_MAX];
	char text[LARGEST + 32];
	int before = 0, lost = 0;
	memset(is_there, 0, sizeof(is_there));
	for (const struct spool_entry *entry = spool_first(spool); entry;
	     entry = spool_next(spool, entry)) {
		int i = atoi(entry->payload);
		ck_assert_msg(i >= before && i <= given, "%d behind %d", i, before);
		ck_assert_int_eq(entry->length, text_of(i, text));
		ck_assert_mem_eq(entry->payload, text, (size_t)entry->length);
		is_there[i] = true;
		before = i;
	}
	for (int i = 1; i <= given; i++)
		lost += is_promised[i] && !is_there[i];
	return lost;
}

/* What is found is promised from now on. */
static void keep_what_is_found(void)
{
	memset(is_passed, 0, sizeof(is_passed));
	for (const struct spool_entry *entry = spool_first(spool); entry;
	     entry = spool_next(spool, entry))
		is_promised[atoi(entry->payload)] = true;
}

static int count_calls(void)
{
	begin_anew();
	live(LIFE);
	return calls;
}

START_TEST(a_power_cut_at_any_call_loses_no_acknowledged_command)
{
	int n = count_calls();
	ck_assert_int_gt(n, LIFE);
	for (int at = 1; at <= n; at++) {
		for (int round = 0; round < ROUNDS; round++) {
			begin_anew();
			strike(POWER_FAILS, at, -1);
			live(LIFE);
			restart();
			ck_assert_msg(count_lost() == 0, "cut at call %d of %d", at, n);
			ck_assert_int_eq(give(), SPOOL_ON_DISK);
			restart();
			ck_assert_msg(count_lost() == 0, "after a cut at call %d", at);
		}
	}
	printf("# %d calls, %d cuts each\n", n, ROUNDS);
}
END_TEST

/* The next cut may come while what the last one left is mended. */
START_TEST(two_hundred_power_cuts_one_after_the_other_lose_no_acknowledged_command)
{
	begin_anew();
	for (int i = 0; i < CUTS_AT_RANDOM; i++) {
		strike(POWER_FAILS, 1 + (int)(unit_random() % 40), -1);
		for (int steps = 0; steps < 400 && !is_off && given < GIVEN_MAX - 2; steps++)
			live_a_step(unit_random());
		restart();
		ck_assert_msg(count_lost() == 0, "cut %d", i);
		keep_what_is_found();
	}
	printf("# %d commands\n", given);
}
END_TEST

START_TEST(a_card_that_forgets_what_it_has_synchronised_does_lose_commands)
{
	int lost = 0;
	for (int i = 1; i < 40; i++) {
		begin_anew();
		forgets_sync = true;
		strike(POWER_FAILS, i, -1);
		live(LIFE);
		restart();
		lost += count_lost();
	}
	ck_assert_int_gt(lost, 0);
	printf("# %d commands lost\n", lost);
}
END_TEST

/* What is in memory alone is written at the stop. */
START_TEST(a_card_that_is_full_from_any_call_on_loses_no_acknowledged_command)
{
	int n = count_calls();
	for (int at = 1; at <= n; at++) {
		for (int times = 1; times < 4; times += 2) {
			begin_anew();
			strike(IS_FULL, at, times);
			live(LIFE);
			fault = NO_FAULT;
			ck_assert_int_eq(spool_save(spool), 0);
			restart();
			ck_assert_msg(count_lost() == 0, "full at call %d, %d times", at, times);
		}
	}
}
END_TEST

START_TEST(a_card_that_is_full_says_so_keeps_what_it_has_and_works_again_when_it_is_not)
{
	struct spool_state state;
	int n = count_calls();
	for (int at = 1; at <= n; at++) {
		begin_anew();
		strike(IS_FULL, at, -1);
		live(LIFE);
		while (give() == SPOOL_ON_DISK)
			;
		spool_get_state(spool, &state);
		ck_assert(state.failing);
		ck_assert_ptr_nonnull(strstr(state.why, strerror(ENOSPC)));
		fault = NO_FAULT;
		ck_assert_int_eq(give(), SPOOL_ON_DISK);
		restart();
		ck_assert_msg(count_lost() == 0, "full from call %d on", at);
	}
}
END_TEST

/* A card that is full and then loses its power. */
START_TEST(a_power_cut_on_a_full_card_loses_no_acknowledged_command)
{
	for (int i = 0; i < CUTS_AT_RANDOM; i++) {
		begin_anew();
		strike(IS_FULL, 1 + (int)(unit_random() % 60), 1 + (int)(unit_random() % 9));
		live((int)(unit_random() % LIFE));
		strike(POWER_FAILS, 1 + (int)(unit_random() % 20), -1);
		live(LIFE);
		restart();
		ck_assert_msg(count_lost() == 0, "cut %d", i);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("spool_power");
	TCase *tc = tcase_create("spool_power");
	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_set_timeout(tc, 200);
	tcase_add_test(tc, a_power_cut_at_any_call_loses_no_acknowledged_command);
	tcase_add_test(tc, two_hundred_power_cuts_one_after_the_other_lose_no_acknowledged_command);
	tcase_add_test(tc, a_card_that_forgets_what_it_has_synchronised_does_lose_commands);
	tcase_add_test(tc, a_card_that_is_full_from_any_call_on_loses_no_acknowledged_command);
	tcase_add_test(
		tc, a_card_that_is_full_says_so_keeps_what_it_has_and_works_again_when_it_is_not);
	tcase_add_test(tc, a_power_cut_on_a_full_card_loses_no_acknowledged_command);
	suite_add_tcase(suite, tc);
	return suite;
}
