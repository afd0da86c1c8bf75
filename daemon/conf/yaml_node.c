/* SPDX-License-Identifier: MIT */
#include "yaml_file.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "words.h"

#define FOUND_MAX 48 /* bytes of a value that a message shows */

const struct node *node_get(const struct yaml_file *file, yaml_node node)
{
	return &file->nodes[node > 0 && node < file->n_nodes ? node : 0];
}

const char *yaml_path(const struct yaml_file *file)
{
	return file->path;
}

yaml_node yaml_root(const struct yaml_file *file)
{
	return file->root;
}

struct arena *yaml_arena(struct yaml_file *file)
{
	return file->arena;
}

int yaml_problems(const struct yaml_file *file)
{
	return file->n_problems;
}

int yaml_line(const struct yaml_file *file, yaml_node node)
{
	return node_get(file, node)->line;
}

const char *yaml_place(struct yaml_file *file, yaml_node node)
{
	const struct node *at = node_get(file, node);
	return arena_format(file->arena, "%d:%d", at->line, at->column);
}

bool yaml_is_map(const struct yaml_file *file, yaml_node node)
{
	return node_get(file, node)->kind == NODE_MAP;
}

bool yaml_is_list(const struct yaml_file *file, yaml_node node)
{
	return node_get(file, node)->kind == NODE_LIST;
}

bool yaml_is_plain(const struct yaml_file *file, yaml_node node)
{
	const struct node *it = node_get(file, node);
	return it->kind == NODE_SCALAR && it->plain;
}

const char *yaml_scalar(const struct yaml_file *file, yaml_node node)
{
	const struct node *it = node_get(file, node);
	return it->kind == NODE_SCALAR ? file->texts + it->text : NULL;
}

const char *yaml_keep(const struct yaml_file *file, yaml_node node)
{
	const char *text = yaml_scalar(file, node);
	return text ? arena_text(file->arena, text) : NULL;
}

int yaml_length(const struct yaml_file *file, yaml_node node)
{
	return node_get(file, node)->n;
}

yaml_node yaml_item(const struct yaml_file *file, yaml_node list, int i)
{
	const struct node *it = node_get(file, list);
	if (it->kind != NODE_LIST || i < 0 || i >= it->n)
		return 0;
	return file->children[it->first + i];
}

const char *yaml_pair(const struct yaml_file *file, yaml_node map, int i, yaml_node *ret_key,
		      yaml_node *ret_value)
{
	const struct node *it = node_get(file, map);
	*ret_key = 0;
	*ret_value = 0;
	if (it->kind != NODE_MAP || i < 0 || i >= it->n)
		return NULL;
	*ret_key = file->children[it->first + 2 * i];
	*ret_value = file->children[it->first + 2 * i + 1];
	return yaml_scalar(file, *ret_key);
}

yaml_node yaml_get(const struct yaml_file *file, yaml_node map, const char *key)
{
	for (int i = 0; i < yaml_length(file, map); i++) {
		yaml_node at, value;
		const char *name = yaml_pair(file, map, i, &at, &value);
		if (name && strcmp(name, key) == 0)
			return value;
	}
	return 0;
}

static void __attribute__((format(printf, 4, 0)))
add_yaml_problem(struct yaml_file *file, int line, int column, const char *format, va_list args)
{
	char *text = NULL;
	if (vasprintf(&text, format, args) < 0)
		log_out_of_memory();
	problems_add(file->problems, file->path, line, column, "%s", text);
	free(text);
	file->n_problems++;
}

void yaml_problem_at(struct yaml_file *file, int line, int column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_yaml_problem(file, line, column, format, args);
	va_end(args);
}

void yaml_problem(struct yaml_file *file, yaml_node node, const char *format, ...)
{
	const struct node *at = node_get(file, node > 0 ? node : file->root);
	va_list args;
	va_start(args, format);
	add_yaml_problem(file, at->line, at->column, format, args);
	va_end(args);
}

void yaml_warning(struct yaml_file *file, yaml_node node, const char *format, ...)
{
	const struct node *at = node_get(file, node > 0 ? node : file->root);
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	problems_warn(file->problems, file->path, at->line, at->column, "%s", text);
}

static bool is_bare(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "+-._/") == strlen(text);
}

/* Escapes in quotes can put any character into a text; a terminal must not get them. */
static void soften_controls(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

const char *yaml_found(struct yaml_file *file, yaml_node node)
{
	const struct node *it = node_get(file, node);
	if (it->kind == NODE_LIST)
		return tr("a list");
	if (it->kind == NODE_MAP)
		return tr("a mapping");
	const char *text = yaml_scalar(file, node);
	if (!text || (it->plain && text[0] == '\0'))
		return tr("nothing");
	size_t length = strlen(text), shown = length;
	if (shown > FOUND_MAX) {
		shown = FOUND_MAX;
		while (shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
			shown--;
	}
	const char *quote = it->plain ? (is_bare(text) ? "" : "'") : "\"";
	size_t size = shown + sizeof("''...");
	char *found = arena_alloc(file->arena, size);
	snprintf(found, size, "%s%.*s%s%s", quote, (int)shown, text, shown < length ? "..." : "",
		 quote);
	soften_controls(found);
	return found;
}
