/* SPDX-License-Identifier: MIT */
/*
 * Timing for benchmarks: the processor time of the fastest of some rounds, as one number that says
 * what the code costs and little of what else ran on the machine.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stdint.h>

#define BENCH_ROUNDS 7

/* Nanoseconds of processor time that the fastest of BENCH_ROUNDS calls took. */
int64_t bench_fastest_ns(void (*round)(void *context), void *context);

/* Keeps the compiler from leaving out what nobody reads. */
void bench_use(const void *result);

#endif
