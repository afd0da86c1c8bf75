/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "yaml.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct inner {
	int32_t depth_m;
};

struct thing {
	int32_t whole;
	double decimal;
	int32_t milli;
	bool flag;
	const char *text, *id;
	int colour;
	struct inner inner;
	int items;
};

static void count_item(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key item = {"item", YAML_TYPE_INT, .min = 1, .max = 9};
	int32_t value = 0;
	ck_assert_int_eq(index, *(int *)object);
	*(int *)object += 1;
	yaml_read_value(file, node, &item, &value);
}

static const struct yaml_name colours[] = {{"red", 1}, {"green", 2}, {NULL, 0}};

static const struct yaml_key inner_keys[] = {
	{"depth_m", YAML_TYPE_INT, .required = true, .max = 100,
	 .offset = offsetof(struct inner, depth_m)},
	{0},
};

static const struct yaml_key thing_keys[] = {
	{"whole", YAML_TYPE_INT, .min = 1, .max = 247, .offset = offsetof(struct thing, whole)},
	{"decimal", YAML_TYPE_DECIMAL, .min = -5, .max = 5,
	 .offset = offsetof(struct thing, decimal)},
	{"milli", YAML_TYPE_MILLI, .min = -100, .max = 2000000,
	 .offset = offsetof(struct thing, milli)},
	{"flag", YAML_TYPE_BOOL, .offset = offsetof(struct thing, flag)},
	{"text", YAML_TYPE_TEXT, .min = 1, .max = 12, .offset = offsetof(struct thing, text)},
	{"id", YAML_TYPE_ID, .offset = offsetof(struct thing, id)},
	{"colour", YAML_TYPE_NAME, .names = colours, .offset = offsetof(struct thing, colour)},
	{"inner", YAML_TYPE_MAP, .sub = inner_keys, .offset = offsetof(struct thing, inner)},
	{"items", YAML_TYPE_EACH, .min = 1, .max = 3, .each = count_item,
	 .offset = offsetof(struct thing, items)},
	{0},
};

static struct arena *arena;
static struct problems problems;
static struct thing thing;
static char path[256];

static void set_up(void)
{
	arena = arena_new();
	memset(&problems, 0, sizeof(problems));
	memset(&thing, 0, sizeof(thing));
	snprintf(path, sizeof(path), "%s/f.yaml", unit_tmpdir());
}

static void tear_down(void)
{
	problems_done(&problems);
	arena = arena_free(arena);
}

static void write_file(const void *bytes, size_t size)
{
	FILE *out = fopen(path, "wb");
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(bytes, 1, size, out), size);
	fclose(out);
}

/* Reads bytes as a `thing`; true if there was something to read. */
static bool read_bytes(const void *bytes, size_t size)
{
	write_file(bytes, size);
	struct yaml_file *file = yaml_open(path, arena, &problems);
	if (!file)
		return false;
	yaml_read(file, yaml_root(file), thing_keys, &thing);
	ck_assert_int_eq(yaml_problems(file), problems.n);
	yaml_close(file);
	return true;
}

/* The problems of a text, each without the file's name, joined by line ends. */
static const char *problems_of(const void *bytes, size_t size)
{
	static char all[32768];
	problems_done(&problems);
	read_bytes(bytes, size);
	all[0] = '\0';
	for (int i = 0; i < problems.n && i < PROBLEMS_MAX; i++) {
		ck_assert_int_eq(strncmp(problems.text[i], path, strlen(path)), 0);
		strcat(all, problems.text[i] + strlen(path) + 1);
		strcat(all, "\n");
	}
	return all;
}

static void expect(const char *text, const char *expected)
{
	ck_assert_str_eq(problems_of(text, strlen(text)), expected);
}

