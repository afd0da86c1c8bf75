/* SPDX-License-Identifier: MIT */
#include "slip.h"

#include <string.h>

#include "clock.h"
#include "text.h"
#include "text_term.h"

#define BLANK "________"
#define GRAMS_OF_A_KG 1000

struct page {
	FILE *out;
	const struct slip *slip;
	bool zh;
	enum text_language language;
};

/* The head of a field. */
static void print_field_head(const struct page *page, const char *zh, const char *en)
{
	fprintf(page->out, page->zh ? "%s：" : "%s: ", page->zh ? zh : en);
}

static void print_field_line(const struct page *page, const char *zh, const char *en,
			     const char *value)
{
	print_field_head(page, zh, en);
	fprintf(page->out, "%s\n", value);
}

/* A moment at which something begins or happens. */
static const char *write_moment(const struct page *page, int64_t wall_ms,
				char ret[TEXT_INSTANT_MAX])
{
	return text_instant(wall_ms, false, page->language, ret);
}

/* The level that the slip speaks of: after a lift, the one that ends. */
static int choose_slip_level(const struct slip *slip)
{
	return slip->change.level != LEVEL_NONE ? slip->change.level : slip->change.previous;
}

static const char *name_matter(const struct page *page)
{
	switch (page->slip->change.kind) {
	case EVENT_ISSUE:
		return page->zh ? "发布" : "issue";
	case EVENT_UPGRADE:
		return page->zh ? "升级" : "upgrade";
	case EVENT_DOWNGRADE:
		return page->zh ? "降级" : "downgrade";
	case EVENT_LIFT:
		return page->zh ? "解除" : "lift";
	case EVENT_HOLD:
	case EVENT_RESUME:
	case EVENT_AMENDED:
	case EVENT_ANNOUNCED:
	case EVENT_WITHDRAWN:
	case EVENT_OVERDUE:
	case EVENT_RULES_CHANGED:
	case EVENT_CORRECTION:
	case EVENT_DUST:
		break;
	}
	return page->zh ? "调整" : "adjust";
}

/* What was said; of a lift the area lifted; else the district. */
static const char *choose_area(const struct page *page)
{
	const struct slip *slip = page->slip;
	if (slip->details && slip->details->area[0] != '\0')
		return slip->details->area;
	return slip->lifted_area ? slip->lifted_area
				 : text_district(&slip->conf->station, page->language);
}

static int64_t choose_start_ms(const struct slip *slip)
{
	if (slip->directive)
		return slip->directive->start_ms;
	if (slip->change.level == LEVEL_NONE || slip->change.onset_ms == 0)
		return slip->change.hour * HOUR_MS;
	return slip->change.onset_ms;
}

static void print_times(const struct page *page)
{
	const struct timetable_entry *directive = page->slip->directive;
	bool lift = page->slip->change.level == LEVEL_NONE;
	char text[TEXT_INSTANT_MAX];
	print_field_line(page, lift ? "解除时间" : "启动时间",
			 lift ? "Lifted from" : "In force from",
			 write_moment(page, choose_start_ms(page->slip), text));
	if (!directive)
		return;
	if (directive->turn != 0 && directive->effective_ms != directive->start_ms)
		print_field_line(page, "本站生效时间", "In effect here since",
				 write_moment(page, directive->effective_ms, text));
	if (directive->planned_end_ms != 0)
		print_field_line(
			page, "计划结束", "Planned end",
			text_instant(directive->planned_end_ms, true, page->language, text));
}

static void print_what(const struct page *page)
{
	const struct slip *slip = page->slip;
	const struct plan_level *level = &slip->conf->plan.levels[choose_slip_level(slip)];
	char text[TEXT_LEVEL_MAX], response[TEXT_RESPONSE_MAX];
	print_field_line(page, "编号", "Number", BLANK);
	print_field_line(page, "演练标记", "Exercise",
			 slip->conf->exercise ? "【演练】" : (page->zh ? "否" : "no"));
	print_field_line(page, "事项", "Matter", name_matter(page));
	text_level(slip->conf, choose_slip_level(slip), page->language, text);
	print_field_line(page, "预警级别", "Warning level", text);
	print_field_line(page, "响应级别", "Response",
			 text_response(level, page->language, response));
	print_times(page);
	print_field_line(page, "应急响应区域范围", "Area", choose_area(page));
}

