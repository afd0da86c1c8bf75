/* SPDX-License-Identifier: MIT */
#include <yaml.h> /* libyaml's */

#include "yaml_file.h"

#include <string.h>

#include "words.h"

#define LINE_SHOWN_MAX 120

/* What stands at a position, "" if nothing does; libyaml's own index does not count a BOM. */
static const char *find_byte(const char *bytes, const yaml_mark_t *mark)
{
	for (size_t line = 0; line < mark->line; line++) {
		bytes += strcspn(bytes, "\n");
		if (*bytes++ == '\0')
			return "";
	}
	size_t left = mark->column;
	while (*bytes && (left > 0 || ((unsigned char)*bytes & 0xc0) == 0x80)) {
		if (((unsigned char)*bytes++ & 0xc0) != 0x80)
			left--;
	}
	return bytes;
}

/* The text of the line that begins at `begin`, without its end and a comment. */
static const char *line_text(struct arena *arena, const char *begin)
{
	int length = (int)strcspn(begin, "\r\n#");
	while (length > 0 && begin[length - 1] == ' ')
		length--;
	return arena_format(arena, "%.*s", length < LINE_SHOWN_MAX ? length : LINE_SHOWN_MAX,
			    begin);
}

static bool has_colon(const char *line)
{
	size_t length = strlen(line);
	return strstr(line, ": ") || (length > 0 && line[length - 1] == ':');
}

/* Where the last line before this one begins that says something, NULL: there is none. */
static const char *find_line_before(const char *bytes, size_t line, yaml_mark_t *ret)
{
	static const char bom[] = "\xef\xbb\xbf";
	const char *found = NULL;
	if (strncmp(bytes, bom, strlen(bom)) == 0)
		bytes += strlen(bom);
	for (size_t i = 0; i < line; i++) {
		size_t blanks = strspn(bytes, " ");
		if (!strchr("\r\n#", bytes[blanks])) {
			found = bytes + blanks;
			*ret = (yaml_mark_t){.line = i, .column = blanks};
		}
		bytes += strcspn(bytes, "\n");
		bytes += *bytes == '\n';
	}
	return found;
}

/* "a: b: c" is wrong by itself, whatever is before it. */
static bool is_second_colon(struct arena *arena, const char *bytes, const yaml_mark_t *mark)
{
	const yaml_mark_t begin = {.line = mark->line};
	const char *from = find_byte(bytes, &begin), *to = find_byte(bytes, mark);
	return strstr(arena_format(arena, "%.*s", (int)(to - from), from), ": ");
}

/* The line that has none, where libyaml stopped at its end or at the next key. */
static const char *find_lost_colon(struct arena *arena, const char *bytes,
				   const yaml_parser_t *parser, yaml_mark_t *ret)
{
	const char *problem = parser->problem ? parser->problem : "";
	const yaml_mark_t *stop = &parser->problem_mark;
	if (parser->context && strcmp(parser->context, "while scanning a simple key") == 0) {
		*ret = parser->context_mark;
		return find_byte(bytes, ret);
	}
	const char *begin = find_line_before(bytes, stop->line, ret);
	if (strcmp(problem, "mapping values are not allowed in this context") == 0)
		return is_second_colon(arena, bytes, stop) ? NULL : begin;
	/* so it stops for other reasons, too */
	bool perhaps = strstr(problem, "<document start>") || strstr(problem, "expected key");
	return perhaps && begin && *yaml_hint(line_text(arena, begin)) ? begin : NULL;
}

/* libyaml stops where the next key begins, or at its colon; the mistake is in the line before. */
static bool tell_lost_colon(struct yaml_file *file, const char *bytes, const yaml_parser_t *parser)
{
	yaml_mark_t mark = {0};
	const char *begin = find_lost_colon(file->arena, bytes, parser, &mark);
	const char *line = begin ? line_text(file->arena, begin) : "";
	if (line[0] == '\0' || has_colon(line))
		return false;
	yaml_problem_at(file, (int)mark.line + 1, (int)mark.column + 1,
			tr("'%s' is no key with a colon and a blank after it%s"), line,
			yaml_hint(line));
	return true;
}

