/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "command.h"
#include "plain_file.h"
#include "sign.h"
#include "usage.h"
#include "words.h"

static const char *const usage = TR_LATER(
	"Usage: hazewatch sign --key KEY.pem --name NAME --topic TOPIC [FILE.json]\n"
	"       hazewatch sign --key KEY.pem --public\n"
	"\n"
	"Writes a signed command for a station to standard output, to be published\n"
	"as it is under TOPIC. The JSON (default: standard input) must name target,\n"
	"counter and not_after; see hazewatch-mqtt(7).\n"
	"\n"
	"  --key KEY.pem  an Ed25519 or SM2 private key (openssl genpkey -algorithm\n"
	"                 ed25519, or SM2)\n"
	"  --name NAME    the key's name in the station file\n"
	"  --topic TOPIC  hazewatch/1/AREA/STATION/cmd/KIND\n"
	"  --public       show the public half of the key instead\n"
	"  --help         show this\n"
	"\n"
	"Exit status: 0 done, 64 wrong usage, 65 not a command, 66 a file cannot be read,\n"
	"74 the output failed.\n");

struct request {
	const char *key, *name, *topic, *file;
	bool public;
};

static int fail_signing(int code, const char *what, const char *why)
{
	usage_tell("%s: %s", what, why);
	return code;
}

static int show_public(const struct request *request)
{
	char text[SIGN_PUBLIC_SIZE];
	if (!sign_public(request->key, text))
		return fail_signing(EX_NOINPUT, request->key,
				    tr("not a readable Ed25519 or SM2 private key in PEM"));
	puts(text);
	return EX_OK;
}

/* At most `size` - 1 bytes and a NUL; -1 if it cannot be read. */
static long read_json(const char *path, char *ret, size_t size, char why[PLAIN_WHY_MAX])
{
	bool standard = !path || strcmp(path, "-") == 0;
	FILE *file = standard ? stdin : plain_open(path, why);
	if (!file)
		return -1;
	size_t n = fread(ret, 1, size - 1, file);
	bool good = !ferror(file);
	if (!good)
		snprintf(why, PLAIN_WHY_MAX, tr("cannot be read: %s"), strerror(errno));
	ret[n] = '\0';
	if (!standard)
		fclose(file);
	return good ? (long)n : -1;
}

static int print_signed_command(const struct request *request)
{
	static char json[COMMAND_JSON_MAX + 1];
	char text[SIGN_TEXT_SIZE], why[PLAIN_WHY_MAX];
	long n = read_json(request->file, json, sizeof(json), why);
	if (n < 0)
		return fail_signing(EX_NOINPUT, request->file ? request->file : "-", why);
	if (n == 0 || n >= COMMAND_JSON_MAX)
		return fail_signing(EX_DATAERR, request->file ? request->file : "-",
				    n == 0 ? tr("empty") : tr("larger than 64 KiB"));
	if (!sign_make(request->key, request->topic, json, (size_t)n, text))
		return fail_signing(EX_NOINPUT, request->key,
				    tr("not a readable Ed25519 or SM2 private key in PEM"));
	printf(SIGN_MARK "%s %s\n", request->name, text);
	fwrite(json, 1, (size_t)n, stdout);
	return usage_flush() == 0 ? EX_OK : EX_IOERR;
}

/* -1 to go on, or the exit code. */
static int parse_sign_options(int argc, char **argv, struct request *ret)
{
	static const struct option options[] = {
		{"key", required_argument, NULL, 'k'},   {"name", required_argument, NULL, 'n'},
		{"topic", required_argument, NULL, 't'}, {"public", no_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0},
	};
	int option;
	while ((option = usage_next(argc, argv, options)) != -1) {
		switch (option) {
		case 'k':
			ret->key = optarg;
			break;
		case 'n':
			ret->name = optarg;
			break;
		case 't':
			ret->topic = optarg;
			break;
		case 'p':
			ret->public = true;
			break;
		case 'h':
			fputs(tr(usage), stdout);
			return EX_OK;
		default:
			return EX_USAGE;
		}
	}
	ret->file = argv[optind];
	return -1;
}

int sign_command(int argc, char **argv)
{
	struct request request = {0};
	int code = parse_sign_options(argc, argv, &request);
	if (code >= 0)
		return code;
	if (!request.key)
		return usage_refuse(tr("--key is missing"));
	if (!request.public && (!request.name || !request.topic))
		return usage_refuse(tr("--name and --topic are needed, or --public"));
	if (argc - optind > (request.public ? 0 : 1))
		return usage_refuse(tr("%s is one argument too many"), argv[argc - 1]);
	char why[PLAIN_WHY_MAX];
	if (!plain_check(request.key, why))
		return fail_signing(EX_NOINPUT, request.key, why);
	return request.public ? show_public(&request) : print_signed_command(&request);
}
