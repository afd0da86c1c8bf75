/* SPDX-License-Identifier: MIT */
/*
 * The district's release slip beside the city's directive: what it makes public, and which level
 * binds the district's units (plan 4.2, 5.1, 5.5).
 *
 * In_force, CAP's level and events always follow the directive. With `binding_from: release` cuts
 * and orders follow the newest released directive of the episode: an upgrade binds at its release
 * and the lower level until then, and after an unreleased lift the old order stands until its slip,
 * or until the next episode begins. Knows no person: a post is a text.
 */
#ifndef RULES_BINDING_H
#define RULES_BINDING_H

#include "timetable.h"

enum binding_from { BINDING_FROM_DIRECTIVE, BINDING_FROM_RELEASE };

/* The newest released directive of the episode that has taken effect; all zero: none ever did. */
struct binding {
	int64_t directive; /* its number; 0: none of the episode is released */
	int64_t turn;      /* its own, or that with which the episode began */
	int level;         /* 0: a released lift */
};

struct release_slip {
	int64_t directive; /* number of the one it names; 0: unknown */
	int level;
	int64_t signed_ms;
	const char *post; /* the signer's */
};

enum release_fault {
	RELEASE_GOOD,
	RELEASE_OF_NOTHING,     /* names no directive that is pending or took effect lately */
	RELEASE_OTHER_LEVEL,    /* its directive has another level */
	RELEASE_WITHOUT_POST,   /* nobody's post is on it */
	RELEASE_SIGNED_TOO_SOON /* signed before its directive was said */
};
#define RELEASE_FAULT_COUNT 5

/*
 * Takes a slip: a good one makes its directive released. The approver's post of the level is told
 * apart from it in *ret_post_differs; NULL: the plan names none, and nothing differs.
 */
enum release_fault binding_take_slip(struct timetable *timetable, const struct release_slip *slip,
				     const char *approver, bool *ret_post_differs);

/* Follows the timetable after each judge and each slip. */
void binding_follow(struct binding *binding, const struct timetable *timetable);

/* The level that binds: cuts and orders of authority directive have it. */
int binding_level(const struct binding *binding, const struct timetable *timetable,
		  enum binding_from from);

/* Number of the directive that it comes from; 0: none. */
int64_t binding_directive(const struct binding *binding, const struct timetable *timetable,
			  enum binding_from from);

/* True if a level still binds though nothing is in force: "lifted: not yet published". */
bool binding_outlives_lift(const struct binding *binding, const struct timetable *timetable,
			   enum binding_from from);

/* "good", "of_nothing", ... */
const char *release_fault_name(enum release_fault fault);

#endif
