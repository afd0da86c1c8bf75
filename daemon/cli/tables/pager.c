/* SPDX-License-Identifier: MIT */
#include "pager.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "usage.h"

/* The first that there is: a PAGER that was removed must not take the table with it. */
#define PAGER                                                                                      \
	"for p in \"$PAGER\" less more cat; do"                                                    \
	" [ \"$p\" ] && command -v ${p%% *} >/dev/null && exec $p; done"

FILE *pager_begin(void)
{
	if (!isatty(STDOUT_FILENO))
		return stdout;
	setenv("LESS", "FRSX", 0);
	setenv("LESSCHARSET", "utf-8", 0);
	signal(SIGPIPE, SIG_IGN); /* a reader may leave before the end */
	/* NOLINTNEXTLINE(cert-env33-c): a command of ours, without words of anybody else's */
	FILE *out = popen(PAGER, "we");
	return out ? out : stdout;
}

bool pager_end(FILE *out)
{
	if (out == stdout)
		return usage_flush() == 0 && !ferror(stdout);
	bool left = fflush(out) != 0 && errno == EPIPE; /* it has read what it wanted */
	return pclose(out) != -1 || left;
}
