/* SPDX-License-Identifier: MIT */
/* What a frame of HJ 212 costs: an hour of six pollutants written, and read again, in clear and by
 * SM4. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "hj212_frame.h"
#include "hj212_part.h"
#include "sm4.h"

#define FRAMES 200 /* a round */

static const char body[] = "DataTime=20260301080000;a34004-Avg=35,a34004-Flag=N;a34002-Avg=62,"
			   "a34002-Flag=N;a21026-Avg=8,a21026-Flag=N;a21004-Avg=41,a21004-Flag=N;"
			   "a21005-Avg=0.900,a21005-Flag=N;a05024-Avg=63,a05024-Flag=N";

struct side {
	struct hj212_form form;
	struct hj212_reader reader;
	uint8_t frame[HJ212_FRAME_MAX];
	size_t n;
};

static void write_frames(void *context)
{
	struct side *side = context;
	const struct hj212_message message = {.qn = "20260301090000123",
					      .st = 22,
					      .cn = 2061,
					      .pw = "123456",
					      .mn = "010000A8900016F000169DC0",
					      .version = HJ212_2025,
					      .answer = true,
					      .body = body,
					      .n_body = sizeof(body) - 1};
	uint8_t segment[HJ212_SEGMENT_MAX];
	for (int i = 0; i < FRAMES; i++) {
		size_t n = hj212_part_write(&message, 1, segment);
		side->n = hj212_frame_write(segment, n, &side->form, side->frame);
		bench_use(side->frame);
	}
}

static void read_frames(void *context)
{
	struct side *side = context;
	static struct hj212_segment segment;
	struct hj212_event event;
	for (int i = 0; i < FRAMES; i++) {
		hj212_reader_put(&side->reader, 0, side->frame, side->n);
		while (hj212_reader_next(&side->reader, 0, &event))
			hj212_segment_read(event.segment, event.n, &segment);
		bench_use(&segment);
	}
}

int main(void)
{
	static struct sm4_key key = {.bytes = "0123456789abcde"};
	const struct hj212_cipher cipher = {sm4_blocks, &key};
	static struct side side;
	printf("an hour of six pollutants    bytes  written/s     read/s\n");
	for (int enciphered = 0; enciphered < 2; enciphered++) {
		side.form = (struct hj212_form){.cipher = enciphered ? &cipher : NULL};
		hj212_reader_init(&side.reader, &side.form);
		int64_t write_ns = bench_fastest_ns(write_frames, &side) / FRAMES;
		int64_t read_ns = bench_fastest_ns(read_frames, &side) / FRAMES;
		printf("%-25s %8zu %10" PRId64 " %10" PRId64 "\n", enciphered ? "SM4" : "in clear",
		       side.n, 1000000000 / write_ns, 1000000000 / read_ns);
	}
	return 0;
}
