/* SPDX-License-Identifier: MIT */
#include "recognise.h"

#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "decode.h"
#include "dump.h"
#include "unit.h"

#define PROFILES_MAX CONF_PROFILES_MAX

static struct conf *conf;
static struct match matches[PROFILES_MAX];
static struct dump dump;

static void setup(void)
{
	struct problems problems = {0};

	conf_load_profiles(unit_source("config"), &problems, &conf);
	ck_assert_int_eq(problems.n, 0);
	ck_assert_int_ge(conf->n_profiles, 14);
}

static void teardown(void)
{
	conf = conf_free(conf);
}

static struct match match_of(const struct profile *profile)
{
	static struct poll poll;
	static struct device device;
	const struct device_conf device_conf = {
		.unit_id = dump.unit, .profile = profile, .poll_ms = 1000};
	struct match match;

	dump_poll(&dump, &device_conf, &device, &poll);
	recognise(&device, &poll, &match);
	return match;
}

/* All profiles against the dump, best first. */
static void match_all(void)
{
	for (int i = 0; i < conf->n_profiles; i++)
		matches[i] = match_of(conf->profiles[i]);
	qsort(matches, (size_t)conf->n_profiles, sizeof(matches[0]), match_compare);
}

static const struct match *find(const char *id)
{
	for (int i = 0; i < conf->n_profiles; i++) {
		if (strcmp(matches[i].profile->id, id) == 0)
			return &matches[i];
	}
	ck_abort_msg("no profile %s", id);
}

/* Registers beside those of a dump, as a device that has more of them. */
static void fill(int function, int first, int last, uint16_t word)
{
	for (int i = first; i <= last; i++) {
		if (!dump.known[function - 1][i])
			dump.words[function - 1][i] = word;
		dump.known[function - 1][i] = true;
	}
}

/* A profile of the same device that reads more of it has its name and a word more. */
static bool is_of(const char *found, const char *id)
{
	return strncmp(found, id, strlen(id)) == 0;
}

START_TEST(every_device_with_a_dump_is_found_by_its_registers)
{
	for (int i = 0; i < conf->n_profiles; i++) {
		const char *id = conf->profiles[i]->id;
		dump_first(id, &dump);
		match_all();
		ck_assert_msg(is_of(matches[0].profile->id, id), "%s is taken for %s", id,
			      matches[0].profile->id);
		ck_assert_msg(match_is_candidate(&matches[0]), "%s is no candidate", id);
		ck_assert_int_eq(matches[0].identified, conf->profiles[i]->identity.present);
	}
}
END_TEST

START_TEST(without_an_identity_register_nothing_is_identified)
{
	dump_first("vaisala-aqt530", &dump);
	match_all();
	for (int i = 0; i < conf->n_profiles; i++)
		ck_assert(!matches[i].identified || matches[i].profile->identity.present);
	ck_assert(!find("vaisala-aqt530")->identified);
	ck_assert(!find("vaisala-aqt530")->foreign);
}
END_TEST

START_TEST(an_identity_that_does_not_match_rules_a_profile_out)
{
	dump_first("renke-compact", &dump);
	dump.words[2][2000] = 2;
	match_all();
	const struct match *match = find("renke-compact");
	ck_assert_int_eq(match->counts[FIT_VALUE], 2);
	ck_assert(match->foreign && !match->identified && !match_is_candidate(match));
	dump.known[2][2000] = false;
	match_all();
	ck_assert(find("renke-compact")->foreign);
}
END_TEST

START_TEST(an_identified_profile_stays_a_candidate_while_its_device_measures_nothing)
{
	dump_first("saimosen-sms8700", &dump);
	memset(dump.words[2], 0, 26 * sizeof(dump.words[2][0]));
	match_all();
	ck_assert_str_eq(matches[0].profile->id, "saimosen-sms8700");
	ck_assert(matches[0].identified && !matches[0].measuring);
	ck_assert_int_eq(matches[0].counts[FIT_NOTHING], 2);
	ck_assert(match_is_candidate(&matches[0]));
}
END_TEST

START_TEST(an_identified_profile_is_named_out_of_its_range_and_not_without_its_registers)
{
	dump_first("renke-compact", &dump);
	dump.words[2][507] = dump.words[2][508] = 0xFFFF;
	match_all();
	ck_assert(is_of(matches[0].profile->id, "renke-compact"));
	ck_assert_int_eq(find("renke-compact")->counts[FIT_WRONG], 2);
	ck_assert(match_is_candidate(find("renke-compact")));
	dump.known[2][507] = dump.known[2][508] = false;
	fill(3, 3, 4, 20); /* now it may be another one, without identity */
	match_all();
	ck_assert(find("renke-compact")->identified);
	ck_assert(!match_is_candidate(find("renke-compact")));
	ck_assert(match_is_candidate(&matches[0]));
}
END_TEST

