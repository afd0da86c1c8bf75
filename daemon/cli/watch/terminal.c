/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "reader.h"

#define HEIGHT 24
/* The other screen, no cursor, and no line goes on in the next one; and back. */
#define ENTER "\033[?1049h\033[?25l\033[?7l\033[2J"
#define LEAVE "\033[0m\033[?7h\033[?25h\033[?1049l"

static struct {
	bool moves, has_keys;
	struct termios before;
	char *shown; /* the page on the screen */
	int height;  /* in which it is shown */
} terminal;
static volatile sig_atomic_t ended, resized, stopped;

static void note_signal(int number)
{
	if (number == SIGWINCH)
		resized = 1;
	else if (number == SIGTSTP)
		stopped = 1;
	else
		ended = 1;
}

static const int noticed[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP};
#define NOTICED (sizeof(noticed) / sizeof(noticed[0]))

static void watch_signals(void)
{
	struct sigaction action = {.sa_handler = note_signal};
	for (size_t i = 0; i < NOTICED; i++) {
		if (noticed[i] != SIGTSTP || terminal.moves)
			sigaction(noticed[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN); /* a write that nobody takes ends it, too */
}

static void enter_screen(void)
{
	struct termios keys = terminal.before;
	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	if (terminal.has_keys)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
	fputs(ENTER, stdout);
	fflush(stdout);
	free(terminal.shown);
	terminal.shown = NULL;
}

static void leave_screen(void)
{
	fputs(LEAVE, stdout);
	fflush(stdout);
	if (terminal.has_keys)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal.before);
}

bool terminal_begin(const struct paint *paint)
{
	terminal.moves = paint->moves;
	terminal.has_keys = paint->moves && isatty(STDIN_FILENO) &&
			    tcgetattr(STDIN_FILENO, &terminal.before) == 0;
	watch_signals();
	if (terminal.moves)
		enter_screen();
	return terminal.has_keys;
}

void terminal_end(void)
{
	if (terminal.moves)
		leave_screen();
	free(terminal.shown);
	terminal.shown = NULL;
}

void terminal_size(int *ret_width, int *ret_height)
{
	struct winsize size;
	bool told = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
	*ret_width = told && size.ws_col > 0 ? size.ws_col : reader_width();
	*ret_height = told && size.ws_row > 0 ? size.ws_row : HEIGHT;
}

/* ---- a page ---- */

/* The line of that number, without its end; "" behind the last one. */
static const char *find_line(const char *page, int number, size_t *ret_length)
{
	for (; number > 0 && *page; number--) {
		page += strcspn(page, "\n");
		page += *page == '\n';
	}
	*ret_length = strcspn(page, "\n");
	return page;
}

/* Erased before it is written: behind a full line the cursor still stands on its last sign. */
static void write_changes(const char *page, int height)
{
	for (int i = 0; i < height; i++) {
		size_t n, m = 0;
		const char *line = find_line(page, i, &n);
		const char *old = terminal.shown ? find_line(terminal.shown, i, &m) : "";
		if (!terminal.shown || n != m || memcmp(line, old, n) != 0)
			printf("\033[%d;1H\033[2K%.*s", i + 1, (int)n, line);
	}
}

bool terminal_show(const char *page, int height)
{
	if (!terminal.moves) {
		printf("%s%s", terminal.shown ? "\n" : "", page);
	} else {
		if (height != terminal.height)
			fputs("\033[2J", stdout);
		write_changes(page, height);
	}
	char *copy = strdup(page);
	free(terminal.shown);
	terminal.shown = copy;
	terminal.height = height;
	return fflush(stdout) == 0 && !ferror(stdout);
}

/* ---- waiting ---- */

/* Leaves the screen to the shell until it lets this program go on. */
static void stop_here(void)
{
	stopped = 0;
	leave_screen();
	raise(SIGSTOP);
	enter_screen();
}

/* False: the key that quits, or nobody is there any more. */
static bool read_keys(void)
{
	char keys[64];
	ssize_t n = read(STDIN_FILENO, keys, sizeof(keys));
	if (n <= 0)
		return n < 0 && (errno == EINTR || errno == EAGAIN);
	return !memchr(keys, 'q', (size_t)n) && !memchr(keys, 'Q', (size_t)n);
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void make_mask(sigset_t *ret)
{
	sigemptyset(ret);
	for (size_t i = 0; i < NOTICED; i++)
		sigaddset(ret, noticed[i]);
}

/* A signal that comes between the look at the flags and the sleep still ends the sleep. */
static int sleep_until(int64_t until_ms, struct pollfd *polled)
{
	sigset_t held, before;
	int64_t ms = until_ms - now_ms();
	struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000 * 1000000)};
	int n = 0;
	make_mask(&held);
	sigprocmask(SIG_BLOCK, &held, &before);
	if (!ended && !resized && !stopped && ms > 0)
		n = ppoll(polled, terminal.has_keys ? 1 : 0, &time, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return n;
}

bool terminal_wait(int ms)
{
	struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};
	int64_t until_ms = now_ms() + ms;
	while (!ended && now_ms() < until_ms) {
		keys.revents = 0;
		if (sleep_until(until_ms, &keys) > 0 && keys.revents && !read_keys())
			return false;
		if (resized || stopped)
			break;
	}
	if (stopped)
		stop_here();
	resized = 0;
	return !ended;
}
