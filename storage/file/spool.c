/* SPDX-License-Identifier: MIT */
#include "spool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "spool_file.h"

#define FILES 2
#define LONG_BYTES (64 * 1024)

struct entry {
	struct spool_entry entry;
	struct entry *next;
	int file; /* which holds it; FILES: none */
	char payload[];
};

/*
 * `mutex` guards all but the files and is never held across a system call that could wait. A file
 * belongs to whoever writes it while `writing` is its number, to the main thread while `cutting`
 * is.
 */
struct spool {
	char dir[PATH_MAX];
	pthread_mutex_t mutex;
	pthread_mutex_t writers; /* one at a time; the main thread takes it at a stop only */
	int fd;
	struct spool_file files[FILES];
	int held[FILES + 1];      /* entries of each, the last one's are in memory alone */
	int64_t bytes[FILES + 1]; /* about so long are they; 0: nothing to cut */
	int active;
	int writing, cutting; /* FILES: none */
	struct entry *oldest; /* not cut */
	struct entry *first;  /* not passed */
	struct entry **end;
	int64_t newest;
	size_t memory_bytes;
	struct spool_state state;
};

/* ---- the list, under the mutex ---- */

static struct entry *copy_entry(const struct spool_entry *from, const void *payload)
{
	struct entry *entry = malloc(sizeof(*entry) + (size_t)from->length + 1);
	if (!entry)
		return NULL;
	*entry = (struct entry){.entry = *from, .file = FILES};
	memcpy(entry->payload, payload, (size_t)from->length);
	entry->payload[from->length] = '\0';
	entry->entry.payload = entry->payload;
	return entry;
}

/* In the order of the numbers, which of two files is not that of reading. */
static void insert_entry(struct spool *spool, struct entry *entry)
{
	struct entry **at = &spool->oldest;
	while (*at && (*at)->entry.number < entry->entry.number)
		at = &(*at)->next;
	entry->next = *at;
	*at = entry;
}

static void append_entry(struct spool *spool, struct entry *entry)
{
	*spool->end = entry;
	spool->end = &entry->next;
	if (!spool->first)
		spool->first = entry;
	spool->state.waiting++;
	spool->held[entry->file]++;
	spool->bytes[entry->file] += entry->entry.length + SPOOL_HEADER_BYTES;
}

static void forget_oldest_entry(struct spool *spool)
{
	struct entry *entry = spool->oldest;
	spool->oldest = entry->next;
	if (!spool->oldest)
		spool->end = &spool->oldest;
	spool->held[entry->file]--;
	if (entry->file == FILES)
		spool->memory_bytes -= (size_t)entry->entry.length;
	free(entry);
}

/* ---- open and close ---- */

struct reading {
	struct spool *spool;
	int file;
};

static void take_record(void *ctx, const struct spool_entry *record)
{
	const struct reading *reading = ctx;
	struct spool *spool = reading->spool;
	struct entry *entry = copy_entry(record, record->payload);
	spool->held[reading->file]++;
	if (!entry) /* it holds the file until the next start */
		return;
	entry->file = reading->file;
	spool->state.found++;
	if (record->number > spool->newest)
		spool->newest = record->number;
	insert_entry(spool, entry);
}

static void open_file(struct spool *spool, int number)
{
	struct spool_state *state = &spool->state;
	struct reading reading = {spool, number};
	struct spool_file *file = &spool->files[number];
	if (!spool_file_open(file, spool->dir, number + 1, sizeof(state->why), state->why))
		return;
	spool->bytes[number] = file->end;
	int64_t unreadable = spool_file_read(file, take_record, &reading);
	if (unreadable >= 0) {
		state->unreadable += unreadable;
		state->torn += file->torn;
		return;
	}
	snprintf(state->why, sizeof(state->why), "%.200s: cannot be read: %s", file->path,
		 strerror((int)-unreadable));
	file->broken = true;
	spool_file_close(file); /* what is in it stays there */
}

static void look_up_end(struct spool *spool)
{
	spool->first = spool->oldest;
	spool->end = &spool->oldest;
	while (*spool->end)
		spool->end = &(*spool->end)->next;
	spool->state.waiting = spool->state.found;
	spool->active = spool->files[0].fd < 0 || spool->files[0].end > spool->files[1].end;
}

