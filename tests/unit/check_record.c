/* SPDX-License-Identifier: MIT */
#include "hours_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "digits.h"
#include "hours_time.h"
#include "unit.h"

#define OWN "hour,pm25_ug_m3,co_mg_m3\n"
#define UCI "\"No\",\"year\",\"month\",\"day\",\"hour\",\"PM2.5\",\"CO\",\"wd\",\"station\"\r\n"
/* 2013-10-31 11:00 in Beijing */
#define H 384219
#define ROOM 65536

static struct problems problems;
static struct hours_file record;

static const char *path_of(const char *text)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/a.csv", unit_tmpdir());
	FILE *out = fopen(path, "w");
	fputs(text, out);
	fclose(out);
	return path;
}

static const struct edition boundless = {
	.bound_milli = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX}};

static struct hours_words *vocabulary;

static struct hours_order order_of(const char *path, const struct edition *edition, bool strict)
{
	return (struct hours_order){
		.path = path, .edition = edition, .words = vocabulary, .strict = strict};
}

static int load(const char *text)
{
	const struct hours_order order = order_of(path_of(text), &boundless, false);
	return hours_file_load(&order, &problems, &record);
}

static void begin(void)
{
	memset(&problems, 0, sizeof(problems));
	memset(&record, 0, sizeof(record));
	vocabulary = hours_words_load(unit_source("config"), &problems);
	ck_assert_ptr_nonnull(vocabulary);
}

static void finish(void)
{
	problems_done(&problems);
	hours_file_done(&record);
	vocabulary = hours_words_free(vocabulary);
}

/* The text has one problem, at this place, that says this. */
static void expect_problem(const char *text, const char *place, const char *words)
{
	begin();
	ck_assert_int_eq(load(text), HOURS_FILE_E_PROBLEMS);
	ck_assert_ptr_null(record.hours);
	ck_assert_int_eq(problems.n, 1);
	const char *at = strstr(problems.text[0], "a.csv:");
	ck_assert_ptr_nonnull(at);
	at += strlen("a.csv:");
	ck_assert_msg(strncmp(at, place, strlen(place)) == 0 && strstr(at, words),
		      "found %s, expected %s %s", at, place, words);
	finish();
}

static int32_t parsed(const char *text, int digits)
{
	int32_t value = -1;
	ck_assert_msg(digits_decimal(text, digits, HOURS_FILE_MOST_MILLI, &value), "%s is refused",
		      text);
	return value;
}

