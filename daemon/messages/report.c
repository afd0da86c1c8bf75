/* SPDX-License-Identifier: MIT */
#include "report.h"

const struct timetable_entry *report_in_force(const struct advice_report *report)
{
	return report->timetable ? timetable_in_force(report->timetable) : NULL;
}

const struct timetable_entry *report_entry(const struct advice_report *report, int64_t number)
{
	const struct timetable *timetable = report->timetable;
	for (int i = 0; timetable && i < timetable->n_begun; i++) {
		if (timetable->begun[i].number == number)
			return &timetable->begun[i];
	}
	for (int i = 0; timetable && i < timetable->n_pending; i++) {
		if (timetable->pending[i].number == number)
			return &timetable->pending[i];
	}
	return NULL;
}

const struct word_details *report_details(const struct advice_report *report, int64_t number)
{
	for (int i = 0; i < report->n_details; i++) {
		if (report->details[i].number == number)
			return &report->details[i];
	}
	return NULL;
}

/* The directive that an entry of level none lifts; NULL. */
static const struct timetable_entry *find_lifted(const struct timetable *timetable,
						 const struct timetable_entry *lift)
{
	const struct timetable_entry *found = NULL;
	for (int i = 0; i < timetable->n_begun; i++) {
		const struct timetable_entry *begun = &timetable->begun[i];
		if (begun->level != LEVEL_NONE && (lift->turn == 0 || begun->turn < lift->turn))
			found = begun;
	}
	for (int i = 0; i < timetable->n_pending && lift->turn == 0; i++) {
		const struct timetable_entry *pending = &timetable->pending[i];
		if (pending->level != LEVEL_NONE && pending->start_ms < lift->start_ms)
			found = pending;
	}
	return found;
}

const struct word_details *report_area(const struct advice_report *report,
				       const struct timetable_entry *entry)
{
	const struct word_details *details = report_details(report, entry->number);
	const struct timetable_entry *lifted = NULL;
	if (details && details->area[0] != '\0')
		return details;
	if (entry->level == LEVEL_NONE && report->timetable)
		lifted = find_lifted(report->timetable, entry);
	details = lifted ? report_details(report, lifted->number) : NULL;
	return details && details->area[0] != '\0' ? details : NULL;
}

bool report_is_regional(const struct advice_report *report, int64_t number)
{
	const struct word_details *details = report_details(report, number);
	return details && details->regional;
}

struct binding_report report_binding(const struct conf *conf, const struct advice_report *report)
{
	const struct timetable *timetable = report->timetable;
	if (!timetable || !report->binding)
		return (struct binding_report){0};
	struct binding_report ret = {
		.level = binding_level(report->binding, timetable, conf->binding_from),
		.directive = binding_directive(report->binding, timetable, conf->binding_from)};
	const struct timetable_entry *entry = report_entry(report, ret.directive);
	ret.outlives_lift = ret.level > timetable_level(timetable);
	ret.released = conf->binding_from == BINDING_FROM_RELEASE ? ret.level != LEVEL_NONE
								  : entry && entry->released;
	if (ret.released && report->released)
		ret.slip = report->released->number;
	if (!entry)
		return ret;
	ret.from_ms = entry->effective_ms;
	/* one that binds on after another began is not looked at by the judge any more */
	ret.overdue = entry->overdue ||
		      (entry->planned_end_ms != 0 && entry->planned_end_ms <= report->now_ms);
	ret.until_ms = ret.overdue ? 0 : entry->planned_end_ms;
	return ret;
}

pollutant_set report_wanted(const struct conf *conf, uint32_t undecided, bool waits_for_forecast)
{
	return undecided == 0 || waits_for_forecast ? 0 : conf->station.scope.leading;
}
