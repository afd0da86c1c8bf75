/* SPDX-License-Identifier: MIT */
/* Creating and connecting a client: address, will, versions, TLS, secrets. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mqtt_inside.h"
#include "tls.h"

#define CONNECT_TIMEOUT_S 10
#define SESSION_EXPIRY_S (7 * 24 * 3600)
#define PACKET_MAX_BYTES (66 * 1024)

/* ---- secrets: read at each connect, so that new ones need no restart ---- */

/* The file behind a configured name; false if systemd was to give it and did not. */
static bool find_secret(const char *name, char ret[PATH_MAX])
{
	size_t skip = strlen(CONF_CREDENTIAL);
	if (strncmp(name, CONF_CREDENTIAL, skip) != 0) {
		snprintf(ret, PATH_MAX, "%s", name);
		return true;
	}
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	if (folder)
		snprintf(ret, PATH_MAX, "%s/%s", folder, name + skip);
	return folder != NULL;
}

/* NULL if it is not configured or readable; else why not. */
static const char *check_secret(struct mqtt *mqtt, const char *name, char ret[PATH_MAX])
{
	if (!name)
		return NULL;
	if (!find_secret(name, ret))
		snprintf(mqtt->why, sizeof(mqtt->why), "%s: systemd gave no credentials", name);
	else if (access(ret, R_OK) != 0)
		snprintf(mqtt->why, sizeof(mqtt->why), "%s: %s", ret, strerror(errno));
	else
		return NULL;
	return mqtt->why;
}

static const char *read_password(struct mqtt *mqtt)
{
	char path[PATH_MAX];
	const char *name = mqtt->setup->conf->password_file;
	const char *why = check_secret(mqtt, name, path);
	if (!name || why)
		return why;
	FILE *file = fopen(path, "re");
	if (!file || !fgets(mqtt->password, sizeof(mqtt->password), file))
		mqtt->password[0] = '\0';
	if (file)
		fclose(file);
	mqtt->password[strcspn(mqtt->password, "\r\n")] = '\0';
	return NULL;
}

static const char *read_secrets(struct mqtt *mqtt)
{
	const struct mqtt_conf *conf = mqtt->setup->conf;
	const char *why = read_password(mqtt);
	if (!why)
		why = check_secret(mqtt, conf->ca_file, mqtt->ca);
	if (!why)
		why = check_secret(mqtt, conf->cert_file, mqtt->cert);
	if (!why)
		why = check_secret(mqtt, conf->key_file, mqtt->key);
	return why;
}

/* ---- the client ---- */

static int create_client(struct mqtt *mqtt)
{
	MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
	const struct mqtt_conf *conf = mqtt->setup->conf;
	char uri[300];
	bool ipv6 = strchr(conf->host, ':') != NULL;
	snprintf(uri, sizeof(uri), ipv6 ? "%s://[%s]:%d" : "%s://%s:%d", conf->tls ? "ssl" : "tcp",
		 conf->host, conf->port);
	if (mqtt->old)
		options.MQTTVersion = MQTTVERSION_3_1_1;
	int rc = MQTTAsync_createWithOptions(&mqtt->client, uri, conf->client_id,
					     MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
	if (rc != MQTTASYNC_SUCCESS)
		return rc;
	rc = MQTTAsync_setCallbacks(mqtt->client, &mqtt->slots[0], mqtt_on_lost, mqtt_on_arrived,
				    NULL);
	if (rc != MQTTASYNC_SUCCESS)
		return rc;
	return MQTTAsync_setDisconnected(mqtt->client, &mqtt->slots[0], mqtt_on_disconnected);
}

/* Certificate and host name are checked, against our CA alone (reliability.md 2.4). */
static MQTTAsync_SSLOptions tls_options(struct mqtt *mqtt)
{
	MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
	const struct mqtt_conf *conf = mqtt->setup->conf;
	tls.trustStore = mqtt->ca;
	tls.keyStore = conf->cert_file ? mqtt->cert : NULL;
	tls.privateKey = conf->key_file ? mqtt->key : NULL;
	tls.sslVersion = MQTT_SSL_VERSION_TLS_1_2;
	tls.enableServerCertAuth = 1;
	tls.verify = 1;
	tls.disableDefaultTrustStore = 1;
	return tls;
}

static MQTTAsync_willOptions will_options(const struct mqtt_message *message)
{
	MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
	will.topicName = message->topic;
	will.message = message->payload;
	will.qos = 1;
	will.retained = 1;
	return will;
}

static MQTTAsync_connectOptions connect_options(struct mqtt *mqtt)
{
	MQTTAsync_connectOptions options5 = MQTTAsync_connectOptions_initializer5;
	MQTTAsync_connectOptions options3 = MQTTAsync_connectOptions_initializer;
	MQTTAsync_connectOptions options = mqtt->old ? options3 : options5;
	if (mqtt->old) {
		options.MQTTVersion = MQTTVERSION_3_1_1;
		options.cleansession = 0;
		options.onSuccess = mqtt_on_connected;
		options.onFailure = mqtt_on_refused;
	} else {
		options.cleanstart = 0;
		options.onSuccess5 = mqtt_on_connected5;
		options.onFailure5 = mqtt_on_refused5;
	}
	options.keepAliveInterval = mqtt->setup->conf->keepalive_s;
	options.connectTimeout = CONNECT_TIMEOUT_S;
	options.maxInflight = MQTT_IN_FLIGHT_MAX;
	options.username = mqtt->setup->conf->username;
	options.password = mqtt->setup->conf->password_file ? mqtt->password : NULL;
	options.context = &mqtt->slots[0];
	return options;
}

static int call_connect(struct mqtt *mqtt)
{
	MQTTAsync_connectOptions options = connect_options(mqtt);
	MQTTAsync_willOptions will = will_options(mqtt->setup->will);
	MQTTAsync_SSLOptions tls = tls_options(mqtt);
	MQTTProperties properties = MQTTProperties_initializer;
	MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL,
			       .value.integer4 = SESSION_EXPIRY_S};
	MQTTProperty largest = {.identifier = MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE,
				.value.integer4 = PACKET_MAX_BYTES};
	MQTTProperties_add(&properties, &expiry);
	MQTTProperties_add(&properties, &largest);
	options.will = &will;
	if (mqtt->setup->conf->tls)
		options.ssl = &tls;
	if (!mqtt->old)
		options.connectProperties = &properties;
	int rc = MQTTAsync_connect(mqtt->client, &options);
	MQTTProperties_free(&properties);
	return rc;
}

const char *mqtt_connect(struct mqtt *mqtt)
{
	mqtt_drop(mqtt);
	const char *why = read_secrets(mqtt);
	if (why)
		return why;
	mqtt->slots[0].epoch = mqtt->epoch;
	mqtt->slots[0].used = true;
	int rc = create_client(mqtt);
	if (rc == MQTTASYNC_SUCCESS)
		rc = call_connect(mqtt);
	return rc == MQTTASYNC_SUCCESS ? NULL : MQTTAsync_strerror(rc);
}

const char *mqtt_explain(struct mqtt *mqtt, const char *why)
{
	const struct mqtt_conf *conf = mqtt->setup->conf;
	if (!conf->tls)
		return why;
	const struct tls_files files = {mqtt->ca, conf->cert_file ? mqtt->cert : NULL,
					conf->key_file ? mqtt->key : NULL};
	tls_explain(conf->host, conf->port, &files, mqtt->why, sizeof(mqtt->why));
	return mqtt->why[0] != '\0' ? mqtt->why : why;
}
