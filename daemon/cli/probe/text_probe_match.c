/* SPDX-License-Identifier: MIT */
#include "text_probe.h"

#include "pollutant.h"

#define MANY_UNITS 8

/* ---- profiles ---- */

static void print_identity(FILE *out, const struct match *match, int unit_id, bool zh)
{
	const struct profile_identity *identity = &match->profile->identity;

	if (!match->identified)
		fputs(zh ? "     可能，但不能确定：此型号文件没有身份寄存器\n"
			 : "     possible, not certain: the profile has no identity register\n",
		      out);
	else if (identity->is_unit_id)
		fprintf(out,
			zh ? "     身份相符：功能码 %d 的寄存器 %d 存有从站地址 "
			     "%d（别的型号也可能如此）\n"
			   : "     identified: function %d, register %d holds the unit id, %d "
			     "(another "
			     "model may\n     have it there, too)\n",
			identity->function, identity->address, unit_id);
	else
		fprintf(out,
			zh ? "     身份相符：功能码 %d 的寄存器 %d 存有 %d\n"
			   : "     identified: function %d, register %d holds %d\n",
			identity->function, identity->address, identity->value);
}

static void print_values(FILE *out, const struct match *match, bool zh)
{
	const char *between = zh ? "：" : ": ";

	fprintf(out, zh ? "     数值合理 %d 个，共 %d 个" : "     %d of %d values plausible",
		match->counts[FIT_VALUE], match->profile->n_rows);
	for (int i = 0; i < match->profile->n_rows; i++) {
		const struct pollutant_info *info =
			pollutant_info(match->profile->rows[i].pollutant);
		if (match->fits[i] != FIT_VALUE)
			continue;
		fprintf(out, "%s%s %g %s", between, info->key, match->values_milli[i] / 1000.0,
			info->unit);
		between = zh ? "，" : ", ";
	}
	fputs("\n", out);
}

static void print_count(FILE *out, int n, const char *text)
{
	if (n > 0)
		fprintf(out, "     %d %s\n", n, text);
}

static bool is_weak(const struct match *match)
{
	return !match->identified && match->chance > RECOGNISE_WEAK;
}

static void print_match_doubts(FILE *out, const struct match *match, bool zh)
{
	print_count(out, match->counts[FIT_NOTHING],
		    zh ? "个为零或为“无值”标记：不能说明什么"
		       : "zero or \"no value\": says nothing");
	print_count(out, match->counts[FIT_WRONG], zh ? "个超出量程" : "outside the range");
	print_count(out, match->counts[FIT_UNREAD], zh ? "个未读到" : "not given by the device");
	if (match->upside_down)
		fputs(zh ? "     PM2.5 高于 PM10：可疑\n" : "     PM2.5 above PM10: doubtful\n",
		      out);
	if (!match->measuring)
		fputs(zh ? "     状态寄存器现在不是“正常”\n"
			 : "     its status register does not say normal now\n",
		      out);
	if (is_weak(match))
		fputs(zh ? "     依据很弱：其量程几乎什么数值都能通过\n"
			 : "     weak: its ranges let many contents pass that mean something "
			   "else\n",
		      out);
}

void text_probe_matches(FILE *out, const struct match *matches, int n, int unit_id, bool zh)
{
	int shown = 0;

	for (int i = 0; i < n; i++) {
		const struct match *match = &matches[i];
		if (!match_is_candidate(match) || (shown > 0 && is_weak(match)))
			continue;
		if (shown == 0)
			fputs(zh ? "\n可能的型号文件，最相符的在前\n"
				 : "\nProfiles that fit, best first\n",
			      out);
		fprintf(out, "  %d. %s  (%s, %s)\n", ++shown, match->profile->id,
			match->profile->maker, match->profile->model);
		print_identity(out, match, unit_id, zh);
		print_values(out, match, zh);
		print_match_doubts(out, match, zh);
	}
	if (n == 0)
		fputs(zh ? "\n没有找到型号文件：用 --config-dir 指明所在目录。\n"
			 : "\nThere are no profiles: --config-dir says where they are.\n",
		      out);
	else if (shown == 0)
		fprintf(out, zh ? "\n%d 个型号文件都不相符。\n" : "\nNone of %d profiles fits.\n",
			n);
}

/* ---- units ---- */

static bool has_answered(const struct unit_greeting *greeting)
{
	return greeting->why == WHY_NONE || greeting->why == WHY_EXCEPTION;
}

static void print_greeting(FILE *out, const struct unit_greeting *greeting, bool zh)
{
	if (greeting->why == WHY_NONE)
		fputs(zh ? "应答\n" : "answers\n", out);
	else if (greeting->why == WHY_EXCEPTION)
		fprintf(out, zh ? "应答，异常 %d  %s\n" : "answers, exception %d  %s\n",
			greeting->code, text_probe_exception(greeting->code, zh));
	else
		fputs(zh ? "有应答，但内容有误：干扰、两台设备同一地址，或线上另有主机\n"
			 : "something answers, and not right: noise, two devices of one address, "
			   "or "
			   "another master\n",
		      out);
}

void text_probe_units(FILE *out, const struct unit_greeting greetings[256], enum link_kind kind,
		      bool zh)
{
	int n = 0;

	for (int first = 0, end; first < 256; first = end) {
		const struct unit_greeting *greeting = &greetings[first];
		for (end = first + 1; end < 256 && greetings[end].why == greeting->why &&
				      greetings[end].code == greeting->code;)
			end++;
		if (greeting->why == WHY_TIMEOUT)
			continue;
		if (has_answered(greeting))
			n += end - first;
		if (end - first > 1)
			fprintf(out, zh ? "从站 %d-%d：" : "units %d-%d: ", first, end - 1);
		else
			fprintf(out, zh ? "从站 %d：" : "unit %d: ", first);
		print_greeting(out, greeting, zh);
	}
	if (n > MANY_UNITS && kind == LINK_TCP)
		fputs(zh ? "许多从站都应答：设备可能不看从站地址，每个地址都是同一台设备。\n"
			 : "Many units answer: the device may not look at the unit id, and be "
			   "the same at each.\n",
		      out);
}
