/* SPDX-License-Identifier: MIT */
/*
 * The Modbus master against a slave that answers at once: what a request costs, how much of a
 * serial line's time it uses, and how late polls are.
 *
 * usage: bench_sensors [SECONDS] (of each row, default 10; the polls take six times as long)
 *
 * The slave is another process. Its serial line is a pty on which every byte comes when it would
 * come on the wire; what is possible there is a request of 8 characters, its answer, and 3.5
 * characters of silence after each.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "bus.h"
#include "line.h"
#include "link.h"

#define UNIT 1
#define TIMEOUT_MS 500
#define POLL_MS 1000
#define POLL_TIMES 6
#define SECOND_NS 1e9
#define SLEEPS 100
#define SLEEP_MS 50

static int seconds = 10;

/* ---- the slave's process ---- */

static pid_t serve(struct line *line)
{
	fflush(stdout);
	pid_t child = fork();
	if (child < 0)
		abort();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		line_serve(line);
	}
	return child;
}

static void end(struct line *line, pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	if (line->slave.listen_fd >= 0)
		close(line->slave.listen_fd);
	if (line->slave.keep_fd >= 0)
		close(line->slave.keep_fd);
	if (line->slave.line_fd >= 0)
		close(line->slave.line_fd);
	munmap(line->tally, sizeof(*line->tally));
}

/* ---- requests, one after another ---- */

struct wire {
	const char *name;
	int baud; /* of the line, 0: TCP */
	char parity;
	bool paced;
};

static struct link_conf conf_of(const struct wire *wire, const struct line *line)
{
	return (struct link_conf){.kind = wire->baud > 0 ? LINK_RTU : LINK_TCP,
				  .host = "127.0.0.1",
				  .port = line->slave.port,
				  .device = line->slave.path,
				  .baud = wire->baud,
				  .parity = wire->parity,
				  .data_bits = 8,
				  .stop_bits = 1,
				  .response_timeout_ms = TIMEOUT_MS,
				  .quiet_ms = 300};
}

static double now_s(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / SECOND_NS;
}

/* How many requests were answered until the time was over. */
static int ask(struct link *link, int registers)
{
	/* never the same quantity twice, as the read plan has it */
	const struct request requests[] = {{3, 0, (uint16_t)registers},
					   {3, 200, (uint16_t)(registers - 1)}};
	uint16_t words[READPLAN_REGISTERS_MAX];
	int code = 0, n = 0;
	double until_s = now_s(CLOCK_MONOTONIC) + seconds;
	while (now_s(CLOCK_MONOTONIC) < until_s) {
		if (link_open(link, &code) != WHY_NONE ||
		    link_read(link, &(struct asked){.unit_id = UNIT}, &requests[n % 2], words,
			      &code) != WHY_NONE) {
			fprintf(stderr, "request %d was not answered\n", n);
			exit(EXIT_FAILURE);
		}
		n++;
	}
	return n;
}

static void print_use(const struct line *line, int registers, double requests_per_s)
{
	double characters = 8 + 3.5 + 5 + 2 * (registers - 0.5) + 3.5;
	double possible = SECOND_NS / (characters * (double)line_character_ns(line));
	printf(" %9.1f %7.1f %%\n", possible, 100 * requests_per_s / possible);
}

static void measure(const struct wire *wire, int registers)
{
	static struct line line;
	line = (struct line){.tally = line_tally_new()};
	int bits = wire->parity == 'N' ? 10 : 11;
	if (wire->baud > 0)
		line_open_pty(&line, wire->paced ? wire->baud : 0, bits);
	else
		line_open_tcp(&line, 0);
	pid_t child = serve(&line);
	const struct link_conf conf = conf_of(wire, &line);
	struct link *link = link_new(&conf);
	double began_s = now_s(CLOCK_MONOTONIC), spent_s = now_s(CLOCK_THREAD_CPUTIME_ID);
	int n = ask(link, registers);
	double took_s = now_s(CLOCK_MONOTONIC) - began_s;
	spent_s = now_s(CLOCK_THREAD_CPUTIME_ID) - spent_s;
	printf("%-22s %9d %10.1f %11.0f %12.3f", wire->name, registers, n / took_s,
	       (double)line.tally->registers / took_s, spent_s / n * 1000);
	if (wire->paced)
		print_use(&line, registers, n / took_s);
	else
		printf("\n");
	fflush(stdout);
	link_free(link);
	end(&line, child);
}

/* ---- polls, as the daemon makes them ---- */

static int64_t boot_ms(void *context)
{
	(void)context;
	return (int64_t)(now_s(CLOCK_BOOTTIME) * 1000);
}

static int64_t wait_ms(void *context, int64_t at_ms)
{
	int64_t left_ms = at_ms - boot_ms(context);
	return left_ms > 0 ? left_ms + 1 : 0;
}

