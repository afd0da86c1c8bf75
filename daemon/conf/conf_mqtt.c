/* SPDX-License-Identifier: MIT */
/* The mqtt part of a station file. */
#include <errno.h>
#include <string.h>

#include "conf_host.h"
#include "conf_keys.h"
#include "plain_file.h"
#include "station_draft.h"
#include "words.h"

#define PORT_PLAIN 1883
#define PORT_TLS 8883

/* One that is not there yet, or that whoever checks may not read, is for the daemon to tell. */
static void check_secret_file(struct yaml_file *file, yaml_node node, const char *path)
{
	char why[PLAIN_WHY_MAX];
	if (path && !plain_check(path, why) && errno == EINVAL)
		yaml_problem(file, node, tr("the file %s %s"), path, why);
}

/* A secret: a file, or what systemd hands over (LoadCredential=). */
static void read_secret(struct yaml_file *file, yaml_node node, int index, void *object)
{
	const char *text = yaml_scalar(file, node);
	size_t skip = strlen(CONF_CREDENTIAL);
	if (!text || strncmp(text, CONF_CREDENTIAL, skip) != 0) {
		station_read_path(file, node, index, object);
		check_secret_file(file, node, *(const char **)object);
	} else if (conf_is_key_name(text + skip))
		*(const char **)object = yaml_keep(file, node);
	else
		yaml_problem(file, node, tr("%s is not %sNAME with letters, digits, . _ -"),
			     yaml_found(file, node), CONF_CREDENTIAL);
}

/* Of a secret alone: certificates are for everybody. */
static void warn_if_open(struct yaml_file *file, yaml_node node, const char *path)
{
	int mode = path && path[0] == '/' ? plain_open_to_others(path) : 0;
	if (mode != 0)
		yaml_warning(file, node,
			     tr("the file %s is open to everybody on this machine (mode "
				"%04o): chmod o= makes it a secret"),
			     path, (unsigned)mode);
}

void station_check_key_file(struct yaml_file *file, yaml_node node, const char *path)
{
	check_secret_file(file, node, path);
	warn_if_open(file, node, path);
}

static void read_key_file(struct yaml_file *file, yaml_node node, int index, void *object)
{
	read_secret(file, node, index, object);
	warn_if_open(file, node, *(const char **)object);
}

static void read_password_file(struct yaml_file *file, yaml_node node, int index, void *object)
{
	char password[CONF_PASSWORD_MAX + 1], why[PLAIN_WHY_MAX];
	const char **path = object;
	int before = yaml_problems(file);
	read_secret(file, node, index, object);
	if (yaml_problems(file) > before || !*path || (*path)[0] != '/')
		return;
	if (!plain_read_line(*path, password, sizeof(password), why) && errno == EINVAL)
		yaml_problem(file, node, tr("the file %s %s"), *path, why);
	explicit_bzero(password, sizeof(password));
	warn_if_open(file, node, *path);
}

static const struct yaml_key tls_keys[] = {
	{"ca", YAML_TYPE_CALL, .required = true, .each = read_secret,
	 .offset = offsetof(struct mqtt_conf, ca_file)},
	{"cert", YAML_TYPE_CALL, .each = read_secret,
	 .offset = offsetof(struct mqtt_conf, cert_file)},
	{"key", YAML_TYPE_CALL, .each = read_key_file,
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
			     tr("tls: cert and key belong together: one of them is missing"));
}

static const struct yaml_key cap_keys[] = {
	{"code_name", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 64,
	 .offset = offsetof(struct mqtt_conf, cap_code_name)},
	{"code", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 64,
	 .offset = offsetof(struct mqtt_conf, cap_code)},
	{0},
};

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

static const struct yaml_name receipts_names[] = {
	{"unsigned", MQTT_RECEIPTS_UNSIGNED},
	{"signed", MQTT_RECEIPTS_SIGNED},
	{NULL, 0},
};

/* "mqtt://broker:1883/", "broker:1883", "[::1]:1883": what the keys beside are for. */
static void read_host_name(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {
		.key = "host", .type = YAML_TYPE_TEXT, .min = 1, .max = 253};
	const char *text = NULL;
	(void)index;
	yaml_read_value(file, node, &key, &text);
	if (!text)
		return;
	struct conf_host host = conf_host_split(text);
	if (host.bare)
		*(const char **)object = yaml_keep(file, node);
	else if (host.name_length == 0)
		yaml_problem(file, node, tr("host: %s is not a name or an address%s"),
			     yaml_found(file, node), yaml_hint(text));
	else if (host.port)
		yaml_problem(file, node,
			     tr("host: %s is more than a name or an address; write host: %.*s and "
				"port: %.*s"),
			     yaml_found(file, node), host.name_length, host.name, host.port_length,
			     host.port);
	else
		yaml_problem(file, node,
			     tr("host: %s is more than a name or an address; write host: %.*s"),
			     yaml_found(file, node), host.name_length, host.name);
}

