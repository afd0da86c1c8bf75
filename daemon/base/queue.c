/* SPDX-License-Identifier: MIT */
#include "queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "log.h"

struct queue {
	pthread_mutex_t mutex;
	int fd;
	size_t capacity, item_size, first, n;
	bool called; /* fd is readable */
	uint64_t dropped;
	unsigned char items[];
};

struct queue *queue_new(size_t capacity, size_t item_size)
{
	struct queue *queue = calloc(1, sizeof(*queue) + capacity * item_size);
	if (!queue)
		return NULL;
	queue->capacity = capacity;
	queue->item_size = item_size;
	queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (queue->fd < 0) {
		log_error(LOG_SYSTEM_REFUSES, "a queue: %s", strerror(errno));
		free(queue);
		return NULL;
	}
	pthread_mutex_init(&queue->mutex, NULL);
	return queue;
}

struct queue *queue_free(struct queue *queue)
{
	if (!queue)
		return NULL;
	close(queue->fd);
	pthread_mutex_destroy(&queue->mutex);
	free(queue);
	return NULL;
}

struct queue *queue_wipe(struct queue *queue)
{
	if (queue)
		explicit_bzero(queue->items, queue->capacity * queue->item_size);
	return queue_free(queue);
}

static void *find_item(struct queue *queue, size_t i)
{
	return queue->items + (queue->first + i) % queue->capacity * queue->item_size;
}

/* Calls the reader when `call_at` items wait. */
static bool put_item(struct queue *queue, const void *item, size_t call_at)
{
	pthread_mutex_lock(&queue->mutex);
	bool room = queue->n < queue->capacity;
	if (room)
		memcpy(find_item(queue, queue->n++), item, queue->item_size);
	else
		queue->dropped++;
	if (queue->n >= call_at && !queue->called) {
		eventfd_write(queue->fd, 1);
		queue->called = true;
	}
	pthread_mutex_unlock(&queue->mutex);
	return room;
}

bool queue_put(struct queue *queue, const void *item)
{
	return put_item(queue, item, 1);
}

bool queue_put_quietly(struct queue *queue, const void *item)
{
	return put_item(queue, item, QUEUE_QUIET_MAX);
}

bool queue_take(struct queue *queue, void *ret_item)
{
	pthread_mutex_lock(&queue->mutex);
	bool any = queue->n > 0;
	if (any) {
		memcpy(ret_item, find_item(queue, 0), queue->item_size);
		queue->first = (queue->first + 1) % queue->capacity;
		queue->n--;
	}
	if (queue->n == 0)
		queue->first = 0; /* memory that was never needed is never touched */
	if (queue->n == 0 && queue->called) {
		eventfd_t count;
		eventfd_read(queue->fd, &count);
		queue->called = false;
	}
	pthread_mutex_unlock(&queue->mutex);
	return any;
}

int queue_fd(const struct queue *queue)
{
	return queue->fd;
}

uint64_t queue_dropped(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	uint64_t dropped = queue->dropped;
	pthread_mutex_unlock(&queue->mutex);
	return dropped;
}
