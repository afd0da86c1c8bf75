/* SPDX-License-Identifier: MIT */
/*
 * The CAP messages that the present alert of an authority consists of, for the references of the
 * next one.
 */
#ifndef STORAGE_CAPS_H
#define STORAGE_CAPS_H

#include "store.h"

#define CAPS_MAX 32 /* the newest are kept */
#define CAPS_TEXT_MAX 96

struct cap_reference {
	char identifier[CAPS_TEXT_MAX], sent[CAPS_TEXT_MAX];
};

/* The messages of an authority's alert, oldest first; at most CAPS_MAX. */
int caps_load(struct store *store, const char *authority, struct cap_reference *ret, int *ret_n);

/* Inside the caller's transaction: adds one; `first` forgets those before it. */
int caps_put(struct store *store, const char *authority, const struct cap_reference *reference,
	     bool first);

#endif
