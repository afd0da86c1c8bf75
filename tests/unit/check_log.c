/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "journald.h"
#include "unit.h"

static char captured[8192];

/* Standard error of our own, while a test goes on. */
static int saved, ends[2];

/* As systemd does; with another number it is the stream of somebody else. */
static void name_stream(unsigned long long off)
{
	struct stat stat;
	char stream[64];
	fstat(ends[1], &stat);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)stat.st_dev,
		 (unsigned long long)stat.st_ino + off);
	setenv("JOURNAL_STREAM", stream, 1);
}

static void begin(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	saved = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	unsetenv("JOURNAL_STREAM");
	journald_divert("/nonexistent/socket");
}

static void end(void)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(ends[0]);
	close(ends[1]);
	journald_divert(NULL);
}

/* All that lies in a descriptor, "" if nothing does. */
static const char *read_all(int fd)
{
	ssize_t n = read(fd, captured, sizeof(captured) - 1);
	captured[n > 0 ? n : 0] = '\0';
	return captured;
}

/* What one call writes to standard error. */
static const char *line_of(const char *text)
{
	log_warning(LOG_FILE_UNWISE, "%s", text);
	return read_all(ends[0]);
}

/* ---- a journal of our own ---- */

static char journal_path[64];

static int begin_journal(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	snprintf(journal_path, sizeof(journal_path), "/tmp/check_log.%ld", (long)getpid());
	unlink(journal_path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", journal_path);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	journald_divert(journal_path);
	return fd;
}

static void end_journal(int fd)
{
	close(fd);
	unlink(journal_path);
}

START_TEST(a_newline_in_a_value_cannot_forge_a_line)
{
	name_stream(0);
	ck_assert_str_eq(line_of("a\n<2>forged\x1b[31m"), "<4>a\\x0a<2>forged\\x1b[31m\n");
}
END_TEST

START_TEST(without_a_journal_a_line_begins_with_the_time)
{
	const char *line = line_of("荷塘");
	int year;
	ck_assert_int_eq(sscanf(line, "%4d-", &year), 1);
	ck_assert_int_ge(year, 2024);
	ck_assert_ptr_nonnull(strstr(line, " warning: 荷塘\n"));
}
END_TEST

START_TEST(an_inherited_variable_of_another_stream_is_no_journal)
{
	int journal = begin_journal();
	name_stream(1);
	ck_assert_ptr_nonnull(strstr(line_of("a"), " warning: a\n"));
	ck_assert_str_eq(read_all(journal), "");
	end_journal(journal);
}
END_TEST

START_TEST(a_line_that_is_too_long_is_cut_and_still_ends)
{
	char text[8000];
	memset(text, '\n', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	name_stream(0);
	const char *line = line_of(text);
	size_t n = strlen(line);
	ck_assert_uint_lt(n, 4096);
	ck_assert_int_eq(line[n - 1], '\n');
	ck_assert_ptr_eq(strchr(line, '\n'), line + n - 1);
}
END_TEST

START_TEST(the_journal_gets_the_priority_the_id_and_the_fields)
{
	char wanted[512];
	int journal = begin_journal();
	const struct log_fields about = {.sensor = "roof", .bus = "rs485-1", .aqi = ""};
	name_stream(0);
	log_line(LOG_LEVEL_WARNING, LOG_SENSOR_FAILED, &about, "%s: no answer", "roof");
	snprintf(wanted, sizeof(wanted),
		 "PRIORITY=4\nMESSAGE_ID=%s\nSYSLOG_IDENTIFIER=%s\nMESSAGE=roof: no answer\n"
		 "HAZEWATCH_SENSOR=roof\nHAZEWATCH_BUS=rs485-1\n",
		 log_kind_id(LOG_SENSOR_FAILED), program_invocation_short_name);
	ck_assert_str_eq(read_all(journal), wanted);
	ck_assert_str_eq(read_all(ends[0]), "");
	end_journal(journal);
}
END_TEST

START_TEST(a_newline_in_a_value_cannot_forge_a_field)
{
	int journal = begin_journal();
	const struct log_fields about = {.command = "x\nPRIORITY=0"};
	name_stream(0);
	log_line(LOG_LEVEL_NOTICE, LOG_COMMAND, &about, "a\nMESSAGE_ID=0");
	const char *entry = read_all(journal);
	ck_assert_ptr_nonnull(strstr(entry, "MESSAGE=a\\x0aMESSAGE_ID=0\n"));
	ck_assert_ptr_nonnull(strstr(entry, "HAZEWATCH_COMMAND=x\\x0aPRIORITY=0\n"));
	end_journal(journal);
}
END_TEST

START_TEST(fields_and_text_of_any_length_make_an_entry)
{
	char text[5000];
	int journal = begin_journal();
	memset(text, '\n', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	const struct log_fields about = {text, text, text, text, text, text, text, text};
	name_stream(0);
	log_line(LOG_LEVEL_ERROR, LOG_COMMAND, &about, "%s", text);
	const char *entry = read_all(journal);
	ck_assert_ptr_nonnull(strstr(entry, "\nHAZEWATCH_FILE="));
	ck_assert_int_eq(entry[strlen(entry) - 1], '\n');
	end_journal(journal);
}
END_TEST

/* Nobody reads: a blocking send would end this test by its time-out. */
START_TEST(a_journal_that_hangs_is_not_waited_for_and_the_stream_takes_its_lines)
{
	int journal = begin_journal();
	name_stream(0);
	for (int i = 0; i < 3000; i++)
		log_notice(LOG_CLOCK, "line %d", i);
	ck_assert_ptr_nonnull(strstr(read_all(journal), "MESSAGE=line 0\n"));
	ck_assert_ptr_nonnull(strstr(read_all(ends[0]), "<5>line "));
	end_journal(journal);
}
END_TEST

START_TEST(lines_that_nobody_takes_are_counted_and_told)
{
	char fill[4096] = "";
	while (send(ends[1], fill, sizeof(fill), MSG_DONTWAIT) > 0)
		;
	log_notice(LOG_CLOCK, "lost");
	log_notice(LOG_CLOCK, "lost, too");
	while (read(ends[0], captured, sizeof(captured)) > 0)
		;
	const char *lines = line_of("taken");
	ck_assert_ptr_nonnull(strstr(lines, "warning: 2 lines of the log were lost"));
	ck_assert_ptr_nonnull(strstr(lines, "warning: taken\n"));
	ck_assert_ptr_null(strstr(line_of("again"), "were lost"));
}
END_TEST

/* As systemd-cat or a shell gives it: a write that waits would end this test by its time-out. */
START_TEST(a_full_pipe_that_nobody_reads_is_not_waited_for)
{
	int pipes[2];
	ck_assert_int_eq(pipe(pipes), 0);
	dup2(pipes[1], STDERR_FILENO);
	for (int i = 0; i < 3000; i++)
		log_notice(LOG_CLOCK, "line %d of those that nobody reads", i);
	ck_assert_int_eq(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_ptr_nonnull(strstr(read_all(pipes[0]), "line 0 of those"));
	close(pipes[0]);
	close(pipes[1]);
}
END_TEST

START_TEST(every_kind_has_an_id_of_its_own)
{
	for (int i = 0; i < LOG_KIND_COUNT; i++) {
		const char *id = log_kind_id((enum log_kind)i);
		ck_assert_uint_eq(strspn(id, "0123456789abcdef"), 32);
		ck_assert_uint_eq(strlen(id), 32);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(id, log_kind_id((enum log_kind)j));
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("log");
	TCase *tc = tcase_create("log");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, a_newline_in_a_value_cannot_forge_a_line);
	tcase_add_test(tc, without_a_journal_a_line_begins_with_the_time);
	tcase_add_test(tc, an_inherited_variable_of_another_stream_is_no_journal);
	tcase_add_test(tc, a_line_that_is_too_long_is_cut_and_still_ends);
	tcase_add_test(tc, the_journal_gets_the_priority_the_id_and_the_fields);
	tcase_add_test(tc, a_newline_in_a_value_cannot_forge_a_field);
	tcase_add_test(tc, fields_and_text_of_any_length_make_an_entry);
	tcase_add_test(tc, a_journal_that_hangs_is_not_waited_for_and_the_stream_takes_its_lines);
	tcase_add_test(tc, lines_that_nobody_takes_are_counted_and_told);
	tcase_add_test(tc, a_full_pipe_that_nobody_reads_is_not_waited_for);
	tcase_add_test(tc, every_kind_has_an_id_of_its_own);
	suite_add_tcase(suite, tc);
	return suite;
}
