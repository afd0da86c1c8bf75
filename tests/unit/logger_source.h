/* SPDX-License-Identifier: MIT */
/* A bus of two data loggers that listens, and who connects to it. */
#ifndef TESTS_LOGGER_SOURCE_H
#define TESTS_LOGGER_SOURCE_H

#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hj212_source_inside.h"
#include "unit.h"

#define WALL_MS INT64_C(1768017600000) /* 2026-01-10 12:00 in Beijing */
#define SAID_MAX 4096

static struct hj212_profile logger_profile = {
	.id = "p",
	.edition = HJ212_2017,
	.st = 22,
	.crc = HJ212_CRC_STANDARD,
	.n_factors = 1,
	.factors = {{.code = "a34004", .unit = "ug/m3", .pollutant = POLLUTANT_PM25}}};
static const struct hj212_logger_conf logger_confs[] = {
	{.mn = "LOGGER_0", .profile = &logger_profile, .takes = HJ212_TAKES_MINUTES, .minutes = 1},
	{.mn = "LOGGER_1", .profile = &logger_profile, .takes = HJ212_TAKES_MINUTES, .minutes = 1}};
static struct profile row_profile = {.n_rows = 1, .rows = {{.pollutant = POLLUTANT_PM25}}};
static struct bus_conf logger_bus = {
	.id = "cabinet",
	.link = {.kind = LINK_TCP, .host = "127.0.0.1"},
	.of_loggers = true,
	.listens = true,
	.n_devices = 2,
	.devices = {{.id = "a", .profile = &row_profile, .logger = &logger_confs[0]},
		    {.id = "b", .profile = &row_profile, .logger = &logger_confs[1]}}};

/* What was said, in its order. */
static struct hj212_said logger_said[SAID_MAX];
static atomic_int n_logger_said;

static int64_t tell_station_ms(void *ctx)
{
	(void)ctx;
	return link_now_ms();
}

static int64_t tell_wall_ms(void *ctx)
{
	(void)ctx;
	return WALL_MS;
}

static void drop_notice(void *ctx, int bus, const struct bus_notice *notice)
{
	(void)ctx, (void)bus, (void)notice;
}

static bool keep_said(void *ctx, int bus, const struct hj212_said *said)
{
	(void)ctx, (void)bus;
	int n = atomic_load(&n_logger_said);
	logger_said[n] = *said;
	atomic_store(&n_logger_said, n + 1);
	return n + 1 < SAID_MAX;
}

static void drop_news(void *ctx, int bus, const struct hj212_news *news)
{
	(void)ctx, (void)bus, (void)news;
}

static const struct hj212_source_env logger_env = {NULL,        tell_station_ms, tell_wall_ms,
						   drop_notice, keep_said,       drop_news};

/* A port that nobody has. */
static int open_port(struct sockaddr_in *ret)
{
	socklen_t size = sizeof(*ret);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	*ret = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	ck_assert_int_eq(bind(fd, (struct sockaddr *)ret, size), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)ret, &size), 0);
	return fd;
}

static struct hj212_source *start_source(const char *password, struct sockaddr_in *ret_at)
{
	char passwords[2][HJ212_PW_MAX + 1];
	struct hj212_source *source = NULL;
	close(open_port(ret_at));
	logger_bus.link.port = ntohs(ret_at->sin_port);
	n_logger_said = 0;
	for (int i = 0; i < 2; i++)
		snprintf(passwords[i], sizeof(passwords[i]), "%s", password);
	const struct hj212_source_setup setup = {&logger_bus, &logger_env, NULL,
						 (const char(*)[HJ212_PW_MAX + 1]) passwords, 0};
	ck_assert_int_eq(hj212_source_start(&setup, &source), 0);
	explicit_bzero(passwords, sizeof(passwords));
	return source;
}

static int connect_logger(const struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	for (int i = 0; i < 500; i++) {
		if (connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0)
			return fd;
		usleep(10000);
	}
	ck_abort_msg("nobody listens");
}

/* Minutes of the morning, one after another; no answer is wanted. */
static void send_minutes(int fd, int logger, const char *password, int n)
{
	const struct hj212_form form = {.crc = HJ212_CRC_STANDARD};
	for (int i = 0; i < n; i++) {
		char text[400];
		uint8_t frame[HJ212_FRAME_MAX];
		int length = snprintf(text, sizeof(text),
				      "QN=20260110120000%03d;ST=22;CN=2051;PW=%s;MN=LOGGER_%d;"
				      "Flag=4;CP=&&DataTime=20260110%02d%02d00;a34004-Avg=35,"
				      "a34004-Flag=N&&",
				      i % 1000, password, logger, i / 60 % 12, i % 60);
		size_t size =
			hj212_frame_write((const uint8_t *)text, (size_t)length, &form, frame);
		ck_assert_int_eq(send(fd, frame, size, MSG_NOSIGNAL), (ssize_t)size);
		explicit_bzero(text, sizeof(text));
		explicit_bzero(frame, sizeof(frame));
	}
}

static void wait_for_said(int n)
{
	for (int i = 0; i < 2000 && atomic_load(&n_logger_said) < n; i++)
		usleep(5000);
	ck_assert_int_ge(atomic_load(&n_logger_said), n);
}

#endif