START_TEST(thousandths_are_rounded_half_to_even)
{
	static const struct {
		const char *text;
		int32_t milli;
	} cases[] = {
		{"0", 0},
		{"7", 7000},
		{"0.0005", 0},
		{"0.0015", 2},
		{"0.0025", 2},
		{"0.00250", 2},
		{"0.002500001", 3},
		{"0.0024999999", 2},
		{"13.4946", 13495},
		{"13.4945", 13494},
		{"0.9995", 1000},
		{"0.2142", 214},
		{"2000000", 2000000000},
		{"12.5", 12500},
		{"007.10", 7100},
		{"553405.1", 553405100},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(parsed(cases[i].text, 3) == cases[i].milli, "%s", cases[i].text);
}
END_TEST

START_TEST(whole_units_are_rounded_half_to_even_too)
{
	ck_assert_int_eq(parsed("1000", 0), 1000);
	ck_assert_int_eq(parsed("1000.5", 0), 1000);
	ck_assert_int_eq(parsed("1001.5", 0), 1002);
	ck_assert_int_eq(parsed("1000.50000000000000000000000000000001", 0), 1001);
	ck_assert_int_eq(parsed("1000.49999999999999999999999999999999", 0), 1000);
}
END_TEST

START_TEST(random_decimals_are_rounded_as_whole_numbers_are)
{
	for (int i = 0; i < 20000; i++) {
		int64_t whole = unit_random() % 2000, millionths = unit_random() % 1000000;
		char text[64];
		snprintf(text, sizeof(text), "%" PRId64 ".%06" PRId64, whole, millionths);
		ck_assert_int_eq(parsed(text, 3),
				 round_half_even(whole * 1000000 + millionths, 1000));
	}
}
END_TEST

START_TEST(what_is_no_plain_decimal_is_refused)
{
	static const char *const texts[] = {"",
					    "-1",
					    "+1",
					    ".5",
					    "5.",
					    "1e3",
					    "0x10",
					    "1,5",
					    " 1",
					    "1 ",
					    "nan",
					    "inf",
					    "NA",
					    "1.2.3",
					    "2000000.0005001",
					    "2000001",
					    "99999999999999999999999999"};
	int32_t value = 42;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_msg(!digits_decimal(texts[i], 3, HOURS_FILE_MOST_MILLI, &value), "%s",
			      texts[i]);
	ck_assert_int_eq(value, 42);
}
END_TEST

START_TEST(our_own_layout_is_read)
{
	begin();
	ck_assert_int_eq(load(OWN "2013-10-31T11:00:00+08:00,80.4,1.25\n"
				  "2013-10-31T12:00:00+08:00,,0.9\n"),
			 0);
	ck_assert_uint_eq(record.monitored, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_CO);
	ck_assert_int_eq(record.first, H);
	ck_assert_int_eq(record.n, 2);
	ck_assert_uint_eq(record.hours[0].valid, record.monitored);
	ck_assert_int_eq(record.hours[0].milli[POLLUTANT_PM25], 80400);
	ck_assert_int_eq(record.hours[0].milli[POLLUTANT_CO], 1250);
	ck_assert_uint_eq(record.hours[1].valid, 1u << POLLUTANT_CO);
	finish();
}
END_TEST

START_TEST(the_uci_layout_has_co_in_ug_and_beijing_hours)
{
	begin();
	ck_assert_int_eq(load(UCI "1,2013,10,31,11,80.1235,1249.5,\"NW\",\"Huairou\"\r\n"
				  "2,2013,10,31,12,NA,1300,NA,\"Huairou\"\r\n"),
			 0);
	ck_assert_int_eq(record.first, H);
	ck_assert_int_eq(record.hours[0].milli[POLLUTANT_PM25], 80124);
	ck_assert_int_eq(record.hours[0].milli[POLLUTANT_CO], 1250);
	ck_assert_uint_eq(record.hours[1].valid, 1u << POLLUTANT_CO);
	finish();
}
END_TEST

START_TEST(absent_hours_are_missing_ones)
{
	begin();
	ck_assert_int_eq(load(OWN "2013-10-31T11:00:00+08:00,1,1\n"
				  "2013-10-31T23:00:00+08:00,2,2\n"
				  "2013-11-01T00:00:00+08:00,3,3\n"),
			 0);
	ck_assert_int_eq(record.n, 14);
	for (int i = 1; i < 12; i++)
		ck_assert_uint_eq(record.hours[i].valid, 0);
	ck_assert_int_eq(record.hours[12].milli[POLLUTANT_PM25], 2000);
	ck_assert_int_eq(record.hours[13].milli[POLLUTANT_PM25], 3000);
	finish();
}
END_TEST

START_TEST(a_quoted_field_may_hold_a_comma_and_a_doubled_quote)
{
	begin();
	ck_assert_int_eq(load("year,month,day,hour,station,PM2.5\n"
			      "2013,10,31,11,\"roof, \"\"north\"\"\",\"35.0\"\n"),
			 0);
	ck_assert_int_eq(record.hours[0].milli[POLLUTANT_PM25], 35000);
	finish();
}
END_TEST

START_TEST(a_problem_stands_at_the_line_and_column_of_its_field)
{
	expect_problem(OWN "2013-10-31T11:00:00+08:00,80,x\n", "2:30: ", "\"x\"");
	expect_problem(OWN "2013-10-31T11:00:00+08:00,\"8\"\"0\",1\n", "2:27: ", "\"8\"0\"");
	expect_problem("\"hour\",é,pm25_ug_m3,co_ppm\n", "1:21: ", "is not in ug/m3 or mg/m3");
	expect_problem("year,month,day,hour,station,PM2.5\n2013,10,31,11,\"怀柔\",x\n",
		       "2:20: ", "\"x\"");
	expect_problem(OWN "2013-10-31T11:00:00+08:00,80,1\n2013-10-31T11:00:00+08:00,80,1\n",
		       "3:1: ", "come after");
}
END_TEST

START_TEST(a_long_text_is_shown_shortened_between_characters)
{
	expect_problem(OWN "2013-10-31T11:00:00+08:00,"
			   "空气空气空气空气空气空气空气空气空气空气空气空气,1\n",
		       "2:27: ", "\"空气空气空气空气空气空气空...\"");
}
END_TEST

START_TEST(every_problem_of_a_file_is_told)
{
	begin();
	ck_assert_int_eq(load(OWN "yesterday,a,b\n"
				  "2013-10-31T11:00:00+08:00,80\n"
				  "\n"
				  "2013-10-31T11:00:00+08:00,80,1\n"
				  "2013-10-31T10:00:00+08:00,-,1\n"),
			 HOURS_FILE_E_PROBLEMS);
	ck_assert_int_eq(problems.n, 4); /* an empty line is nothing, - a missing value */
	finish();
}
END_TEST

#define SPIKE                                                                                      \
	"hour,pm25_ug_m3,co_mg_m3\n"                                                               \
	"2014-01-16T01:00:00+08:00,2000,1.5\n"                                                     \
	"2014-01-16T02:00:00+08:00,553405,200.001\n"                                               \
	"2014-01-16T03:00:00+08:00,2000.001,200\n"

START_TEST(a_value_above_its_bound_is_none_and_is_counted)
{
	static const struct edition edition = {
		.id = "test", .bound_milli = {[POLLUTANT_PM25] = 2000000, [POLLUTANT_CO] = 200000}};
	char text[1000] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	begin();
	struct hours_order order = order_of(path_of(SPIKE), &edition, false);
	ck_assert_int_eq(hours_file_load(&order, &problems, &record), 0);
	ck_assert_uint_eq(record.hours[0].valid, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_CO);
	ck_assert_uint_eq(record.hours[1].valid, 0);
	ck_assert_uint_eq(record.hours[2].valid, 1u << POLLUTANT_CO);
	hours_file_tell(&record, &edition, "a.csv", out);
	fclose(out);
	ck_assert_str_eq(text, "a.csv: pm25_ug_m3: 2 above 2000 ug/m3 taken as out of range (T), "
			       "the highest 553405, the first on line 3\n"
			       "a.csv: co_mg_m3: 1 above 200 mg/m3 taken as out of range (T), the "
			       "highest 200.001, the first on line 3\n");
	finish();
	begin();
	order = order_of(path_of(SPIKE), &edition, true);
	ck_assert_int_eq(hours_file_load(&order, &problems, &record), HOURS_FILE_E_PROBLEMS);
	ck_assert_int_eq(problems.n, 3);
	finish();
}
END_TEST

START_TEST(a_file_that_cannot_be_read_gives_its_errno)
{
	begin();
	struct hours_order order = order_of("/nonexistent/a.csv", &boundless, false);
	ck_assert_int_eq(hours_file_load(&order, &problems, &record), -ENOENT);
	order.path = unit_tmpdir();
	ck_assert_int_eq(hours_file_load(&order, &problems, &record), -EISDIR);
	ck_assert_int_eq(problems.n, 0);
	finish();
}
END_TEST

/* The text as one with these orders: what it says of its first hour's PM2.5, -1 without one. */
static int32_t pm25_of(const char *text, enum hours_label label, enum hours_unit unit)
{
	begin();
	struct hours_order order = order_of(path_of(text), &boundless, false);
	order.label = label;
	order.units[POLLUTANT_PM25] = unit;
	int r = hours_file_load(&order, &problems, &record);
	return r == 0 && record.hours[0].valid & 1u ? record.hours[0].milli[POLLUTANT_PM25] : -1;
}

START_TEST(a_time_is_read_in_every_form_but_those_with_two_meanings)
{
	static const char *const eleven[] = {
		"2013-10-31T11:00:00+08:00",
		"2013-10-31T03:00:00Z",
		"2013-10-31 11:00:00",
		"2013-10-31 11:00:00.000",
		"2013/10/31 11:00",
		"2013.10.31 11:00",
		"20131031 11",
		"20131031 1100",
		"2013年10月31日11时",
		"2013-10-31T11:00:00+0800",
		"2013-10-31 11:00 +8",
		"2013-10-31T11",
	};
	static const char *const wrong[] = {
		"",
		"11:00",
		"31/10/2013 11:00",
		"10/31/2013 11:00",
		"2013-10-31",
		"2013-02-30 11:00",
		"2013-10-31 25:00",
		"2013-10-31 24:01",
		"2013-10-31 11:00 PM",
		"41578.4583",
		"2013-10/31 11:00",
		"2013-10-31 11:00:00.5",
		"1969-10-31 11:00",
		"2013-10-31 11:00x",
	};
	int64_t ms = 0;
	bool offset;
	for (size_t i = 0; i < sizeof(eleven) / sizeof(eleven[0]); i++)
		ck_assert_msg(hours_time_parse(eleven[i], &ms, &offset) && ms == H * 3600000LL,
			      "%s", eleven[i]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!hours_time_parse(wrong[i], &ms, &offset), "%s", wrong[i]);
	ck_assert(hours_time_parse("2013/10/31 24:00", &ms, &offset));
	ck_assert_int_eq(ms, (H + 13) * 3600000LL);
	ck_assert(!offset);
}
END_TEST

#define ANY "时间,PM2.5(μg/m³)\n"

START_TEST(the_start_of_an_hour_is_one_before_its_end_and_neither_is_guessed)
{
	ck_assert_int_eq(pm25_of(ANY "2013-10-31 11:00,8\n", LABEL_UNSAID, UNIT_UNSAID), -1);
	ck_assert_ptr_nonnull(strstr(problems.text[0], "say --label start or --label end"));
	finish();
	ck_assert_int_eq(pm25_of(ANY "2013-10-31 11:00,8\n", LABEL_END, UNIT_UNSAID), 8000);
	ck_assert_int_eq(record.first, H);
	finish();
	ck_assert_int_eq(pm25_of(ANY "2013-10-31 11:00,8\n", LABEL_START, UNIT_UNSAID), 8000);
	ck_assert_int_eq(record.first, H + 1);
	ck_assert_ptr_nonnull(strstr(record.notes.text[0], "taken as of Beijing"));
	finish();
}
END_TEST

START_TEST(a_unit_is_said_by_column_layout_or_option_and_by_nothing_else)
{
	ck_assert_int_eq(pm25_of("time,PM2.5\n2013-10-31 11:00,8\n", LABEL_END, UNIT_UNSAID), -1);
	ck_assert_ptr_nonnull(strstr(problems.text[0], "say --unit pm25=ug"));
	finish();
	ck_assert_int_eq(pm25_of("time,PM2.5\n2013-10-31 11:00,8\n", LABEL_END, UNIT_MICROGRAMS),
			 8000);
	finish();
	ck_assert_int_eq(
		pm25_of("time,PM2.5\n2013-10-31 11:00,0.0081\n", LABEL_END, UNIT_MILLIGRAMS), 8100);
	finish();
	ck_assert_int_eq(
		pm25_of("time,PM2.5(mg/m3)\n2013-10-31 11:00,0.0081\n", LABEL_END, UNIT_UNSAID),
		8100);
	finish();
	ck_assert_int_eq(pm25_of(ANY "2013-10-31 11:00,8\n", LABEL_END, UNIT_MILLIGRAMS), -1);
	finish();
	ck_assert_int_eq(pm25_of(UCI "1,2013,10,31,11,80,1.6,N,x\n", LABEL_UNSAID, UNIT_UNSAID),
			 -1);
	ck_assert_ptr_nonnull(strstr(problems.text[0], "no value reaches 50 ug/m3"));
	finish();
}
END_TEST

/* Random minutes of an hour: valid from 45 of them on, and the mean of those there are. */
START_TEST(minutes_make_an_hour_by_the_rules_of_an_hour)
{
	static char text[ROOM];
	static const struct edition edition = {
		.hour_min_minutes = 45,
		.bound_milli = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX}};
	for (int round = 0; round < 50; round++) {
		int n = 0, all = 30 + (int)(unit_random() % 31);
		int64_t sum = 0;
		size_t size = (size_t)snprintf(text, sizeof(text), "%s", ANY);
		for (int minute = 0; minute < 60; minute++) {
			int value = (int)(unit_random() % 500);
			bool there = n < all && (60 - minute <= all - n || unit_random() % 4 > 0);
			size += (size_t)snprintf(
				text + size, sizeof(text) - size, "2013-10-31 10:%02d,%.*s%.*d\n",
				minute, there ? 0 : 2, "NA", there ? 1 : 0, there ? value : 0);
			sum += there ? value : 0;
			n += there;
		}
		begin();
		struct hours_order order = order_of(path_of(text), &edition, false);
		order.label = LABEL_START;
		ck_assert_int_eq(hours_file_load(&order, &problems, &record), 0);
		ck_assert_int_eq(record.first, H);
		ck_assert_int_eq(record.n, 1);
		ck_assert_int_eq(record.step_ms, 60000);
		ck_assert_int_eq(record.hours[0].valid & 1u, n >= 45);
		if (n >= 45)
			ck_assert_int_eq(record.hours[0].milli[POLLUTANT_PM25],
					 round_half_even(sum * 1000, n));
		finish();
	}
}
END_TEST