static void print_primary(const struct page *page)
{
	bool any = false;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(page->slip->primary & (1u << p)))
			continue;
		fprintf(page->out, "%s%s", any ? (page->zh ? "、" : ", ") : "",
			text_pollutant((enum pollutant)p, page->language));
		any = true;
	}
	fprintf(page->out, "%s%s", any ? "" : "-", page->zh ? "；" : "; ");
}

static void print_why(const struct page *page)
{
	const struct slip *slip = page->slip;
	char text[TEXT_MAX], hour[TEXT_INSTANT_MAX];
	if (slip->directive)
		print_field_line(page, "市指令标识", "Directive's id", slip->directive->id);
	print_field_head(page, "依据", "Basis");
	if (slip->directive)
		fprintf(page->out,
			page->zh ? "市指令 %s（%s）；会商意见：%s\n"
				 : "directive %s (%s); consultation: %s\n",
			slip->directive->document[0] ? slip->directive->document : BLANK,
			slip->directive->issuer[0] ? slip->directive->issuer : BLANK, BLANK);
	else
		fprintf(page->out,
			page->zh ? "监测站点预警建议（未收到市指令，不得据此发布）；会商意见：%s\n"
				 : "the station's advice (no directive was received: not to be "
				   "released on it); consultation: %s\n",
			BLANK);
	print_field_head(page, "研判要点", "Assessment");
	if (slip->hour != 0) {
		fprintf(page->out,
			page->zh ? "%s 日AQI %d，首要污染物："
				 : "%s daily AQI %d, primary pollutant: ",
			text_instant(slip->hour * HOUR_MS, true, page->language, hour),
			slip->daily_aqi);
		print_primary(page);
	}
	text[0] = '\0';
	if (slip->evidence.met_at != 0 && slip->change.about == ABOUT_ADVICE &&
	    slip->change.level != LEVEL_NONE)
		text_reason(slip->conf, slip->change.level, &slip->evidence, page->language, text);
	fprintf(page->out, "%s\n", text[0] ? text : BLANK);
}

static void print_cuts(const struct page *page)
{
	const struct slip *slip = page->slip;
	const int32_t *pct = slip->conf->plan.levels[slip->change.level].min_cut_pct;
	bool any = false;
	if (slip->change.level == LEVEL_NONE)
		return;
	print_field_head(page, "减排比例（不低于）", "Least cut");
	for (int e = 0; e < EMISSION_COUNT; e++) {
		if (pct[e] == CUT_UNSAID)
			continue;
		fprintf(page->out, "%s%s %d%%", any ? (page->zh ? "、" : ", ") : "",
			text_emission((enum emission)e, page->language), pct[e]);
		any = true;
	}
	fprintf(page->out, "%s\n", any ? "" : BLANK);
}

/* One unit's measures, or (bit 0) those for which the plan names nobody. */
static void print_unit(const struct page *page, uint32_t unit, const char *name,
		       const int indices[PLAN_MEASURES_MAX])
{
	const struct plan *plan = &page->slip->conf->plan;
	bool told = false;
	for (int i = 0; indices[i] >= 0; i++) {
		const struct plan_measure *measure = &plan->measures[indices[i]];
		if (unit == 0 ? measure->units != 0 : (measure->units & unit) == 0)
			continue;
		if (!told)
			fprintf(page->out, "  %s\n", name);
		told = true;
		fprintf(page->out, "    - %s\n", page->zh ? measure->zh : measure->en);
	}
}

static void print_measures(const struct page *page)
{
	const struct plan *plan = &page->slip->conf->plan;
	int indices[PLAN_MEASURES_MAX + 1];
	int n = plan_measures_at(plan, page->slip->change.level, indices);
	indices[n] = -1;
	if (n == 0)
		return;
	print_field_head(page, "响应措施（按单位）", "Measures by unit");
	fputc('\n', page->out);
	for (int u = 0; u < plan->n_units; u++)
		print_unit(page, 1u << u, page->zh ? plan->units[u].zh : plan->units[u].en,
			   indices);
	print_unit(page, 0, page->zh ? "未指定" : "not named", indices);
}

/* The name of a unit of the plan; what is none stays as it is written. */
static const char *name_unit(const struct page *page, const char *id)
{
	const struct plan *plan = &page->slip->conf->plan;
	for (int u = 0; u < plan->n_units; u++) {
		if (strcmp(plan->units[u].id, id) == 0)
			return page->zh ? plan->units[u].zh : plan->units[u].en;
	}
	return id;
}

