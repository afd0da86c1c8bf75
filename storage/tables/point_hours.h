/* SPDX-License-Identifier: MIT */
/*
 * The hours that a district's stations told. In samples.db: what is lost there the stations have.
 * Writers run between store_samples_begin and store_samples_commit.
 */
#ifndef STORAGE_TABLES_POINT_HOURS_H
#define STORAGE_TABLES_POINT_HOURS_H

#include "store.h"
#include "window.h"

#define POINT_HOURS_ID_SIZE 64 /* bytes of a station's id, the NUL included */

struct point_hour {
	char station[POINT_HOURS_ID_SIZE];
	int64_t hour;  /* END label */
	int32_t rev;   /* the station's own */
	bool reviewed; /* a person reviewed it; not stored */
	struct hour_values values;
};

/* Stores it in place of an earlier revision. */
int point_hours_put(struct store *store, const struct point_hour *row);

/* Hands over every row from hour `from` on, by hour; none of before 1970. */
int point_hours_each(struct store *store, int64_t from,
		     void (*take)(void *ctx, const struct point_hour *row), void *ctx);

#endif
