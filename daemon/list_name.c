/* SPDX-License-Identifier: MIT */
#include "list_name.h"

#include <string.h>

/* ---- the plain form ---- */

struct writer {
	char *to;
	size_t n;
	bool full;
};

static void write_byte(struct writer *w, char byte)
{
	if (w->n + 1 < LIST_NAME_MAX)
		w->to[w->n++] = byte;
	else
		w->full = true;
	w->to[w->n] = '\0';
}

/* Characters that stand for others: subscripts, Roman numbers, brackets, the two blanks. */
static const struct {
	const char *from, *to;
} plain_forms[] = {
	{"₂", "2"},  {"ₓ", "x"},  {"Ⅱ", "ii"}, {"【", "("}, {"】", ")"},
	{"〔", "("}, {"〕", ")"}, {"、", ","}, {"　", ""},  {"\xc2\xa0", ""},
};

/* The next character in its plain form; returns how many bytes it takes. */
static size_t plain_character(const char *at, char ret[4])
{
	const unsigned char *b = (const unsigned char *)at;
	for (size_t i = 0; i < sizeof(plain_forms) / sizeof(plain_forms[0]); i++) {
		size_t n = strlen(plain_forms[i].from);
		if (strncmp(at, plain_forms[i].from, n) == 0) {
			memcpy(ret, plain_forms[i].to, strlen(plain_forms[i].to) + 1);
			return n;
		}
	}
	/* U+FF01..U+FF5E are the wide forms of ! to ~ */
	if (b[0] == 0xef && (b[1] == 0xbc || b[1] == 0xbd) && b[2] >= 0x80) {
		unsigned code = (b[1] == 0xbd ? 0x40u : 0) + (b[2] & 0x3fu);
		if (code >= 1 && code <= 0x5e) {
			ret[0] = (char)(code + 0x20);
			ret[1] = '\0';
			return 3;
		}
	}
	ret[0] = at[0];
	ret[1] = '\0';
	return 1;
}

static char small(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (char)(byte | 0x20);
	return byte;
}

bool list_name_plain(const char *header, char ret_name[LIST_NAME_MAX],
		     char ret_notes[LIST_NAME_MAX])
{
	struct writer name = {ret_name, 0, false}, notes = {ret_notes, 0, false};
	int depth = 0;
	ret_name[0] = ret_notes[0] = '\0';
	while (*header != '\0') {
		char plain[4];
		header += plain_character(header, plain);
		for (const char *b = plain; *b != '\0'; b++) {
			struct writer *to = depth > 0 ? &notes : &name;
			if (*b == '(' && depth++ == 0 && notes.n > 0)
				write_byte(&notes, ',');
			else if (*b == ')' && depth > 0)
				depth--;
			else if (!strchr(" \n_-()", *b))
				write_byte(to, small(*b));
		}
	}
	return !name.full && !notes.full;
}

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
	{LIST_YELLOW, {"yellow", "黄色预警减排措施", "黄色减排措施", "黄色措施"}},
	{LIST_ORANGE, {"orange", "橙色预警减排措施", "橙色减排措施", "橙色措施"}},
	{LIST_RED, {"red", "红色预警减排措施", "红色减排措施", "红色措施"}},
	{LIST_YELLOW_LINES, {"yellow_lines", "黄色停限产生产线/工序", "黄色停限产生产线"}},
	{LIST_ORANGE_LINES, {"orange_lines", "橙色停限产生产线/工序", "橙色停限产生产线"}},
	{LIST_RED_LINES, {"red_lines", "红色停限产生产线/工序", "红色停限产生产线"}},
	{LIST_KEY_INDEX, {"key_index", "关键性指标", "关键性指数"}},
	{LIST_MOVEMENTS, {"movements_day", "重型载货车日进出辆次", "重型货车日进出辆次"}},
	{LIST_NRMM, {"nrmm_ii", "国ii及以下非道路机械台数", "国二及以下非道路机械台数"}},
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
static bool same(const char *known, const char *plain)
{
	for (; *known != '\0'; known++) {
		if (*known == '_')
			continue;
		if (*known != *plain++)
			return false;
	}
	return *plain == '\0';
}

enum list_column list_name_text(const char *name)
{
	for (size_t i = 0; i < TEXTS; i++) {
		for (size_t j = 0; j < NAMES && texts[i].names[j]; j++) {
			if (same(texts[i].names[j], name))
				return texts[i].column;
		}
	}
	return LIST_OTHER;
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
static const struct word levels[] = {
	{"黄色预警", LEVEL_YELLOW},  {"黄色", LEVEL_YELLOW},
	{"橙色预警", LEVEL_ORANGE},  {"橙色", LEVEL_ORANGE},
	{"红色预警", LEVEL_RED},     {"红色", LEVEL_RED},
	{"cutyellow", LEVEL_YELLOW}, {"cutorange", LEVEL_ORANGE},
	{"cutred", LEVEL_RED},       {0},
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

bool list_name_amount(const char *name, const char *notes, struct list_field *ret,
		      struct list_said *ret_said)
{
	int level = take_word(levels, &name);
	bool key = strncmp(name, "base", 4) == 0 && level < 0;
	name += key ? 4 : 0;
	int emission = take_word(emissions, &name);
	if (emission < 0)
		return false;
	int tail = whole_word(level < 0 ? base_tails : cut_tails, name, strlen(name));
	bool by_key = *name == '\0' && (key || level >= 0);
	if (tail < 0 && !by_key)
		return false;
	ret->column = level < 0 ? LIST_BASE : LIST_CUT;
	ret->level = level < 0 ? LEVEL_NONE : (enum level)level;
	ret->emission = (enum emission)emission;
	*ret_said = (struct list_said){0};
	if (tail >= 0)
		add_said(ret_said, tail);
	read_notes(notes, ret_said);
	return true;
}

bool list_name_emission(const char *name, enum emission *ret)
{
	int emission = whole_word(emissions, name, strlen(name));
	if (emission < 0)
		return false;
	*ret = (enum emission)emission;
	return true;
}
