/* SPDX-License-Identifier: MIT */
#include "disk.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define FILES_MAX 16
#define SHM_MAX 16
#define SECTOR 512

/* A write, or a truncation (data NULL), that may not survive. */
struct change {
	struct change *next;
	size_t at, n;
	uint8_t *data;
};

struct image {
	uint8_t *data;
	size_t n, room;
};

struct file {
	char name[512];
	bool there, durable_there;
	struct image now, durable;
	bool kept_there;
	struct image kept;
	struct change *first, **last;
	void *shm[SHM_MAX];
	int locked; /* handles that hold a lock */
};

struct handle {
	sqlite3_file base;
	struct file *file;
	int lock;
};

static struct file files[FILES_MAX];
static sqlite3_vfs *real;
static int operations, strike_at, strike_for;
static bool struck, full, cut;

/* ---- faults ---- */

int disk_operations(void)
{
	return operations;
}

static void arm(int n, int times)
{
	operations = 0;
	strike_at = n;
	strike_for = times;
	struck = cut = full = false;
}

void disk_cut(int n)
{
	arm(n, -1);
	cut = true;
}

void disk_fail(int n, int times, bool is_full)
{
	arm(n, times);
	full = is_full;
}

bool disk_struck(void)
{
	return struck;
}

static bool strikes(void)
{
	operations++;
	if (strike_at == 0 || operations < strike_at)
		return false;
	if (strike_for >= 0 && operations >= strike_at + strike_for)
		return false;
	struck = true;
	return true;
}

static int write_error(int code)
{
	return full && !cut ? SQLITE_FULL : code;
}

/* ---- images ---- */

static void image_size(struct image *image, size_t n)
{
	if (n > image->room) {
		image->room = n * 2;
		image->data = realloc(image->data, image->room);
	}
	if (n > image->n)
		memset(image->data + image->n, 0, n - image->n);
	image->n = n;
}

static void image_write(struct image *image, size_t at, const uint8_t *data, size_t n)
{
	if (at + n > image->n)
		image_size(image, at + n);
	memcpy(image->data + at, data, n);
}

static void image_copy(struct image *to, const struct image *from)
{
	image_size(to, from->n);
	if (from->n > 0)
		memcpy(to->data, from->data, from->n);
}

static void forget_changes(struct file *file)
{
	while (file->first) {
		struct change *next = file->first->next;
		free(file->first->data);
		free(file->first);
		file->first = next;
	}
	file->last = &file->first;
}

static void add_change(struct file *file, size_t at, const void *data, size_t n)
{
	struct change *change = calloc(1, sizeof(*change));
	*change = (struct change){.at = at, .n = n};
	if (data) {
		change->data = malloc(n);
		memcpy(change->data, data, n);
	}
	*file->last = change;
	file->last = &change->next;
}

/* What a cut leaves of a write: all of it, nothing, or some of its sectors. */
static void survive(struct image *image, const struct change *change)
{
	unsigned fate = unit_random() % 3;
	if (fate == 0)
		return;
	if (!change->data) {
		image_size(image, change->at);
		return;
	}
	for (size_t i = 0; i < change->n;) {
		size_t n = SECTOR - (change->at + i) % SECTOR;
		n = n < change->n - i ? n : change->n - i;
		if (fate == 1 || unit_random() % 2)
			image_write(image, change->at + i, change->data + i, n);
		i += n;
	}
}

static void restart_file(struct file *file)
{
	if (!file->name[0])
		return;
	/* an entry that was made or removed since the last sync: either way */
	if (file->there != file->durable_there)
		file->there = unit_random() % 2;
	if (!file->there)
		image_size(&file->durable, 0);
	for (struct change *change = file->first; file->there && change; change = change->next)
		survive(&file->durable, change);
	image_copy(&file->now, &file->durable);
	file->durable_there = file->there;
	forget_changes(file);
	for (int i = 0; i < SHM_MAX; i++) {
		free(file->shm[i]);
		file->shm[i] = NULL;
	}
}

void disk_restart(void)
{
	arm(0, 0);
	for (int i = 0; i < FILES_MAX; i++)
		restart_file(&files[i]);
}

