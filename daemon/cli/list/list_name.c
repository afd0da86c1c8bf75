/* SPDX-License-Identifier: MIT */
#include "list_name.h"

#include <string.h>

#include "list_level.h"

/* ---- text columns ---- */

/* The key first, then the names in Chinese, in their plain form. */
static const struct {
	enum list_column column;
	const char *names[6];
} texts[] = {
	{LIST_KIND, {"kind", "清单类别", "类别"}},
	{LIST_ID, {"id", "清单编号"}},
	{LIST_NAME, {"name", "企业名称", "项目名称", "单位名称", "名称"}},
	{LIST_CREDIT_CODE, {"credit_code", "统一社会信用代码", "社会信用代码"}},
	{LIST_PERMIT, {"permit", "排污许可证编号"}},
	{LIST_PERMIT_TYPE, {"permit_type", "排污许可管理类型"}},
	{LIST_COUNTY, {"county", "区", "区县", "县区", "所在区"}},
	{LIST_TOWN, {"town", "街乡镇", "街道", "乡镇街道", "镇街"}},
	{LIST_PARK, {"park", "所属工业园区", "工业园区"}},
	{LIST_ADDRESS, {"address", "详细地址", "地址"}},
	{LIST_LNG, {"lng", "经度"}},
	{LIST_LAT, {"lat", "纬度"}},
	{LIST_KEY_SECTOR, {"key_sector", "重点行业类型", "重点行业"}},
	{LIST_OTHER_SECTOR, {"other_sector", "其他行业类型", "其他行业"}},
	{LIST_GRADE, {"grade", "绩效等级", "绩效分级"}},
	{LIST_CONTROL, {"control", "管控类型"}},
	{LIST_DAYS, {"days", "年生产天数", "年运行天数", "年工作天数"}},
	{LIST_LINES, {"lines", "生产线数量"}},
	{LIST_LINE_TEXT, {"line_text", "生产线描述"}},
	{LIST_PROCESS, {"process", "涉气工序"}},
	{LIST_KEY_INDEX, {"key_index", "关键性指标", "关键性指数"}},
	{LIST_MOVEMENTS, {"movements_day", "重型载货车日进出辆次", "重型货车日进出辆次"}},
	{LIST_NRMM, {"nrmm_ii", "国ii及以下非道路机械台数", "国二及以下非道路机械台数"}},
	{LIST_EXEMPT_AS, {"exempt_as", "豁免类型"}},
	{LIST_PERSON, {"person", "责任人", "负责人"}},
	{LIST_PHONE, {"phone", "联系方式", "联系电话"}},
	{LIST_METER, {"meter", "电力局总表编号"}},
	{LIST_HAS_METER, {"has_meter", "是否有用电监测"}},
	{LIST_HAS_CEMS, {"has_cems", "是否有在线监测"}},
	{LIST_INSPECTOR, {"inspector", "现场核查单位"}},
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))
#define NAMES (sizeof(texts[0].names) / sizeof(texts[0].names[0]))

/* Underscores of keys do not count in a plain name. */
static bool is_same_name(const char *known, const char *plain)
{
	for (; *known != '\0'; known++) {
		if (*known == '_')
			continue;
		if (*known != *plain++)
			return false;
	}
	return *plain == '\0';
}

static enum list_column find_text(const char *name)
{
	for (size_t i = 0; i < TEXTS; i++) {
		for (size_t j = 0; j < NAMES && texts[i].names[j]; j++) {
			if (is_same_name(texts[i].names[j], name))
				return texts[i].column;
		}
	}
	return LIST_OTHER;
}

void list_name_text(const struct plan *plan, const char *name, struct list_field *ret)
{
	ret->column = find_text(name);
	ret->level = LEVEL_NONE;
	if (ret->column != LIST_OTHER)
		return;
	int measures = list_level_measures(plan, name), lines = list_level_lines(plan, name);
	if (measures != LEVEL_NONE || lines != LEVEL_NONE) {
		ret->column = measures != LEVEL_NONE ? LIST_MEASURES : LIST_STOPPED;
		ret->level = measures != LEVEL_NONE ? measures : lines;
	}
}

const char *list_column_key(enum list_column column)
{
	for (size_t i = 0; i < TEXTS; i++) {
		if (texts[i].column == column)
			return texts[i].names[0];
	}
	return NULL;
}

/* ---- amounts ---- */

struct word {
	const char *text;
	int value;
};

/* Longer words before those that they begin with. */
static const struct word emissions[] = {
	{"so2", EMISSION_SO2},           {"二氧化硫", EMISSION_SO2},
	{"nox", EMISSION_NOX},           {"氮氧化物", EMISSION_NOX},
	{"颗粒物", EMISSION_PM},         {"pm", EMISSION_PM},
	{"vocs", EMISSION_VOCS},         {"voc", EMISSION_VOCS},
	{"挥发性有机物", EMISSION_VOCS}, {0},
};

