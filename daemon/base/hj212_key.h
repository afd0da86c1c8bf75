/* SPDX-License-Identifier: MIT */
/*
 * The SM4 key of one HJ 212 link over its life (2025 6.4.3): the one of the profile's key file
 * until the platform sends another (CN 1014), which is kept on disk before it is used, outlives a
 * restart, and is renewed at least every 90 days. Nothing here writes a log; a key is in no
 * message.
 *
 * What was received stands in the station's folder as hj212-NAME.key (0600), as /etc may not be
 * written. It counts as long as the profile's file has the key that it replaced: another key put
 * there by hand counts at once, and what was received is forgotten after the first success under
 * it, so that a slip of the hand can be taken back.
 *
 * For each frame that was taken: event.enciphered and not event.by_before, or a 9014 for what was
 * sent under the key in force, is hj212_key_confirm(), and before 1014 is judged.
 */
#ifndef DAEMON_BASE_HJ212_KEY_H
#define DAEMON_BASE_HJ212_KEY_H

#include "sm4.h"

#define HJ212_KEY_DAYS 90              /* a key is to be replaced by then (6.4.3) */
#define HJ212_KEY_WARN_DAYS 75         /* and is warned of from then on */
#define HJ212_KEY_BEFORE_MS 86400000LL /* how long the old one is kept at most */
#define HJ212_KEY_PATH_MAX 512
#define HJ212_KEY_DIGEST_SIZE 33 /* of the profile's key, which tells whether it is another */

struct hj212_key {
	struct sm4_key now;
	/* The one before, for what comes of a platform that did not hear that the new one is used;
	 * hj212_form.before. Until the first success. */
	struct sm4_key before;
	bool has_before, received;
	bool stale; /* what was received before another key was put into the profile's file is there
		     */
	/* ms UTC: when it was made, by SKCreateTime, or of the profile's file the time of its last
	 * change; when it was taken from the platform. */
	int64_t created_ms, taken_ms;
	char path[HJ212_KEY_PATH_MAX]; /* of hj212-NAME.key */
	char configured[HJ212_KEY_DIGEST_SIZE];
};

/* The key in force of a link: `file` is the profile's, `dir` the station's folder, `name` of
 * letters that a file's name may have. False: why the profile's key cannot be read, as the end of a
 * sentence that begins with `file`. True with a `why` that is not empty: what was received cannot
 * be read, a sentence that begins with key->path; the profile's key is used. */
bool hj212_key_open(struct hj212_key *key, const char *file, const char *dir, const char *name,
		    char why[PLAIN_WHY_MAX]);

enum hj212_key_taken {
	HJ212_KEY_TAKEN, /* kept and in force; or it was already */
	HJ212_KEY_NONE,  /* neither 32 hex digits nor 16 bytes */
	HJ212_KEY_OLD,   /* made no later than the one that was received before */
	HJ212_KEY_LOST,  /* it could not be kept: why. Nothing changes */
};

/* What 1014 brings, as it stands in CP. */
struct hj212_key_news {
	const uint8_t *text;
	size_t n;
	int64_t created_ms, now_ms;
};
/* Whether it is the one in force, told once more: to take it changes nothing. */
bool hj212_key_is(const struct hj212_key *key, const struct hj212_key_news *news);
enum hj212_key_taken hj212_key_take(struct hj212_key *key, const struct hj212_key_news *news,
				    char why[PLAIN_WHY_MAX]);

/* The platform took something under the key in force: all others are forgotten, on disk too.
 * False, and why, if the disk would not; it is then forgotten here alone. */
bool hj212_key_confirm(struct hj212_key *key, char why[PLAIN_WHY_MAX]);

/* Forgets the one before once it is HJ212_KEY_BEFORE_MS old, as hj212_key_confirm does. */
bool hj212_key_look(struct hj212_key *key, int64_t now_ms, char why[PLAIN_WHY_MAX]);

/* Whole days since it was made; 0 where the clock is behind. */
int hj212_key_age_days(const struct hj212_key *key, int64_t now_ms);

#endif