START_TEST(a_device_that_holds_nothing_fits_no_profile_without_identity)
{
	memset(&dump, 0, sizeof(dump));
	dump.unit = 5;
	fill(3, 0, 65535, 0);
	fill(4, 0, 65535, 0);
	match_all();
	for (int i = 0; i < conf->n_profiles; i++)
		ck_assert_msg(!match_is_candidate(&matches[i]), "%s", matches[i].profile->id);
}
END_TEST

START_TEST(registers_that_a_device_refuses_speak_against_a_profile)
{
	memset(&dump, 0, sizeof(dump));
	dump.unit = 1;
	match_all();
	for (int i = 0; i < conf->n_profiles; i++) {
		ck_assert_int_eq(matches[i].counts[FIT_UNREAD], matches[i].profile->n_rows);
		ck_assert(!match_is_candidate(&matches[i]));
	}
}
END_TEST

START_TEST(a_profile_whose_ranges_let_much_pass_comes_after_a_narrow_one)
{
	dump_first("pm2510th-od", &dump);
	fill(3, 0, 20, 0);
	match_all();
	ck_assert_str_eq(matches[0].profile->id, "pm2510th-od");
	ck_assert(find("generic-six")->chance > RECOGNISE_WEAK);
	ck_assert(find("pm2510th-od")->chance < 0.001);
}
END_TEST

START_TEST(more_fine_particles_than_coarse_ones_are_doubtful)
{
	dump_first("pm2510th-od", &dump);
	fill(3, 0, 20, 0);
	dump.words[2][9] = 20; /* what the sister would take for PM10, below its PM2.5 */
	match_all();
	ck_assert(find("pm2510-od")->upside_down);
	ck_assert(!find("pm2510th-od")->upside_down);
	ck_assert_str_eq(matches[0].profile->id, "pm2510th-od");
}
END_TEST

START_TEST(a_gas_that_is_not_fitted_speaks_neither_for_nor_against)
{
	dump_first("sensorbee-base", &dump);
	dump.words[3][224] = 0x7FC0;
	dump.words[3][225] = 0;
	match_all();
	const struct match *match = find("sensorbee-base");
	ck_assert_int_eq(match->counts[FIT_VALUE], 2);
	ck_assert_int_eq(match->counts[FIT_NOTHING], 1);
	ck_assert(match_is_candidate(match));
}
END_TEST

START_TEST(the_share_that_a_range_lets_pass_is_its_part_of_all_contents)
{
	struct profile profile = {.id = "x", .n_rows = 1};
	struct profile_row *row = &profile.rows[0];

	*row = (struct profile_row){
		.function = 3, .type = TYPE_U16, .scale = 0.1, .range_max = 1000};
	memset(&dump, 0, sizeof(dump));
	fill(3, 0, 1, 0x4100); /* 16640; 8.06 */
	row->range_max = 6553.5;
	ck_assert_double_eq_tol(match_of(&profile).chance, 65535.0 / 65536, 1e-6);
	row->range_max = 3276.8;
	ck_assert_double_eq_tol(match_of(&profile).chance, 0.5, 1e-6);
	row->type = TYPE_S16;
	row->range_min = -3276.8;
	ck_assert_double_eq_tol(match_of(&profile).chance, 65535.0 / 65536, 1e-6);
	row->type = TYPE_U32;
	row->scale = 1e-6;
	row->range_min = 0;
	row->range_max = 4294.967296 / 4;
	fill(3, 0, 1, 0);
	dump.words[2][0] = 0x2000;
	ck_assert_double_eq_tol(match_of(&profile).chance, 0.25, 1e-3);
	/* from 2^-11 to 2^9 are 20 of 512 powers of two */
	row->type = TYPE_F32;
	row->scale = 1;
	row->range_max = 512;
	dump.words[2][0] = 0x4100;
	ck_assert_double_eq_tol(match_of(&profile).chance, 20.0 / 512, 1e-3);
}
END_TEST

