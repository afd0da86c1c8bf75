/* SPDX-License-Identifier: MIT */
/* A message to a platform: head, parts, cipher, frames. */
#include <stdio.h>
#include <string.h>

#include "hj212_part.h"
#include "platforms_inside.h"

void platform_qn_write(int64_t qn, char ret[LINE_QN_SIZE])
{
	char moment[HJ212_TIME_SIZE];
	unsigned milli = (unsigned)(qn % 1000) % 1000;
	hj212_start_write(qn, 0, moment);
	snprintf(ret, LINE_QN_SIZE, "%s%03u", moment, milli);
}

/* The platform answers a message once: to its last part. */
static size_t write_frame(const struct platform *platform, struct hj212_message message, int part,
			  int parts, uint8_t ret[HJ212_FRAME_MAX])
{
	const struct hj212_profile *profile = platform->conf->profile;
	const struct hj212_cipher cipher = {sm4_blocks, (void *)&platform->key.now};
	const struct hj212_form form = {.crc = profile->crc,
					.length = profile->length,
					.cipher = profile->key_file ? &cipher : NULL};
	uint8_t segment[HJ212_SEGMENT_MAX];
	message.answer = profile->ack != HJ212_ACK_NONE && part == parts;
	size_t n = hj212_part_write(&message, part, segment);
	return n == 0 ? 0 : hj212_frame_write(segment, n, &form, ret);
}

bool platform_send(struct platforms *all, struct platform *platform,
		   const struct platform_words *words)
{
	const struct hj212_profile *profile = platform->conf->profile;
	struct line_message *frames = &all->frames;
	if (!platform->has_password || (profile->key_file && !platform->has_key))
		return false;
	platform_qn_write(words->qn, frames->qn);
	const struct hj212_message message = {
		.qn = frames->qn,
		.st = profile->st,
		.cn = words->cn,
		.pw = platform->password,
		.mn = platform->conf->mn,
		.version = (int)profile->edition,
		.again = words->again,
		.body = words->body,
		.n_body = strlen(words->body),
	};
	frames->cn = words->cn;
	frames->n = hj212_parts(&message);
	if (frames->n == 0 || frames->n > LINE_PARTS_MAX)
		return false;
	for (int i = 0; i < frames->n; i++) {
		frames->sizes[i] =
			write_frame(platform, message, i + 1, frames->n, frames->frames[i]);
		if (frames->sizes[i] == 0)
			return false;
	}
	return platform_line_send(platform->line, frames);
}