START_TEST(values_land_in_their_members_and_absent_ones_keep_their_default)
{
	static const char text[] = "whole: 247\ndecimal: -2.5\nmilli: 0.007\ntext: 荷塘 1号\n"
				   "id: hetang-01\ncolour: green\ninner: {depth_m: 7}\n"
				   "items: [1, 2]\n";
	thing.flag = true;
	ck_assert(read_bytes(text, strlen(text)));
	ck_assert_int_eq(problems.n, 0);
	ck_assert_int_eq(thing.whole, 247);
	ck_assert_double_eq(thing.decimal, -2.5);
	ck_assert_int_eq(thing.milli, 7);
	ck_assert(thing.flag);
	ck_assert_str_eq(thing.text, "荷塘 1号");
	ck_assert_str_eq(thing.id, "hetang-01");
	ck_assert_int_eq(thing.colour, 2);
	ck_assert_int_eq(thing.inner.depth_m, 7);
	ck_assert_int_eq(thing.items, 2);
}
END_TEST

static const char *const no_numbers[] = {
	"0x10",  "010",   "1e999", "1e2",
	"NaN",   ".nan",  ".inf",  "-.inf",
	"1_000", "+5",    "12abc", "1.",
	".5",    "5.0e",  "5-",    "--5",
	"0b1",   "0o7",   "1,5",   "5 m",
	"",      "~",     "null",  "true",
	"'5'",   "\"5\"", "[5]",   "{a: 5}",
	"１",    "1:30",  "00",    "999999999999999999999999999999"};

START_TEST(a_number_that_is_not_plain_decimal_is_refused)
{
	static const char *const keys[] = {"whole", "decimal", "milli"};
	for (size_t key = 0; key < COUNT(keys); key++) {
		char text[128];
		snprintf(text, sizeof(text), "%s: %s\n", keys[key], no_numbers[_i]);
		const char *told = problems_of(text, strlen(text));
		ck_assert_msg(problems.n == 1, "%s gave %s", text, told);
		ck_assert_msg(strstr(told, "number of"), "%s gave %s", text, told);
	}
	ck_assert_int_eq(thing.whole, 0);
	ck_assert_int_eq(thing.milli, 0);
}
END_TEST

START_TEST(a_refused_number_is_shown_with_what_is_allowed)
{
	expect("whole: 0x10\n", "1:8: whole: 0x10 is not a whole number of 1 to 247\n");
	expect("\n  whole: 248", "2:10: whole: 248 is not a whole number of 1 to 247\n");
	expect("whole: 0", "1:8: whole: 0 is not a whole number of 1 to 247\n");
	expect("whole: 4294967297", "1:8: whole: 4294967297 is not a whole number of 1 to 247\n");
	expect("whole: 1.0", "1:8: whole: 1.0 is not a whole number of 1 to 247\n");
	expect("decimal: 5.01", "1:10: decimal: 5.01 is not a plain decimal number of -5 to 5\n");
	expect("milli: 0.0001", "1:8: milli: 0.0001 is not a plain decimal number of -100 to "
				"2000000 with at most 3 decimals\n");
}
END_TEST

START_TEST(a_decimal_becomes_its_exact_thousandths)
{
	for (int i = 0; i < 300; i++) {
		int32_t milli = (int32_t)(unit_random() % 2000000000u);
		char text[64];
		snprintf(text, sizeof(text), "milli: %d.%03d\n", milli / 1000, milli % 1000);
		ck_assert(read_bytes(text, strlen(text)));
		ck_assert_int_eq(problems.n, 0);
		ck_assert_int_eq(thing.milli, milli);
	}
	read_bytes("milli: -0.1", 11);
	ck_assert_int_eq(thing.milli, -100);
}
END_TEST

START_TEST(only_true_and_false_are_yes_and_no)
{
	static const char *const others[] = {"yes", "no",       "on", "True", "TRUE",
					     "1",   "\"true\"", "",   "[]"};
	for (size_t i = 0; i < COUNT(others); i++) {
		char text[64];
		snprintf(text, sizeof(text), "flag: %s\n", others[i]);
		ck_assert_ptr_nonnull(
			strstr(problems_of(text, strlen(text)), "is not true or false"));
	}
	ck_assert(!thing.flag);
	expect("flag: true", "");
	ck_assert(thing.flag);
}
END_TEST

