/* SPDX-License-Identifier: MIT */
#include "check_words.h"

#include <string.h>

#include "hours_words.h"
#include "list_words.h"
#include "words.h"
#include "yaml.h"

/* What the file says of itself; NULL: nothing that can be read. Standard input is read once only.
 */
static const char *read_kind(const char *path, struct arena *arena)
{
	struct problems unsaid = {0};
	const char *kind = NULL;
	struct yaml_file *file = strcmp(path, "-") != 0 ? yaml_open(path, arena, &unsaid) : NULL;
	if (file) {
		kind = yaml_keep(file, yaml_get(file, yaml_root(file), "kind"));
		yaml_close(file);
	}
	problems_done(&unsaid);
	return kind;
}

bool check_words(const char *path, struct problems *problems, const char **ret)
{
	struct arena *arena = arena_new();
	const char *kind = read_kind(path, arena);
	bool is_list = kind && strcmp(kind, "list-words") == 0;
	bool is_record = kind && strcmp(kind, "record-layouts") == 0;
	arena_free(arena);
	*ret = NULL;
	if (is_list && list_words_check(path, problems))
		*ret = TR_LATER("words of lists");
	if (is_record && hours_words_check(path, problems))
		*ret = TR_LATER("layouts of records");
	return is_list || is_record;
}