#define LONG "date,hour,type,1515A,1518A\n20131031,11,AQI,99,98\n"

START_TEST(an_archive_with_a_pollutant_a_row_is_read_of_one_station)
{
	static const char text[] = LONG "20131031,11,PM2.5,80,70\n20131031,11,PM2.5_24h,1,2\n"
					"20131031,11,CO,1.2,NA\n20131031,12,PM2.5,,60\n"
					"20131031,12,CO,1,2\n";
	begin();
	struct hours_order order = order_of(path_of(text), &boundless, false);
	ck_assert_int_eq(hours_file_load(&order, &problems, &record), HOURS_FILE_E_PROBLEMS);
	ck_assert_ptr_nonnull(strstr(problems.text[0], "there are 2 stations: 1515A, 1518A"));
	problems_done(&problems);
	hours_file_done(&record);
	order.station = "1518A";
	ck_assert_int_eq(hours_file_load(&order, &problems, &record), 0);
	ck_assert_int_eq(record.n, 2);
	ck_assert_int_eq(record.hours[0].milli[POLLUTANT_PM25], 70000);
	ck_assert_uint_eq(record.hours[0].valid, 1u << POLLUTANT_PM25);
	ck_assert_int_eq(record.hours[1].milli[POLLUTANT_CO], 2000);
	ck_assert_uint_eq(record.monitored, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_CO);
	finish();
	expect_problem("date,hour,type,a\n20131031,11,PM2.5,8\n20131031,11,PM2.5,9\n",
		       "3:1: ", "a second value of this hour");
}
END_TEST

