/* SPDX-License-Identifier: MIT */
/* The mqtt part of a station file. */
#include <string.h>

#include "conf_station.h"
#include "sign.h"

#define PORT_PLAIN 1883
#define PORT_TLS 8883

static const char name_letters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

static bool is_name(const char *text)
{
	size_t n = strlen(text);
	return n > 0 && n <= CONF_KEY_NAME_MAX && text[0] != '.' && strspn(text, name_letters) == n;
}

/* A secret: a file, or what systemd hands over (LoadCredential=). */
static void read_secret(struct yaml_file *file, yaml_node node, int index, void *object)
{
	const char *text = yaml_scalar(file, node);
	size_t skip = strlen(CONF_CREDENTIAL);
	if (!text || strncmp(text, CONF_CREDENTIAL, skip) != 0)
		station_read_path(file, node, index, object);
	else if (is_name(text + skip))
		*(const char **)object = text;
	else
		yaml_problem(file, node,
			     "%s is not " CONF_CREDENTIAL "NAME with letters, digits, . _ -",
			     yaml_found(file, node));
}

static const struct yaml_key tls_keys[] = {
	{"ca", YAML_TYPE_CALL, .required = true, .each = read_secret,
	 .offset = offsetof(struct mqtt_conf, ca_file)},
	{"cert", YAML_TYPE_CALL, .each = read_secret,
	 .offset = offsetof(struct mqtt_conf, cert_file)},
	{"key", YAML_TYPE_CALL, .each = read_secret,
	 .offset = offsetof(struct mqtt_conf, key_file)},
	{0},
};

static void read_tls(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct mqtt_conf *mqtt = object;
	yaml_read(file, node, tls_keys, mqtt);
	mqtt->tls = true;
	if (!mqtt->cert_file != !mqtt->key_file)
		yaml_problem(file, node,
			     "tls: cert and key belong together: one of them is missing");
}

static const struct yaml_key cap_keys[] = {
	{"code_name", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 64,
	 .offset = offsetof(struct mqtt_conf, cap_code_name)},
	{"code", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 64,
	 .offset = offsetof(struct mqtt_conf, cap_code)},
	{0},
};

struct key_draft {
	const char *name, *public;
};

static const struct yaml_key key_keys[] = {
	{"name", YAML_TYPE_TEXT, .required = true, .min = 1, .max = CONF_KEY_NAME_MAX,
	 .offset = offsetof(struct key_draft, name)},
	{"public", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 255,
	 .offset = offsetof(struct key_draft, public)},
	{0},
};

static void read_key(struct yaml_file *file, yaml_node node, int index, void *object)
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
	if (!is_name(draft.name))
		yaml_problem(file, node, "command_keys: name %s is not letters, digits, . _ -",
			     draft.name);
	else if (!sign_parse_public(draft.public, key->public))
		yaml_problem(
			file, node,
			"command_keys: the public key of %s is not base64 of the 32 bytes of an "
			"Ed25519 key (`hazewatch sign --public` prints it)",
			draft.name);
	for (int i = 0; i < mqtt->n_keys; i++) {
		if (strcmp(mqtt->keys[i].name, draft.name) == 0)
			yaml_problem(file, node, "command_keys: two keys are named %s", draft.name);
	}
	key->name = draft.name;
	mqtt->n_keys++;
}

static const struct yaml_name confirm_names[] = {
	{"broker", MQTT_CONFIRM_BROKER},
	{"platform", MQTT_CONFIRM_PLATFORM},
	{NULL, 0},
};

static const struct yaml_name version_names[] = {
	{"5", MQTT_VERSION_5},
	{"auto", MQTT_VERSION_AUTO},
	{NULL, 0},
};

static const struct yaml_key mqtt_keys[] = {
	{"host", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 253,
	 .offset = offsetof(struct mqtt_conf, host)},
	{"port", YAML_TYPE_INT, .min = 1, .max = 65535, .offset = offsetof(struct mqtt_conf, port)},
	{"client_id", YAML_TYPE_TEXT, .min = 1, .max = 128,
	 .offset = offsetof(struct mqtt_conf, client_id)},
	{"username", YAML_TYPE_TEXT, .min = 1, .max = 255,
	 .offset = offsetof(struct mqtt_conf, username)},
	{"password_file", YAML_TYPE_CALL, .each = read_secret,
	 .offset = offsetof(struct mqtt_conf, password_file)},
	{"keepalive_s", YAML_TYPE_INT, .min = 5, .max = 600,
	 .offset = offsetof(struct mqtt_conf, keepalive_s)},
	{"version", YAML_TYPE_NAME, .names = version_names,
	 .offset = offsetof(struct mqtt_conf, version)},
	{"confirm", YAML_TYPE_NAME, .names = confirm_names,
	 .offset = offsetof(struct mqtt_conf, confirm)},
	{"tls", YAML_TYPE_CALL, .each = read_tls},
	{"cap", YAML_TYPE_MAP, .sub = cap_keys},
	{"command_keys", YAML_TYPE_EACH, .min = 1, .max = CONF_KEYS_MAX, .each = read_key},
	{0},
};

void station_read_mqtt(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct station_draft *draft = object;
	struct mqtt_conf *mqtt = &draft->conf.mqtt;
	mqtt->keepalive_s = 30;
	yaml_read(file, node, mqtt_keys, mqtt);
	if (mqtt->tls && mqtt->host && link_host_is_numeric(mqtt->host))
		yaml_problem(file, yaml_get(file, node, "host"),
			     "host: %s is an address; with tls it is the name in the broker's "
			     "certificate",
			     mqtt->host);
	if (mqtt->port == 0)
		mqtt->port = mqtt->tls ? PORT_TLS : PORT_PLAIN;
}
