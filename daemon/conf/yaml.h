/* SPDX-License-Identifier: MIT */
/*
 * YAML files with positions: strict scalars, key tables, every mistake of a file in one run.
 *
 * Knows nothing of AQI or Modbus. The limits (1 MiB, depth 32, valid UTF-8) are enforced on bytes
 * and on libyaml's parser events, from which the nodes are built in the same pass; its own document
 * is never made. Anchors, aliases, tags, merge keys, a second document, tabs in the indentation and
 * duplicate keys are problems. Every problem carries file:line:column, what was found and what is
 * allowed. Numbers are plain decimal: no 0x10, 010, 1e9, NaN, infinity, +1, 1_000.
 */
#ifndef DAEMON_CONF_YAML_H
#define DAEMON_CONF_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "problems.h"

#define YAML_FILE_MAX (1024 * 1024)
#define YAML_DEPTH_MAX 32

struct yaml_file;

/* A node of the document; 0 is "absent", also where a problem has been told already. */
typedef int yaml_node;

/*
 * Reads a whole file ("-" is standard input). NULL after a problem that leaves nothing to read: not
 * readable, too large, not text, not YAML, too deep, empty. After a forbidden construct or a
 * duplicate key the rest can be read all the same, to find its problems too: ask yaml_problems.
 * What is read by a table or kept lives in the arena, everything else until the file is closed.
 */
struct yaml_file *yaml_open(const char *path, struct arena *arena, struct problems *problems);
struct yaml_file *yaml_close(struct yaml_file *file);
const char *yaml_path(const struct yaml_file *file);
yaml_node yaml_root(const struct yaml_file *file);

enum yaml_type {
	YAML_TYPE_INT,     /* int32_t, min..max */
	YAML_TYPE_WHOLE,   /* int64_t, min..max */
	YAML_TYPE_DECIMAL, /* double, min..max: plain decimal with an optional fraction and minus */
	YAML_TYPE_MILLI,   /* int32_t thousandths of a decimal with at most 3 fraction digits;
			      min..max in whole units */
	YAML_TYPE_BOOL,    /* bool: true or false, nothing else */
	YAML_TYPE_TEXT,    /* const char *, UTF-8 without control characters, min..max bytes (max 0:
			      no limit) */
	YAML_TYPE_ID,      /* const char *, [a-z0-9-]{1,32}, begins with a letter or digit */
	YAML_TYPE_NAME,    /* int: one of `names` */
	YAML_TYPE_MAP,     /* a mapping with keys `sub`, into the object at `offset` */
	YAML_TYPE_EACH,    /* a sequence of min..max items (max 0: no limit), each given to `each`
			      with the object at `offset` */
	YAML_TYPE_CALL,    /* any node, given to `each` with index 0 and the object at `offset` */
};

/* A closed list of words; ends with a NULL name. */
struct yaml_name {
	const char *name;
	int value;
};

struct yaml_key {
	const char *key;
	enum yaml_type type;
	bool required;
	size_t offset; /* of the member in the object; unset members keep what they were (the
			  default) */
	double min, max;
	const struct yaml_name *names;
	const struct yaml_key *sub; /* ends with a NULL key */
	void (*each)(struct yaml_file *file, yaml_node node, int index, void *object);
};

/*
 * Reads a mapping by its table into the object. Unknown keys (with the nearest known one), missing
 * required keys, wrong types and ranges become problems; reading goes on to find them all.
 */
void yaml_read(struct yaml_file *file, yaml_node map, const struct yaml_key *keys, void *object);

/* Reads one node as if it were the value of `key` (for items of a sequence). */
void yaml_read_value(struct yaml_file *file, yaml_node node, const struct yaml_key *key,
		     void *object);

/* A value as messages show it: shortened, in quotes if need be, "a list", "a mapping", "nothing".
 */
const char *yaml_found(struct yaml_file *file, yaml_node node);

/* The value of a key, 0 if absent or not a mapping. */
yaml_node yaml_get(const struct yaml_file *file, yaml_node map, const char *key);
bool yaml_is_map(const struct yaml_file *file, yaml_node node);
bool yaml_is_list(const struct yaml_file *file, yaml_node node);
const char *yaml_scalar(const struct yaml_file *file, yaml_node node); /* NULL if not a scalar */
const char *yaml_keep(const struct yaml_file *file, yaml_node node);   /* the same, in the arena */
int yaml_length(const struct yaml_file *file, yaml_node node); /* of a sequence or mapping */
yaml_node yaml_item(const struct yaml_file *file, yaml_node list, int i);
/* True for a scalar without quotes: "5" in quotes is a text, 5 is a number. */
bool yaml_is_plain(const struct yaml_file *file, yaml_node node);
/* The i-th key of a mapping and its value; NULL for a key that had a problem: skip it. */
const char *yaml_pair(const struct yaml_file *file, yaml_node map, int i, yaml_node *ret_key,
		      yaml_node *ret_value);

/* A problem at a node (0: at the root): "... FILE:LINE:COLUMN: text". Counts for this file. */
void yaml_problem(struct yaml_file *file, yaml_node node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same for what is allowed and unwise; counts for nothing. */
void yaml_warning(struct yaml_file *file, yaml_node node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int yaml_problems(const struct yaml_file *file); /* how many this file had so far */
/* Where a node stands, for messages about two places: its line, or "14:20". */
int yaml_line(const struct yaml_file *file, yaml_node node);
const char *yaml_place(struct yaml_file *file, yaml_node node);

/* What a value has that a keyboard of another country put there, as the end of a sentence; "": it
 * has nothing of that kind. NULL is no text. */
const char *yaml_hint(const char *text);

struct arena *yaml_arena(struct yaml_file *file);

#endif
