/* SPDX-License-Identifier: MIT */
/* A station for tests: loaded from a real file with the shipped plan, edition and profile. */
#ifndef TESTS_STATION_H
#define TESTS_STATION_H

#include "conf.h"
#include "store.h"

/* `more` is added to the file (may be ""); edition and plan by name. Aborts the test on a problem.
 */
struct conf *station_conf(const char *edition, const char *plan, const char *more);

/* The same (2012 edition, Hetang's plan) with another profile: a name or the path of a file. */
struct conf *station_conf_profile(const char *profile, const char *more);

/* A district (2026 edition, Hetang's plan) of so many points, p-0 and so on, and a micro station.
 */
struct conf *station_conf_district(int points, const char *more);

/* A reduction list of n building sites, s<first> and so on, each with an order for every level. */
void station_import(struct store *store, int first, int n);

#endif
