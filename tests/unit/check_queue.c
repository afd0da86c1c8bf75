/* SPDX-License-Identifier: MIT */
#include "queue.h"

#include <poll.h>
#include <pthread.h>

#include "unit.h"

static bool readable(const struct queue *queue)
{
	struct pollfd fd = {.fd = queue_fd(queue), .events = POLLIN};
	return poll(&fd, 1, 0) == 1;
}

START_TEST(items_come_out_in_the_order_they_went_in)
{
	struct queue *queue = queue_new(3, sizeof(int));
	int out;
	for (int round = 0; round < 5; round++) { /* over the ring's end */
		for (int i = 0; i < 2; i++)
			ck_assert(queue_put(queue, &i));
		for (int i = 0; i < 2; i++) {
			ck_assert(queue_take(queue, &out));
			ck_assert_int_eq(out, i);
		}
	}
	ck_assert(!queue_take(queue, &out));
	queue_free(queue);
}
END_TEST

START_TEST(a_full_queue_drops_the_new_item_and_counts_it)
{
	struct queue *queue = queue_new(2, sizeof(int));
	int out;
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(queue_put(queue, &i), i < 2);
	ck_assert_uint_eq(queue_dropped(queue), 3);
	ck_assert(queue_take(queue, &out));
	ck_assert_int_eq(out, 0);
	queue_free(queue);
}
END_TEST

START_TEST(the_descriptor_is_readable_while_items_wait)
{
	struct queue *queue = queue_new(4, sizeof(int));
	int item = 7;
	ck_assert(!readable(queue));
	queue_put(queue, &item);
	queue_put(queue, &item);
	queue_take(queue, &item);
	ck_assert(readable(queue));
	queue_take(queue, &item);
	ck_assert(!readable(queue));
	queue_free(queue);
}
END_TEST

START_TEST(what_is_put_quietly_calls_nobody_until_many_wait)
{
	struct queue *queue = queue_new(2 * QUEUE_QUIET_MAX, sizeof(int));
	int item = 7;
	for (int i = 1; i < QUEUE_QUIET_MAX; i++)
		ck_assert(queue_put_quietly(queue, &item));
	ck_assert(!readable(queue));
	ck_assert(queue_put_quietly(queue, &item));
	ck_assert(readable(queue));
	while (queue_take(queue, &item))
		;
	ck_assert(!readable(queue));
	queue_put_quietly(queue, &item);
	ck_assert(!readable(queue));
	queue_put(queue, &item);
	ck_assert(readable(queue));
	queue_free(queue);
}
END_TEST

#define WRITERS 4
#define EACH 20000

struct writer {
	struct queue *queue;
	int id;
};

static void *write_many(void *arg)
{
	struct writer *writer = arg;
	for (int i = 0; i < EACH; i++) {
		int item[2] = {writer->id, i};
		while (!queue_put(writer->queue, item))
			;
	}
	return NULL;
}

START_TEST(four_writers_lose_nothing_and_each_keeps_its_order)
{
	struct queue *queue = queue_new(64, sizeof(int[2]));
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
	int next[WRITERS] = {0};
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){queue, i};
		pthread_create(&threads[i], NULL, write_many, &writers[i]);
	}
	for (int taken = 0; taken < WRITERS * EACH;) {
		int item[2];
		struct pollfd fd = {.fd = queue_fd(queue), .events = POLLIN};
		ck_assert_int_eq(poll(&fd, 1, 10000), 1);
		while (queue_take(queue, item)) {
			ck_assert_int_eq(item[1], next[item[0]]);
			next[item[0]]++;
			taken++;
		}
	}
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	queue_free(queue);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("queue");
	TCase *tc = tcase_create("queue");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, items_come_out_in_the_order_they_went_in);
	tcase_add_test(tc, a_full_queue_drops_the_new_item_and_counts_it);
	tcase_add_test(tc, the_descriptor_is_readable_while_items_wait);
	tcase_add_test(tc, what_is_put_quietly_calls_nobody_until_many_wait);
	tcase_add_test(tc, four_writers_lose_nothing_and_each_keeps_its_order);
	suite_add_tcase(suite, tc);
	return suite;
}
