/* SPDX-License-Identifier: MIT */
#include "box_mark.h"

#include <stdio.h>
#include <string.h>

#define MARK "hazewatch-box-1 "
#define WITH_KEY " key\n"
#define WITHOUT_KEY " system\n"

size_t box_mark_write(const struct box_mark *mark, char ret[BOX_MARK_MAX])
{
	return (size_t)snprintf(ret, BOX_MARK_MAX, MARK "%s%s", mark->user,
				mark->needs_key ? WITH_KEY : WITHOUT_KEY);
}

const char *box_mark_read(const char *payload, struct box_mark *ret)
{
	*ret = (struct box_mark){.needs_key = true};
	if (strncmp(payload, MARK, strlen(MARK)) != 0)
		return NULL;
	const char *user = payload + strlen(MARK);
	size_t n = strcspn(user, " \n");
	const char *rest = user + n;
	if (n == 0 || n >= sizeof(ret->user))
		return NULL;
	ret->needs_key = strncmp(rest, WITHOUT_KEY, strlen(WITHOUT_KEY)) != 0;
	if (ret->needs_key && strncmp(rest, WITH_KEY, strlen(WITH_KEY)) != 0)
		return NULL;
	memcpy(ret->user, user, n);
	return strchr(rest, '\n') + 1;
}