START_TEST(a_text_has_its_length_and_no_control_characters)
{
	expect("text: \"\"", "1:7: text: \"\" is not a text of 1 to 12 bytes on one line\n");
	expect("text:", "1:6: text: nothing is not a text of 1 to 12 bytes on one line\n");
	expect("text: ~", "1:7: text: '~' is not a text of 1 to 12 bytes on one line\n");
	expect("text: 荷塘一号站",
	       "1:7: text: '荷塘一号站' is not a text of 1 to 12 bytes on one line\n");
	expect("text: \"a\\tb\"",
	       "1:7: text: \"a?b\" is not a text of 1 to 12 bytes on one line\n");
	expect("text: \"a\\u0085\"",
	       "1:7: text: \"a\xc2\x85\" is not a text of 1 to 12 bytes on one line\n");
	expect("text: \"a\\0b\"", "1:7: a NUL character in a text\n");
	expect("text: 12 bytes ok.", "");
}
END_TEST

START_TEST(an_id_is_what_may_stand_in_a_topic)
{
	static const char *const wrong[] = {"Roof", "a b", "a/b",
					    "-a",   "a_b", "é",
					    "\"\"", "+",   "a123456789b123456789c123456789d12"};
	for (size_t i = 0; i < COUNT(wrong); i++) {
		char text[64];
		snprintf(text, sizeof(text), "id: %s\n", wrong[i]);
		ck_assert_ptr_nonnull(strstr(problems_of(text, strlen(text)), "is not an id"));
	}
	expect("id: a123456789b123456789c123456789d1", "");
	expect("id: 1515a", "");
}
END_TEST

START_TEST(a_word_outside_the_closed_list_is_told_with_the_list)
{
	expect("colour: blue", "1:9: colour: blue is not one of red, green\n");
	expect("colour: [red]", "1:9: colour: a list is not one of red, green\n");
}
END_TEST

START_TEST(an_unknown_key_names_the_nearest_known_one)
{
	expect("colour: red\ncolor: red\n",
	       "2:1: unknown key color; the nearest is colour (allowed: whole, decimal, milli, "
	       "flag, text, id, colour, inner, items)\n");
	expect("inner: {dept_m: 4, depth_m: 1}\n",
	       "1:9: unknown key dept_m; the nearest is depth_m (allowed: depth_m)\n");
	ck_assert_ptr_nonnull(strstr(problems_of("mili: 1", 7), "the nearest is milli "));
	ck_assert_ptr_nonnull(strstr(problems_of("tetx: a", 7), "the nearest is text "));
}
END_TEST

START_TEST(an_unknown_key_that_is_like_none_has_no_nearest)
{
	expect("inner: {auxiliary: 1, depth_m: 1}\n",
	       "1:9: unknown key auxiliary (allowed: depth_m)\n");
	ck_assert_ptr_nonnull(strstr(problems_of("a: 1", 4), "unknown key a (allowed: "));
}
END_TEST

START_TEST(a_missing_key_is_told_where_its_mapping_begins)
{
	expect("flag: true\ninner:\n  {}\n", "3:3: required key depth_m is missing\n");
}
END_TEST

START_TEST(a_mapping_is_not_taken_for_a_value_nor_a_value_for_a_mapping)
{
	expect("inner: 3", "1:8: 3 is not a mapping with the keys depth_m\n");
	expect("whole: {a: 1}", "1:8: whole: a mapping is not a whole number of 1 to 247\n");
	expect("items: 3", "1:8: items: 3 is not a list\n");
	expect("- a", "1:1: a list is not a mapping with the keys whole, decimal, milli, flag, "
		      "text, id, colour, inner, items\n");
}
END_TEST

START_TEST(a_list_has_its_length_and_each_item_its_position)
{
	expect("items: []", "1:8: items: 0 items; allowed are 1 to 3\n");
	expect("items:\n  - 1\n  - 10\n", "3:5: item: 10 is not a whole number of 1 to 9\n");
	thing.items = 0;
	expect("items: [1, 2, 3, 4]", "1:8: items: 4 items; allowed are 1 to 3\n");
}
END_TEST