START_TEST(rows_of_none_of_the_pollutants_are_no_record)
{
	expect_problem("date,hour,type,a\n20131031,11,AQI,99\n20131031,11,NOx,8\n",
		       "1: ", "no row is of a pollutant: type has none of");
}
END_TEST

START_TEST(random_bytes_are_refused_or_read_but_never_more)
{
	static const char alphabet[] = "0123456789,,,\"\"\n\n\r.-+T:NA hourpm25_g";
	static char text[ROOM];
	for (int round = 0; round < 300; round++) {
		size_t n =
			(size_t)snprintf(text, sizeof(text), "%s", unit_random() % 2 ? OWN : UCI);
		size_t more = unit_random() % 600;
		for (size_t i = 0; i < more; i++)
			text[n++] = alphabet[unit_random() % (sizeof(alphabet) - 1)];
		text[n] = '\0';
		begin();
		int r = load(text);
		ck_assert(r == 0 || r == HOURS_FILE_E_PROBLEMS);
		ck_assert_int_eq(r == 0, problems.n == 0);
		finish();
	}
}
END_TEST

static const char *load_beside(const char *text)
{
	struct hours_order order = order_of(path_of(text), &boundless, false);
	order.auxiliaries = true;
	order.label = LABEL_END;
	begin();
	order.words = vocabulary;
	ck_assert_msg(hours_file_load(&order, &problems, &record) == 0, "%s", problems.text[0]);
	return record.notes.n > 0 ? record.notes.text[0] : "";
}

