/* SPDX-License-Identifier: MIT */
/*
 * Frames of real loggers in one stream, torn and glued at random points, in clear and enciphered:
 * every one comes out, in its order. HAZEWATCH_FRAMES says how many, HAZEWATCH_SEED repeats a run.
 */
#include <stdlib.h>
#include <string.h>

#include "hj212_case.h"
#include "sm4.h"
#include "unit.h"

#define QUEUE 4096 /* frames that were put in and did not come out yet: a power of two */
#define PIECE_MAX 3000

static struct hj212_case cases[CASES_MAX];
static struct hj212_reader reader;
static int n_good, sent[QUEUE];
static long n_in, n_out;

static void keep_good_cases(void)
{
	int n = hj212_cases(false, cases);

	for (int i = 0; i < n; i++) {
		if (strcmp(cases[i].verdict, "good") == 0)
			cases[n_good++] = cases[i];
	}
	ck_assert_int_ge(n_good, 10);
}

/* Every other frame is enciphered, if it can be. */
static void encipher_cases(const struct hj212_cipher *cipher)
{
	for (int i = 0; i < n_good; i += 2)
		hj212_encipher(cipher, true, (uint8_t *)cases[i].frame + 6, cases[i].n - 12);
}

static void take_events(const struct hj212_case *clear, int64_t now_ms)
{
	struct hj212_event event;

	while (hj212_reader_next(&reader, now_ms, &event)) {
		const struct hj212_case *each = &clear[sent[n_out++ % QUEUE]];
		/* a ck_assert writes a line to Check each time */
		if (event.kind != HJ212_FRAME || event.skipped > 0 || event.n != each->n - 12 ||
		    memcmp(event.segment, each->frame + 6, event.n) != 0)
			ck_abort_msg("frame %ld: kind %d, %zu bytes", n_out, (int)event.kind,
				     event.n);
	}
}

static void play_stream(long frames, const struct hj212_form *form, const struct hj212_case *clear)
{
	uint8_t piece[PIECE_MAX + sizeof(cases[0].frame)];
	size_t n = 0;

	n_in = n_out = 0;
	hj212_reader_init(&reader, form);
	while (n_in < frames) {
		size_t want = 1 + unit_random() % PIECE_MAX;
		while (n < want && n_in < frames) {
			int which = (int)(unit_random() % (unsigned)n_good);
			memcpy(piece + n, cases[which].frame, cases[which].n);
			n += cases[which].n;
			sent[n_in++ % QUEUE] = which;
		}
		want = want < n ? want : n;
		ck_assert_uint_eq(hj212_reader_put(&reader, 0, piece, want), want);
		memmove(piece, piece + want, n - want);
		n -= want;
		take_events(clear, 0);
	}
	ck_assert_uint_eq(hj212_reader_put(&reader, 0, piece, n), n);
	take_events(clear, HJ212_END);
	ck_assert_int_eq(n_out, frames);
}

static long frames_to_play(void)
{
	const char *given = getenv("HAZEWATCH_FRAMES");

	return given ? atol(given) : 20000;
}

START_TEST(every_frame_of_a_torn_and_glued_stream_comes_out_once_and_in_order)
{
	keep_good_cases();
	play_stream(frames_to_play(), &(struct hj212_form){0}, cases);
}
END_TEST

START_TEST(enciphered_frames_come_out_of_it_in_clear)
{
	static struct hj212_case clear[CASES_MAX];
	struct sm4_key key = {.bytes = "0123456789abcdef"};
	struct hj212_cipher cipher = {sm4_blocks, &key};

	keep_good_cases();
	memcpy(clear, cases, sizeof(clear));
	encipher_cases(&cipher);
	play_stream(frames_to_play() / 10, &(struct hj212_form){.cipher = &cipher}, clear);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("torn");
	TCase *tc = tcase_create("torn");

	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, every_frame_of_a_torn_and_glued_stream_comes_out_once_and_in_order);
	tcase_add_test(tc, enciphered_frames_come_out_of_it_in_clear);
	suite_add_tcase(suite, tc);
	return suite;
}