static void print_receipt(const struct page *page, const struct slip_receipt *receipt)
{
	static const char *const zh[] = {"已签收", "已落实", "部分落实", "未落实"};
	static const char *const en[] = {"received", "done", "partly done", "not done"};
	char time[TEXT_INSTANT_MAX];
	fprintf(page->out, "    - %s %s  %s  %s", name_unit(page, receipt->unit), receipt->person,
		write_moment(page, receipt->time_ms, time), (page->zh ? zh : en)[receipt->outcome]);
	if (receipt->done_pct != RECEIPT_UNSAID)
		fprintf(page->out, " %d%%", receipt->done_pct);
	if (receipt->cut_gpd != RECEIPT_UNSAID)
		fprintf(page->out, page->zh ? "，减排 %lld.%03d 千克/天" : ", %lld.%03d kg/d cut",
			(long long)(receipt->cut_gpd / GRAMS_OF_A_KG),
			(int)(receipt->cut_gpd % GRAMS_OF_A_KG));
	if (receipt->note[0] != '\0')
		fprintf(page->out, page->zh ? "，%s" : ", %s", receipt->note);
	fputc('\n', page->out);
}

/* Who answered since the change, and how. */
static void print_receipts(const struct page *page)
{
	if (page->slip->n_receipts == 0) {
		print_field_line(page, "回执", "Receipts", BLANK);
		return;
	}
	print_field_head(page, "回执", "Receipts");
	fputc('\n', page->out);
	for (int i = 0; i < page->slip->n_receipts; i++)
		print_receipt(page, &page->slip->receipts[i]);
}

/* Names and times of people stay empty; whose signature it takes, the plan says: of a downgrade
 * that of the new level. */
static void print_signatures(const struct page *page)
{
	bool lift = page->slip->change.level == LEVEL_NONE;
	const struct plan_level *level = &page->slip->conf->plan.levels[page->slip->change.level];
	const char *approver = page->zh ? level->approver_zh : level->approver_en;
	const char *line = page->zh ? BLANK "  时间：" BLANK : BLANK "  time: " BLANK;
	print_field_line(page, "拟稿人", "Drafted by", line);
	print_field_line(page, "审核人", "Reviewed by", line);
	if (!approver && lift)
		print_field_line(page, "签发人（解除的批准权限预案未规定）",
				 "Signed by (the plan does not say who approves a lift)", line);
	else if (!approver)
		print_field_line(page, "签发人及职务", "Signed by, post", line);
	else if (page->zh)
		fprintf(page->out, "签发人（%s）：%s\n", approver, line);
	else
		fprintf(page->out, "Signed by (%s): %s\n", approver, line);
}

/* To whom, how, and which units see to it. */
static void print_channel(const struct page *page, const struct plan_channel *channel)
{
	const struct plan *plan = &page->slip->conf->plan;
	bool any = false;
	fprintf(page->out, page->zh ? "    - %s：%s" : "    - %s: %s",
		page->zh ? channel->to_zh : channel->to_en,
		page->zh ? channel->by_zh : channel->by_en);
	for (int u = 0; u < plan->n_units; u++) {
		if (!(channel->units & (1u << u)))
			continue;
		if (!any)
			fputs(page->zh ? "；由" : "; by ", page->out);
		fprintf(page->out, "%s%s", any ? (page->zh ? "、" : ", ") : "",
			page->zh ? plan->units[u].zh : plan->units[u].en);
		any = true;
	}
	fprintf(page->out, "%s\n", any && page->zh ? "负责" : "");
}

static void print_release(const struct page *page)
{
	const struct plan *plan = &page->slip->conf->plan;
	const struct plan_unit *unit =
		plan->release_unit >= 0 ? &plan->units[plan->release_unit] : NULL;
	print_field_line(page, "发布单位", "Released by",
			 !unit      ? BLANK
			 : page->zh ? unit->zh
				    : unit->en);
	print_field_line(page, "发送范围与渠道", "To whom and how",
			 plan->n_channels > 0 ? "" : BLANK);
	for (int i = 0; i < plan->n_channels; i++)
		print_channel(page, &plan->channels[i]);
}

void slip_print(FILE *out, const struct slip *slip, bool zh)
{
	const struct page page = {out, slip, zh, zh ? TEXT_ZH : TEXT_EN};
	fprintf(out, "%s%s\n\n", slip->conf->exercise ? "【演练】" : "",
		zh ? "预警信息发布单" : "Warning release slip");
	if (slip->release)
		print_field_line(&page, "上一份发布单", "Slip before this one",
				 slip->release->number);
	print_what(&page);
	print_why(&page);
	print_cuts(&page);
	print_measures(&page);
	print_signatures(&page);
	print_release(&page);
	print_receipts(&page);
}
