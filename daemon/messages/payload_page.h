/* SPDX-License-Identifier: MIT */
/*
 * What a page that is opened now must know of the time before it was: the last three days, the
 * hours ahead, the newest events, the names of sources. Retained messages of at most PAGE_MAX
 * bytes; what finds no room is left out and told so.
 */
#ifndef DAEMON_MESSAGES_PAYLOAD_PAGE_H
#define DAEMON_MESSAGES_PAYLOAD_PAGE_H

#include "ahead.h"
#include "payload.h"

#define PAGE_MAX (15 * 1024)
#define PAGE_HOURS 72
#define PAGE_EVENTS 20

/* Hours in a row, the oldest first. */
struct page_history {
	int64_t newest; /* END label of the last of them */
	int n;          /* 1..PAGE_HOURS */
	struct hour_values values[PAGE_HOURS];
	struct aqi realtime[PAGE_HOURS], daily[PAGE_HOURS];
};
char *payload_history(const struct payload_head *head, const struct page_history *history);

/* The hours after the timeline's present one, and whose word each is. */
char *payload_ahead(const struct payload_head *head, const struct timeline *timeline,
		    const struct forecasts *forecasts);

/* Events as they were sent, the newest first; the newest keep their texts, as many as fit. */
struct page_events {
	int n; /* 0..PAGE_EVENTS */
	char *messages[PAGE_EVENTS];
};
char *payload_events(const struct payload_head *head, const struct page_events *events);

/* One page of the roster, source by source. */
struct roster_draft;
struct roster_draft *roster_draft_new(void);
struct roster_draft *roster_draft_free(struct roster_draft *draft);
/* False: the page is full and does not take it; one source it takes always. Empty texts are none.
 */
bool roster_draft_add(struct roster_draft *draft, const char *id, const char *name,
		      const char *kind, const char *keeper);
/* `list`: the version of the list; `more`: another page follows. */
char *payload_roster(const struct payload_head *head, const struct roster_draft *draft,
		     int64_t list, int page, bool more);

#endif