static const struct auxiliary_mean *beside(enum auxiliary auxiliary, int64_t hour)
{
	for (int i = 0; i < record.n_auxiliaries; i++) {
		const struct auxiliary_mean *mean = &record.auxiliaries[i];
		if (mean->auxiliary == auxiliary && mean->at == hour)
			return mean;
	}
	return NULL;
}

START_TEST(units_of_what_is_beside_the_pollutants_are_known_by_their_names)
{
	const char *note = load_beside(
		"hour,PM2.5(μg/m³),气温(℃),相对湿度(%),气压(kPa),风速(m/s),风向(°),噪声(dB(A)),"
		"TSP(mg/m3),NO\n"
		"2013-10-31T11:00:00+08:00,1,-3.55,90,101.32515,2.5,西北,52.9,0.2105,7\n"
		"2013-10-31T12:00:00+08:00,1,,-999,101.3,0,静风,,,\n");
	/* no unit is guessed */
	ck_assert_msg(strstr(note, "not read: NO") != NULL, "%s", note);
	ck_assert_ptr_null(beside(AUXILIARY_NO, H));
	ck_assert_int_eq(beside(AUXILIARY_TEMPERATURE, H)->milli, -3550);
	ck_assert_int_eq(beside(AUXILIARY_HUMIDITY, H)->milli, 90000);
	ck_assert_int_eq(beside(AUXILIARY_PRESSURE, H)->milli, 1013252);
	ck_assert_int_eq(beside(AUXILIARY_WIND_DIRECTION, H)->milli, 315000);
	ck_assert_int_eq(beside(AUXILIARY_NOISE, H)->milli, 52900);
	ck_assert_int_eq(beside(AUXILIARY_TSP, H)->milli, 210500);
	ck_assert(beside(AUXILIARY_WIND_DIRECTION, H + 1)->calm);
	ck_assert_ptr_null(beside(AUXILIARY_TEMPERATURE, H + 1));
	ck_assert_ptr_null(beside(AUXILIARY_HUMIDITY, H + 1));
	finish();
	/* what history --aux writes, and nothing of a pollutant in it */
	load_beside("hour,temperature_c,pressure_hpa,wind_direction_deg,rain_mm\n"
		    "2013-10-31T11:00:00+08:00,-3.5,1013.25,315,1.3\n");
	ck_assert_int_eq(record.n_auxiliaries, 4);
	ck_assert_int_eq(beside(AUXILIARY_RAIN, H)->milli, 1300);
	finish();
}
END_TEST