START_TEST(a_duplicate_key_is_told_with_both_positions)
{
	expect("whole: 1\nflag: true\nwhole: 2\n", "3:1: duplicate key whole, given before at "
						   "1:1\n");
	ck_assert_int_eq(thing.whole, 1);
	expect("inner: {depth_m: 1, \"depth_m\": 2, depth_m: 3}\n",
	       "1:21: duplicate key \"depth_m\", given before at 1:9\n"
	       "1:35: duplicate key depth_m, given before at 1:9\n");
}
END_TEST

START_TEST(what_another_reader_might_take_differently_is_refused)
{
	expect("text: &a b\n", "1:7: an anchor '&'; write the value out where it is needed\n");
	expect("text: !!str b\n", "1:7: a tag '!'; the key tells the type\n");
	expect("text: &a b\nid: *a\n",
	       "1:7: an anchor '&'; write the value out where it is needed\n"
	       "2:5: an alias '*'; write the value out\n");
	expect("<<: {whole: 1}\n", "1:1: a merge key '<<'; write the keys out\n");
	expect("whole: 1\n---\nwhole: 2\n", "2:1: a second document; a file holds one\n");
	expect("? [a]\n: 1\n", "1:3: the key is a list; only a text is allowed\n");
	expect("%TAG ! tag:x,2000:\n---\nwhole: 1\n",
	       "1:1: a %TAG directive; tags are not allowed\n");
}
END_TEST

START_TEST(a_tab_is_told_where_it_stands)
{
	expect("inner:\n\tdepth_m: 1\n",
	       "2:1: a tab in the indentation; only spaces are allowed\n");
	expect("inner:\n  \tdepth_m: 1\n\t# note\n",
	       "2:3: a tab in the indentation; only spaces are allowed\n"
	       "3:1: a tab in the indentation; only spaces are allowed\n");
	expect("items:\n  - [1]\n  -\tdepth: 1\n", "3:4: a tab where only spaces are allowed\n");
	expect("whole: 1\t# note\n", "");
}
END_TEST

START_TEST(broken_utf8_is_told_with_its_line_and_column_in_characters)
{
	static const struct {
		const char *bytes;
		int line, column, byte;
	} cases[] = {
		{"text: 荷\x80", 1, 8, 0x80},           /* a continuation alone */
		{"text: a\nid: é\xc3(", 2, 6, 0xc3},    /* cut by something else */
		{"text: \xe8\x8d", 1, 7, 0xe8},         /* cut by the end */
		{"text: \xc0\xaf", 1, 7, 0xc0},         /* overlong */
		{"text: \xe0\x80\xaf", 1, 7, 0xe0},     /* overlong */
		{"text: \xf0\x80\x80\xaf", 1, 7, 0xf0}, /* overlong */
		{"text: \xed\xa0\x80", 1, 7, 0xed},     /* surrogate */
		{"text: \xf4\x90\x80\x80", 1, 7, 0xf4}, /* above U+10FFFF */
		{"text: \xf8\x88\x80\x80\x80", 1, 7, 0xf8},
		{"\xff\xfet\0", 1, 1, 0xff},            /* UTF-16 */
		{"text: \xba\xc9\xcc\xc1", 1, 7, 0xba}, /* GBK */
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[128];
		snprintf(expected, sizeof(expected),
			 "%d:%d: byte 0x%02X is not UTF-8; only UTF-8 text is allowed\n",
			 cases[i].line, cases[i].column, (unsigned)cases[i].byte);
		expect(cases[i].bytes, expected);
	}
}
END_TEST

START_TEST(a_file_that_is_no_text_is_refused)
{
	ck_assert_str_eq(problems_of("whole: 1\nid: a\0b", 15),
			 "2:6: a NUL byte: this is not a text file\n");
	expect("text: \x1b[31m", "1:7: the control character U+001B, which no text may hold\n");
	expect("text: a\rid: b", "1:8: the control character U+000D, which no text may hold\n");
	expect("text: a\xe2\x80\xa8",
	       "1:8: the control character U+2028, which no text may hold\n");
	expect("", "1:1: the file is empty\n");
	expect("# nothing\n\n", "1:1: the file is empty\n");
}
END_TEST