struct spool *spool_open(const char *dir)
{
	struct spool *spool = calloc(1, sizeof(*spool));
	if (!spool)
		return NULL;
	snprintf(spool->dir, sizeof(spool->dir), "%s", dir);
	spool->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (spool->fd < 0) {
		free(spool);
		return NULL;
	}
	pthread_mutex_init(&spool->mutex, NULL);
	pthread_mutex_init(&spool->writers, NULL);
	spool->writing = spool->cutting = FILES;
	for (int i = 0; i < FILES; i++)
		open_file(spool, i);
	look_up_end(spool);
	if (spool->first)
		eventfd_write(spool->fd, 1);
	return spool;
}

struct spool *spool_close(struct spool *spool)
{
	if (!spool)
		return NULL;
	while (spool->oldest)
		forget_oldest_entry(spool);
	for (int i = 0; i < FILES; i++)
		spool_file_close(&spool->files[i]);
	close(spool->fd);
	pthread_mutex_destroy(&spool->writers);
	pthread_mutex_destroy(&spool->mutex);
	free(spool);
	return NULL;
}

/* ---- the thread that receives ---- */

/* The file to write to: the active one, or the other if that has room and it has not. */
static int begin_writing(struct spool *spool, struct entry *entry)
{
	pthread_mutex_lock(&spool->mutex);
	int other = !spool->active;
	entry->entry.number = ++spool->newest;
	if (!spool_file_has_room(&spool->files[spool->active], entry->entry.length) &&
	    spool->cutting == FILES &&
	    spool_file_has_room(&spool->files[other], entry->entry.length))
		spool->active = other;
	int file = spool->writing = spool->active;
	pthread_mutex_unlock(&spool->mutex);
	return file;
}

static enum spool_kept end_writing(struct spool *spool, struct entry *entry, const char *why)
{
	size_t length = (size_t)entry->entry.length;
	enum spool_kept kept = entry->entry.on_disk ? SPOOL_ON_DISK : SPOOL_IN_MEMORY;
	pthread_mutex_lock(&spool->mutex);
	spool->writing = FILES;
	spool->state.failing = kept != SPOOL_ON_DISK;
	if (kept != SPOOL_ON_DISK && *why)
		snprintf(spool->state.why, sizeof(spool->state.why), "%s", why);
	if (kept != SPOOL_ON_DISK && spool->memory_bytes + length > SPOOL_MEMORY_BYTES)
		kept = SPOOL_REFUSED;
	if (kept == SPOOL_IN_MEMORY) {
		spool->memory_bytes += length;
		spool->state.kept_volatile++;
	}
	if (kept != SPOOL_REFUSED) {
		append_entry(spool, entry);
		eventfd_write(spool->fd, 1);
	}
	pthread_mutex_unlock(&spool->mutex);
	return kept;
}

static void count_refused(struct spool *spool)
{
	pthread_mutex_lock(&spool->mutex);
	spool->state.refused++;
	pthread_mutex_unlock(&spool->mutex);
}

static enum spool_kept keep_entry(struct spool *spool, struct entry *entry)
{
	char why[sizeof(spool->state.why)] = "";
	pthread_mutex_lock(&spool->writers);
	int number = begin_writing(spool, entry);
	struct spool_file *file = &spool->files[number];
	entry->entry.on_disk = spool_file_write(file, &entry->entry, sizeof(why), why);
	entry->file = entry->entry.on_disk ? number : FILES;
	enum spool_kept kept = end_writing(spool, entry, why);
	pthread_mutex_unlock(&spool->writers);
	return kept;
}

enum spool_kept spool_append(struct spool *spool, const char *kind, unsigned flags,
			     const void *payload, int length)
{
	struct spool_entry entry = {.retained = (flags & SPOOL_RETAINED) != 0,
				    .from_box = (flags & SPOOL_FROM_BOX) != 0,
				    .length = length};
	bool fits = length >= 0 && length <= SPOOL_PAYLOAD_MAX && strlen(kind) < SPOOL_KIND_MAX;
	struct entry *copy = NULL;
	if (fits) {
		snprintf(entry.kind, sizeof(entry.kind), "%s", kind);
		copy = copy_entry(&entry, payload);
	}
	enum spool_kept kept = copy ? keep_entry(spool, copy) : SPOOL_REFUSED;
	if (kept == SPOOL_REFUSED) {
		count_refused(spool);
		free(copy);
	}
	return kept;
}

/* ---- the main thread ---- */

int spool_fd(const struct spool *spool)
{
	return spool->fd;
}

