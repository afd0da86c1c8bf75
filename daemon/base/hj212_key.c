/* SPDX-License-Identifier: MIT */
#include "hj212_key.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checksum.h"
#include "words.h"

#define DAY_MS 86400000LL
#define HEX_SIZE (2 * SM4_BLOCK + 1)
#define FILE_BYTES 512 /* of hj212-NAME.key: five short lines */
#define NO_KEY "-"
#define FORMAT                                                                                     \
	"hazewatch-hj212-key=1\nkey=%s\nbefore=%s\nreplaced=%s\ncreated=%" PRId64                  \
	"\ntaken=%" PRId64 "\n"

static void write_hex(const struct sm4_key *key, char ret[HEX_SIZE])
{
	for (int i = 0; i < SM4_BLOCK; i++)
		snprintf(ret + (size_t)i * 2, 3, "%02x", key->bytes[i]);
}

static bool read_hex(const char *text, struct sm4_key *ret)
{
	return strlen(text) == HEX_SIZE - 1 &&
	       sm4_key_parse((const uint8_t *)text, HEX_SIZE - 1, ret);
}

/* ---- the file of what was received ---- */

static bool parse_received(const char *text, struct hj212_key *key)
{
	char now[HEX_SIZE], before[HEX_SIZE], created[24], taken[24], again[FILE_BYTES];
	struct hj212_key got = *key;
	bool good = sscanf(text,
			   "hazewatch-hj212-key=1\nkey=%32[0-9a-f]\nbefore=%32[-0-9a-f]\n"
			   "replaced=%32[0-9a-f]\ncreated=%20[-0-9]\ntaken=%20[-0-9]",
			   now, before, got.configured, created, taken) == 5 &&
		    read_hex(now, &got.now);

	got.has_before = good && strcmp(before, NO_KEY) != 0;
	got.received = true;
	if (good && got.has_before)
		good = read_hex(before, &got.before);
	if (good) { /* only the spelling that is written is read */
		got.created_ms = strtoll(created, NULL, 10);
		got.taken_ms = strtoll(taken, NULL, 10);
		snprintf(again, sizeof(again), FORMAT, now, before, got.configured, got.created_ms,
			 got.taken_ms);
		good = strcmp(again, text) == 0;
	}
	if (good)
		*key = got;
	explicit_bzero(&got, sizeof(got));
	explicit_bzero(now, sizeof(now));
	explicit_bzero(before, sizeof(before));
	explicit_bzero(again, sizeof(again));
	return good;
}

/* False with errno ENOENT: nothing was received. */
static bool read_received(struct hj212_key *key, char why[PLAIN_WHY_MAX])
{
	char text[FILE_BYTES + 1];
	FILE *file = plain_open_secret(key->path, why);

	if (!file)
		return false;
	size_t n = fread(text, 1, FILE_BYTES, file);
	bool closed = sm4_key_closed(file, why);
	fclose(file);
	text[n] = '\0';
	bool good = closed && parse_received(text, key);
	explicit_bzero(text, sizeof(text));
	if (closed && !good)
		snprintf(why, PLAIN_WHY_MAX, "%s", tr("is no key that hazewatch keeps"));
	errno = EINVAL;
	return good;
}

static bool refuse_errno(char why[PLAIN_WHY_MAX])
{
	snprintf(why, PLAIN_WHY_MAX, "%s", strerror(errno));
	return false;
}

static bool write_whole(const char *path, const char *text, char why[PLAIN_WHY_MAX])
{
	size_t n = strlen(text);

	unlink(path); /* one that a power cut left */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse_errno(why);
	errno = ENOSPC; /* of a write that is cut */
	bool good = fchmod(fd, 0600) == 0 && write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
	if (!good)
		refuse_errno(why);
	if (close(fd) < 0 && good)
		good = refuse_errno(why);
	if (!good)
		unlink(path);
	return good;
}

