/* SPDX-License-Identifier: MIT */
#include "list_value.h"

#include <stdio.h>
#include <string.h>

#include "cuts.h"
#include "digits.h"
#include "list_plain.h"
#include "sources.h"
#include "words.h"

/* ---- closed lists ---- */

static const char *choose_word(const struct list_words *words, enum list_section section,
			       const char *text)
{
	char plain[LIST_NAME_MAX];
	if (!list_plain_cell(text, plain))
		return NULL;
	list_words_trim(words, plain);
	const struct list_word *word = list_words_find(words, section, plain);
	return word ? word->key : NULL;
}

const char *list_kind(const struct list_words *words, const char *text)
{
	return choose_word(words, SECTION_KINDS, text);
}

const char *list_grade(const struct list_words *words, const char *text)
{
	return text[0] == '\0' ? "ungraded" : choose_word(words, SECTION_GRADES, text);
}

const char *list_control(const struct list_words *words, const char *text)
{
	return text[0] == '\0' ? "normal" : choose_word(words, SECTION_CONTROLS, text);
}

const char *list_allowed(const struct list_words *words, enum list_section section,
			 char ret[LIST_ALLOWED])
{
	size_t n = 0;
	int shown = -1;
	const struct list_word *word = NULL;
	while ((word = list_words_next(words, section, word)) && n < LIST_ALLOWED) {
		if (word->value == shown)
			continue;
		bool key = section == SECTION_KINDS;
		n += (size_t)snprintf(ret + n, LIST_ALLOWED - n, "%s%s%s%s", n > 0 ? ", " : "",
				      key ? word->key : "", key ? " " : "", word->written);
		shown = word->value;
	}
	return ret;
}

bool list_is_nothing(const struct list_words *words, const char *text)
{
	char plain[LIST_NAME_MAX];
	if (strlen(text) > 16 || (text[0] >= '0' && text[0] <= '9') ||
	    !list_plain_cell(text, plain))
		return false;
	const struct list_word *word = list_words_begin(words, CELLS_NOTHING, plain);
	while (word && word->value == CELLS_NOTHING && strcmp(word->text, plain) != 0)
		word = list_words_next(words, SECTION_CELLS, word);
	return word && word->value == CELLS_NOTHING;
}

/* Groups of three digits, the first of one to three: "1,032.5". */
static bool has_groups(const char *text)
{
	static const char digits[] = "0123456789";
	size_t n = strspn(text, digits), groups = 0;
	if (n < 1 || n > 3)
		return false;
	for (text += n; *text == ','; text += 4) {
		if (strspn(text + 1, digits) != 3)
			return false;
		groups++;
	}
	if (*text == '.')
		text += 1 + strspn(text + 1, digits);
	return groups > 0 && *text == '\0';
}

static void drop_commas(char *text)
{
	char *to = text;
	for (const char *from = text; *from != '\0'; from++) {
		if (*from != ',')
			*to++ = *from;
	}
	*to = '\0';
}