void disk_keep(void)
{
	for (int i = 0; i < FILES_MAX; i++) {
		files[i].kept_there = files[i].there;
		image_copy(&files[i].kept, &files[i].now);
	}
}

void disk_format(void)
{
	arm(0, 0);
	for (int i = 0; i < FILES_MAX; i++) {
		files[i].there = files[i].durable_there = false;
		if (files[i].name[0])
			forget_changes(&files[i]);
		restart_file(&files[i]);
		image_size(&files[i].now, 0);
	}
}

void disk_take_kept(void)
{
	disk_format();
	for (int i = 0; i < FILES_MAX; i++) {
		files[i].there = files[i].durable_there = files[i].kept_there;
		image_copy(&files[i].now, &files[i].kept);
		image_copy(&files[i].durable, &files[i].kept);
	}
}

/* ---- a file ---- */

static struct file *file_of(sqlite3_file *base)
{
	return ((struct handle *)base)->file;
}

static int x_read(sqlite3_file *base, void *to, int n, sqlite3_int64 at)
{
	const struct image *image = &file_of(base)->now;
	if (strikes())
		return SQLITE_IOERR_READ;
	size_t from = (size_t)at, want = (size_t)n;
	size_t got = from >= image->n ? 0 : image->n - from < want ? image->n - from : want;
	if (got > 0)
		memcpy(to, image->data + from, got);
	memset((char *)to + got, 0, want - got);
	return got == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int x_write(sqlite3_file *base, const void *data, int n, sqlite3_int64 at)
{
	struct file *file = file_of(base);
	/* the write under way when the power fails may survive, too */
	bool strike = strikes();
	if (!strike || (cut && operations == strike_at))
		add_change(file, (size_t)at, data, (size_t)n);
	if (strike)
		return write_error(SQLITE_IOERR_WRITE);
	image_write(&file->now, (size_t)at, data, (size_t)n);
	return SQLITE_OK;
}

static int x_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct file *file = file_of(base);
	if (strikes())
		return SQLITE_IOERR_TRUNCATE;
	add_change(file, (size_t)size, NULL, 0);
	image_size(&file->now, (size_t)size);
	return SQLITE_OK;
}

static int x_sync(sqlite3_file *base, int flags)
{
	struct file *file = file_of(base);
	(void)flags;
	if (strikes())
		return write_error(SQLITE_IOERR_FSYNC);
	image_copy(&file->durable, &file->now);
	forget_changes(file);
	for (int i = 0; i < FILES_MAX; i++) {
		if (!files[i].there)
			files[i].durable_there = false;
	}
	file->durable_there = file->there;
	return SQLITE_OK;
}

static int x_file_size(sqlite3_file *base, sqlite3_int64 *ret)
{
	*ret = (sqlite3_int64)file_of(base)->now.n;
	return SQLITE_OK;
}

static int x_unlock(sqlite3_file *base, int level)
{
	struct handle *handle = (struct handle *)base;
	if (handle->lock > SQLITE_LOCK_NONE && level == SQLITE_LOCK_NONE)
		handle->file->locked--;
	handle->lock = level;
	return SQLITE_OK;
}

/* Only what a second connection of the same process needs: nobody has the file for itself then. */
static int x_lock(sqlite3_file *base, int level)
{
	struct handle *handle = (struct handle *)base;
	bool locked = handle->lock > SQLITE_LOCK_NONE;
	if (level >= SQLITE_LOCK_EXCLUSIVE && handle->file->locked > locked)
		return SQLITE_BUSY;
	handle->file->locked += !locked;
	handle->lock = level;
	return SQLITE_OK;
}

static int x_check_lock(sqlite3_file *base, int *ret)
{
	(void)base;
	*ret = 0;
	return SQLITE_OK;
}

static int x_control(sqlite3_file *base, int op, void *arg)
{
	(void)base, (void)op, (void)arg;
	return SQLITE_NOTFOUND;
}

static int x_sector_size(sqlite3_file *base)
{
	(void)base;
	return 4096;
}

