/* SPDX-License-Identifier: MIT */
#include "skeleton.h"

#include <stdlib.h>
#include <string.h>

#include "conf_rules.h"
#include "text_probe.h"
#include "unit.h"
#include "words.h"

#define TEXT_SIZE 65536
#define REGISTERS 12

/* A float, a word, nothing, a refused one, the unit id, a float low word first. */
static struct sweep_register registers[REGISTERS] = {
	{.asked = true, .word = 0x420E},
	{.asked = true, .word = 0x0000},
	{.asked = true, .word = 805},
	{.asked = true, .word = 0},
	{.asked = true, .word = 0xFFFF},
	{.asked = true, .why = WHY_EXCEPTION, .code = 2},
	{.asked = true, .why = WHY_EXCEPTION, .code = 2},
	{.asked = true, .word = 17},
	{.asked = true, .word = 0xFFFB},
	{.asked = true, .word = 0x3333},
	{.asked = true, .word = 0x4205},
};
static struct sweep sweep = {
	.unit_id = 17, .function = 4, .from = 100, .count = REGISTERS, .registers = registers};
static char text[TEXT_SIZE];

static const char *skeleton(bool zh)
{
	FILE *out = fmemopen(text, sizeof(text), "w");

	words_speak(zh ? WORDS_CHINESE : WORDS_ENGLISH);
	skeleton_print(out, &sweep, "/dev/ttyUSB0 9600 8N1");
	fclose(out);
	words_speak(WORDS_ENGLISH);
	return text;
}

static const char *table(bool zh)
{
	FILE *out = fmemopen(text, sizeof(text), "w");

	words_speak(zh ? WORDS_CHINESE : WORDS_ENGLISH);
	text_probe_registers(out, &sweep);
	fclose(out);
	words_speak(WORDS_ENGLISH);
	return text;
}

/* Replaces every `from`, in order by each of `to` and the last one for good. */
static void fill(const char *from, const char *const *to)
{
	static char filled[TEXT_SIZE];
	char *at = text, *next;

	filled[0] = '\0';
	for (; (next = strstr(at, from)); at = next + strlen(from)) {
		strncat(filled, at, (size_t)(next - at));
		strcat(filled, *to);
		to += to[1] != NULL;
	}
	strcat(filled, at);
	strcpy(text, filled);
}

static bool loads(struct profile *ret, struct problems *problems)
{
	char path[256];
	struct arena *arena = arena_new();

	snprintf(path, sizeof(path), "%s/new.yaml", unit_tmpdir());
	FILE *file = fopen(path, "we");
	fputs(text, file);
	fclose(file);
	struct yaml_file *yaml = yaml_open(path, arena, problems);
	bool good = yaml && conf_read_profile(yaml, ret) && problems->n == 0;
	yaml_close(yaml);
	arena_free(arena);
	return good;
}

START_TEST(a_skeleton_has_a_row_for_what_was_read_and_says_what_was_not)
{
	skeleton(false);
	ck_assert_ptr_nonnull(strstr(text, "address: 100, type: f32, order: abcd,"));
	ck_assert_ptr_nonnull(strstr(text, "range: [FILL, FILL]}   # 35.5\n"));
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++)
		ck_assert_ptr_nonnull(strstr(text, auxiliary_info((enum auxiliary)i)->key));
	ck_assert_ptr_nonnull(strstr(text, "address: 102, type: u16, unit: FILL, scale: 1, "
					   "range: [FILL, FILL]}   # 805\n"));
	ck_assert_ptr_nonnull(strstr(text, "# 103-104: 0 or FFFF now\n"));
	ck_assert_ptr_nonnull(strstr(text, "address: 108, type: u16"));
	ck_assert_ptr_nonnull(strstr(text, "# 65531, s16 -5\n"));
	ck_assert_ptr_nonnull(strstr(text, "address: 109, type: f32, order: cdab,"));
	ck_assert_ptr_null(strstr(text, "address: 101"));
	ck_assert_ptr_null(strstr(text, "address: 105"));
	ck_assert_ptr_null(strstr(text, "address: 111"));
	ck_assert_ptr_nonnull(
		strstr(text, "# identity: {function: 4, address: 107, value: unit_id}"));
	ck_assert_ptr_nonnull(strstr(text, "# Unknown: what each register means, units"));
}
END_TEST