enum said {
	SAYS_NOTHING,
	SAYS_T_PER_A,
	SAYS_KG_PER_D,
	SAYS_PER_CENT,
	SAYS_ANNUAL,
	SAYS_DAILY,
	SAYS_RATIO
};

static const struct word base_tails[] = {
	{"排放量", SAYS_NOTHING},
	{"年排放量", SAYS_ANNUAL},
	{"日排放量", SAYS_DAILY},
	{"基础排放量", SAYS_NOTHING},
	{"ta", SAYS_T_PER_A},
	{"kgd", SAYS_KG_PER_D},
	{0},
};
static const struct word cut_tails[] = {
	{"减排量", SAYS_NOTHING}, {"日减排量", SAYS_DAILY}, {"减排比例", SAYS_RATIO},
	{"pct", SAYS_PER_CENT},   {"kgd", SAYS_KG_PER_D},   {0},
};
static const struct word units[] = {
	{"t/a", SAYS_T_PER_A},      {"吨/年", SAYS_T_PER_A},    {"t/年", SAYS_T_PER_A},
	{"吨/a", SAYS_T_PER_A},     {"kg/d", SAYS_KG_PER_D},    {"kg/天", SAYS_KG_PER_D},
	{"kg/日", SAYS_KG_PER_D},   {"千克/天", SAYS_KG_PER_D}, {"千克/日", SAYS_KG_PER_D},
	{"公斤/天", SAYS_KG_PER_D}, {"公斤/日", SAYS_KG_PER_D}, {"%", SAYS_PER_CENT},
	{"年", SAYS_ANNUAL},        {"日", SAYS_DAILY},         {0},
};

/* The word that a text begins with, moved past it; -1: none. */
static int take_word(const struct word *words, const char **text)
{
	for (; words->text; words++) {
		size_t n = strlen(words->text);
		if (strncmp(*text, words->text, n) == 0) {
			*text += n;
			return words->value;
		}
	}
	return -1;
}

/* The word that n bytes are; -1: none. */
static int whole_word(const struct word *words, const char *text, size_t n)
{
	for (; words->text; words++) {
		if (strlen(words->text) == n && strncmp(words->text, text, n) == 0)
			return words->value;
	}
	return -1;
}

static void add_said(struct list_said *said, int what)
{
	said->t_per_a |= what == SAYS_T_PER_A;
	said->kg_per_d |= what == SAYS_KG_PER_D;
	said->per_cent |= what == SAYS_PER_CENT;
	said->annual |= what == SAYS_ANNUAL;
	said->daily |= what == SAYS_DAILY;
	said->ratio |= what == SAYS_RATIO;
	said->other_unit |= what < 0;
}

static void read_notes(const char *notes, struct list_said *said)
{
	while (*notes != '\0') {
		size_t n = strcspn(notes, ",;:");
		if (n > 0)
			add_said(said, whole_word(units, notes, n));
		notes += n + (notes[n] != '\0');
	}
}

bool list_name_amount(const struct plan *plan, const char *name, const char *notes,
		      struct list_field *ret, struct list_said *ret_said)
{
	int level = list_level_take(plan, &name);
	bool base = level == LEVEL_NONE, key = base && strncmp(name, "base", 4) == 0;
	name += key ? 4 : 0;
	int emission = take_word(emissions, &name);
	if (emission < 0)
		return false;
	int tail = whole_word(base ? base_tails : cut_tails, name, strlen(name));
	bool by_key = *name == '\0' && (key || !base);
	if (tail < 0 && !by_key)
		return false;
	ret->column = base ? LIST_BASE : LIST_CUT;
	ret->level = level;
	ret->emission = (enum emission)emission;
	*ret_said = (struct list_said){0};
	if (tail >= 0)
		add_said(ret_said, tail);
	read_notes(notes, ret_said);
	return true;
}

/* The pollutant's word, or none, and then a cut's end, to the end of the text. */
static bool ends_as_cut(const char *text, bool *ret_bare)
{
	int emission = take_word(emissions, &text);
	*ret_bare = *text == '\0';
	return emission >= 0 && (*ret_bare || whole_word(cut_tails, text, strlen(text)) >= 0);
}

bool list_name_is_foreign(const char *name)
{
	bool key = strncmp(name, "cut", 3) == 0, bare;
	for (const char *at = name; *at != '\0'; at++) {
		if (!ends_as_cut(at, &bare))
			continue;
		if ((key && at > name + 3) ||
		    (!bare && list_level_is_word(name, (size_t)(at - name))))
			return true;
	}
	return list_level_is_foreign(name);
}

bool list_name_emission(const char *name, enum emission *ret)
{
	int emission = whole_word(emissions, name, strlen(name));
	if (emission < 0)
		return false;
	*ret = (enum emission)emission;
	return true;
}