/* A mark that keeps a number a text in a spreadsheet. */
static size_t match_mark(const char *text)
{
	static const char *const marks[] = {"'", "’", "‘"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (strncmp(text, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	}
	return 0;
}

unsigned list_plain_number(const struct list_words *words, const char *text, enum list_cells behind,
			   char ret[LIST_NUMBER_SIZE])
{
	char plain[LIST_NAME_MAX];
	struct digits digits;
	snprintf(ret, LIST_NUMBER_SIZE, "%s", text);
	if (digits_split(text, &digits) || !list_plain_cell(text, plain) ||
	    strlen(plain) >= LIST_NUMBER_SIZE)
		return 0;
	char *begin = plain + match_mark(plain);
	unsigned habits = begin > plain ? 1u << HABIT_MARK : 0;
	habits |= strstr(text, "\xef\xbc") ? 1u << HABIT_WIDE : 0;
	habits |= list_words_cut_end(words, behind, begin) ? 1u << HABIT_BEHIND : 0;
	for (size_t n = strlen(begin); n > 0 && begin[n - 1] == ' '; n--)
		begin[n - 1] = '\0';
	if (has_groups(begin)) {
		drop_commas(begin);
		habits |= 1u << HABIT_COMMA;
	}
	if (!digits_split(begin, &digits))
		return 0;
	snprintf(ret, LIST_NUMBER_SIZE, "%s", begin);
	return habits;
}

const char *list_exemption(const struct plan *plan, const char *text)
{
	for (int i = 0; i < plan->n_exemptions; i++) {
		const struct plan_exemption *exemption = &plan->exemptions[i];
		if (strcmp(exemption->id, text) == 0 || strcmp(exemption->zh, text) == 0)
			return exemption->id;
	}
	return NULL;
}

size_t list_separator(const char *text)
{
	static const char *const separators[] = {"、", "，", "；", "　", ",", ";", " "};
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		size_t n = strlen(separators[i]);
		if (strncmp(text, separators[i], n) == 0)
			return n;
	}
	return 0;
}

bool list_may_go_on(const char *grade, const char *control)
{
	return strcmp(control, "normal") != 0 || strcmp(grade, "A") == 0 ||
	       strcmp(grade, "leading") == 0;
}

bool list_has_to_act(const char *grade, const char *control)
{
	return strcmp(control, "normal") == 0 &&
	       (grade[0] == 'B' || grade[0] == 'C' || grade[0] == 'D');
}

/* 重污染天气重点行业应急减排措施制定技术指南（2020 年修订版） */
static const char *const key_sectors[] = {
	"长流程联合钢铁",
	"短流程钢铁",
	"铁合金",
	"焦化",
	"石灰窑",
	"铸造",
	"氧化铝",
	"电解铝",
	"炭素",
	"铜冶炼",
	"铅、锌冶炼",
	"铅锌冶炼",
	"钼冶炼",
	"再生铜、铝、铅、锌",
	"再生铜铝铅锌",
	"有色金属压延",
	"水泥",
	"砖瓦窑",
	"陶瓷",
	"耐火材料",
	"玻璃",
	"岩矿棉",
	"玻璃钢",
	"玻璃钢（纤维增强塑料制品）",
	"防水建筑材料制造",
	"炼油与石油化工",
	"炭黑制造",
	"煤制氮肥",
	"制药",
	"农药制造",
	"涂料制造",
	"油墨制造",
	"纤维素醚",
	"包装印刷",
	"人造板制造",
	"塑料人造革与合成革制造",
	"橡胶制品制造",
	"制鞋",
	"家具制造",
	"汽车整车制造",
	"工程机械整机制造",
	"工业涂装",
};

bool list_is_key_sector(const char *text)
{
	for (size_t i = 0; i < sizeof(key_sectors) / sizeof(key_sectors[0]); i++) {
		if (strcmp(key_sectors[i], text) == 0)
			return true;
	}
	return false;
}

/* ---- codes ---- */

#define CODE_LENGTH 18
#define CODE_BASE 31

/* "9.14E+17" */
static bool looks_like_float(const char *text)
{
	size_t n = strspn(text, "0123456789.");
	if (n == 0 || (text[n] != 'E' && text[n] != 'e'))
		return false;
	const char *exponent = text + n + 1;
	exponent += *exponent == '+';
	return *exponent != '\0' && exponent[strspn(exponent, "0123456789")] == '\0' &&
	       strlen(text) < CODE_LENGTH;
}

/* The value of a character: digits and capitals without I O Z S V; -1: not allowed. */
static int code_value(char c)
{
	static const char allowed[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	const char *at = c == '\0' ? NULL : strchr(allowed, c);
	return at ? (int)(at - allowed) : -1;
}

const char *list_credit_code_wrong(const char *text)
{
	int sum = 0, weight = 1;
	if (looks_like_float(text))
		return tr(
			"was turned into a number by a spreadsheet program and is lost; format the "
			"column as text and enter the code again");
	if (strlen(text) != CODE_LENGTH)
		return tr("does not have 18 characters");
	for (int i = 0; i < CODE_LENGTH; i++) {
		int value = code_value(text[i]);
		if (value < 0)
			return tr("has a character that is not allowed; digits and capital letters "
				  "without I, O, S, V and Z are");
		sum += i < CODE_LENGTH - 1 ? value * weight : value;
		weight = weight * 3 % CODE_BASE;
	}
	if (sum % CODE_BASE == 0)
		return NULL;
	if (strspn(text, "0123456789") == CODE_LENGTH && strcmp(text + 15, "000") == 0)
		return tr("ends in 000 and its check digit is wrong: a spreadsheet program kept 15 "
			  "digits only; enter the code again as text");
	return tr("has a wrong check digit (GB 32100-2015)");
}

bool list_is_id(const char *text)
{
	size_t n = strlen(text);
	return n >= 1 && n < SOURCE_ID_MAX && strcspn(text, " \n/+#") == n && text[0] != '$' &&
	       !strstr(text, "　") && !strstr(text, "\xc2\xa0");
}

/* ---- numbers ---- */

#define WHOLE_DIGITS 9
#define FRACTION_DIGITS 18
#define POINT (WHOLE_DIGITS + 12) /* 10^9 times CUTS_GRAMS_MAX fits before it */
#define PLACES (POINT + FRACTION_DIGITS + 1)

/* An exact decimal: its digits, POINT of them before the point. */
struct decimal {
	uint8_t digits[PLACES];
};

static bool parse_decimal(const char *text, struct decimal *ret)
{
	struct digits digits;
	if (!digits_split(text, &digits) || digits.n_whole > WHOLE_DIGITS ||
	    digits.n_fraction > FRACTION_DIGITS)
		return false;
	*ret = (struct decimal){0};
	for (size_t i = 0; i < digits.n_whole; i++)
		ret->digits[POINT - digits.n_whole + i] = (uint8_t)(digits.whole[i] - '0');
	for (size_t i = 0; i < digits.n_fraction; i++)
		ret->digits[POINT + i] = (uint8_t)(digits.fraction[i] - '0');
	return true;
}

/* By 0..CUTS_GRAMS_MAX. */
static void multiply_decimal(struct decimal *decimal, int64_t factor)
{
	int64_t carry = 0;
	for (int i = PLACES - 1; i >= 0; i--) {
		carry += decimal->digits[i] * factor;
		decimal->digits[i] = (uint8_t)(carry % 10);
		carry /= 10;
	}
}

/* By 1..366. True if there is a rest. */
static bool divide_decimal(struct decimal *decimal, int32_t divisor)
{
	int32_t rest = 0;
	for (int i = 0; i < PLACES; i++) {
		rest = rest * 10 + decimal->digits[i];
		decimal->digits[i] = (uint8_t)(rest / divisor);
		rest %= divisor;
	}
	return rest > 0;
}

static bool has_more(const struct decimal *decimal, int from)
{
	for (int i = from; i < PLACES; i++)
		if (decimal->digits[i] > 0)
			return true;
	return false;
}

/* What stands before the point. False above `most`. */
static bool read_whole(const struct decimal *decimal, int64_t most, int64_t *ret)
{
	int64_t value = 0;
	for (int i = 0; i < POINT && value <= most; i++)
		value = value * 10 + decimal->digits[i];
	*ret = value;
	return value <= most;
}

/* Half to even; `rest`: it is a little more than its digits say. False above CUTS_GRAMS_MAX. */
static bool round_decimal(const struct decimal *decimal, bool rest, int64_t *ret)
{
	int tenths = decimal->digits[POINT];
	bool more = rest || has_more(decimal, POINT + 1);
	int64_t value;
	if (!read_whole(decimal, CUTS_GRAMS_MAX, &value))
		return false;
	value += tenths > 5 || (tenths == 5 && (more || value % 2 != 0));
	*ret = value;
	return value <= CUTS_GRAMS_MAX;
}

bool list_amount_gpd(const char *text, int64_t grams, int32_t days, int64_t *ret_gpd)
{
	struct decimal amount;
	if (!parse_decimal(text, &amount))
		return false;
	multiply_decimal(&amount, grams);
	bool rest = divide_decimal(&amount, days);
	return round_decimal(&amount, rest, ret_gpd);
}

bool list_share_gpd(const char *text, int64_t base_gpd, int64_t *ret_gpd)
{
	struct decimal share;
	int64_t whole;
	if (!parse_decimal(text, &share) || !read_whole(&share, 100, &whole) ||
	    (whole == 100 && has_more(&share, POINT)))
		return false;
	multiply_decimal(&share, base_gpd);
	bool rest = divide_decimal(&share, 100);
	return round_decimal(&share, rest, ret_gpd);
}

const char *list_show_kg(int64_t gpd, char ret[LIST_KG_SIZE])
{
	if (gpd == CUT_UNSAID) {
		snprintf(ret, LIST_KG_SIZE, "%s", tr("unsaid"));
		return ret;
	}
	int n = snprintf(ret, LIST_KG_SIZE, "%lld.%03d", (long long)(gpd / 1000),
			 (int)(gpd % 1000));
	while (ret[n - 1] == '0')
		ret[--n] = '\0';
	if (ret[n - 1] == '.')
		ret[n - 1] = '\0';
	return ret;
}