/* What R writes of a temperature that is nearly 0, and of a round pressure. */
START_TEST(an_exponent_beside_the_pollutants_is_read)
{
	load_beside("hour,temperature_c,pressure_pa,tsp_mg_m3\n"
		    "2013-10-31T11:00:00+08:00,-2.77555756156289e-17,1e+05,5.001E-7\n"
		    "2013-10-31T12:00:00+08:00,-1.25e-2,1.0132e5,5e-7\n"
		    "2013-10-31T13:00:00+08:00,2.5e-0,9.9e4,1e-300\n");
	ck_assert_int_eq(beside(AUXILIARY_TEMPERATURE, H)->milli, 0);
	ck_assert_int_eq(beside(AUXILIARY_PRESSURE, H)->milli, 1000000);
	ck_assert_int_eq(beside(AUXILIARY_TSP, H)->milli, 1);
	ck_assert_int_eq(beside(AUXILIARY_TEMPERATURE, H + 1)->milli, -12);
	ck_assert_int_eq(beside(AUXILIARY_PRESSURE, H + 1)->milli, 1013200);
	ck_assert_int_eq(beside(AUXILIARY_TSP, H + 1)->milli, 0);
	ck_assert_int_eq(beside(AUXILIARY_TEMPERATURE, H + 2)->milli, 2500);
	ck_assert_int_eq(beside(AUXILIARY_PRESSURE, H + 2)->milli, 990000);
	ck_assert_int_eq(beside(AUXILIARY_TSP, H + 2)->milli, 0);
	finish();
}
END_TEST