static void count_sample(void *context, const struct sample *sample)
{
	(void)sample;
	++*(int *)context;
}

static void ignore(void *context, int bus, const struct bus_notice *notice)
{
	(void)context, (void)bus, (void)notice;
}

/* One request for `registers`: a row in the first, a status that is always normal in the last. */
static struct profile profile_of(int registers)
{
	return (struct profile){
		.id = "bench",
		.n_rows = 1,
		.rows[0] = {.pollutant = POLLUTANT_PM25,
			    .function = 3,
			    .scale = 0.01,
			    .range_max = 1000},
		.n_statuses = 1,
		.statuses[0] = {.normal = {.at = {.function = 3,
						  .address = (uint16_t)(registers - 1)},
					   .n_good = 1,
					   .good = {{0, UINT16_MAX}}},
				.rows = PROFILE_ALL_ROWS},
		.max_hole = registers,
	};
}

static void fill(struct bus_conf *conf, const struct profile *profile, int devices)
{
	conf->id = "bench";
	conf->n_devices = devices;
	for (int i = 0; i < devices; i++) {
		struct device_conf *device = &conf->devices[i];
		*device = (struct device_conf){
			.id = "device", .unit_id = i + 1, .profile = profile, .poll_ms = POLL_MS};
		memset(device->channels, -1, sizeof(device->channels));
		device->channels[0] = 0;
	}
}

static void poll_devices(int devices, int registers)
{
	static struct line line;
	static struct bus_conf conf;
	const struct wire tcp = {"TCP", 0, 'N', false};
	const struct profile profile = profile_of(registers);
	int samples = 0, window_s = seconds * POLL_TIMES;
	line = (struct line){.tally = line_tally_new(), .period_ms = POLL_MS};
	line_open_tcp(&line, 0);
	pid_t child = serve(&line);
	fill(&conf, &profile, devices);
	conf.link = conf_of(&tcp, &line);
	const struct bus_env env = {&samples, boot_ms, wait_ms, count_sample, ignore, NULL};
	struct bus *bus;
	if (bus_start(&conf, &env, 0, &bus) != 0)
		abort();
	sleep(2); /* the first polls are due at once, not at a multiple of a second */
	line_tally_reset(line.tally);
	double spent_s = now_s(CLOCK_PROCESS_CPUTIME_ID);
	sleep((unsigned)window_s);
	spent_s = now_s(CLOCK_PROCESS_CPUTIME_ID) - spent_s;
	struct line_late late = line_late(line.tally, 0);
	printf("%3d x %-3d %10.2f %11.0f %12.3f %14.2f %9.2f %9.2f\n", devices, registers,
	       (double)line.tally->requests / window_s, (double)line.tally->registers / window_s,
	       spent_s / window_s * 60, late.median_ms, late.p99_ms, late.max_ms);
	fflush(stdout);
	bus_free(bus);
	end(&line, child);
}

/* What no program on this machine can better. */
static void print_sleeper(void)
{
	double longest_s = 0, sum_s = 0;
	for (int i = 0; i < SLEEPS; i++) {
		double began_s = now_s(CLOCK_MONOTONIC);
		slave_sleep_ms(SLEEP_MS);
		double over_s = now_s(CLOCK_MONOTONIC) - began_s - SLEEP_MS / 1000.0;
		longest_s = over_s > longest_s ? over_s : longest_s;
		sum_s += over_s;
	}
	printf("a process that only sleeps is woken %.2f ms late here, at most %.2f ms\n",
	       sum_s / SLEEPS * 1000, longest_s * 1000);
}

int main(int argc, char *argv[])
{
	static const struct wire wires[] = {
		{"TCP, loopback", 0, 'N', false},        {"pty, not paced", 115200, 'N', false},
		{"pty, 9,600 8E1", 9600, 'E', true},     {"pty, 9,600 8N1", 9600, 'N', true},
		{"pty, 115,200 8E1", 115200, 'E', true}, {"pty, 115,200 8N1", 115200, 'N', true},
	};
	static const int sizes[] = {20, 100};
	if (argc > 1)
		seconds = atoi(argv[1]);
	printf("line                   registers requests/s registers/s CPU s/1,000r  possible"
	       "      use\n");
	for (size_t w = 0; w < sizeof(wires) / sizeof(wires[0]); w++) {
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			measure(&wires[w], sizes[s]);
	}
	printf("\ndevices x registers, one TCP bus, polled every second; how late behind the "
	       "second\n"
	       "          requests/s registers/s CPU s in 60 s  median ms    p99 ms    max ms\n");
	fflush(stdout);
	poll_devices(1, 20);
	poll_devices(4, 20);
	poll_devices(64, 100);
	print_sleeper();
	return 0;
}
