/* SPDX-License-Identifier: MIT */
/*
 * The slave of line.h as a program, for benchmarks in Python.
 *
 * usage: bench_slave PORT PERIOD_MS CHANGE_MS
 *
 * SIGUSR1: prints "requests registers median_ms p99_ms max_ms" of the polls since the last time,
 * the lateness within PERIOD_MS behind the earliest of them, and begins anew. Register 0 holds
 * 1000; unless CHANGE_MS is 0 it changes to another value and back, at moments that are so far
 * apart and up to half as much again; each change is a line, "changed asked": when it came and when
 * it was first asked for, in seconds of CLOCK_MONOTONIC.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sysexits.h>

#include "line.h"

#define LOW 1000
#define HIGH 21000

static int change_ms;
static int64_t next_us; /* when register 0 changes */
static unsigned dice = 1;

static void change(struct line *line)
{
	int64_t now_us = slave_now_us();
	if (now_us < next_us)
		return;
	if (next_us > 0)
		printf("%.6f %.6f\n", (double)next_us / 1e6, (double)now_us / 1e6);
	line->slave.fixed_value = line->slave.fixed_value == LOW ? HIGH : LOW;
	dice = dice * 1103515245u + 12345u;
	next_us = now_us + change_ms * 1000 + (int)((dice >> 8) % (unsigned)(change_ms * 500));
}

static void print_tally(const struct line *line)
{
	struct line_late late = line_late(line->tally, line->period_ms);
	printf("%u %llu %.3f %.3f %.3f\n", line->tally->requests, line->tally->registers,
	       late.median_ms, late.p99_ms, late.max_ms);
	line_tally_reset(line->tally);
}

int main(int argc, char *argv[])
{
	static struct line line;
	sigset_t set;
	int signal = 0;
	if (argc != 4)
		return EX_USAGE;
	line.period_ms = atoi(argv[2]);
	change_ms = atoi(argv[3]);
	line.asked = change_ms > 0 ? change : NULL;
	line.tally = line_tally_new();
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	line_open_tcp(&line, (uint16_t)atoi(argv[1]));
	line.slave.fixed_address = 0;
	line.slave.fixed_value = LOW;
	pid_t child = fork();
	if (child < 0)
		return EX_OSERR;
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		line_serve(&line);
	}
	while (sigwait(&set, &signal) == 0)
		print_tally(&line);
	return EX_OSERR;
}
