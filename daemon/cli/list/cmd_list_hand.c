/* SPDX-License-Identifier: MIT */
/*
 * A list for a daemon that runs: stored whole in a folder beside its databases, as an import would
 * store it, from where the daemon takes it in one transaction (control_list.h).
 */
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "cmd_list.h"
#include "control_client.h"
#include "progress.h"
#include "usage.h"
#include "words.h"

#define PATIENCE_MS 30000 /* for a piece, on a slow card */
#define ASK_AGAIN_MS 50

/* Files alone: nothing else is ever in it. Returns what could not be removed. */
static int empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	int left = 0;
	if (!folder)
		return 0;
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] != '.')
			left += unlinkat(dirfd(folder), entry->d_name, 0) < 0;
	}
	closedir(folder);
	return left;
}

static void name_folder(const struct conf *conf, char ret[PATH_MAX])
{
	snprintf(ret, PATH_MAX, "%.4000s/" CONTROL_LIST_FOLDER, conf->data_dir);
}

int list_hand_begin(const struct conf *conf, char ret[PATH_MAX])
{
	name_folder(conf, ret);
	if (mkdir(ret, 0700) < 0 && errno != EEXIST)
		return -errno;
	return empty_folder(ret) > 0 ? -ENOTEMPTY : 0;
}

void list_hand_end(const struct conf *conf)
{
	char path[PATH_MAX];
	name_folder(conf, path);
	empty_folder(path);
	rmdir(path);
}

/* Root does not write where another user could have put anything into its way. */
int list_become_owner(const struct conf *conf)
{
	struct stat owner;
	if (geteuid() != 0 || stat(conf->data_dir, &owner) < 0 || owner.st_uid == 0)
		return EX_OK;
	if (setgroups(0, NULL) == 0 && setresgid(owner.st_gid, owner.st_gid, owner.st_gid) == 0 &&
	    setresuid(owner.st_uid, owner.st_uid, owner.st_uid) == 0)
		return EX_OK;
	usage_tell("%s: %s", conf->data_dir, strerror(errno));
	return EX_NOPERM;
}

/* A negative errno. */
static int ask_daemon(const struct list_options *options, const struct conf *conf, const char *line,
		      struct control_answer *ret)
{
	const struct control_place place = {options->socket, conf->data_dir, CONTROL_PATIENCE_MS};
	*ret = (struct control_answer){.ok = false};
	int r = control_ask_station(&place, line, ret);
	free(ret->body);
	return r;
}

/* The daemon takes it piece by piece; *ret is its last answer. A negative errno. */
static int wait_until_taken(const struct list_options *options, const struct conf *conf,
			    struct control_answer *ret)
{
	const struct timespec pause = {.tv_nsec = ASK_AGAIN_MS * 1000000};
	int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
	int done = 0, of = 0, before = -1, r = 0;
	progress_begin(tr("source taken over"));
	/* NOLINTNEXTLINE(cert-err34-c): what we wrote */
	while (r == 0 && sscanf(ret->text, CONTROL_LIST_TAKING, &done, &of) == 2) {
		progress_step(done, of);
		if (done != before)
			until_ms = clock_monotonic_ms() + PATIENCE_MS;
		before = done;
		if (clock_monotonic_ms() > until_ms)
			r = -ETIMEDOUT;
		nanosleep(&pause, NULL);
		if (r == 0)
			r = ask_daemon(options, conf, "{\"request\":\"list\",\"look\":true}", ret);
	}
	progress_end();
	return r;
}

/* Nothing is wrong with the list: it may come again. */
static bool is_busy(const struct control_answer *answer)
{
	int done = 0, of = 0;
	/* NOLINTNEXTLINE(cert-err34-c): what we wrote */
	return sscanf(answer->text, CONTROL_LIST_BUSY, &done, &of) == 2;
}

int list_hand_over(const struct list_options *options, const struct conf *conf)
{
	struct control_answer answer;
	int r = ask_daemon(options, conf, "{\"request\":\"list\"}", &answer);
	if (r == 0 && answer.ok)
		r = wait_until_taken(options, conf, &answer);
	if (r == 0 && answer.ok)
		return EX_OK;
	if (r == 0) {
		usage_tell(tr("refused: %s"), answer.text);
		return is_busy(&answer) ? EX_TEMPFAIL : EX_DATAERR;
	}
	usage_tell(tr("hazewatchd has the database and does not answer: %s"), strerror(-r));
	return r == -EPERM || r == -EACCES ? EX_NOPERM : EX_TEMPFAIL;
}
