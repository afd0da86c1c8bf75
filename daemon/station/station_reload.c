/* SPDX-License-Identifier: MIT */
/*
 * Whether the files on disk can take the place of those in use. A child finds out: who reads files
 * ends without memory, and that must not be the station.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "log.h"
#include "station_inside.h"
#include "words.h"

static void refuse_reload(const char *why)
{
	log_error(LOG_RELOAD_REFUSED, "reload: %s; going on with what was loaded", why);
}

/* In the child, which has said why if it is not EX_OK. */
static int try_files(const struct station *station)
{
	char why[ENGINE_WHY_MAX] = "";
	struct conf *next = station->reload();
	bool good = next && !engine_plan_lacks(station->engine, &next->plan, why);
	if (!good)
		refuse_reload(why[0] ? why : tr("the files have problems"));
	return good ? EX_OK : EX_CONFIG;
}

static int wait_for_child(pid_t child)
{
	int status = 0;
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return EX_OSERR;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : EX_OSERR;
}

bool station_may_reload(const struct station *station)
{
	if (store_is_volatile(station->store)) {
		log_error(LOG_RELOAD_REFUSED,
			  "reload: refused while the database is in memory only");
		return false;
	}
	pid_t child = fork();
	if (child == 0)
		_exit(try_files(station));
	if (child < 0) {
		refuse_reload(strerror(errno));
		return false;
	}
	int code = wait_for_child(child);
	if (code != EX_OK && code != EX_CONFIG)
		refuse_reload(tr("the files could not be read"));
	return code == EX_OK;
}
