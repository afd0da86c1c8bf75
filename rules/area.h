/* SPDX-License-Identifier: MIT */
/*
 * Whether a directive's area reaches beyond that of the one before it, or is a place of a known
 * name. Knows no map: an area is a list of names as a directive words it.
 */
#ifndef RULES_AREA_H
#define RULES_AREA_H

#include <stdbool.h>

/*
 * True unless every name of the area is also one of the area before it; an empty area is the plan's
 * district: only an empty one is no wider than it. Names are separated by 、 ， , ； ; or blanks.
 */
bool area_is_wider(const char *area, const char *before);

/*
 * True if an area is one place and nothing else: by its name, or by its name behind those of the
 * province and the city that it lies in.
 */
bool area_is_place(const char *area, const char *name);

#endif