START_TEST(an_editor_on_windows_may_have_written_the_file)
{
	expect("\xef\xbb\xbfwhole: 1\r\nid: B\r\n",
	       "2:5: id: B is not an id: 1 to 32 of a-z, 0-9 and -, beginning with a letter or "
	       "digit\n");
}
END_TEST

START_TEST(what_is_not_yaml_is_told_with_both_ends)
{
	expect("whole: [1, 2\n", "2:1: not YAML: did not find expected ',' or ']' (while parsing "
				 "a flow sequence begun at 1:8)\n");
	expect("text: \"ab\n", "2:1: not YAML: found unexpected end of stream (while scanning a "
			       "quoted scalar begun at 1:7)\n");
}
END_TEST

static void nest(char *text, int depth)
{
	char *at = text + sprintf(text, "a: ");
	memset(at, '[', (size_t)depth - 1);
	memset(at + depth - 1, ']', (size_t)depth - 1);
	at[2 * (depth - 1)] = '\0';
}

START_TEST(nesting_ends_at_32_levels)
{
	char text[128];
	nest(text, YAML_DEPTH_MAX);
	write_file(text, strlen(text));
	struct yaml_file *file = yaml_open(path, arena, &problems);
	ck_assert_ptr_nonnull(file);
	yaml_close(file);
	nest(text, YAML_DEPTH_MAX + 1);
	expect(text, "1:35: nested deeper than 32 levels, the most allowed\n");
}
END_TEST

static double cpu_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

START_TEST(a_hundred_thousand_brackets_cost_no_time)
{
	static char text[100000];
	memset(text, _i ? '{' : '[', sizeof(text));
	double began = cpu_s();
	ck_assert_str_eq(problems_of(text, sizeof(text)),
			 "1:33: nested deeper than 32 levels, the most allowed\n");
	ck_assert_double_lt(cpu_s() - began, 0.1);
}
END_TEST

START_TEST(a_file_full_of_keys_costs_little_time)
{
	char *text = malloc(YAML_FILE_MAX);
	size_t size = 0;
	for (int i = 0; size + 16 < YAML_FILE_MAX; i++)
		size += (size_t)sprintf(text + size, "k%d: 1\n", i % 60000);
	double began = cpu_s();
	ck_assert(read_bytes(text, size));
	ck_assert_int_gt(problems.n, 60000);
	ck_assert_double_lt(cpu_s() - began, 5);
	free(text);
}
END_TEST

START_TEST(a_file_may_be_one_mebibyte_and_no_more)
{
	static char text[YAML_FILE_MAX + 1];
	memset(text, '#', sizeof(text));
	memcpy(text, "whole: 1\n", 9);
	ck_assert_str_eq(problems_of(text, YAML_FILE_MAX), "");
	ck_assert_str_eq(problems_of(text, YAML_FILE_MAX + 1),
			 " the file is larger than 1048576 bytes, the most allowed\n");
}
END_TEST

START_TEST(a_file_is_read_to_its_last_byte_whatever_its_size)
{
	static char text[YAML_FILE_MAX];
	for (size_t room = 1024; room < sizeof(text); room *= 2) {
		for (size_t size = room - 2; size <= room + 3 && size <= sizeof(text); size++) {
			memset(text, '#', size);
			memcpy(text + size - 11, "\nwhole: 247", 11);
			thing.whole = 0;
			ck_assert_str_eq(problems_of(text, size), "");
			ck_assert_int_eq(thing.whole, 247);
			text[size - 1] = 'x';
			ck_assert_ptr_nonnull(strstr(problems_of(text, size), "24x"));
		}
	}
}
END_TEST

