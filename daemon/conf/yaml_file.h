/* SPDX-License-Identifier: MIT */
/*
 * The inside of yaml.h, shared by the files that make it up: bytes (yaml_text.c), events to nodes
 * (yaml.c), what is told where libyaml stops (yaml_words.c), asking nodes (yaml_node.c), key tables
 * (yaml_read.c). Nobody else includes it.
 */
#ifndef DAEMON_CONF_YAML_FILE_H
#define DAEMON_CONF_YAML_FILE_H

#include "yaml.h"

enum node_kind { NODE_ABSENT, NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	bool plain;       /* scalar without quotes */
	int line, column; /* from 1 */
	int text;         /* scalar: where it begins in the file's texts */
	int first, n;     /* children[first..]: n items, or n keys each followed by its value */
};

struct yaml_file {
	const char *path;
	struct arena *arena;
	struct problems *problems;
	int n_problems;
	yaml_node root;
	int n_nodes, nodes_room;
	struct node *nodes; /* [0] is the absent one */
	int n_children, children_room;
	yaml_node *children;
	int n_texts, texts_room;
	char *texts; /* of the scalars, each ended by a NUL; one block, that leaves no hole */
};

/* Reads a file of at most YAML_FILE_MAX bytes and ends it with a NUL; NULL after a problem. The
 * caller frees it. */
char *text_load(struct yaml_file *file, size_t *ret_size);

/* True if the bytes are text that YAML can be made of; else problems with their positions. */
bool text_check(struct yaml_file *file, const char *bytes, size_t size);

/* A problem at a position, counted for this file. */
void yaml_problem_at(struct yaml_file *file, int line, int column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Where and why libyaml stopped in these bytes, and what was likely meant. */
struct yaml_parser_s; /* libyaml's */
void yaml_tell_syntax(struct yaml_file *file, const char *bytes,
		      const struct yaml_parser_s *parser);

/* The node's struct; the absent one for anything out of range. */
const struct node *node_get(const struct yaml_file *file, yaml_node node);

#endif