/* libyaml's own words, as far as a person is likely to see them. */
static const char *const libyaml_words[] = {
	TR_LATER("it cannot be read"),
	TR_LATER("could not find expected ':'"),
	TR_LATER("did not find expected ',' or ']'"),
	TR_LATER("did not find expected ',' or '}'"),
	TR_LATER("did not find expected '-' indicator"),
	TR_LATER("did not find expected <document start>"),
	TR_LATER("did not find expected key"),
	TR_LATER("did not find expected node content"),
	TR_LATER("did not find expected comment or line break"),
	TR_LATER("did not find expected alphabetic or numeric character"),
	TR_LATER("did not find expected whitespace or line break"),
	TR_LATER("did not find expected hexdecimal number"),
	TR_LATER("block sequence entries are not allowed in this context"),
	TR_LATER("found a tab character that violates indentation"),
	TR_LATER("found character that cannot start any token"),
	TR_LATER("found invalid Unicode character escape code"),
	TR_LATER("found unexpected ':'"),
	TR_LATER("found unexpected document indicator"),
	TR_LATER("found unexpected end of stream"),
	TR_LATER("found unknown escape character"),
	TR_LATER("mapping keys are not allowed in this context"),
	TR_LATER("mapping values are not allowed in this context"),
	TR_LATER("while parsing a block collection"),
	TR_LATER("while parsing a block mapping"),
	TR_LATER("while parsing a block node"),
	TR_LATER("while parsing a flow mapping"),
	TR_LATER("while parsing a flow node"),
	TR_LATER("while parsing a flow sequence"),
	TR_LATER("while parsing a node"),
	TR_LATER("while parsing a quoted scalar"),
	TR_LATER("while parsing a tag"),
	TR_LATER("while scanning a block scalar"),
	TR_LATER("while scanning a directive"),
	TR_LATER("while scanning a plain scalar"),
	TR_LATER("while scanning a quoted scalar"),
	TR_LATER("while scanning a simple key"),
	TR_LATER("while scanning a tag"),
	TR_LATER("while scanning an alias"),
	TR_LATER("while scanning an anchor"),
	TR_LATER("while scanning for the next token"),
};

static const char *translate_reason(const char *said)
{
	for (size_t i = 0; i < sizeof(libyaml_words) / sizeof(libyaml_words[0]); i++) {
		if (strcmp(libyaml_words[i], said) == 0)
			return tr(libyaml_words[i]);
	}
	return said;
}

/* A letter of another keyboard, in the line where libyaml stopped or in the one before. */
static const char *find_hint(struct yaml_file *file, const char *bytes, const yaml_parser_t *parser)
{
	size_t line = parser->problem_mark.line;
	const char *hint = "";
	for (int back = 0; back < 2 && hint[0] == '\0' && (size_t)back <= line; back++) {
		const yaml_mark_t mark = {.line = line - (size_t)back};
		hint = yaml_hint(line_text(file->arena, find_byte(bytes, &mark)));
	}
	return hint;
}

void yaml_tell_syntax(struct yaml_file *file, const char *bytes, const yaml_parser_t *parser)
{
	int line = (int)parser->problem_mark.line + 1;
	int column = (int)parser->problem_mark.column + 1;
	const char *problem = parser->problem ? parser->problem : TR_LATER("it cannot be read");
	char byte = *find_byte(bytes, &parser->problem_mark);
	if (parser->error == YAML_MEMORY_ERROR) {
		yaml_problem_at(file, line, column, tr("out of memory"));
		return;
	}
	if (byte == '\t') {
		yaml_problem_at(file, line, column, tr("a tab where only spaces are allowed"));
		return;
	}
	if (byte && strchr("%@`", byte) && strstr(problem, "cannot start any token")) {
		yaml_problem_at(file, line, column,
				tr("a value cannot begin with %c; put it in quotes"), byte);
		return;
	}
	if (tell_lost_colon(file, bytes, parser))
		return;
	const char *hint = find_hint(file, bytes, parser);
	if (!parser->context) {
		yaml_problem_at(file, line, column, tr("not YAML: %s%s"), translate_reason(problem),
				hint);
		return;
	}
	yaml_problem_at(file, line, column, tr("not YAML: %s (%s begun at %d:%d)%s"),
			translate_reason(problem), translate_reason(parser->context),
			(int)parser->context_mark.line + 1, (int)parser->context_mark.column + 1,
			hint);
}
