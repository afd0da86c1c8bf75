/* SPDX-License-Identifier: MIT */
/* The keys under mqtt.command_keys of a station file: who may give which command. */
#ifndef DAEMON_CONF_CONF_KEYS_H
#define DAEMON_CONF_CONF_KEYS_H

#include "yaml.h"

/* 1 to CONF_KEY_NAME_MAX letters, digits, . _ - and no dot at the begin. */
bool conf_is_key_name(const char *text);

/* An item of the list, into the struct mqtt_conf `object`. */
void conf_read_command_key(struct yaml_file *file, yaml_node node, int index, void *object);

#endif
