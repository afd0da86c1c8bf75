/* SPDX-License-Identifier: MIT */
#include "conf_keys.h"

#include <string.h>

#include "command_kind.h"
#include "conf_mqtt.h"
#include "sign.h"
#include "words.h"

static const char name_letters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

bool conf_is_key_name(const char *text)
{
	size_t n = strlen(text);
	return n > 0 && n <= CONF_KEY_NAME_MAX && text[0] != '.' && strspn(text, name_letters) == n;
}

struct key_draft {
	const char *name, *public;
	unsigned kinds;
};

static void read_kind(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct key_draft *draft = object;
	const char *text = yaml_scalar(file, node);
	enum command_kind kind;
	if (!text || !command_kind_parse(text, &kind))
		yaml_problem(
			file, node,
			tr("kinds: %s is not one of directive, release, forecast, dust, review, "
			   "receipt, resend"),
			yaml_found(file, node));
	else if (draft->kinds & 1u << kind)
		yaml_problem(file, node, tr("kinds: %s is there twice"), text);
	else
		draft->kinds |= 1u << kind;
}

static const struct yaml_key key_keys[] = {
	{"name", YAML_TYPE_TEXT, .required = true, .min = 1, .max = CONF_KEY_NAME_MAX,
	 .offset = offsetof(struct key_draft, name)},
	{"public", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 255,
	 .offset = offsetof(struct key_draft, public)},
	{"kinds", YAML_TYPE_EACH, .min = 1, .max = COMMAND_KIND_COUNT, .each = read_kind},
	{0},
};

static bool is_same_public(const struct sign_key *a, const struct sign_key *b)
{
	return a->sm2 == b->sm2 && memcmp(a->bytes, b->bytes, SIGN_PUBLIC_BYTES) == 0;
}

/* Two names for one key would be two counters: what one has used the other takes once more. One
 * that is no key is like no other. */
static void check_other_keys(struct yaml_file *file, yaml_node node, const struct mqtt_conf *mqtt,
			     const struct command_key *key)
{
	for (int i = 0; i < mqtt->n_keys; i++) {
		const struct command_key *other = &mqtt->keys[i];
		if (strcmp(other->name, key->name) == 0)
			yaml_problem(file, node, tr("command_keys: two keys are named %s"),
				     key->name);
		else if (key->kinds != 0 && other->kinds != 0 &&
			 is_same_public(&other->public, &key->public))
			yaml_problem(file, yaml_get(file, node, "public"),
				     tr("command_keys: %s and %s are the same key: a counter would "
					"count for each name alone"),
				     other->name, key->name);
	}
}

void conf_read_command_key(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct mqtt_conf *mqtt = object;
	struct key_draft draft = {0};
	struct command_key *key = &mqtt->keys[mqtt->n_keys];
	if (mqtt->n_keys == CONF_KEYS_MAX)
		return; /* the table has told it */
	yaml_read(file, node, key_keys, &draft);
	if (!draft.name || !draft.public)
		return;
	bool has_public = sign_parse_public(draft.public, &key->public);
	if (!conf_is_key_name(draft.name))
		yaml_problem(file, node, tr("command_keys: name %s is not letters, digits, . _ -"),
			     draft.name);
	else if (!has_public)
		yaml_problem(file, node,
			     tr("command_keys: the public key of %s is neither base64 of the 32 "
				"bytes of an "
				"Ed25519 key nor sm2-sm3: and base64 of the 65 of an SM2 key "
				"(`hazewatch sign "
				"--public` prints it)"),
			     draft.name);
	key->name = draft.name;
	if (has_public)
		key->kinds = yaml_get(file, node, "kinds") ? draft.kinds : COMMAND_KINDS_ALL;
	check_other_keys(file, node, mqtt, key);
	mqtt->n_keys++;
}
