/* SPDX-License-Identifier: MIT */
/* What the tables of commands say of each line "KIND JSON" on standard input: "ok", or why not. For
 * commands.py, which asks the published schemas. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "command_json.h"
#include "command_kind.h"

static const struct plan plan = {
	.id = "oracle",
	.n_levels = 3,
	.levels = {[1].id = "yellow", [2].id = "orange", [3].id = "red"},
};

static const char *judge_line(const char *kind_name, const char *json)
{
	static struct command_message message;
	struct command_ack ack;
	enum command_kind kind;
	size_t n = strlen(json);
	if (strcmp(kind_name, "ack") == 0)
		return command_parse_ack(json, n, &ack) ? "ok" : "no ack";
	if (!command_kind_parse(kind_name, &kind))
		return "no kind";
	return command_parse(kind, json, n, &plan, &message) ? "ok" : message.why;
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	for (ssize_t n; (n = getline(&line, &room, stdin)) > 0;) {
		line[n - 1] = '\0';
		char *blank = strchr(line, ' ');
		if (!blank)
			return EXIT_FAILURE;
		*blank = '\0';
		puts(judge_line(line, blank + 1));
	}
	free(line);
	return EXIT_SUCCESS;
}
