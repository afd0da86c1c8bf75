/* SPDX-License-Identifier: MIT */
/* A broker's address as people write it: a name, an address, and what a URL has around them. */
#ifndef DAEMON_CONF_CONF_HOST_H
#define DAEMON_CONF_CONF_HOST_H

#include <stdbool.h>

/* Parts of a text, which goes on behind them. */
struct conf_host {
	const char *name, *port;
	int name_length; /* 0: there is neither name nor address in it */
	int port_length; /* 0: no port */
	bool bare;       /* it is the name or address alone, as host: takes it */
	bool rest;       /* more stands before or behind them, such as a scheme */
};

struct conf_host conf_host_split(const char *text);

#endif
