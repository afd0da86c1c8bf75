/* SPDX-License-Identifier: MIT */
#include "nearest.h"
#include "words.h"
#include "yaml_file.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 18 /* what an int64_t holds for certain */
#define ID_MAX 32
#define LISTED_MAX 512

/* A closed list of words for a message: "a, b, c". */
struct listing {
	char text[LISTED_MAX];
	size_t length;
};

static void list_add(struct listing *listing, const char *word)
{
	int n = snprintf(listing->text + listing->length, sizeof(listing->text) - listing->length,
			 "%s%s", listing->length ? ", " : "", word);
	listing->length += (size_t)n;
	if (listing->length >= sizeof(listing->text))
		listing->length = sizeof(listing->text) - 1;
}

static void list_known_keys(const struct yaml_key *keys, struct listing *listing)
{
	for (; keys->key; keys++)
		list_add(listing, keys->key);
}

/* The value is not what the key takes. */
static void tell_wrong_value(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
			     const char *allowed)
{
	yaml_problem(file, node, tr("%s%s%s is not %s%s"), key->key ? key->key : "",
		     key->key ? tr(": ") : "", yaml_found(file, node), allowed,
		     yaml_hint(yaml_scalar(file, node)));
}

static void *find_member(void *object, const struct yaml_key *key)
{
	return (char *)object + key->offset;
}

/* The text of a plain number with at most `decimals` digits after the point, NULL if it is none. */
static const char *number_text(const struct yaml_file *file, yaml_node node, size_t decimals)
{
	static const char digits[] = "0123456789";
	const char *text = yaml_scalar(file, node);
	if (!text || !yaml_is_plain(file, node))
		return NULL;
	const char *at = text + (text[0] == '-');
	size_t whole = strspn(at, digits);
	if (whole == 0 || (whole > 1 && at[0] == '0'))
		return NULL;
	at += whole;
	if (*at == '.') {
		size_t fraction = strspn(at + 1, digits);
		if (fraction == 0 || fraction > decimals)
			return NULL;
		at += 1 + fraction;
	}
	return *at == '\0' ? text : NULL;
}

static void read_int(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		     void *object)
{
	bool wide = key->type == YAML_TYPE_WHOLE;
	assert(wide || (key->min >= INT32_MIN && key->max <= INT32_MAX));
	const char *text = number_text(file, node, 0);
	int64_t value = text && strlen(text) <= DIGITS_MAX ? strtoll(text, NULL, 10) : INT64_MAX;
	if (value >= (int64_t)key->min && value <= (int64_t)key->max) {
		if (wide)
			*(int64_t *)find_member(object, key) = value;
		else
			*(int32_t *)find_member(object, key) = (int32_t)value;
		return;
	}
	char allowed[96];
	snprintf(allowed, sizeof(allowed), tr("a whole number of %.0f to %.0f"), key->min,
		 key->max);
	tell_wrong_value(file, node, key, allowed);
}

static void read_decimal(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
			 void *object)
{
	const char *text = number_text(file, node, SIZE_MAX);
	double value = text ? strtod(text, NULL) : 0;
	if (text && value >= key->min && value <= key->max) {
		*(double *)find_member(object, key) = value;
		return;
	}
	char allowed[96];
	snprintf(allowed, sizeof(allowed), tr("a plain decimal number of %.10g to %.10g"), key->min,
		 key->max);
	tell_wrong_value(file, node, key, allowed);
}

/* Thousandths of a number text that is short enough, without a double on the way. */
static int64_t parse_thousandths(const char *text)
{
	bool negative = text[0] == '-';
	int64_t value = 0;
	int decimals = -1;
	for (text += negative; *text; text++) {
		if (*text == '.') {
			decimals = 0;
			continue;
		}
		value = value * 10 + (*text - '0');
		if (decimals >= 0)
			decimals++;
	}
	for (int i = decimals < 0 ? 0 : decimals; i < 3; i++)
		value *= 10;
	return negative ? -value : value;
}