/* So that the new name is on the disk, too. */
static void sync_folder_of(const char *path)
{
	char copy[HJ212_KEY_PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* The whole file or the one that was there: never half of it. */
static bool write_received(const struct hj212_key *key, char why[PLAIN_WHY_MAX])
{
	char now[HEX_SIZE], before[HEX_SIZE] = NO_KEY, text[FILE_BYTES];
	char part[HJ212_KEY_PATH_MAX + 4];

	snprintf(part, sizeof(part), "%s.new", key->path);
	write_hex(&key->now, now);
	if (key->has_before)
		write_hex(&key->before, before);
	snprintf(text, sizeof(text), FORMAT, now, before, key->configured, key->created_ms,
		 key->taken_ms);
	bool good = write_whole(part, text, why);
	explicit_bzero(now, sizeof(now));
	explicit_bzero(before, sizeof(before));
	explicit_bzero(text, sizeof(text));
	if (good && rename(part, key->path) < 0) {
		refuse_errno(why);
		unlink(part);
		return false;
	}
	if (good)
		sync_folder_of(key->path);
	return good;
}

/* ---- the key in force ---- */

static void digest_key(const struct sm4_key *key, char ret[HJ212_KEY_DIGEST_SIZE])
{
	char whole[CHECKSUM_SIZE];

	checksum_of(key->bytes, SM4_BLOCK, whole);
	memcpy(ret, whole, HJ212_KEY_DIGEST_SIZE - 1);
	ret[HJ212_KEY_DIGEST_SIZE - 1] = '\0';
}

static bool read_configured(struct hj212_key *key, const char *file, char why[PLAIN_WHY_MAX])
{
	struct stat st;

	if (!sm4_key_read(file, &key->now, why))
		return false;
	if (stat(file, &st) < 0)
		return refuse_errno(why);
	key->created_ms = st.st_mtim.tv_sec * 1000LL + st.st_mtim.tv_nsec / 1000000;
	digest_key(&key->now, key->configured);
	return true;
}

bool hj212_key_open(struct hj212_key *key, const char *file, const char *dir, const char *name,
		    char why[PLAIN_WHY_MAX])
{
	struct hj212_key received;

	*key = (struct hj212_key){.received = false};
	why[0] = '\0';
	int n = snprintf(key->path, sizeof(key->path), "%s/hj212-%s.key", dir, name);
	if (n < 0 || (size_t)n >= sizeof(key->path)) {
		errno = ENAMETOOLONG;
		return refuse_errno(why);
	}
	if (!read_configured(key, file, why))
		return false;
	received = *key;
	if (!read_received(&received, why)) {
		explicit_bzero(&received, sizeof(received));
		if (errno == ENOENT)
			why[0] = '\0';
		return true;
	}
	if (strcmp(received.configured, key->configured) == 0)
		*key = received;
	else
		key->stale = true;
	explicit_bzero(&received, sizeof(received));
	return true;
}

bool hj212_key_is(const struct hj212_key *key, const struct hj212_key_news *news)
{
	struct sm4_key said;
	bool same = key->received && news->created_ms == key->created_ms &&
		    sm4_key_parse(news->text, news->n, &said) &&
		    memcmp(&said, &key->now, sizeof(said)) == 0;
	explicit_bzero(&said, sizeof(said));
	return same;
}

enum hj212_key_taken hj212_key_take(struct hj212_key *key, const struct hj212_key_news *news,
				    char why[PLAIN_WHY_MAX])
{
	struct hj212_key taken = *key;

	why[0] = '\0';
	if (!sm4_key_parse(news->text, news->n, &taken.now)) {
		explicit_bzero(&taken, sizeof(taken));
		return HJ212_KEY_NONE;
	}
	if (key->received && news->created_ms <= key->created_ms) {
		explicit_bzero(&taken, sizeof(taken));
		return hj212_key_is(key, news) ? HJ212_KEY_TAKEN : HJ212_KEY_OLD;
	}
	if (!key->has_before) /* else the platform has used none but that */
		taken.before = key->now;
	taken.has_before = taken.received = true;
	taken.stale = false;
	taken.created_ms = news->created_ms;
	taken.taken_ms = news->now_ms;
	bool kept = write_received(&taken, why);
	if (kept)
		*key = taken;
	explicit_bzero(&taken, sizeof(taken));
	return kept ? HJ212_KEY_TAKEN : HJ212_KEY_LOST;
}

bool hj212_key_confirm(struct hj212_key *key, char why[PLAIN_WHY_MAX])
{
	why[0] = '\0';
	if (key->stale)
		unlink(key->path);
	key->stale = false;
	if (!key->has_before)
		return true;
	key->has_before = false;
	explicit_bzero(&key->before, sizeof(key->before));
	return write_received(key, why);
}

bool hj212_key_look(struct hj212_key *key, int64_t now_ms, char why[PLAIN_WHY_MAX])
{
	why[0] = '\0';
	if (!key->has_before || now_ms - key->taken_ms < HJ212_KEY_BEFORE_MS)
		return true;
	return hj212_key_confirm(key, why);
}

int hj212_key_age_days(const struct hj212_key *key, int64_t now_ms)
{
	return now_ms > key->created_ms ? (int)((now_ms - key->created_ms) / DAY_MS) : 0;
}