void spool_hear(struct spool *spool)
{
	eventfd_t count;
	eventfd_read(spool->fd, &count);
}

const struct spool_entry *spool_first(struct spool *spool)
{
	pthread_mutex_lock(&spool->mutex);
	const struct entry *first = spool->first;
	pthread_mutex_unlock(&spool->mutex);
	return first ? &first->entry : NULL;
}

const struct spool_entry *spool_next(struct spool *spool, const struct spool_entry *entry)
{
	const struct entry *of = (const struct entry *)(const void *)entry; /* its first member */
	pthread_mutex_lock(&spool->mutex);
	const struct entry *next = of->next;
	pthread_mutex_unlock(&spool->mutex);
	return next ? &next->entry : NULL;
}

void spool_pass(struct spool *spool)
{
	pthread_mutex_lock(&spool->mutex);
	if (spool->first) {
		spool->first = spool->first->next;
		spool->state.waiting--;
	}
	pthread_mutex_unlock(&spool->mutex);
}

/* The file, if it has something to cut or to mend, holds nothing that is needed, and nobody writes
 * to it from now on. In a stream that never pauses the other goes on when this one is long. */
static bool take_file(struct spool *spool, int number)
{
	int other = !number;
	bool gone = spool_file_is_gone(&spool->files[number]);
	pthread_mutex_lock(&spool->mutex);
	bool dirty = gone || spool->bytes[number] > 0 || spool->state.failing;
	bool idle = dirty && spool->held[number] == 0 && spool->writing != number;
	bool is_long = spool->bytes[number] >= LONG_BYTES && spool->bytes[other] == 0;
	if ((idle || is_long) && spool->active == number)
		spool->active = other;
	if (idle)
		spool->cutting = number;
	pthread_mutex_unlock(&spool->mutex);
	return idle;
}

static void give_back(struct spool *spool)
{
	pthread_mutex_lock(&spool->mutex);
	spool->bytes[spool->cutting] = 0;
	spool->cutting = FILES;
	pthread_mutex_unlock(&spool->mutex);
}

/* One that has something in it was never read: it is for the next start. */
static void renew_file(struct spool *spool, int number)
{
	char why[sizeof(spool->state.why)];
	struct spool_file new;
	if (!spool_file_open(&new, spool->dir, number + 1, sizeof(why), why))
		return;
	if (new.end > 0) {
		spool_file_close(&new);
		return;
	}
	spool_file_close(&spool->files[number]);
	spool->files[number] = new;
}

void spool_cut(struct spool *spool)
{
	pthread_mutex_lock(&spool->mutex);
	while (spool->oldest && spool->oldest != spool->first)
		forget_oldest_entry(spool);
	pthread_mutex_unlock(&spool->mutex);
	for (int i = 0; i < FILES; i++) {
		if (!take_file(spool, i))
			continue;
		if (spool->files[i].end > 0 || spool->files[i].broken)
			spool_file_cut(&spool->files[i]);
		if (spool_file_is_gone(&spool->files[i]))
			renew_file(spool, i);
		give_back(spool);
	}
}

static bool save_entry(struct spool *spool, struct entry *entry)
{
	char why[sizeof(spool->state.why)];
	for (int i = 0; i < FILES; i++) {
		if (!spool_file_write(&spool->files[i], &entry->entry, sizeof(why), why))
			continue;
		spool->held[FILES]--;
		spool->held[i]++;
		spool->memory_bytes -= (size_t)entry->entry.length;
		entry->file = i;
		entry->entry.on_disk = true;
		return true;
	}
	return false;
}

int spool_save(struct spool *spool)
{
	int lost = 0;
	if (pthread_mutex_trylock(&spool->writers) != 0)
		return 0; /* a card that hangs: whoever waits for it holds what is not saved */
	for (struct entry *entry = spool->first; entry; entry = entry->next)
		lost += entry->file == FILES && !save_entry(spool, entry);
	pthread_mutex_unlock(&spool->writers);
	return lost;
}

void spool_get_state(struct spool *spool, struct spool_state *ret)
{
	pthread_mutex_lock(&spool->mutex);
	*ret = spool->state;
	ret->used = (int64_t)spool->memory_bytes + spool->held[FILES] * SPOOL_HEADER_BYTES;
	for (int i = 0; i < FILES; i++)
		ret->used += spool->bytes[i];
	pthread_mutex_unlock(&spool->mutex);
}