static void read_milli(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		       void *object)
{
	assert(key->min >= INT32_MIN / 1000 && key->max <= INT32_MAX / 1000);
	const char *text = number_text(file, node, 3);
	if (text && strlen(text) < DIGITS_MAX - 3) {
		int64_t value = parse_thousandths(text);
		if ((double)value >= key->min * 1000 && (double)value <= key->max * 1000) {
			*(int32_t *)find_member(object, key) = (int32_t)value;
			return;
		}
	}
	char allowed[96];
	snprintf(allowed, sizeof(allowed),
		 tr("a plain decimal number of %.10g to %.10g with at most 3 decimals"), key->min,
		 key->max);
	tell_wrong_value(file, node, key, allowed);
}

static void read_bool(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		      void *object)
{
	const char *text = yaml_is_plain(file, node) ? yaml_scalar(file, node) : "";
	bool yes = strcmp(text, "true") == 0;
	if (yes || strcmp(text, "false") == 0)
		*(bool *)find_member(object, key) = yes;
	else
		tell_wrong_value(file, node, key, tr("true or false"));
}

static bool is_printable(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at < 0x20 || *at == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0))
			return false;
	}
	return true;
}

/* What YAML takes for "no value": `key:`, `key: ~`, `key: null`. */
static bool is_null(const struct yaml_file *file, yaml_node node)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
	if (!yaml_is_plain(file, node))
		return false;
	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++) {
		if (strcmp(yaml_scalar(file, node), nulls[i]) == 0)
			return true;
	}
	return false;
}

static void read_text(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		      void *object)
{
	const char *text = yaml_scalar(file, node);
	size_t length = text ? strlen(text) : 0;
	if (text && is_printable(text) && (!is_null(file, node) || key->min < 1) &&
	    (double)length >= key->min && (key->max < 1 || (double)length <= key->max)) {
		*(const char **)find_member(object, key) = yaml_keep(file, node);
		return;
	}
	char allowed[96];
	if (key->max < 1)
		snprintf(allowed, sizeof(allowed), tr("a text of at least %.0f bytes on one line"),
			 key->min);
	else
		snprintf(allowed, sizeof(allowed), tr("a text of %.0f to %.0f bytes on one line"),
			 key->min, key->max);
	tell_wrong_value(file, node, key, allowed);
}

static void read_id(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		    void *object)
{
	const char *text = yaml_scalar(file, node);
	size_t length = text ? strlen(text) : 0;
	if (length >= 1 && length <= ID_MAX && text[0] != '-' &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length)
		*(const char **)find_member(object, key) = yaml_keep(file, node);
	else
		tell_wrong_value(
			file, node, key,
			tr("an id: 1 to 32 of a-z, 0-9 and -, beginning with a letter or digit"));
}

static void read_name(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		      void *object)
{
	const char *text = yaml_scalar(file, node);
	struct listing listing = {0};
	for (const struct yaml_name *name = key->names; name->name; name++) {
		if (text && strcmp(text, name->name) == 0) {
			*(int *)find_member(object, key) = name->value;
			return;
		}
		list_add(&listing, name->name);
	}
	char allowed[LISTED_MAX + 16];
	snprintf(allowed, sizeof(allowed), tr("one of %s"), listing.text);
	tell_wrong_value(file, node, key, allowed);
}

static void read_each(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		      void *object)
{
	if (!yaml_is_list(file, node)) {
		tell_wrong_value(file, node, key, tr("a list"));
		return;
	}
	int n = yaml_length(file, node);
	if (n < (int)key->min || (key->max >= 1 && n > (int)key->max)) {
		if (key->max >= 1)
			yaml_problem(file, node, tr("%s: %d items; allowed are %.0f to %.0f"),
				     key->key, n, key->min, key->max);
		else
			yaml_problem(file, node, tr("%s: %d items; at least %.0f are required"),
				     key->key, n, key->min);
		if (key->max >= 1 && n > (int)key->max)
			n = (int)key->max;
	}
	for (int i = 0; i < n; i++)
		key->each(file, yaml_item(file, node, i), i, find_member(object, key));
}

void yaml_read_value(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		     void *object)
{
	if (node_get(file, node)->kind == NODE_ABSENT)
		return;
	switch (key->type) {
	case YAML_TYPE_INT:
	case YAML_TYPE_WHOLE:
		read_int(file, node, key, object);
		return;
	case YAML_TYPE_DECIMAL:
		read_decimal(file, node, key, object);
		return;
	case YAML_TYPE_MILLI:
		read_milli(file, node, key, object);
		return;
	case YAML_TYPE_BOOL:
		read_bool(file, node, key, object);
		return;
	case YAML_TYPE_TEXT:
		read_text(file, node, key, object);
		return;
	case YAML_TYPE_ID:
		read_id(file, node, key, object);
		return;
	case YAML_TYPE_NAME:
		read_name(file, node, key, object);
		return;
	case YAML_TYPE_MAP:
		yaml_read(file, node, key->sub, find_member(object, key));
		return;
	case YAML_TYPE_EACH:
		read_each(file, node, key, object);
		return;
	case YAML_TYPE_CALL:
		key->each(file, node, 0, find_member(object, key));
		return;
	}
}

