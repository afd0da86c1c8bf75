/* SPDX-License-Identifier: MIT */
#include "relay_text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hour.h"
#include "sign.h"
#include "time_text.h"

#define WRITTEN (JSON_COMPACT | JSON_REAL_PRECISION(15))
#define ENVELOPE_MAX 256 /* bytes of its line */

static void set_order(json_t *json, const struct relay_order *order)
{
	char until[TIME_TEXT_SIZE];
	json_object_set_new(json, "target", json_string(order->order.target));
	json_object_set_new(json, "counter", json_integer(order->order.counter));
	json_object_set_new(json, "not_after",
			    json_string(time_text(order->order.not_after_ms, until)));
}

char *relay_text(const char *command, const struct relay_order *order)
{
	json_t *json = json_loads(command, JSON_REJECT_DUPLICATES, NULL);
	if (!json)
		return NULL;
	set_order(json, order);
	json_object_set_new(json, "relayed_by", json_string(order->district));
	char *text = json_dumps(json, WRITTEN);
	json_decref(json);
	if (!text || strlen(text) + ENVELOPE_MAX < COMMAND_JSON_MAX)
		return text;
	free(text);
	return NULL;
}

char *relay_resend(const char *id, int64_t now_ms, const struct resend *resend,
		   const struct relay_order *order)
{
	char now[TIME_TEXT_SIZE], from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
	json_t *json =
		json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", id, "issuer", order->district, "time",
			  time_text(now_ms, now), "from", time_text(resend->from * HOUR_MS, from),
			  "to", time_text(resend->to * HOUR_MS, to));
	set_order(json, order);
	char *text = json ? json_dumps(json, WRITTEN) : NULL;
	json_decref(json);
	return text;
}

char *relay_envelope(const char *key, const char *signature, const char *json)
{
	char *ret = NULL;
	return asprintf(&ret, SIGN_MARK "%s %s\n%s", key, signature, json) < 0 ? NULL : ret;
}
