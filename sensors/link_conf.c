/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <stddef.h>

#include "link.h"

#define TIMEOUT_MIN_MS 20
#define TIMEOUT_MAX_MS 1000

/* libmodbus takes an unknown rate for 9600 and says so in debug mode only. */
static bool baud_is_known(int baud)
{
	static const int known[] = {300,   600,   1200,  2400,   4800,   9600,
				    19200, 38400, 57600, 115200, 230400, 460800};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == baud)
			return true;
	return false;
}

bool link_host_is_numeric(const char *host)
{
	struct in6_addr address; /* has room for either kind */

	return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

bool link_conf_usable(const struct link_conf *conf)
{
	if (conf->response_timeout_ms < TIMEOUT_MIN_MS ||
	    conf->response_timeout_ms > TIMEOUT_MAX_MS)
		return false;
	if (conf->kind == LINK_TCP)
		return conf->host && conf->port != 0;
	return conf->device && baud_is_known(conf->baud) && conf->quiet_ms >= 0 &&
	       (conf->parity == 'N' || conf->parity == 'E' || conf->parity == 'O') &&
	       (conf->data_bits == 7 || conf->data_bits == 8) &&
	       (conf->stop_bits == 1 || conf->stop_bits == 2);
}

int link_conf_bits(const struct link_conf *conf)
{
	return 1 + conf->data_bits + (conf->parity != 'N') + conf->stop_bits;
}