/* NULL if the name is like none of them. */
static const char *find_nearest_key(const char *name, const struct yaml_key *keys)
{
	const char *nearest = NULL;
	int fewest = INT_MAX;
	for (const struct yaml_key *it = keys; it->key; it++) {
		int edits = nearest_edits(name, it->key);
		if (edits < fewest) {
			fewest = edits;
			nearest = it->key;
		}
	}
	return nearest_is_slip(name, fewest) ? nearest : NULL;
}

static void tell_unknown(struct yaml_file *file, yaml_node key, const struct yaml_key *keys)
{
	struct listing listing = {0};
	const char *name = yaml_scalar(file, key), *nearest;
	if (yaml_problems(file) >= PROBLEMS_MAX) {
		yaml_problem(file, key, "%s", name); /* is counted, and nobody reads it */
		return;
	}
	list_known_keys(keys, &listing);
	nearest = find_nearest_key(name, keys);
	if (nearest)
		yaml_problem(file, key, tr("unknown key %s; the nearest is %s (allowed: %s)%s"),
			     yaml_found(file, key), nearest, listing.text, yaml_hint(name));
	else
		yaml_problem(file, key, tr("unknown key %s (allowed: %s)%s"), yaml_found(file, key),
			     listing.text, yaml_hint(name));
}

/* "scale: 0,1" in braces: the key scale with 0, and a key 1 with nothing. */
static bool tell_decimal_comma(struct yaml_file *file, yaml_node map, int i)
{
	yaml_node key, value, before_key, before;
	const char *name = yaml_pair(file, map, i, &key, &value);
	const char *whose = yaml_pair(file, map, i - 1, &before_key, &before);
	const char *whole = yaml_scalar(file, before), *nothing = yaml_scalar(file, value);
	if (!whose || !whole || !nothing || nothing[0] || !number_text(file, before, 0) ||
	    strspn(name, "0123456789") != strlen(name))
		return false;
	yaml_problem(file, before, tr("%s: %s,%s has a decimal comma; write %s.%s, with a point"),
		     whose, whole, name, whole, name);
	return true;
}

static const struct yaml_key *find_key(const struct yaml_key *keys, const char *name)
{
	for (; keys->key; keys++) {
		if (strcmp(keys->key, name) == 0)
			return keys;
	}
	return NULL;
}

static void tell_missing(struct yaml_file *file, yaml_node map, const struct yaml_key *keys)
{
	for (; keys->key; keys++) {
		bool there = false;
		for (int i = 0; i < yaml_length(file, map) && !there; i++) {
			yaml_node at, value;
			const char *name = yaml_pair(file, map, i, &at, &value);
			there = name && strcmp(name, keys->key) == 0;
		}
		if (keys->required && !there)
			yaml_problem(file, map, tr("required key %s is missing"), keys->key);
	}
}

void yaml_read(struct yaml_file *file, yaml_node map, const struct yaml_key *keys, void *object)
{
	if (node_get(file, map)->kind == NODE_ABSENT)
		return;
	if (!yaml_is_map(file, map)) {
		struct listing listing = {0};
		list_known_keys(keys, &listing);
		yaml_problem(file, map, tr("%s is not a mapping with the keys %s%s"),
			     yaml_found(file, map), listing.text,
			     yaml_hint(yaml_scalar(file, map)));
		return;
	}
	for (int i = 0; i < yaml_length(file, map); i++) {
		yaml_node key, value;
		const char *name = yaml_pair(file, map, i, &key, &value);
		const struct yaml_key *known = name ? find_key(keys, name) : NULL;
		if (known)
			yaml_read_value(file, value, known, object);
		else if (name && !tell_decimal_comma(file, map, i))
			tell_unknown(file, key, keys);
	}
	tell_missing(file, map, keys);
}