static int x_characteristics(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int x_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **ret)
{
	struct file *file = file_of(base);
	if (!file->shm[region] && extend)
		file->shm[region] = calloc(1, (size_t)size);
	*ret = file->shm[region];
	return SQLITE_OK;
}

static int x_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
	(void)base, (void)offset, (void)n, (void)flags;
	return SQLITE_OK;
}

static void x_shm_barrier(sqlite3_file *base)
{
	(void)base;
}

static int x_shm_unmap(sqlite3_file *base, int delete)
{
	struct file *file = file_of(base);
	for (int i = 0; delete &&i < SHM_MAX; i++) {
		free(file->shm[i]);
		file->shm[i] = NULL;
	}
	return SQLITE_OK;
}

static int x_close(sqlite3_file *base)
{
	return x_unlock(base, SQLITE_LOCK_NONE);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = x_close,
	.xRead = x_read,
	.xWrite = x_write,
	.xTruncate = x_truncate,
	.xSync = x_sync,
	.xFileSize = x_file_size,
	.xLock = x_lock,
	.xUnlock = x_unlock,
	.xCheckReservedLock = x_check_lock,
	.xFileControl = x_control,
	.xSectorSize = x_sector_size,
	.xDeviceCharacteristics = x_characteristics,
	.xShmMap = x_shm_map,
	.xShmLock = x_shm_lock,
	.xShmBarrier = x_shm_barrier,
	.xShmUnmap = x_shm_unmap,
};

/* ---- the folder ---- */

static struct file *find(const char *name, bool create)
{
	struct file *unused = NULL;
	for (int i = 0; i < FILES_MAX; i++) {
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
		if (!files[i].name[0] && !unused)
			unused = &files[i];
	}
	if (!create || !unused)
		return NULL;
	strncpy(unused->name, name, sizeof(unused->name) - 1);
	unused->last = &unused->first;
	return unused;
}

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret_flags)
{
	struct handle *handle = (struct handle *)base;
	(void)vfs;
	base->pMethods = NULL;
	struct file *file = find(name ? name : "temporary", true);
	bool there = file && file->there;
	if (strikes() || !file || (!there && !(flags & SQLITE_OPEN_CREATE)))
		return SQLITE_CANTOPEN;
	if (!there)
		image_size(&file->now, 0);
	file->there = true;
	*handle = (struct handle){.file = file};
	base->pMethods = &methods;
	if (ret_flags)
		*ret_flags = flags;
	return SQLITE_OK;
}

static int x_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct file *file = find(name, false);
	(void)vfs, (void)sync;
	if (strikes())
		return SQLITE_IOERR_DELETE;
	if (!file || !file->there)
		return SQLITE_IOERR_DELETE_NOENT;
	file->there = false;
	return SQLITE_OK;
}

static int x_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
	const struct file *file = find(name, false);
	(void)vfs, (void)flags;
	*ret = file && file->there && (flags != SQLITE_ACCESS_EXISTS || file->now.n > 0);
	return SQLITE_OK;
}

static int x_full_path(sqlite3_vfs *vfs, const char *name, int n, char *ret)
{
	(void)vfs;
	sqlite3_snprintf(n, ret, "%s", name);
	return SQLITE_OK;
}

static int x_randomness(sqlite3_vfs *vfs, int n, char *ret)
{
	(void)vfs;
	for (int i = 0; i < n; i++)
		ret[i] = (char)unit_random();
	return n;
}

static int x_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int x_time(sqlite3_vfs *vfs, sqlite3_int64 *ret)
{
	(void)vfs;
	return real->xCurrentTimeInt64(real, ret);
}

void disk_install(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 2,
		.szOsFile = sizeof(struct handle),
		.mxPathname = 500,
		.zName = "disk",
		.xOpen = x_open,
		.xDelete = x_delete,
		.xAccess = x_access,
		.xFullPathname = x_full_path,
		.xRandomness = x_randomness,
		.xSleep = x_sleep,
		.xCurrentTimeInt64 = x_time,
	};
	if (real)
		return;
	real = sqlite3_vfs_find(NULL);
	sqlite3_vfs_register(&vfs, 1);
}
