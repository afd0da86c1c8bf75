/* SPDX-License-Identifier: MIT */
#include "control_line.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_text.h"

/* The wrapped object itself; never defined. */
static json_t *object_of(const struct control_request *request)
{
	return (json_t *)request;
}

struct control_request *control_request_parse(const char *line, size_t length,
					      char error[CONTROL_TEXT_MAX])
{
	json_error_t why;
	json_t *json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &why);
	if (!json) {
		snprintf(error, CONTROL_TEXT_MAX, "no JSON: %s", why.text);
		return NULL;
	}
	if (!json_is_object(json) || !json_is_string(json_object_get(json, "request"))) {
		snprintf(error, CONTROL_TEXT_MAX, "not an object with a text \"request\"");
		json_decref(json);
		return NULL;
	}
	return (struct control_request *)json;
}

struct control_request *control_request_free(struct control_request *request)
{
	json_decref(object_of(request));
	return NULL;
}

const char *control_request_name(const struct control_request *request)
{
	return control_text(request, "request");
}

const char *control_text(const struct control_request *request, const char *key)
{
	return json_string_value(json_object_get(object_of(request), key));
}

bool control_int(const struct control_request *request, const char *key, int64_t min, int64_t max,
		 int64_t *ret)
{
	const json_t *json = json_object_get(object_of(request), key);
	if (!json_is_integer(json) || json_integer_value(json) < min ||
	    json_integer_value(json) > max)
		return false;
	*ret = json_integer_value(json);
	return true;
}

bool control_flag(const struct control_request *request, const char *key)
{
	return json_is_true(json_object_get(object_of(request), key));
}

__attribute__((format(printf, 3, 0))) static void
fill_answer(struct control_answer *answer, bool ok, const char *format, va_list args)
{
	answer->ok = ok;
	vsnprintf(answer->text, sizeof(answer->text), format, args);
}

void control_refuse(struct control_answer *answer, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fill_answer(answer, false, format, args);
	va_end(args);
}

void control_accept(struct control_answer *answer, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fill_answer(answer, true, format, args);
	va_end(args);
}

char *control_answer_line(struct control_answer *answer)
{
	char plain[sizeof(answer->text)]; /* it may have words of who asks in it, cut anywhere */
	plain_text_write(plain, sizeof(plain), answer->text);
	json_t *json = json_pack("{s:b, s:s}", "ok", answer->ok, "text", plain);
	if (answer->body)
		json_object_set_new(json, "body", json_loads(answer->body, 0, NULL));
	free(answer->body);
	answer->body = NULL;
	char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!text)
		return NULL;
	size_t length = strlen(text);
	char *line = realloc(text, length + 2);
	if (!line) {
		free(text);
		return NULL;
	}
	memcpy(line + length, "\n", 2);
	return line;
}

bool control_answer_parse(const char *line, struct control_answer *ret)
{
	json_t *json = json_loads(line, 0, NULL);
	const char *text = json_string_value(json_object_get(json, "text"));
	const json_t *ok = json_object_get(json, "ok");
	bool good = text && json_is_boolean(ok);
	if (good) {
		*ret = (struct control_answer){.ok = json_is_true(ok)};
		snprintf(ret->text, sizeof(ret->text), "%s", text);
		ret->body = json_dumps(json_object_get(json, "body"), JSON_COMPACT);
	}
	json_decref(json);
	return good;
}