START_TEST(a_file_that_is_not_there_says_so)
{
	ck_assert_ptr_null(yaml_open("/nonexistent/a.yaml", arena, &problems));
	ck_assert_str_eq(problems.text[0],
			 "/nonexistent/a.yaml: cannot be read: No such file or directory");
	problems_done(&problems);
	ck_assert_ptr_null(yaml_open("/tmp", arena, &problems));
	ck_assert_str_eq(problems.text[0], "/tmp: is a folder, not a file");
}
END_TEST

START_TEST(all_mistakes_come_in_one_run_in_the_order_of_lines)
{
	expect("inner: {}\nwhole: 0\nwhole: 1\nid: &a X\nfoo: 1\n",
	       "1:8: required key depth_m is missing\n"
	       "2:8: whole: 0 is not a whole number of 1 to 247\n"
	       "3:1: duplicate key whole, given before at 2:1\n"
	       "4:5: an anchor '&'; write the value out where it is needed\n"
	       "4:5: id: X is not an id: 1 to 32 of a-z, 0-9 and -, beginning with a letter or "
	       "digit\n"
	       "5:1: unknown key foo (allowed: whole, decimal, milli, flag, "
	       "text, id, colour, inner, items)\n");
}
END_TEST

static const char *printed(void)
{
	static char text[16384];
	FILE *out = fmemopen(text, sizeof(text), "w");
	problems_print(&problems, out);
	fclose(out);
	return text;
}

START_TEST(problems_stand_by_file_and_line_whatever_order_they_came_in)
{
	problems_add(&problems, "b.yaml", 10, 2, "four");
	problems_add(&problems, "a.yaml", 1, 1, "five");
	problems_add(&problems, "b.yaml", 9, 7, "three");
	problems_add(&problems, "b.yaml", 9, 1, "two");
	problems_add(&problems, "b.yaml", 0, 0, "one");
	ck_assert_str_eq(printed(), "b.yaml: one\nb.yaml:9:1: two\nb.yaml:9:7: three\n"
				    "b.yaml:10:2: four\na.yaml:1:1: five\n");
}
END_TEST

START_TEST(a_problem_that_two_files_have_in_common_is_printed_once)
{
	problems_add(&problems, "a.yaml", 1, 1, "one");
	problems_add(&problems, "a.yaml", 1, 1, "two");
	problems_add(&problems, "a.yaml", 1, 1, "one");
	ck_assert_int_eq(problems.n, 3);
	ck_assert_str_eq(printed(), "a.yaml:1:1: one\na.yaml:1:1: two\n");
}
END_TEST

START_TEST(problems_past_the_hundredth_are_counted)
{
	for (int i = 1; i <= PROBLEMS_MAX + 23; i++)
		problems_add(&problems, "a.yaml", i, 1, "wrong");
	ck_assert_int_eq(problems.n, 123);
	const char *text = printed();
	ck_assert_ptr_nonnull(
		strstr(text, "a.yaml:100:1: wrong\nand 23 more problems, not shown\n"));
	ck_assert_ptr_null(strstr(text, "a.yaml:101:"));
}
END_TEST

START_TEST(a_long_value_is_shortened_between_characters)
{
	char text[512] = "colour: ";
	for (int i = 0; i < 40; i++)
		strcat(text, "站");
	const char *told = problems_of(text, strlen(text));
	ck_assert_int_eq(strncmp(told, "1:9: colour: '站站", 15), 0);
	ck_assert_ptr_nonnull(strstr(told, "站...' is not one of red, green\n"));
	ck_assert_uint_lt(strlen(told), 100);
}
END_TEST

/* Any damage gives problems or a file that reads well, never anything else. */
START_TEST(a_damaged_file_is_read_or_refused)
{
	static const char whole[] =
		"# 站\nwhole: 12\ndecimal: -2.5\nmilli: {a: [1, 2, \"x\\u0041\"]}\nflag: true\n"
		"text: |\n  荷塘\n  b\nid: 'it''s'\ncolour: red\ninner: {depth_m: 7}\n"
		"items:\n  - 1\n  - &a [b]\n  - *a\n  - !!int 3\n<<: {}\n";
	for (int round = 0; round < 3000; round++) {
		char text[sizeof(whole)];
		memcpy(text, whole, sizeof(whole));
		size_t size = unit_random() % 4 ? sizeof(whole) - 1 : unit_random() % sizeof(whole);
		for (unsigned n = unit_random() % 4; n > 0 && size > 0; n--) {
			static const char bytes[] = "[]{}:,-#&*!|>'\"%@` \t\n\r\0\xe8\xff?0a~<";
			text[unit_random() % size] = bytes[unit_random() % (sizeof(bytes) - 1)];
		}
		thing.items = 0;
		bool read = read_bytes(text, size);
		ck_assert(read || problems.n > 0);
		problems_done(&problems);
	}
}
END_TEST

