/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "loop.h"
#include "unit.h"

#define SIXTY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static char folder[64], path[128];
static struct control *control;
static int answered, flooder = -1;

/* As soon as one request is answered the next one is there. */
static void flood(void)
{
	static const char line[] = "{\"request\":\"add\"}\n";
	char text[4096];
	while (flooder >= 0 && recv(flooder, text, sizeof(text), MSG_DONTWAIT) > 0)
		;
	if (flooder >= 0)
		send(flooder, line, sizeof(line) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void answer_add(void *ctx, const struct control_peer *peer,
		       const struct control_request *request, struct control_answer *ret)
{
	int64_t a = 0, b = 0;

	(void)peer;
	answered++;
	flood();
	ck_assert_ptr_eq(ctx, &answered);
	if (!control_int(request, "a", 0, 100, &a) || !control_int(request, "b", 0, 100, &b))
		control_refuse(ret, "a and b are numbers of 0 to 100");
	else
		control_accept(ret, "%d", (int)(a + b));
	if (control_flag(request, "twice"))
		ret->body = strdup("{\"sum\":1}");
}

static void answer_look(void *ctx, const struct control_peer *peer,
			const struct control_request *request, struct control_answer *ret)
{
	(void)ctx;
	(void)peer;
	(void)request;
	control_accept(ret, "seen");
}

static const struct control_handler handlers[] = {
	{"add", false, answer_add}, {"look", true, answer_look}, {0}};

static void setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/hazewatch-control-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/control", folder);
	answered = 0;
	ck_assert_int_eq(control_new(path, handlers, &answered, &control), 0);
}

static void teardown(void)
{
	control = control_free(control);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_int_eq(rmdir(folder), 0);
}

static int connect_client(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_uint_lt(strlen(path), sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void look(void)
{
	struct pollfd polled = {.fd = control_fd(control), .events = POLLIN};

	while (poll(&polled, 1, 50) > 0)
		control_look(control);
}

/* What came back, or "" when the connection ended. */
static const char *heard(int fd)
{
	static char text[4096];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return n < 0 ? "nothing" : text;
}

static const char *say(int fd, const char *line)
{
	ck_assert_int_eq(send(fd, line, strlen(line), MSG_NOSIGNAL), (ssize_t)strlen(line));
	look();
	return heard(fd);
}

START_TEST(a_line_gets_an_answer_and_the_next_one_too)
{
	int fd = connect_client();

	ck_assert_str_eq(say(fd, "{\"request\":\"add\",\"a\":2,\"b\":3}\n"),
			 "{\"ok\":true,\"text\":\"5\"}\n");
	ck_assert_str_eq(say(fd, "{\"request\":\"add\",\"a\":2,"), "nothing");
	ck_assert_str_eq(say(fd, "\"b\":40,\"twice\":true}\n"),
			 "{\"ok\":true,\"text\":\"42\",\"body\":{\"sum\":1}}\n");
	ck_assert_str_eq(say(fd, "{\"request\":\"add\",\"a\":1,\"b\":1}\n{\"request\":\"add\"}\n"),
			 "{\"ok\":true,\"text\":\"2\"}\n{\"ok\":false,\"text\":\"a and b are "
			 "numbers of 0 to 100\"}\n");
	close(fd);
	look();
}
END_TEST

START_TEST(what_is_no_request_is_refused_with_the_reason)
{
	static const char *const wrong[][2] = {
		{"\n", "no JSON"},
		{"{\"request\":\n", "no JSON"},
		{"[1]\n", "not an object"},
		{"{\"request\":7}\n", "not an object"},
		{"{\"request\":\"add\",\"request\":\"add\"}\n", "duplicate"},
		{"{\"request\":\"mend\"}\n", "mend is not a request"},
		{"{\"request\":\"" SIXTY "aaa预\"}\n", "aaa\\\\xe9 is not a request"}, /* cut */
		{"{\"request\":\"\\u001b[2J\"}\n", "\\\\x1b[2J is not a request"},
		{"{\"request\":\"add\",\"a\":2.5,\"b\":1}\n", "numbers"},
		{"{\"request\":\"add\",\"a\":101,\"b\":1}\n", "numbers"},
		{"\xff\xfe\n", "no JSON"},
	};
	int fd = connect_client();

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *answer = say(fd, wrong[i][0]);
		ck_assert_ptr_eq(strstr(answer, "{\"ok\":false,"), answer);
		ck_assert_msg(strstr(answer, wrong[i][1]) != NULL, "%s", answer);
	}
	ck_assert_str_eq(say(fd, "{\"request\":\"add\",\"a\":2,\"b\":3}\n"),
			 "{\"ok\":true,\"text\":\"5\"}\n");
	close(fd);
}
END_TEST

START_TEST(a_line_without_an_end_ends_its_connection_and_no_other)
{
	static char much[CONTROL_LINE_MAX];
	int fd = connect_client(), other = connect_client();

	memset(much, ' ', sizeof(much));
	for (size_t sent = 0; sent < sizeof(much);) {
		ssize_t n = send(fd, much + sent, sizeof(much) - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		look();
		ck_assert_int_gt(n, 0);
		sent += (size_t)n;
	}
	ck_assert_str_eq(heard(fd), "");
	ck_assert_str_eq(say(other, "{\"request\":\"add\",\"a\":2,\"b\":3}\n"),
			 "{\"ok\":true,\"text\":\"5\"}\n");
	close(fd);
	close(other);
}
END_TEST

START_TEST(a_fifth_connection_is_told_to_come_back)
{
	int fds[CONTROL_CLIENTS_MAX + 1];

	for (int i = 0; i <= CONTROL_CLIENTS_MAX; i++)
		fds[i] = connect_client();
	look();
	ck_assert_ptr_nonnull(strstr(heard(fds[CONTROL_CLIENTS_MAX]), "too many connections"));
	close(fds[0]);
	look();
	close(fds[CONTROL_CLIENTS_MAX]);
	int late = connect_client();
	ck_assert_str_eq(say(late, "{\"request\":\"add\",\"a\":2,\"b\":3}\n"),
			 "{\"ok\":true,\"text\":\"5\"}\n");
	for (int i = 1; i < CONTROL_CLIENTS_MAX; i++)
		close(fds[i]);
	close(late);
}
END_TEST

START_TEST(the_socket_is_its_owners_and_replaces_what_a_killed_run_left)
{
	struct stat about;

	ck_assert_int_eq(stat(path, &about), 0);
	ck_assert(S_ISSOCK(about.st_mode));
	ck_assert_int_eq(about.st_mode & 0777, 0660);
	struct control *second = NULL;
	ck_assert_int_eq(control_new(path, handlers, &answered, &second), 0);
	control_free(control);
	control = NULL;
	ck_assert_int_eq(control_new(path, handlers, &answered, &control), 0);
	control_free(second);
	/* a file that is no socket is nobody's to remove */
	char file[160];
	snprintf(file, sizeof(file), "%s/file", folder);
	close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	ck_assert_int_eq(control_new(file, handlers, &answered, &second), -EADDRINUSE);
	ck_assert_int_eq(unlink(file), 0);
}
END_TEST

/* In a child: nobody's user, with the daemon's group or without it; exits with 0 if it hears what
 * is due. */
static pid_t ask_as_user(bool member)
{
	gid_t group = getegid();
	pid_t child = fork();
	if (child != 0)
		return child;
	if (setgroups(member ? 1 : 0, &group) < 0 || setresgid(54322, 54322, 54322) < 0 ||
	    setresuid(54322, 54322, 54322) < 0)
		_exit(2);
	int fd = connect_client();
	static const char lines[] = "{\"request\":\"add\",\"a\":2,\"b\":3}\n"
				    "{\"request\":\"look\"}\n";
	ssize_t sent = send(fd, lines, sizeof(lines) - 1, MSG_NOSIGNAL);
	ck_assert(!member || sent == sizeof(lines) - 1); /* others may be turned away before */
	char text[1024] = "";
	size_t have = 0;
	for (ssize_t n; (n = recv(fd, text + have, sizeof(text) - 1 - have, 0)) > 0;) {
		have += (size_t)n;
		text[have] = '\0';
		if (strstr(text, "\"seen\""))
			break;
	}
	_exit(strstr(text, "only root") && !strstr(text, "\"5\"") &&
			      !strstr(text, "seen") == !member
		      ? 0
		      : 1);
}

START_TEST(a_member_of_the_group_may_look_and_change_nothing_and_others_get_nothing)
{
	for (int member = 0; member < 2 && geteuid() == 0; member++) {
		int status = -1;
		chmod(folder, 0755);
		chmod(path, 0666); /* what the kernel would keep out is turned away all the same */
		pid_t child = ask_as_user(member);
		while (waitpid(child, &status, WNOHANG) == 0)
			look();
		ck_assert_int_eq(status, 0);
		ck_assert_int_eq(answered, 0);
	}
}
END_TEST

START_TEST(one_look_answers_a_few_lines_of_each_and_the_rest_without_a_new_one)
{
	enum { LINES = 2 * CONTROL_CLIENTS_MAX * CONTROL_LINES_AT_ONCE };
	static const char line[] = "{\"request\":\"add\",\"a\":2,\"b\":3}\n";
	int fds[CONTROL_CLIENTS_MAX], looks = 0;
	struct pollfd polled = {.fd = control_fd(control), .events = POLLIN};

	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		fds[i] = connect_client();
		for (int j = 0; j < LINES; j++)
			ck_assert_int_gt(send(fds[i], line, sizeof(line) - 1, MSG_NOSIGNAL), 0);
	}
	while (poll(&polled, 1, 50) > 0) {
		int before = answered;
		control_look(control);
		ck_assert_int_le(answered - before, CONTROL_CLIENTS_MAX * CONTROL_LINES_AT_ONCE);
		ck_assert_int_lt(looks++, 1000);
		for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
			heard(fds[i]);
	}
	ck_assert_int_eq(answered, CONTROL_CLIENTS_MAX * LINES);
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		close(fds[i]);
}
END_TEST

static void on_flood(void *ctx)
{
	(void)ctx;
	control_look(control);
}

static int64_t on_minute(void *ctx)
{
	static int minutes;
	if (++minutes == 20)
		loop_exit(ctx, minutes);
	return 1;
}

/* Else this test would end by its time-out. */
START_TEST(the_stations_time_goes_on_whatever_people_ask)
{
	struct loop *loop = NULL;
	ck_assert_int_eq(loop_new(&loop), 0);
	ck_assert_int_ge(loop_on_readable(loop, control_fd(control), LOOP_PEOPLE, on_flood, NULL),
			 0);
	ck_assert_int_ge(loop_on_timer(loop, 1, LOOP_TIME, on_minute, loop), 0);
	flooder = connect_client();
	flood();
	ck_assert_int_eq(loop_run(loop), 20);
	ck_assert_int_gt(answered, 0);
	loop_free(loop);
	close(flooder);
	flooder = -1;
}
END_TEST

/* In a child: a member of the group who opens all connections and keeps them until it is killed. */
static pid_t hold_as_member(void)
{
	pid_t child = fork();
	if (child != 0)
		return child;
	gid_t group = getegid();
	if (setgroups(1, &group) < 0 || setresgid(54322, 54322, 54322) < 0 ||
	    setresuid(54322, 54322, 54322) < 0)
		_exit(2);
	int last = -1;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		last = connect_client();
	char text[256] = "";
	_exit(recv(last, text, sizeof(text) - 1, 0) > 0 && strstr(text, "too many") ? 0 : 1);
}

START_TEST(members_leave_one_connection_for_who_may_act)
{
	if (geteuid() != 0)
		return;
	int status = -1;
	chmod(folder, 0755);
	chmod(path, 0666);
	pid_t child = hold_as_member();
	while (waitpid(child, &status, WNOHANG) == 0)
		look();
	ck_assert_int_eq(status, 0);
	int fd = connect_client();
	ck_assert_str_eq(say(fd, "{\"request\":\"add\",\"a\":2,\"b\":3}\n"),
			 "{\"ok\":true,\"text\":\"5\"}\n");
	close(fd);
}
END_TEST

START_TEST(an_answer_that_nobody_takes_ends_the_connection)
{
	int fd = connect_client();
	static const char line[] = "{\"request\":\"add\",\"a\":2,\"b\":3}\n";
	bool ended = false;

	for (int i = 0; i < 100000 && !ended; i++) {
		ended = send(fd, line, sizeof(line) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 &&
			errno == EPIPE;
		control_look(control);
	}
	ck_assert(ended);
	close(fd);
}
END_TEST

/* Whole lines keep it, pieces of one do not, however many come. */
START_TEST(a_connection_without_a_whole_line_ends_after_half_a_minute)
{
	int fd = connect_client(), slow = connect_client();
	look();
	int64_t came_ms = clock_monotonic_ms(); /* or a little before */
	usleep(50000);
	ck_assert_str_eq(say(fd, "{\"request\":\"look\"}\n"), "{\"ok\":true,\"text\":\"seen\"}\n");
	ck_assert_str_eq(say(slow, "{\"request\""), "nothing");
	int64_t spoke_ms = clock_monotonic_ms();
	control_tick(control, came_ms + CONTROL_IDLE_MS / 2);
	ck_assert_str_eq(heard(slow), "nothing");
	control_tick(control, came_ms + CONTROL_IDLE_MS + 40);
	ck_assert_str_eq(heard(slow), "");
	ck_assert_str_eq(heard(fd), "nothing");
	control_tick(control, spoke_ms + CONTROL_IDLE_MS + 1);
	ck_assert_str_eq(heard(fd), "");
	close(fd);
	close(slow);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("control");
	TCase *tc = tcase_create("control");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_line_gets_an_answer_and_the_next_one_too);
	tcase_add_test(tc, what_is_no_request_is_refused_with_the_reason);
	tcase_add_test(tc, a_line_without_an_end_ends_its_connection_and_no_other);
	tcase_add_test(tc, a_fifth_connection_is_told_to_come_back);
	tcase_add_test(tc, the_socket_is_its_owners_and_replaces_what_a_killed_run_left);
	tcase_add_test(tc,
		       a_member_of_the_group_may_look_and_change_nothing_and_others_get_nothing);
	tcase_add_test(tc, one_look_answers_a_few_lines_of_each_and_the_rest_without_a_new_one);
	tcase_add_test(tc, the_stations_time_goes_on_whatever_people_ask);
	tcase_add_test(tc, members_leave_one_connection_for_who_may_act);
	tcase_add_test(tc, an_answer_that_nobody_takes_ends_the_connection);
	tcase_add_test(tc, a_connection_without_a_whole_line_ends_after_half_a_minute);
	suite_add_tcase(suite, tc);
	return suite;
}
