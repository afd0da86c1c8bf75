/* SPDX-License-Identifier: MIT */
#include "text_order.h"

#include <stdarg.h>
#include <stdio.h>

struct writer {
	char *text;
	size_t n;
	bool zh;
};

__attribute__((format(printf, 2, 3))) static void add_text(struct writer *w, const char *format,
							   ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(w->text + w->n, TEXT_ORDER_MAX - w->n, format, args);
	va_end(args);
	if (n > 0)
		w->n += (size_t)n < TEXT_ORDER_MAX - w->n ? (size_t)n : TEXT_ORDER_MAX - w->n - 1;
}

static void add_separator(struct writer *w)
{
	if (w->n > 0)
		add_text(w, w->zh ? "；" : "; ");
}

static void add_reason(struct writer *w, const char *zh, const char *en)
{
	add_separator(w);
	add_text(w, "%s", w->zh ? zh : en);
}

static void add_movements(struct writer *w, int32_t movements)
{
	add_separator(w);
	if (w->zh)
		add_text(w, "重型载货车日进出%d辆次，未超过预案规定", movements);
	else
		add_text(w, "%d heavy vehicles in and out a day, not more than the plan names",
			 movements);
}

static void add_exempt(struct writer *w, const struct plan *plan, uint32_t exempt)
{
	bool any = false;
	add_separator(w);
	add_text(w, w->zh ? "豁免：" : "exempt: ");
	for (int i = 0; i < plan->n_exemptions; i++) {
		const struct plan_exemption *exemption = &plan->exemptions[i];
		if (!(exempt & (1u << i)))
			continue;
		add_text(w, "%s%s", any ? (w->zh ? "、" : ", ") : "",
			 w->zh ? exemption->zh : exemption->en);
		any = true;
	}
}

void text_order_why(const struct plan *plan, const struct order_source *source, unsigned why,
		    enum text_language language, char ret[TEXT_ORDER_MAX])
{
	static const struct {
		enum order_why why;
		const char *zh, *en;
	} reasons[] = {
		{ORDER_WHY_ROW, "清单该行未列措施", "its row has no measure, line or cut"},
		{ORDER_WHY_KIND, "预案没有针对此类源的措施",
		 "the plan has no measure for its kind"},
		{ORDER_WHY_NO_MOVEMENTS, "未填重型载货车日进出辆次",
		 "heavy vehicles in and out a day are unsaid"},
		{ORDER_WHY_MACHINES, "无国Ⅱ及以下非道路移动机械", "no old machinery"},
		{ORDER_WHY_NO_MACHINES, "未填国Ⅱ及以下非道路移动机械台数",
		 "old machinery is unsaid"},
		{ORDER_WHY_PARK, "未列所属工业园区", "no industrial park is named"},
	};
	struct writer w = {.text = ret, .zh = language == TEXT_ZH};
	ret[0] = '\0';
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (why & reasons[i].why)
			add_reason(&w, reasons[i].zh, reasons[i].en);
	}
	if (why & ORDER_WHY_MOVEMENTS)
		add_movements(&w, source->movements);
	if (why & ORDER_WHY_EXEMPT)
		add_exempt(&w, plan, source->exempt);
}