START_TEST(what_only_looks_like_an_exponent_is_a_problem)
{
	static const char *const cells[] = {"1e",    "e5",    "1e5.5",      "12e-3",
					    "1e--3", "1e- 3", "1ee3",       "1e3e3",
					    ".5e1",  "1.e1",  "1e999999999"};
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		char text[200];
		snprintf(text, sizeof(text), "hour,temperature_c\n2013-10-31T11:00:00+08:00,%s\n",
			 cells[i]);
		struct hours_order order = order_of(path_of(text), &boundless, false);
		order.auxiliaries = true;
		begin();
		order.words = vocabulary;
		ck_assert_msg(hours_file_load(&order, &problems, &record) != 0, "%s", cells[i]);
		ck_assert_int_eq(problems.n, 1);
		finish();
	}
}
END_TEST

START_TEST(who_does_not_ask_for_what_is_beside_the_pollutants_gets_nothing_of_it)
{
	begin();
	ck_assert_int_eq(load("hour,pm25_ug_m3,temperature_c\n"
			      "2013-10-31T11:00:00+08:00,1,warm\n"),
			 0);
	ck_assert_int_eq(record.n_auxiliaries, 0);
	finish();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("record");
	TCase *tcase = tcase_create("record");
	tcase_add_test(tcase, units_of_what_is_beside_the_pollutants_are_known_by_their_names);
	tcase_add_test(tcase, an_exponent_beside_the_pollutants_is_read);
	tcase_add_test(tcase, what_only_looks_like_an_exponent_is_a_problem);
	tcase_add_test(tcase,
		       who_does_not_ask_for_what_is_beside_the_pollutants_gets_nothing_of_it);
	tcase_add_test(tcase, thousandths_are_rounded_half_to_even);
	tcase_add_test(tcase, whole_units_are_rounded_half_to_even_too);
	tcase_add_test(tcase, random_decimals_are_rounded_as_whole_numbers_are);
	tcase_add_test(tcase, what_is_no_plain_decimal_is_refused);
	tcase_add_test(tcase, our_own_layout_is_read);
	tcase_add_test(tcase, the_uci_layout_has_co_in_ug_and_beijing_hours);
	tcase_add_test(tcase, absent_hours_are_missing_ones);
	tcase_add_test(tcase, a_quoted_field_may_hold_a_comma_and_a_doubled_quote);
	tcase_add_test(tcase, a_problem_stands_at_the_line_and_column_of_its_field);
	tcase_add_test(tcase, a_long_text_is_shown_shortened_between_characters);
	tcase_add_test(tcase, every_problem_of_a_file_is_told);
	tcase_add_test(tcase, a_value_above_its_bound_is_none_and_is_counted);
	tcase_add_test(tcase, a_file_that_cannot_be_read_gives_its_errno);
	tcase_add_test(tcase, a_time_is_read_in_every_form_but_those_with_two_meanings);
	tcase_add_test(tcase, the_start_of_an_hour_is_one_before_its_end_and_neither_is_guessed);
	tcase_add_test(tcase, a_unit_is_said_by_column_layout_or_option_and_by_nothing_else);
	tcase_add_test(tcase, minutes_make_an_hour_by_the_rules_of_an_hour);
	tcase_add_test(tcase, an_archive_with_a_pollutant_a_row_is_read_of_one_station);
	tcase_add_test(tcase, rows_of_none_of_the_pollutants_are_no_record);
	tcase_add_test(tcase, random_bytes_are_refused_or_read_but_never_more);
	suite_add_tcase(suite, tcase);
	return suite;
}
