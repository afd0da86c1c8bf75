/* SPDX-License-Identifier: MIT */
#include <yaml.h> /* libyaml's */

#include "yaml_file.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "words.h"

/* A collection whose end has not come yet. */
struct open_node {
	yaml_node node;
	int pending; /* its children begin here among the pending ones */
};

struct builder {
	struct yaml_file *file;
	const char *bytes;
	int depth;
	struct open_node open[YAML_DEPTH_MAX];
	int n_pending, pending_room;
	yaml_node *pending;
	int documents;
	bool done;
};

/* Room for an index n. */
static void *enlarge_array(void *array, int n, int *room, size_t size)
{
	if (n < *room)
		return array;
	while (n >= *room)
		*room = *room ? 2 * *room : 64;
	array = realloc(array, (size_t)*room * size);
	if (!array)
		log_out_of_memory();
	return array;
}

static yaml_node add_node(struct yaml_file *file, enum node_kind kind, const yaml_mark_t *mark)
{
	file->nodes =
		enlarge_array(file->nodes, file->n_nodes, &file->nodes_room, sizeof(*file->nodes));
	file->nodes[file->n_nodes] = (struct node){
		.kind = kind,
		.line = (int)mark->line + 1,
		.column = (int)mark->column + 1,
	};
	return file->n_nodes++;
}

static void add_pending(struct builder *builder, yaml_node node)
{
	builder->pending = enlarge_array(builder->pending, builder->n_pending,
					 &builder->pending_room, sizeof(*builder->pending));
	builder->pending[builder->n_pending++] = node;
}

static void add_child(struct yaml_file *file, yaml_node child)
{
	file->children = enlarge_array(file->children, file->n_children, &file->children_room,
				       sizeof(*file->children));
	file->children[file->n_children++] = child;
}

struct key {
	const char *text;
	int child; /* index into the file's children */
};

static int compare_keys(const void *a, const void *b)
{
	const struct key *left = a, *right = b;
	int order = strcmp(left->text, right->text);
	return order ? order : (left->child > right->child) - (left->child < right->child);
}

/* Keys that are no text or name a merge are told and struck out; the others come back sorted. */
static struct key *sort_keys(struct yaml_file *file, const struct node *map, int *ret_n)
{
	struct key *keys = calloc((size_t)map->n + 1, sizeof(*keys));
	if (!keys)
		log_out_of_memory();
	int n = 0;
	for (int i = 0; i < map->n; i++) {
		int child = map->first + 2 * i;
		yaml_node key = file->children[child];
		const char *text = yaml_scalar(file, key);
		if (!text && key != 0)
			yaml_problem(file, key, tr("the key is %s; only a text is allowed"),
				     yaml_found(file, key));
		else if (text && yaml_is_plain(file, key) && strcmp(text, "<<") == 0)
			yaml_problem(file, key, tr("a merge key '<<'; write the keys out"));
		else if (text)
			keys[n++] = (struct key){text, child};
		if (n == 0 || keys[n - 1].child != child)
			file->children[child] = 0;
	}
	qsort(keys, (size_t)n, sizeof(*keys), compare_keys);
	*ret_n = n;
	return keys;
}

static void check_keys(struct yaml_file *file, yaml_node node)
{
	const struct node *map = node_get(file, node);
	int n;
	struct key *keys = sort_keys(file, map, &n);
	for (int i = 1, first = 0; i < n; i++) {
		if (strcmp(keys[first].text, keys[i].text) != 0) {
			first = i;
			continue;
		}
		const struct node *was = node_get(file, file->children[keys[first].child]);
		yaml_node again = file->children[keys[i].child];
		yaml_problem(file, again, tr("duplicate key %s, given before at %d:%d"),
			     yaml_found(file, again), was->line, was->column);
		file->children[keys[i].child] = 0;
	}
	free(keys);
}

static bool open_collection(struct builder *builder, enum node_kind kind, const yaml_mark_t *mark)
{
	if (builder->depth == YAML_DEPTH_MAX) {
		yaml_problem_at(builder->file, (int)mark->line + 1, (int)mark->column + 1,
				tr("nested deeper than %d levels, the most allowed"),
				YAML_DEPTH_MAX);
		return false;
	}
	yaml_node node = add_node(builder->file, kind, mark);
	add_pending(builder, node);
	builder->open[builder->depth++] = (struct open_node){node, builder->n_pending};
	return true;
}

/* The children of a collection are complete: they move to where they lie side by side. */
static void close_collection(struct builder *builder)
{
	struct yaml_file *file = builder->file;
	struct open_node open = builder->open[--builder->depth];
	struct node *node = &file->nodes[open.node];
	int n = builder->n_pending - open.pending;
	assert(n == 0 || builder->pending);
	node->first = file->n_children;
	node->n = node->kind == NODE_MAP ? n / 2 : n;
	for (int i = open.pending; i < builder->n_pending; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): add_pending wrote them all */
		add_child(file, builder->pending[i]);
	builder->n_pending = open.pending;
	if (node->kind == NODE_MAP)
		check_keys(file, open.node);
}