START_TEST(a_skeleton_is_refused_until_a_person_has_filled_it_in)
{
	struct problems problems = {0};
	struct profile profile;

	skeleton(_i == 1);
	ck_assert(!loads(&profile, &problems));
	ck_assert_ptr_nonnull(strstr(problems.text[0], "id: "));
	problems_done(&problems);
	fill("  # - {", (const char *const[]){"  - {", NULL});
	problems = (struct problems){0};
	ck_assert(!loads(&profile, &problems));
	problems_done(&problems);
}
END_TEST

START_TEST(a_skeleton_loads_once_it_is_filled_in)
{
	static const char *const keys[] = {"id:\n", "maker:\n", "model:\n", "source:\n"};
	static const char *const values[] = {"id: new-one\n", "maker: m\n", "model: m\n",
					     "source: manual, page 3\n"};
	struct problems problems = {0};
	struct profile profile;

	skeleton(_i == 1);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		fill(keys[i], (const char *const[]){values[i], NULL});
	/* the register of the identity is no row */
	fill("  # - {pollutant: FILL, function: 4, address: 107",
	     (const char *const[]){"  # {", NULL});
	fill("  # - {", (const char *const[]){"  - {", NULL});
	fill("pollutant: FILL",
	     (const char *const[]){"pollutant: pm25", "pollutant: pm10", "pollutant: so2",
				   "pollutant: no2", "pollutant: o3", NULL});
	fill("unit: FILL", (const char *const[]){"unit: ug/m3", NULL});
	fill("[FILL, FILL]", (const char *const[]){"[0, 1000]", NULL});
	fill("# identity", (const char *const[]){"identity", NULL});
	ck_assert_msg(loads(&profile, &problems), "%s\n%s", problems.n > 0 ? problems.text[0] : "",
		      text);
	ck_assert_int_eq(profile.n_rows, 4);
	ck_assert_int_eq(profile.rows[0].type, TYPE_F32);
	ck_assert_int_eq(profile.rows[3].order, ORDER_CDAB);
	ck_assert_int_eq(profile.rows[3].address, 109);
	ck_assert_int_eq(profile.rows[1].function, 4);
	ck_assert(profile.identity.is_unit_id);
	problems_done(&problems);
}
END_TEST

START_TEST(many_registers_that_hold_the_unit_id_are_no_sign_of_it)
{
	for (int i = 0; i < 4; i++)
		registers[i].word = 17;
	ck_assert_ptr_null(strstr(skeleton(false), "identity:"));
}
END_TEST

START_TEST(the_table_shows_every_reading_and_why_there_is_none)
{
	static const char *const lines[] = {
		"unit 17, function 4, registers 100 to 111: 9 read, 3 not\n",
		"  100 0064h  420E  16910  16910       35.5*          -           -           -\n",
		"  101 0065h  0000      0      0          -           -           - ",
		"  104 0068h  FFFF  65535     -1\n",
		"105-106  exception 2  illegal data address\n",
		"  108 006Ch  FFFB  65531     -5 ",
		"  109 006Dh  3333  13107  13107",
		"33.3*",
		"111 006Fh  not asked\n",
		"  100-101      1108213760        16910    239206400         3650\n",
	};

	table(false);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ck_assert_msg(strstr(text, lines[i]) != NULL, "no %s in\n%s", lines[i], text);
	ck_assert_ptr_null(strstr(text, "  103-104  "));
}
END_TEST

/* Columns on a terminal: a Chinese character takes two. */
static int columns_before(const char *line, const char *end)
{
	int n = 0;

	for (; line < end; line++) {
		unsigned char byte = (unsigned char)*line;
		if ((byte & 0xC0) != 0x80)
			n += byte < 0xE0 ? 1 : 2;
	}
	return n;
}

