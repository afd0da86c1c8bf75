/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <stddef.h>

#include "frame.h"
#include "link.h"

#define TIMEOUT_MIN_MS 20

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

static bool is_pause(int ms)
{
	return ms >= 0 && ms <= LINK_MS_MAX;
}

bool link_conf_usable(const struct link_conf *conf)
{
	if (conf->response_timeout_ms < TIMEOUT_MIN_MS || conf->response_timeout_ms > LINK_MS_MAX ||
	    !is_pause(conf->quiet_ms) || !is_pause(conf->gap_ms) ||
	    !is_pause(conf->connect_delay_ms))
		return false;
	if (conf->kind != LINK_RTU)
		return conf->host && conf->port != 0;
	return conf->device && baud_is_known(conf->baud) &&
	       (conf->parity == 'N' || conf->parity == 'E' || conf->parity == 'O') &&
	       (conf->data_bits == 7 || conf->data_bits == 8) &&
	       (conf->stop_bits == 1 || conf->stop_bits == 2);
}

bool link_conf_is_rtu(const struct link_conf *conf)
{
	return conf->kind != LINK_TCP;
}

int link_conf_gap_ms(const struct link_conf *conf)
{
	int least_ms = conf->kind == LINK_RTU ? frame_gap_ms(conf->baud, link_conf_bits(conf))
					      : FRAME_GAP_MIN_MS;

	if (conf->kind == LINK_TCP || conf->gap_ms > least_ms)
		return conf->gap_ms;
	return least_ms;
}

int link_conf_bits(const struct link_conf *conf)
{
	return 1 + conf->data_bits + (conf->parity != 'N') + conf->stop_bits;
}