static const struct yaml_key host_keys[] = {
	{"host", YAML_TYPE_CALL, .required = true, .each = read_host_name,
	 .offset = offsetof(struct mqtt_host, name)},
	{"port", YAML_TYPE_INT, .min = 1, .max = 65535, .offset = offsetof(struct mqtt_host, port)},
	{0},
};

static void read_host(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct mqtt_conf *mqtt = object;
	if (mqtt->n_hosts == CONF_HOSTS_MAX)
		return; /* the table has told it */
	yaml_read(file, node, host_keys, &mqtt->hosts[mqtt->n_hosts++]);
}

static const struct yaml_key mqtt_keys[] = {
	{"host", YAML_TYPE_CALL, .each = read_host_name,
	 .offset = offsetof(struct mqtt_conf, host)},
	{"hosts", YAML_TYPE_EACH, .min = 1, .max = CONF_HOSTS_MAX, .each = read_host},
	{"port", YAML_TYPE_INT, .min = 1, .max = 65535, .offset = offsetof(struct mqtt_conf, port)},
	{"client_id", YAML_TYPE_TEXT, .min = 1, .max = 128,
	 .offset = offsetof(struct mqtt_conf, client_id)},
	{"username", YAML_TYPE_TEXT, .min = 1, .max = 255,
	 .offset = offsetof(struct mqtt_conf, username)},
	{"password_file", YAML_TYPE_CALL, .each = read_password_file,
	 .offset = offsetof(struct mqtt_conf, password_file)},
	{"keepalive_s", YAML_TYPE_INT, .min = 5, .max = 600,
	 .offset = offsetof(struct mqtt_conf, keepalive_s)},
	{"will_delay_s", YAML_TYPE_INT, .max = 3600,
	 .offset = offsetof(struct mqtt_conf, will_delay_s)},
	{"version", YAML_TYPE_NAME, .names = version_names,
	 .offset = offsetof(struct mqtt_conf, version)},
	{"confirm", YAML_TYPE_NAME, .names = confirm_names,
	 .offset = offsetof(struct mqtt_conf, confirm)},
	{"tls", YAML_TYPE_CALL, .each = read_tls},
	{"cap", YAML_TYPE_MAP, .sub = cap_keys},
	{"command_keys", YAML_TYPE_EACH, .min = 1, .max = CONF_KEYS_MAX,
	 .each = conf_read_command_key},
	{"receipts", YAML_TYPE_NAME, .names = receipts_names,
	 .offset = offsetof(struct mqtt_conf, receipts)},
	{0},
};

/* One address or several, and each with its port. */
static void settle_hosts(struct yaml_file *file, yaml_node node, struct mqtt_conf *mqtt)
{
	bool one = yaml_get(file, node, "host") > 0;
	bool several = yaml_get(file, node, "hosts") > 0;
	if (yaml_is_map(file, node) && !one && !several)
		yaml_problem(file, node, tr("required key host is missing (or hosts)"));
	if (one && several)
		yaml_problem(file, node, tr("host and hosts exclude each other"));
	if (mqtt->port == 0)
		mqtt->port = mqtt->tls ? PORT_TLS : PORT_PLAIN;
	if (mqtt->host) {
		mqtt->n_hosts = 1;
		mqtt->hosts[0] = (struct mqtt_host){mqtt->host, mqtt->port};
	}
	for (int i = 0; i < mqtt->n_hosts; i++) {
		struct mqtt_host *host = &mqtt->hosts[i];
		if (host->port == 0)
			host->port = mqtt->port;
		if (mqtt->tls && host->name && link_host_is_numeric(host->name))
			yaml_problem(file, yaml_get(file, node, one ? "host" : "hosts"),
				     tr("host: %s is an address; with tls it is the name in the "
					"broker's certificate"),
				     host->name);
	}
}

void station_read_mqtt(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	struct station_draft *draft = object;
	struct mqtt_conf *mqtt = &draft->conf.mqtt;
	mqtt->keepalive_s = 30;
	mqtt->will_delay_s = 30;
	yaml_read(file, node, mqtt_keys, mqtt);
	if (mqtt->receipts == MQTT_RECEIPTS_SIGNED && !yaml_get(file, node, "command_keys"))
		yaml_problem(
			file, yaml_get(file, node, "receipts"),
			tr("receipts: signed needs command_keys, by which signatures are known"));
	settle_hosts(file, node, mqtt);
}
