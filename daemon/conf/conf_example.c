/* SPDX-License-Identifier: MIT */
/* Values that documents are written with are nobody's: one in a station file was forgotten. */
#include <string.h>

#include "station_draft.h"
#include "words.h"

/* The blocks of RFC 5737 and RFC 3849, and the names of RFC 2606. */
static bool is_example(const char *host)
{
	static const char *const begins[] = {"192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"};
	static const char *const ends[] = {".example", ".example.com", ".example.org",
					   ".example.net"};
	for (size_t i = 0; host && i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (strncmp(host, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	for (size_t i = 0; host && i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t end = strlen(ends[i]), all = strlen(host);
		if (all > end && strcmp(host + all - end, ends[i]) == 0)
			return true;
	}
	return false;
}

static void warn_if_example(struct yaml_file *file, yaml_node map, const char *host)
{
	if (is_example(host))
		yaml_warning(file, yaml_get(file, map, "host"),
			     tr("host: %s is an example of the documents, and nobody's; write the "
				"right one"),
			     host);
}

void station_warn_of_examples(struct yaml_file *file, const struct station_draft *draft)
{
	const struct conf *conf = &draft->conf;
	yaml_node mqtt = yaml_get(file, yaml_root(file), "mqtt");
	yaml_node hosts = yaml_get(file, mqtt, "hosts");
	yaml_node platforms = yaml_get(file, yaml_get(file, yaml_root(file), "hj212"), "platforms");
	for (int i = 0; i < conf->n_buses; i++)
		warn_if_example(file,
				yaml_get(file, draft->bus_at[i],
					 conf->buses[i].of_loggers ? "hj212" : "tcp"),
				conf->buses[i].link.host);
	for (int i = 0; i < conf->mqtt.n_hosts; i++)
		warn_if_example(file, hosts ? yaml_item(file, hosts, i) : mqtt,
				conf->mqtt.hosts[i].name);
	for (int i = 0; i < conf->n_platforms; i++)
		warn_if_example(file, yaml_item(file, platforms, i), conf->platforms[i].host);
}