static void add_values(TCase *tests)
{
	tcase_add_test(tests, values_land_in_their_members_and_absent_ones_keep_their_default);
	tcase_add_loop_test(tests, a_number_that_is_not_plain_decimal_is_refused, 0,
			    COUNT(no_numbers));
	tcase_add_test(tests, a_refused_number_is_shown_with_what_is_allowed);
	tcase_add_test(tests, a_decimal_becomes_its_exact_thousandths);
	tcase_add_test(tests, only_true_and_false_are_yes_and_no);
	tcase_add_test(tests, a_text_has_its_length_and_no_control_characters);
	tcase_add_test(tests, an_id_is_what_may_stand_in_a_topic);
	tcase_add_test(tests, a_word_outside_the_closed_list_is_told_with_the_list);
	tcase_add_test(tests, an_unknown_key_names_the_nearest_known_one);
	tcase_add_test(tests, an_unknown_key_that_is_like_none_has_no_nearest);
	tcase_add_test(tests, a_missing_key_is_told_where_its_mapping_begins);
	tcase_add_test(tests, a_mapping_is_not_taken_for_a_value_nor_a_value_for_a_mapping);
	tcase_add_test(tests, a_list_has_its_length_and_each_item_its_position);
	tcase_add_test(tests, a_long_value_is_shortened_between_characters);
}

static void add_files(TCase *tests)
{
	tcase_add_test(tests, a_duplicate_key_is_told_with_both_positions);
	tcase_add_test(tests, what_another_reader_might_take_differently_is_refused);
	tcase_add_test(tests, a_tab_is_told_where_it_stands);
	tcase_add_test(tests, broken_utf8_is_told_with_its_line_and_column_in_characters);
	tcase_add_test(tests, a_file_that_is_no_text_is_refused);
	tcase_add_test(tests, an_editor_on_windows_may_have_written_the_file);
	tcase_add_test(tests, what_is_not_yaml_is_told_with_both_ends);
	tcase_add_test(tests, nesting_ends_at_32_levels);
	tcase_add_loop_test(tests, a_hundred_thousand_brackets_cost_no_time, 0, 2);
	tcase_add_test(tests, a_file_full_of_keys_costs_little_time);
	tcase_add_test(tests, a_file_may_be_one_mebibyte_and_no_more);
	tcase_add_test(tests, a_file_is_read_to_its_last_byte_whatever_its_size);
	tcase_add_test(tests, a_file_that_is_not_there_says_so);
	tcase_add_test(tests, a_damaged_file_is_read_or_refused);
}

static void add_problems(TCase *tests)
{
	tcase_add_test(tests, all_mistakes_come_in_one_run_in_the_order_of_lines);
	tcase_add_test(tests, problems_stand_by_file_and_line_whatever_order_they_came_in);
	tcase_add_test(tests, a_problem_that_two_files_have_in_common_is_printed_once);
	tcase_add_test(tests, problems_past_the_hundredth_are_counted);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("yaml");
	static void (*const add[])(TCase *) = {add_values, add_files, add_problems};
	static const char *const names[] = {"values", "files", "problems"};
	for (size_t i = 0; i < COUNT(add); i++) {
		TCase *tests = tcase_create(names[i]);
		tcase_add_checked_fixture(tests, set_up, tear_down);
		tcase_set_timeout(tests, 60);
		add[i](tests);
		suite_add_tcase(suite, tests);
	}
	return suite;
}