static int add_text(struct yaml_file *file, const char *text)
{
	int size = (int)strlen(text) + 1, at = file->n_texts;
	file->texts = enlarge_array(file->texts, at + size - 1, &file->texts_room, 1);
	memcpy(file->texts + at, text, (size_t)size);
	file->n_texts += size;
	return at;
}

static void add_scalar(struct builder *builder, const yaml_event_t *event)
{
	struct yaml_file *file = builder->file;
	const char *text = (const char *)event->data.scalar.value;
	yaml_node node = add_node(file, NODE_SCALAR, &event->start_mark);
	file->nodes[node].plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	file->nodes[node].text = add_text(file, text);
	if (strlen(text) != event->data.scalar.length)
		yaml_problem(file, node, tr("a NUL character in a text"));
	add_pending(builder, node);
}

static void refuse_event(struct builder *builder, const yaml_event_t *event, const char *what)
{
	yaml_problem_at(builder->file, (int)event->start_mark.line + 1,
			(int)event->start_mark.column + 1, "%s", what);
}

static void refuse_marks(struct builder *builder, const yaml_event_t *event,
			 const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		refuse_event(builder, event,
			     tr("an anchor '&'; write the value out where it is needed"));
	if (tag)
		refuse_event(builder, event, tr("a tag '!'; the key tells the type"));
}

static void take_document(struct builder *builder, const yaml_event_t *event)
{
	if (event->data.document_start.tag_directives.start !=
	    event->data.document_start.tag_directives.end)
		refuse_event(builder, event, tr("a %TAG directive; tags are not allowed"));
	if (builder->documents++ == 0)
		return;
	refuse_event(builder, event, tr("a second document; a file holds one"));
	builder->done = true;
}

/* False if the rest of the file cannot be read. */
static bool take_event(struct builder *builder, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		refuse_marks(builder, event, event->data.scalar.anchor, event->data.scalar.tag);
		add_scalar(builder, event);
		return true;
	case YAML_SEQUENCE_START_EVENT:
		refuse_marks(builder, event, event->data.sequence_start.anchor,
			     event->data.sequence_start.tag);
		return open_collection(builder, NODE_LIST, &event->start_mark);
	case YAML_MAPPING_START_EVENT:
		refuse_marks(builder, event, event->data.mapping_start.anchor,
			     event->data.mapping_start.tag);
		return open_collection(builder, NODE_MAP, &event->start_mark);
	case YAML_ALIAS_EVENT:
		refuse_event(builder, event, tr("an alias '*'; write the value out"));
		add_pending(builder, 0);
		return true;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_collection(builder);
		return true;
	case YAML_DOCUMENT_START_EVENT:
		take_document(builder, event);
		return true;
	case YAML_STREAM_END_EVENT:
		builder->done = true;
		return true;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	}
	return true;
}

static bool build_tree(struct builder *builder, yaml_parser_t *parser)
{
	while (!builder->done) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event)) {
			yaml_tell_syntax(builder->file, builder->bytes, parser);
			return false;
		}
		bool going = take_event(builder, &event);
		yaml_event_delete(&event);
		if (!going)
			return false;
	}
	if (builder->n_pending > 0)
		builder->file->root = builder->pending[0];
	return builder->file->root != 0;
}

static bool parse_bytes(struct yaml_file *file, const char *bytes, size_t size)
{
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		log_out_of_memory();
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, size);
	struct builder builder = {.file = file, .bytes = bytes};
	bool built = build_tree(&builder, &parser);
	free(builder.pending);
	yaml_parser_delete(&parser);
	if (!built && file->n_problems == 0)
		yaml_problem_at(file, 1, 1, tr("the file is empty"));
	return built;
}

struct yaml_file *yaml_open(const char *path, struct arena *arena, struct problems *problems)
{
	struct yaml_file *file = calloc(1, sizeof(*file));
	if (!file)
		log_out_of_memory();
	file->path = arena_text(arena, path);
	file->arena = arena;
	file->problems = problems;
	add_node(file, NODE_ABSENT, &(yaml_mark_t){0});
	size_t size;
	char *bytes = text_load(file, &size);
	bool built = bytes && text_check(file, bytes, size) && parse_bytes(file, bytes, size);
	free(bytes);
	return built ? file : yaml_close(file);
}

struct yaml_file *yaml_close(struct yaml_file *file)
{
	if (!file)
		return NULL;
	free(file->nodes);
	free(file->children);
	free(file->texts);
	free(file);
	return NULL;
}
