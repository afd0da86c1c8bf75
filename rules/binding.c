/* SPDX-License-Identifier: MIT */
/*
 *   yellow, released; orange, not yet: in force orange, binding (from release) yellow
 *   orange's slip is signed: orange binds; the lift comes: orange binds on; its slip: none
 *   without that slip, and yellow is put in force anew: nothing binds until yellow's slip
 */
#include "binding.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const char *const fault_names[RELEASE_FAULT_COUNT] = {
	[RELEASE_GOOD] = "good",
	[RELEASE_OF_NOTHING] = "of_nothing",
	[RELEASE_OTHER_LEVEL] = "other_level",
	[RELEASE_WITHOUT_POST] = "without_post",
	[RELEASE_SIGNED_TOO_SOON] = "signed_too_soon",
};

const char *release_fault_name(enum release_fault fault)
{
	assert((int)fault >= 0 && (int)fault < RELEASE_FAULT_COUNT);
	return fault_names[fault];
}

static enum release_fault check_slip(const struct timetable_entry *entry,
				     const struct release_slip *slip)
{
	if (!entry)
		return RELEASE_OF_NOTHING;
	if (entry->level != slip->level)
		return RELEASE_OTHER_LEVEL;
	if (slip->post[0] == '\0')
		return RELEASE_WITHOUT_POST;
	return slip->signed_ms < entry->said_ms ? RELEASE_SIGNED_TOO_SOON : RELEASE_GOOD;
}

enum release_fault binding_take_slip(struct timetable *timetable, const struct release_slip *slip,
				     const char *approver, bool *ret_post_differs)
{
	struct timetable_entry *entry = timetable_find(timetable, slip->directive);
	enum release_fault fault = check_slip(entry, slip);
	*ret_post_differs = approver && strcmp(approver, slip->post) != 0;
	if (fault == RELEASE_GOOD)
		entry->released = true;
	return fault;
}

void binding_follow(struct binding *binding, const struct timetable *timetable)
{
	for (int i = 0; i < timetable->n_begun; i++) {
		const struct timetable_entry *begun = &timetable->begun[i];
		bool opens = begun->level > 0 && begun->previous == 0;
		if (opens && begun->turn > binding->turn)
			*binding = (struct binding){.turn = begun->turn};
		if (begun->released && begun->turn >= binding->turn)
			*binding = (struct binding){begun->number, begun->turn, begun->level};
	}
}

int binding_level(const struct binding *binding, const struct timetable *timetable,
		  enum binding_from from)
{
	return from == BINDING_FROM_RELEASE ? binding->level : timetable_level(timetable);
}

int64_t binding_directive(const struct binding *binding, const struct timetable *timetable,
			  enum binding_from from)
{
	const struct timetable_entry *in_force = timetable_in_force(timetable);
	if (from == BINDING_FROM_RELEASE)
		return binding->level > 0 ? binding->directive : 0;
	return in_force ? in_force->number : 0;
}

bool binding_outlives_lift(const struct binding *binding, const struct timetable *timetable,
			   enum binding_from from)
{
	return binding_level(binding, timetable, from) > 0 && timetable_level(timetable) == 0;
}
