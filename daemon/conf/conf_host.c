/* SPDX-License-Identifier: MIT */
#include "conf_host.h"

#include <stdio.h>
#include <string.h>

#include "link.h"

#define HEX "0123456789abcdefABCDEF"
#define NAME_BYTES_MAX 253

static bool is_ascii(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text >= 0x80)
			return false;
	}
	return true;
}

static bool is_address(const char *text, int length)
{
	char address[NAME_BYTES_MAX + 1];
	snprintf(address, sizeof(address), "%.*s", length, text);
	return link_host_is_numeric(address);
}

/* Colons in an address that is none: what is before the first is no name. */
static bool is_no_address(const char *name)
{
	size_t length = strspn(name, HEX ":.");
	const char *colon = strchr(name, ':');
	return colon && strchr(colon + 1, ':') && (name[length] == '\0' || name[length] == '%');
}

struct conf_host conf_host_split(const char *text)
{
	const char *scheme = strstr(text, "://"), *name = scheme ? scheme + 3 : text;
	bool bracketed = name[0] == '[';
	int whole = (int)strlen(text);
	if (!is_ascii(text))
		return (struct conf_host){.name = text};
	if (strchr(text, ':') && is_address(text, whole))
		return (struct conf_host){.name = text, .name_length = whole, .bare = true};
	name += bracketed;
	int length = (int)strcspn(name, bracketed ? "]" : ":/ ");
	if (bracketed ? name[length] != ']' || !is_address(name, length) : is_no_address(name))
		return (struct conf_host){.name = text};
	struct conf_host host = {.name = name, .name_length = length};
	const char *end = name + length + bracketed;
	if (*end == ':')
		host.port_length = (int)strspn(end + 1, "0123456789");
	if (host.port_length > 0) {
		host.port = end + 1;
		end = host.port + host.port_length;
	}
	host.bare = length > 0 && length == whole;
	host.rest = scheme || *end != '\0';
	return host;
}