START_TEST(the_columns_stand_below_their_heads_in_both_languages)
{
	static const struct {
		const char *head, *value, *row;
	} columns[] = {
		{"hex", "420E", "  100 "},       {"u16", "16910", "  100 "},
		{"f32 abcd", "35.5", "  100 "},  {"u32 abcd", "1108213760", "  100-"},
		{"u32 dcba", " 3650", "  100-"},
	};

	table(_i == 1);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		char *head = strstr(text, columns[i].head), *row = strstr(text, columns[i].row);
		char *value = strstr(row, columns[i].value), *line = head;
		while (line > text && line[-1] != '\n')
			line--;
		ck_assert_msg(columns_before(line, head) + (int)strlen(columns[i].head) ==
				      columns_before(row, value) + (int)strlen(columns[i].value),
			      "%s is not above %s in\n%s", columns[i].head, columns[i].value, text);
	}
}
END_TEST

static void set_words(const uint16_t *words, int n)
{
	for (int i = 0; i < REGISTERS; i++)
		registers[i] =
			(struct sweep_register){.asked = i < n, .word = i < n ? words[i] : 0};
}

START_TEST(a_word_before_a_float_is_not_taken_for_its_half)
{
	/* 805, then 35.5 and 80.25 with the high word first: 805 and 16910 are 35.5 otherwise */
	set_words((const uint16_t[]){805, 0x420E, 0, 0x42A0, 0x8000}, 5);
	skeleton(false);
	ck_assert_msg(strstr(text, "address: 100, type: u16") != NULL, "%s", text);
	ck_assert_msg(strstr(text, "address: 101, type: f32, order: abcd") != NULL, "%s", text);
	ck_assert_msg(strstr(text, "address: 103, type: f32, order: abcd") != NULL, "%s", text);
}
END_TEST

START_TEST(floats_have_the_order_of_their_neighbours)
{
	/* 12.3, 45.6 and 2.0 with the low word first; 0x4000 before 0x4149 is 2.0003 the other way
	 */
	set_words(
		(const uint16_t[]){0xCCCD, 0x4144, 0x6666, 0x4236, 0x0000, 0x4000, 0x4149, 0x4149},
		8);
	skeleton(false);
	ck_assert_msg(strstr(text, "address: 100, type: f32, order: cdab") != NULL, "%s", text);
	ck_assert_msg(strstr(text, "address: 102, type: f32, order: cdab") != NULL, "%s", text);
	ck_assert_msg(strstr(text, "address: 104, type: f32, order: cdab") != NULL, "%s", text);
	ck_assert_ptr_null(strstr(text, "order: abcd"));
}
END_TEST

START_TEST(no_concentration_is_proposed_that_is_negative_or_next_to_nothing)
{
	/* -5.5, 0.002 and 1e6 as floats */
	set_words((const uint16_t[]){0xC0B0, 0x0001, 0x3B03, 0x126F, 0x4974, 0x2400}, 6);
	skeleton(false);
	ck_assert_msg(strstr(text, "type: f32") == NULL, "%s", text);
	for (int at = 100; at < 106; at++) {
		char row[64];
		snprintf(row, sizeof(row), "address: %d, type: u16", at);
		ck_assert_msg(strstr(text, row) != NULL, "no %s in %s", row, text);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("skeleton");
	TCase *tc = tcase_create("skeleton");

	tcase_add_test(tc, a_skeleton_has_a_row_for_what_was_read_and_says_what_was_not);
	tcase_add_loop_test(tc, a_skeleton_is_refused_until_a_person_has_filled_it_in, 0, 2);
	tcase_add_loop_test(tc, a_skeleton_loads_once_it_is_filled_in, 0, 2);
	tcase_add_test(tc, a_word_before_a_float_is_not_taken_for_its_half);
	tcase_add_test(tc, floats_have_the_order_of_their_neighbours);
	tcase_add_test(tc, no_concentration_is_proposed_that_is_negative_or_next_to_nothing);
	tcase_add_test(tc, many_registers_that_hold_the_unit_id_are_no_sign_of_it);
	tcase_add_test(tc, the_table_shows_every_reading_and_why_there_is_none);
	tcase_add_loop_test(tc, the_columns_stand_below_their_heads_in_both_languages, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
