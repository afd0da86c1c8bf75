/* SPDX-License-Identifier: MIT */
/* One store in the test's own folder. */
#ifndef TESTS_OPEN_STATION_H
#define TESTS_OPEN_STATION_H

#include <stdio.h>

#include "models.h"
#include "store.h"
#include "unit.h"

static struct store *store;
static char dir[256];

static void open_station(void)
{
	snprintf(dir, sizeof(dir), "%s/station", unit_tmpdir());
	store = NULL;
	ck_assert_int_eq(store_open(dir, &store), 0);
	store_use_plan(store, models_plan());
}

static void close_station(void)
{
	store = store_close(store);
}

#endif