/* The reply FF 03 0A 1A 57 0C 5F 27 83 00 11 00 14 and two floats of a manual. */
START_TEST(words_are_read_in_every_type_and_order)
{
	static const uint16_t weather[] = {0x1A57, 0x0C5F, 0x2783, 0x0011, 0x0014};
	static const uint16_t pm[] = {0x4205, 0x0000}, swapped[] = {0x0000, 0x4205},
			      bytes[] = {0x0542, 0x0000}, both[] = {0x0000, 0x0542},
			      negative[] = {0xFFFE};

	ck_assert_double_eq(decode_number(TYPE_U16, decode_bits(TYPE_U16, 0, &weather[0])), 6743);
	ck_assert_double_eq(decode_number(TYPE_U16, decode_bits(TYPE_U16, 0, &weather[2])), 10115);
	ck_assert_double_eq(decode_number(TYPE_S16, decode_bits(TYPE_S16, 0, negative)), -2);
	ck_assert_uint_eq(decode_bits(TYPE_U32, ORDER_ABCD, &weather[3]), 0x00110014);
	ck_assert_uint_eq(decode_bits(TYPE_U32, ORDER_CDAB, &weather[3]), 0x00140011);
	ck_assert_uint_eq(decode_bits(TYPE_U32, ORDER_BADC, &weather[3]), 0x11001400);
	ck_assert_uint_eq(decode_bits(TYPE_U32, ORDER_DCBA, &weather[3]), 0x14001100);
	ck_assert_double_eq(decode_number(TYPE_F32, decode_bits(TYPE_F32, ORDER_ABCD, pm)), 33.25);
	ck_assert_double_eq(decode_number(TYPE_F32, decode_bits(TYPE_F32, ORDER_CDAB, swapped)),
			    33.25);
	ck_assert_double_eq(decode_number(TYPE_F32, decode_bits(TYPE_F32, ORDER_BADC, bytes)),
			    33.25);
	ck_assert_double_eq(decode_number(TYPE_F32, decode_bits(TYPE_F32, ORDER_DCBA, both)),
			    33.25);
	ck_assert(recognise_float(pm, ORDER_ABCD) && recognise_float(swapped, ORDER_CDAB));
	ck_assert(recognise_float(bytes, ORDER_BADC) && recognise_float(both, ORDER_DCBA));
	ck_assert(!recognise_float(pm, ORDER_CDAB) && !recognise_float(pm, ORDER_DCBA));
}
END_TEST

START_TEST(small_whole_numbers_and_marks_are_not_taken_for_floats)
{
	static const uint16_t pairs[][2] = {
		{65, 0}, {0, 65},          {65, 500},        {38, 65},     {155, 210},
		{0, 0},  {0x7FC0, 0},      {0xFFFF, 0xFFFF}, {0x7F80, 0},  {1013, 0},
		{1, 9},  {0x3A00, 0x0001}, {0x4980, 0},      {0x1A57, 12}, {500, 200},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		for (int order = 0; order < BYTE_ORDER_COUNT; order++)
			ck_assert_msg(!recognise_float(pairs[i], (enum byte_order)order),
				      "%04X %04X as %s", pairs[i][0], pairs[i][1],
				      byte_order_name((enum byte_order)order));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("recognise");
	TCase *tc = tcase_create("recognise");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, every_device_with_a_dump_is_found_by_its_registers);
	tcase_add_test(tc, without_an_identity_register_nothing_is_identified);
	tcase_add_test(tc, an_identity_that_does_not_match_rules_a_profile_out);
	tcase_add_test(tc,
		       an_identified_profile_stays_a_candidate_while_its_device_measures_nothing);
	tcase_add_test(
		tc, an_identified_profile_is_named_out_of_its_range_and_not_without_its_registers);
	tcase_add_test(tc, a_device_that_holds_nothing_fits_no_profile_without_identity);
	tcase_add_test(tc, registers_that_a_device_refuses_speak_against_a_profile);
	tcase_add_test(tc, a_profile_whose_ranges_let_much_pass_comes_after_a_narrow_one);
	tcase_add_test(tc, more_fine_particles_than_coarse_ones_are_doubtful);
	tcase_add_test(tc, a_gas_that_is_not_fitted_speaks_neither_for_nor_against);
	tcase_add_test(tc, the_share_that_a_range_lets_pass_is_its_part_of_all_contents);
	tcase_add_test(tc, words_are_read_in_every_type_and_order);
	tcase_add_test(tc, small_whole_numbers_and_marks_are_not_taken_for_floats);
	suite_add_tcase(suite, tc);
	return suite;
}
