/* SPDX-License-Identifier: MIT */
/* What is given back to the heap, and what stays in use, holds no password and no key. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "logger_source.h"
#include "mqtt_inside.h"
#include "plain_file.h"
#include "platform_line_inside.h"
#include "platforms_inside.h"
#include "sm4.h"
#include "unit.h"

#define PASSWORD "Pa55word-that-is-told"
#define KEY "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
static const uint8_t key_bytes[] = {0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a, 0x69, 0x78};

static bool is_in(const void *block, size_t n)
{
	return memmem(block, n, PASSWORD, strlen(PASSWORD)) || memmem(block, n, KEY, strlen(KEY)) ||
	       memmem(block, n, key_bytes, sizeof(key_bytes));
}

/* A sanitizer has a heap of its own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_WATCHED false
#elif defined(__has_feature)
#define IS_WATCHED false
#else
#define IS_WATCHED true
extern void __libc_free(void *block); /* glibc's own name of it */

static int n_freed;

void free(void *block)
{
	n_freed += block && is_in(block, malloc_usable_size(block));
	__libc_free(block);
}
#endif

static char password_file[300], key_file[300];

static const char *write_secret(char path[300], const char *name, const char *text)
{
	snprintf(path, 300, "%s/%s", unit_tmpdir(), name);
	FILE *out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	setvbuf(out, NULL, _IONBF, 0);
	fputs(text, out);
	fclose(out);
	ck_assert_int_eq(chmod(path, 0600), 0);
	return path;
}

static void set_up(void)
{
	write_secret(password_file, "password", PASSWORD "\n");
	write_secret(key_file, "key", KEY "\n");
}

static void check_heap(void)
{
#if IS_WATCHED
	ck_assert_int_eq(n_freed, 0);
#endif
}

START_TEST(a_file_that_is_read_leaves_its_secret_to_who_asked_for_it_alone)
{
	char line[64], why[PLAIN_WHY_MAX];
	struct sm4_key key;
	memset(line, 'x', sizeof(line));
	ck_assert(plain_read_line(password_file, line, sizeof(line), why));
	ck_assert_str_eq(line, PASSWORD);
	for (size_t i = strlen(line); i < sizeof(line); i++)
		ck_assert_int_eq(line[i], '\0');
	ck_assert(!plain_read_line(password_file, line, 10, why));
	for (size_t i = 0; i < 10; i++)
		ck_assert_int_eq(line[i], '\0');
	ck_assert(sm4_key_read(key_file, &key, why));
	check_heap();
}
END_TEST

static const struct hj212_profile enciphered = {
	.edition = HJ212_2025, .st = 22, .key_file = key_file, .key_field = "NewSK"};
static struct conf conf = {.n_platforms = 1,
			   .platforms = {{.name = "bureau",
					  .host = "127.0.0.1",
					  .port = 1,
					  .mn = "010000A8900016F000169DC0",
					  .profile = &enciphered,
					  .password_file = password_file}}};

static void read_nothing(void *ctx, struct platform_reading ret[POLLUTANT_COUNT])
{
	(void)ctx;
	(void)ret;
}

START_TEST(a_platform_that_ends_leaves_no_secret)
{
	const struct platforms_env env = {NULL, read_nothing};
	struct platforms *platforms = NULL;
	struct store *store = NULL;
	conf.data_dir = unit_tmpdir();
	ck_assert_int_eq(store_open(unit_tmpdir(), &store), 0);
	ck_assert_int_eq(platforms_new(&conf, store, &env, &platforms), 0);
	struct platform *platform = &platforms->all[0];
	ck_assert(platform_read_secrets(platforms, platform, 1));
	ck_assert(is_in(platform->line, sizeof(*platform->line)));
	strcpy((char *)platform->line->message.frames[0], PASSWORD);
	strcpy((char *)platforms->frames.frames[0], PASSWORD);
	const struct line_event event = {.kind = LINE_REQUEST, .segment = PASSWORD};
	ck_assert(queue_put(platforms->events, &event));
	/* a file that is gone takes the secrets out of use */
	remove(key_file);
	ck_assert(!platform_read_secrets(platforms, platform, 1));
	pthread_mutex_lock(&platform->line->mutex);
	ck_assert_ptr_null(memmem(&platform->line->key, sizeof(platform->line->key), key_bytes, 8));
	pthread_mutex_unlock(&platform->line->mutex);
	ck_assert_ptr_null(memmem(&platform->key, sizeof(platform->key), key_bytes, 8));
	ck_assert(platforms_free(platforms));
	store_close(store);
	check_heap();
}
END_TEST

START_TEST(a_bus_of_loggers_that_ends_leaves_no_password)
{
	struct sockaddr_in at;
	struct hj212_source *source = start_source(PASSWORD, &at);
	int fd = connect_logger(&at);
	send_minutes(fd, 0, PASSWORD, 2);
	wait_for_said(2);
	hj212_source_free(source);
	close(fd);
	check_heap();
}
END_TEST

static void wake_nobody(void *ctx)
{
	(void)ctx;
}

START_TEST(the_password_of_a_broker_is_held_no_longer_than_paho_is_given_it)
{
	static struct mqtt_message will = {.payload = "{}"};
	static struct mqtt_conf broker = {.username = "u",
					  .client_id = "wiped",
					  .password_file = password_file,
					  .hosts = {{.name = "127.0.0.1", .port = 1}},
					  .n_hosts = 1,
					  .keepalive_s = 30};
	static struct mqtt_setup setup = {.conf = &broker, .will = &will};
	strcpy(will.topic, "t");
	struct mqtt *mqtt = mqtt_new(&setup, wake_nobody, NULL);
	ck_assert_ptr_nonnull(mqtt);
	mqtt_connect(mqtt);
	ck_assert(!is_in(mqtt, sizeof(*mqtt)));
	mqtt_free(mqtt);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wiped");
	TCase *tcase = tcase_create("wiped");
	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, a_file_that_is_read_leaves_its_secret_to_who_asked_for_it_alone);
	tcase_add_test(tcase, a_platform_that_ends_leaves_no_secret);
	tcase_add_test(tcase, a_bus_of_loggers_that_ends_leaves_no_password);
	tcase_add_test(tcase, the_password_of_a_broker_is_held_no_longer_than_paho_is_given_it);
	suite_add_tcase(suite, tcase);
	return suite;
}
