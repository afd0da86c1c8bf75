/* SPDX-License-Identifier: MIT */
/* Any line on the control socket, as a request and as an answer; and what is answered to it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "control_line.h"
#include "fuzz.h"

#define LINE_MAX_SIZE 16384

static void check_request(const struct control_request *request)
{
	static const char *const keys[] = {"request", "sensor", "minutes", "name", "kind", "x"};
	assert(control_request_name(request));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		int64_t value = 7;
		bool number = control_int(request, keys[i], 1, 10080, &value);
		assert(number ? value >= 1 && value <= 10080 : value == 7);
		assert(!number ||
		       (!control_text(request, keys[i]) && !control_flag(request, keys[i])));
		assert(!control_flag(request, keys[i]) || !control_text(request, keys[i]));
	}
}

/* What is answered is one line, and reads back as it is. */
static void check_answer(const char *words)
{
	struct control_answer answer, back = {0};
	control_refuse(&answer, "%s", words);
	answer.body = NULL;
	char *line = control_answer_line(&answer);
	assert(line && strchr(line, '\n') == line + strlen(line) - 1);
	bool read = control_answer_parse(line, &back);
	assert(read && !back.ok && !back.body);
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char line[LINE_MAX_SIZE];
	char error[CONTROL_TEXT_MAX] = "";
	struct control_answer answer = {0};
	struct control_request *request = control_request_parse((const char *)data, size, error);
	assert((request == NULL) == (error[0] != '\0'));
	if (request)
		check_request(request);
	control_request_free(request);
	size = size < sizeof(line) ? size : sizeof(line) - 1;
	memcpy(line, data, size);
	line[size] = '\0';
	check_answer(request ? line : error);
	check_answer(line);
	if (control_answer_parse(line, &answer))
		free(answer.body);
	return 0;
}
