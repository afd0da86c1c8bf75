/* SPDX-License-Identifier: MIT */
/* Creating and connecting a client: address, will, versions, TLS, secrets. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "dial.h"
#include "mqtt_inside.h"
#include "plain_file.h"
#include "tls_reason.h"

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
	char why[PLAIN_WHY_MAX];
	if (!name)
		return NULL;
	if (!find_secret(name, ret))
		snprintf(mqtt->why, sizeof(mqtt->why), "%s: systemd gave no credentials", name);
	else if (!plain_check(ret, why))
		snprintf(mqtt->why, sizeof(mqtt->why), "%s %s", ret, why);
	else
		return NULL;
	return mqtt->why;
}

static const char *read_password(struct mqtt *mqtt)
{
	char path[PATH_MAX], reason[PLAIN_WHY_MAX];
	const char *name = mqtt->setup->conf->password_file;
	const char *why = check_secret(mqtt, name, path);
	if (!name || why)
		return why;
	if (plain_read_line(path, mqtt->password, sizeof(mqtt->password), reason))
		return NULL;
	snprintf(mqtt->why, sizeof(mqtt->why), "%s %s", path, reason);
	return mqtt->why;
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
	const struct mqtt_host *host = &conf->hosts[mqtt->host];
	bool ipv6 = strchr(host->name, ':') != NULL;
	snprintf(uri, sizeof(uri), ipv6 ? "%s://[%s]:%d" : "%s://%s:%d", conf->tls ? "ssl" : "tcp",
		 host->name, host->port);
	if (mqtt->version.old)
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

static MQTTAsync_willOptions will_options(const struct mqtt *mqtt)
{
	const struct mqtt_message *message = mqtt->setup->will;
	MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
	will.topicName = message->topic;
	will.message = message->payload;
	will.qos = mqtt->will_qos;
	will.retained = mqtt->will_retain;
	return will;
}

static MQTTAsync_connectOptions connect_options(struct mqtt *mqtt)
{
	MQTTAsync_connectOptions options5 = MQTTAsync_connectOptions_initializer5;
	MQTTAsync_connectOptions options3 = MQTTAsync_connectOptions_initializer;
	MQTTAsync_connectOptions options = mqtt->version.old ? options3 : options5;
	if (mqtt->version.old) {
		options.MQTTVersion = MQTTVERSION_3_1_1;
		options.cleansession = mqtt->deaf;
		options.onSuccess = mqtt_on_connected;
		options.onFailure = mqtt_on_refused;
	} else {
		options.cleanstart = mqtt->deaf;
		options.onSuccess5 = mqtt_on_connected5;
		options.onFailure5 = mqtt_on_refused5;
	}
	options.keepAliveInterval = mqtt->keepalive_s;
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
	MQTTAsync_willOptions will = will_options(mqtt);
	MQTTAsync_SSLOptions tls = tls_options(mqtt);
	MQTTProperties properties = MQTTProperties_initializer;
	MQTTProperties will_properties = MQTTProperties_initializer;
	MQTTProperty delay = {.identifier = MQTTPROPERTY_CODE_WILL_DELAY_INTERVAL,
			      .value.integer4 = (unsigned)mqtt->setup->conf->will_delay_s};
	MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL,
			       .value.integer4 = SESSION_EXPIRY_S};
	MQTTProperty largest = {.identifier = MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE,
				.value.integer4 = PACKET_MAX_BYTES};
	MQTTProperties_add(&properties, &expiry);
	MQTTProperties_add(&properties, &largest);
	MQTTProperties_add(&will_properties, &delay);
	options.will = &will;
	if (mqtt->setup->conf->tls)
		options.ssl = &tls;
	if (!mqtt->version.old) {
		options.connectProperties = &properties;
		options.willProperties = &will_properties;
	}
	int rc = MQTTAsync_connect(mqtt->client, &options);
	MQTTProperties_free(&properties);
	MQTTProperties_free(&will_properties);
	return rc;
}

const char *mqtt_connect(struct mqtt *mqtt)
{
	mqtt_drop(mqtt);
	mqtt_version_begin(&mqtt->version, clock_monotonic_ms());
	const char *why = read_secrets(mqtt);
	if (why) {
		explicit_bzero(mqtt->password, sizeof(mqtt->password));
		return why;
	}
	mqtt->slots[0].epoch = mqtt->epoch;
	mqtt->slots[0].used = true;
	int rc = create_client(mqtt);
	if (rc == MQTTASYNC_SUCCESS)
		rc = call_connect(mqtt);
	explicit_bzero(mqtt->password, sizeof(mqtt->password)); /* paho has its own */
	return rc == MQTTASYNC_SUCCESS ? NULL : MQTTAsync_strerror(rc);
}

void mqtt_explain(struct mqtt *mqtt, struct mqtt_event *lost, bool *ret_refused)
{
	const struct mqtt_conf *conf = mqtt->setup->conf;
	const struct tls_reason_files files = {mqtt->ca, conf->cert_file ? mqtt->cert : NULL,
					       conf->key_file ? mqtt->key : NULL};
	/* with TLS 1.3 a broker looks at our certificate after the handshake */
	bool unclear =
		lost->loss == MQTT_LOSS_NO_LINK || (lost->loss == MQTT_LOSS_SILENT && conf->tls);
	*ret_refused = false;
	if (!unclear)
		return;
	const struct mqtt_host *host = &conf->hosts[mqtt->host];
	int fd = dial_host(host->name, host->port, mqtt->why, ret_refused);
	if (fd >= 0) {
		mqtt->why[0] = '\0';
		if (conf->tls)
			tls_reason_explain(fd, host->name, &files, mqtt->why, sizeof(mqtt->why));
		close(fd);
	}
	if (mqtt->why[0] != '\0')
		snprintf(lost->text, sizeof(lost->text), "%.*s", (int)sizeof(lost->text) - 1,
			 mqtt->why);
}
