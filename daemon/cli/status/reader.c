/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "clock.h"
#include "usage.h"
#include "words.h"

#define WIDTH 80

int64_t reader_now_ms(const struct conf *conf)
{
	struct clock clock;
	struct clock_reading reading = clock_read();
	clock_init(&clock, &conf->clock, &reading);
	return clock_wall_ms(&clock, clock_station_ms(&clock, reading.boot_us));
}

int reader_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	long given = columns ? strtol(columns, NULL, 10) : 0;
	if (given > 0 && given < INT_MAX)
		return (int)given;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
									       : WIDTH;
}

int reader_complain(const char *dir, int r, const char *message)
{
	bool none = r == -ENOENT || r == -ENOTDIR;
	usage_tell("%s", message);
	if (none)
		usage_tell(
			tr("hazewatchd makes its databases when it starts for the first time: did "
			   "it run, and is %s the station's folder?"),
			dir);
	if (r == -EACCES)
		usage_tell_who_may(dir);
	if (r == -EACCES || r == -EPERM)
		return EX_NOPERM;
	if (r == -ESTALE || r == STORE_E_NEWER || r == STORE_E_LEVEL)
		return EX_CONFIG;
	return none ? EX_NOINPUT : EX_IOERR;
}
