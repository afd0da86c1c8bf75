/* SPDX-License-Identifier: MIT */
#include "cmd_hj212.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "conf_hj212.h"
#include "payload_hj212.h"
#include "sm4.h"
#include "usage.h"
#include "words.h"

#define DEFAULT_PROFILE "gb-2017"

static const char *const usage =
	TR_LATER("Usage: hazewatch hj212 decode [OPTION]... [FILE|-]\n"
		 "\n"
		 "Explains the frames of HJ 212 in a FILE (default: standard input): fields,\n"
		 "factors, units, qualities and times; what is wrong with a frame, and which\n"
		 "variant of a profile would take it. Passwords and keys are not shown.\n"
		 "\n"
		 "  --profile NAME|FILE  how that side speaks, by default gb-2017; see\n"
		 "                       hazewatch-hj212(5)\n"
		 "  --key FILE           the SM4 key of the device, instead of the profile's\n"
		 "  --config-dir DIR     look here first for profiles\n"
		 "  --json               one object a frame instead of text\n"
		 "  --help               show this\n"
		 "\n"
		 "Exit status: 0 all frames are right, 64 wrong usage, 65 one is not or there is\n"
		 "none, 66 a file cannot be read, 74 the output failed, 78 the profile has\n"
		 "problems.\n");

struct request {
	const char *profile, *key, *config_dir, *file;
	bool json;
};

/* A run over a capture. */
struct decoding {
	const struct request *request;
	struct hj212_profile profile;
	struct sm4_key key;
	struct hj212_cipher cipher;
	struct hj212_form form;
	struct hj212_reader reader;
	struct hj212_counts counts;
	long number;
};

static int fail_reading(int code, const char *path, const char *why)
{
	usage_tell("%s: %s", path, why);
	return code;
}

/* 0, or the exit code after a message. */
static int load_key(struct decoding *decoding)
{
	const char *path =
		decoding->request->key ? decoding->request->key : decoding->profile.key_file;
	char why[PLAIN_WHY_MAX];
	if (!path)
		return EX_OK;
	if (!sm4_key_read(path, &decoding->key, why))
		return fail_reading(decoding->request->key ? EX_NOINPUT : EX_CONFIG, path, why);
	decoding->cipher = (struct hj212_cipher){sm4_blocks, &decoding->key};
	decoding->form.cipher = &decoding->cipher;
	return EX_OK;
}

static int load_profile(struct decoding *decoding, struct arena *arena)
{
	const struct request *request = decoding->request;
	struct problems problems = {0};
	bool good = conf_load_hj212(request->profile ? request->profile : DEFAULT_PROFILE,
				    request->config_dir, &problems, arena, &decoding->profile);
	problems_print(&problems, stderr);
	problems_done(&problems);
	if (!good)
		return EX_CONFIG;
	decoding->form = (struct hj212_form){.crc = decoding->profile.crc,
					     .length = decoding->profile.length};
	return load_key(decoding);
}

static void print_json(char *text)
{
	if (text)
		puts(text);
	free(text);
}

static void take_event(struct decoding *decoding, const struct hj212_event *event)
{
	static struct explained explained;
	decoding->counts.other += event->skipped;
	if (event->kind == HJ212_OTHER) {
		if (!decoding->request->json)
			printf(tr("%lld bytes that belong to no frame\n"),
			       (long long)event->skipped);
		return;
	}
	decoding->number++;
	*(event->kind == HJ212_FRAME ? &decoding->counts.frames : &decoding->counts.refused) += 1;
	explain_event(event, &decoding->profile, decoding->request->profile != NULL, &explained);
	if (decoding->request->json)
		print_json(payload_hj212_frame(&explained, decoding->number));
	else
		text_hj212_frame(&explained, decoding->number, decoding->form.cipher != NULL,
				 stdout);
}

static void take_events(struct decoding *decoding, int64_t now_ms)
{
	struct hj212_event event;
	while (hj212_reader_next(&decoding->reader, now_ms, &event))
		take_event(decoding, &event);
}

/* A pipe's frames are told as they come. False: it cannot be read. */
static bool read_capture(struct decoding *decoding, int fd)
{
	uint8_t bytes[4096];
	ssize_t n;
	hj212_reader_init(&decoding->reader, &decoding->form);
	while ((n = read(fd, bytes, sizeof(bytes))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		for (size_t at = 0; at < (size_t)n;) {
			at += hj212_reader_put(&decoding->reader, 0, bytes + at, (size_t)n - at);
			take_events(decoding, 0);
		}
		usage_flush();
	}
	take_events(decoding, HJ212_END);
	return true;
}

static int decode_fd(struct decoding *decoding, int fd, const char *name)
{
	const struct hj212_counts *counts = &decoding->counts;
	char why[PLAIN_WHY_MAX];
	bool good = read_capture(decoding, fd);
	if (!good) {
		snprintf(why, sizeof(why), tr("cannot be read: %s"), strerror(errno));
		return fail_reading(EX_NOINPUT, name, why);
	}
	if (decoding->request->json)
		print_json(payload_hj212_counts(counts));
	else if (decoding->number != 1 || counts->other > 0)
		text_hj212_counts(counts, stdout);
	return counts->refused > 0 || counts->frames == 0 ? EX_DATAERR : EX_OK;
}

static int decode_file(struct decoding *decoding)
{
	const char *path = decoding->request->file;
	char why[PLAIN_WHY_MAX];
	if (!path || strcmp(path, "-") == 0)
		return decode_fd(decoding, STDIN_FILENO, "-");
	FILE *file = plain_open(path, why);
	if (!file)
		return fail_reading(EX_NOINPUT, path, why);
	int code = decode_fd(decoding, fileno(file), path);
	fclose(file);
	return code;
}

static int decode_frames(const struct request *request)
{
	static struct decoding decoding;
	struct arena *arena = arena_new();
	decoding.request = request;
	int code = load_profile(&decoding, arena);
	if (code == EX_OK)
		code = decode_file(&decoding);
	arena_free(arena);
	return code;
}

/* -1 to go on, or the exit code. */
static int parse_hj212_options(int argc, char **argv, struct request *ret)
{
	static const struct option options[] = {
		{"profile", required_argument, NULL, 'p'},
		{"key", required_argument, NULL, 'k'},
		{"config-dir", required_argument, NULL, 'c'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;
	while ((option = usage_next(argc, argv, options)) != -1) {
		switch (option) {
		case 'p':
			ret->profile = optarg;
			break;
		case 'k':
			ret->key = optarg;
			break;
		case 'c':
			ret->config_dir = optarg;
			break;
		case 'j':
			ret->json = true;
			break;
		case 'h':
			fputs(tr(usage), stdout);
			return EX_OK;
		default:
			return EX_USAGE;
		}
	}
	return -1;
}

int hj212_command(int argc, char **argv)
{
	static const char *const actions[] = {"decode", NULL};
	struct request request = {0};
	int code = parse_hj212_options(argc, argv, &request);
	if (code >= 0)
		return code;
	if (optind == argc)
		return usage_refuse(tr("no action is given: decode"));
	if (strcmp(argv[optind], actions[0]) != 0)
		return usage_refuse_word("hj212", argv[optind], actions);
	if (argc - optind > 2)
		return usage_refuse(tr("%s is one argument too many"), argv[argc - 1]);
	request.file = argv[optind + 1];
	return decode_frames(&request);
}
