/* SPDX-License-Identifier: MIT */
/*
 * A bounded queue of values: many writers, one reader, an eventfd to wait on.
 *
 * Never blocks a writer: when it is full the new item is dropped and counted.
 */
#ifndef DAEMON_BASE_QUEUE_H
#define DAEMON_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_QUIET_MAX 256 /* items that are put quietly call the reader all the same */

struct queue;

/* NULL without memory or a file descriptor. */
struct queue *queue_new(size_t capacity, size_t item_size);
struct queue *queue_free(struct queue *queue);
/* The same of one whose items held secrets: nothing of them stays in memory. */
struct queue *queue_wipe(struct queue *queue);

/* Copies an item in; false if the queue is full. From any thread. */
bool queue_put(struct queue *queue, const void *item);

/* The same for a reader that looks by itself from time to time: wakes it only when many wait. */
bool queue_put_quietly(struct queue *queue, const void *item);

/* Copies the oldest item out; false if there is none. */
bool queue_take(struct queue *queue, void *ret_item);

/* Readable while items wait that were not put quietly, or many; queue_take clears it with the last
 * one. */
int queue_fd(const struct queue *queue);

/* Items dropped since the start. */
uint64_t queue_dropped(struct queue *queue);

#endif
