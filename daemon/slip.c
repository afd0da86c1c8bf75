/* SPDX-License-Identifier: MIT */
#include "slip.h"

#include <string.h>

#include "clock.h"
#include "text.h"

#define BLANK "________"

struct page {
	FILE *out;
	const struct slip *slip;
	bool zh;
};

/* The head of a field. */
static void field(const struct page *page, const char *zh, const char *en)
{
	fprintf(page->out, page->zh ? "%s：" : "%s: ", page->zh ? zh : en);
}

static void line(const struct page *page, const char *zh, const char *en, const char *value)
{
	field(page, zh, en);
	fprintf(page->out, "%s\n", value);
}

static const char *moment(int64_t wall_ms, char ret[CLOCK_TEXT_SIZE])
{
	clock_text(wall_ms, ret); /* 2026-01-31T09:00:00+08:00 */
	ret[16] = '\0';
	ret[10] = ' ';
	return ret;
}

/* The level that the slip speaks of: after a lift, the one that ends. */
static enum level subject(const struct slip *slip)
{
	return slip->change.level != LEVEL_NONE ? slip->change.level : slip->change.previous;
}

static const char *matter(const struct page *page)
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
	case EVENT_RULES_CHANGED:
	case EVENT_CORRECTION:
		break;
	}
	return page->zh ? "调整" : "adjust";
}

static void print_what(const struct page *page)
{
	const struct slip *slip = page->slip;
	const struct plan_level *level = &slip->conf->plan.levels[subject(slip)];
	char text[TEXT_LEVEL_MAX], start[CLOCK_TEXT_SIZE];
	line(page, "编号", "Number", BLANK);
	line(page, "演练标记", "Exercise",
	     slip->conf->exercise ? "【演练】" : (page->zh ? "否" : "no"));
	line(page, "事项", "Matter", matter(page));
	text_level(slip->conf, subject(slip), page->zh ? TEXT_ZH : TEXT_EN, text);
	line(page, "预警级别", "Warning level", text);
	line(page, "响应级别", "Response", level->response);
	bool lift = slip->change.level == LEVEL_NONE;
	int64_t start_ms = slip->directive                   ? slip->directive->start_ms
			   : lift || slip->change.onset == 0 ? slip->change.hour * HOUR_MS
							     : slip->change.onset * HOUR_MS;
	line(page, lift ? "解除时间" : "启动时间", lift ? "Lifted from" : "In force from",
	     moment(start_ms, start));
	if (slip->directive && slip->directive->planned_end_ms != 0)
		line(page, "计划结束", "Planned end",
		     moment(slip->directive->planned_end_ms, start));
	line(page, "应急响应区域范围", "Area",
	     slip->directive && slip->directive->area[0] ? slip->directive->area
							 : slip->conf->station.area);
}

static void print_why(const struct page *page)
{
	const struct slip *slip = page->slip;
	char text[TEXT_MAX], hour[CLOCK_TEXT_SIZE];
	field(page, "依据", "Basis");
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
	field(page, "研判要点", "Assessment");
	if (slip->hour != 0)
		fprintf(page->out,
			page->zh ? "%s 日AQI %d，首要污染物 %s；"
				 : "%s daily AQI %d, primary "
				   "pollutant %s; ",
			moment(slip->hour * HOUR_MS, hour), slip->daily_aqi,
			slip->primary[0] ? slip->primary : "-");
	text[0] = '\0';
	if (slip->evidence.met_at != 0 && slip->change.about == ABOUT_ADVICE &&
	    slip->change.level != LEVEL_NONE)
		text_reason(slip->conf, slip->change.level, &slip->evidence,
			    page->zh ? TEXT_ZH : TEXT_EN, text);
	fprintf(page->out, "%s\n", text[0] ? text : BLANK);
}

static void print_cuts(const struct page *page)
{
	static const char *const names[EMISSION_COUNT] = {"SO2", "NOx", "PM", "VOCs"};
	const struct slip *slip = page->slip;
	const int32_t *pct = slip->conf->plan.levels[slip->change.level].min_cut_pct;
	bool any = false;
	if (slip->change.level == LEVEL_NONE)
		return;
	field(page, "减排比例（不低于）", "Least cut");
	for (int e = 0; e < EMISSION_COUNT; e++) {
		if (pct[e] == CUT_UNSAID)
			continue;
		fprintf(page->out, "%s%s %d%%", any ? (page->zh ? "、" : ", ") : "", names[e],
			pct[e]);
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
	field(page, "响应措施（按单位）", "Measures by unit");
	fputc('\n', page->out);
	for (int u = 0; u < plan->n_units; u++)
		print_unit(page, 1u << u, page->zh ? plan->units[u].zh : plan->units[u].en,
			   indices);
	print_unit(page, 0, page->zh ? "未指定" : "not named", indices);
}

/* Who answered since the change, and how. */
static void print_receipts(const struct page *page)
{
	static const char *const zh[] = {"已签收", "已落实", "部分落实", "未落实"};
	static const char *const en[] = {"received", "done", "partly done", "not done"};
	char time[CLOCK_TEXT_SIZE];
	if (page->slip->n_receipts == 0) {
		line(page, "回执", "Receipts", BLANK);
		return;
	}
	field(page, "回执", "Receipts");
	fputc('\n', page->out);
	for (int i = 0; i < page->slip->n_receipts; i++) {
		const struct slip_receipt *receipt = &page->slip->receipts[i];
		fprintf(page->out, "    - %s %s  %s  %s\n", receipt->unit, receipt->person,
			moment(receipt->time_ms, time), (page->zh ? zh : en)[receipt->outcome]);
	}
}

static void print_people(const struct page *page)
{
	const struct plan *plan = &page->slip->conf->plan;
	const struct plan_level *level = &plan->levels[subject(page->slip)];
	const char *approver = page->zh ? level->approver_zh : level->approver_en;
	const char *time_zh = BLANK "  时间：" BLANK, *time_en = BLANK "  time: " BLANK;
	line(page, "拟稿人", "Drafted by", page->zh ? time_zh : time_en);
	line(page, "审核人", "Reviewed by", page->zh ? time_zh : time_en);
	field(page, "签发人", "Signed by");
	fprintf(page->out, "%s  %s\n", approver ? approver : BLANK, page->zh ? time_zh : time_en);
	const struct plan_unit *unit =
		plan->release_unit >= 0 ? &plan->units[plan->release_unit] : NULL;
	line(page, "发布单位", "Released by", !unit ? BLANK : page->zh ? unit->zh : unit->en);
	line(page, "发送范围与渠道", "To whom and how", plan->n_channels > 0 ? "" : BLANK);
	for (int i = 0; i < plan->n_channels; i++) {
		const struct plan_channel *channel = &plan->channels[i];
		fprintf(page->out, page->zh ? "    - %s：%s\n" : "    - %s: %s\n",
			page->zh ? channel->to_zh : channel->to_en,
			page->zh ? channel->by_zh : channel->by_en);
	}
	print_receipts(page);
}

void slip_print(FILE *out, const struct slip *slip, bool zh)
{
	const struct page page = {out, slip, zh};
	fprintf(out, "%s%s\n\n", slip->conf->exercise ? "【演练】" : "",
		zh ? "预警信息发布单" : "Warning release slip");
	if (slip->release)
		line(&page, "上一份发布单", "Slip before this one", slip->release->number);
	print_what(&page);
	print_why(&page);
	print_cuts(&page);
	print_measures(&page);
	print_people(&page);
}
