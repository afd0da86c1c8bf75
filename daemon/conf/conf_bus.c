/* SPDX-License-Identifier: MIT */
#include "station_draft.h"
#include "words.h"

#include <string.h>

/* The values of a bus, before they go into struct link_conf with its narrower types. */
struct bus_draft {
	const char *id, *host, *listen, *device;
	int32_t port, response_timeout_ms, quiet_ms, gap_ms, connect_delay_ms;
	int baud, parity, data_bits, stop_bits;
};

static const struct yaml_name bauds[] = {
	{"300", 300},     {"600", 600},       {"1200", 1200},   {"2400", 2400},
	{"4800", 4800},   {"9600", 9600},     {"19200", 19200}, {"38400", 38400},
	{"57600", 57600}, {"115200", 115200}, {NULL, 0},
};
static const struct yaml_name parities[] = {{"N", 'N'}, {"E", 'E'}, {"O", 'O'}, {NULL, 0}};
static const struct yaml_name stop_bits[] = {{"1", 1}, {"2", 2}, {NULL, 0}};

/* Seven would cut a bit off every byte of a frame. */
static void read_data_bits(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	const char *text = yaml_scalar(file, node);
	if (text && strcmp(text, "8") == 0)
		*(int *)object = 8;
	else
		yaml_problem(file, node,
			     tr("data_bits: %s is not 8: Modbus RTU sends whole bytes (7 is for "
				"Modbus ASCII, which is not read here)"),
			     yaml_found(file, node));
}

static void read_host(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	const char *text = yaml_scalar(file, node);
	if (text && link_host_is_numeric(text))
		*(const char **)object = yaml_keep(file, node);
	else
		yaml_problem(
			file, node,
			tr("host: %s is not a numeric IPv4 or IPv6 address (no name is looked up)"),
			yaml_found(file, node));
}

static const struct yaml_key tcp_keys[] = {
	{"host", YAML_TYPE_CALL, .required = true, .each = read_host,
	 .offset = offsetof(struct bus_draft, host)},
	{"port", YAML_TYPE_INT, .min = 1, .max = 65535, .offset = offsetof(struct bus_draft, port)},
	{0},
};

static const struct yaml_key rtu_over_tcp_keys[] = {
	{"host", YAML_TYPE_CALL, .required = true, .each = read_host,
	 .offset = offsetof(struct bus_draft, host)},
	{"port", YAML_TYPE_INT, .required = true, .min = 1, .max = 65535,
	 .offset = offsetof(struct bus_draft, port)},
	{0},
};

static const struct yaml_key rtu_keys[] = {
	{"device", YAML_TYPE_CALL, .required = true, .each = station_read_path,
	 .offset = offsetof(struct bus_draft, device)},
	{"baud", YAML_TYPE_NAME, .required = true, .names = bauds,
	 .offset = offsetof(struct bus_draft, baud)},
	{"parity", YAML_TYPE_NAME, .names = parities, .offset = offsetof(struct bus_draft, parity)},
	{"data_bits", YAML_TYPE_CALL, .each = read_data_bits,
	 .offset = offsetof(struct bus_draft, data_bits)},
	{"stop_bits", YAML_TYPE_NAME, .names = stop_bits,
	 .offset = offsetof(struct bus_draft, stop_bits)},
	{0},
};

/* listen or host */
static const struct yaml_key hj212_keys[] = {
	{"listen", YAML_TYPE_CALL, .each = read_host, .offset = offsetof(struct bus_draft, listen)},
	{"host", YAML_TYPE_CALL, .each = read_host, .offset = offsetof(struct bus_draft, host)},
	{"port", YAML_TYPE_INT, .required = true, .min = 1, .max = 65535,
	 .offset = offsetof(struct bus_draft, port)},
	{0},
};

static const struct yaml_key bus_keys[] = {
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct bus_draft, id)},
	{"tcp", YAML_TYPE_MAP, .sub = tcp_keys},
	{"rtu", YAML_TYPE_MAP, .sub = rtu_keys},
	{"rtu_over_tcp", YAML_TYPE_MAP, .sub = rtu_over_tcp_keys},
	{"hj212", YAML_TYPE_MAP, .sub = hj212_keys},
	{"response_timeout_ms", YAML_TYPE_INT, .min = 20, .max = LINK_MS_MAX,
	 .offset = offsetof(struct bus_draft, response_timeout_ms)},
	{"quiet_ms", YAML_TYPE_INT, .min = 10, .max = 1000,
	 .offset = offsetof(struct bus_draft, quiet_ms)},
	{"gap_ms", YAML_TYPE_INT, .max = LINK_MS_MAX, .offset = offsetof(struct bus_draft, gap_ms)},
	{"connect_delay_ms", YAML_TYPE_INT, .max = LINK_MS_MAX,
	 .offset = offsetof(struct bus_draft, connect_delay_ms)},
	{0},
};

static void fill_link(const struct bus_draft *from, enum link_kind kind, struct link_conf *ret)
{
	*ret = (struct link_conf){
		.kind = kind,
		.host = from->host,
		.port = (uint16_t)from->port,
		.device = from->device,
		.baud = from->baud,
		.parity = (char)from->parity,
		.data_bits = from->data_bits,
		.stop_bits = from->stop_bits,
		.response_timeout_ms = from->response_timeout_ms,
		.quiet_ms = from->quiet_ms,
		.gap_ms = from->gap_ms,
		.connect_delay_ms = from->connect_delay_ms,
	};
}

/* Both lead to one serial line behind a converter, or one of them takes it for a gateway. */
static bool share_converter(const struct bus_conf *bus, const struct bus_conf *other)
{
	const struct link_conf *a = &bus->link, *b = &other->link;
	if (bus->of_loggers && other->of_loggers && bus->listens && other->listens)
		return a->port == b->port;
	return (a->kind == LINK_RTU_TCP || b->kind == LINK_RTU_TCP) && a->port == b->port &&
	       a->host && b->host && strcmp(a->host, b->host) == 0;
}

/* Two buses with one name, or on one serial line. */
static void compare_buses(struct yaml_file *file, const struct station_draft *draft, int index)
{
	const struct bus_conf *bus = &draft->conf.buses[index];
	yaml_node at = draft->bus_at[index];
	for (int i = 0; i < index; i++) {
		const struct bus_conf *other = &draft->conf.buses[i];
		if (bus->id && other->id && strcmp(bus->id, other->id) == 0)
			yaml_problem(file, yaml_get(file, at, "id"),
				     tr("duplicate bus id %s, given before at %s"), bus->id,
				     yaml_place(file, yaml_get(file, draft->bus_at[i], "id")));
		if (bus->link.device && other->link.device &&
		    strcmp(bus->link.device, other->link.device) == 0)
			yaml_problem(file, yaml_get(file, yaml_get(file, at, "rtu"), "device"),
				     tr("device %s is already the line of the bus at %s"),
				     bus->link.device, yaml_place(file, draft->bus_at[i]));
		if (share_converter(bus, other))
			yaml_problem(file,
				     yaml_get(file, at,
					      bus->of_loggers              ? "hj212"
					      : bus->link.kind == LINK_TCP ? "tcp"
									   : "rtu_over_tcp"),
				     tr("port %d of %s is already the line of the bus at %s"),
				     bus->link.port, bus->link.host,
				     yaml_place(file, draft->bus_at[i]));
	}
}

/* Which of the four lines it has. */
static enum link_kind read_kind(struct yaml_file *file, yaml_node node)
{
	static const char *const keys[] = {"tcp", "rtu", "rtu_over_tcp", "hj212"};
	static const enum link_kind kinds[] = {LINK_TCP, LINK_RTU, LINK_RTU_TCP, LINK_TCP};
	enum link_kind kind = LINK_TCP;
	int n = 0;
	yaml_node last = 0;
	for (int i = 0; i < 4; i++) {
		yaml_node at = yaml_get(file, node, keys[i]);
		if (!at)
			continue;
		kind = kinds[i];
		last = at;
		n++;
	}
	if (n > 1)
		yaml_problem(file, last,
			     tr("a bus is one of tcp, rtu, rtu_over_tcp and hj212; %d are given"),
			     n);
	else if (yaml_is_map(file, node) && n == 0)
		yaml_problem(file, node,
			     tr("a bus needs one of the keys tcp, rtu, rtu_over_tcp and hj212"));
	return kind;
}

/* A line that loggers connect to, or that connects to one. */
static void read_loggers(struct yaml_file *file, yaml_node node, struct bus_draft *read,
			 struct bus_conf *bus)
{
	yaml_node at = yaml_get(file, node, "hj212");
	if (!at)
		return;
	bus->of_loggers = true;
	bus->listens = read->listen != NULL;
	if (yaml_is_map(file, at) &&
	    (yaml_get(file, at, "listen") != 0) == (yaml_get(file, at, "host") != 0))
		yaml_problem(file, at,
			     tr("hj212 needs either listen, the address at which loggers connect, "
				"or host, the logger that is connected to"));
	if (bus->listens)
		read->host = read->listen;
}

void station_read_bus(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct station_draft *draft = object;
	struct bus_draft read = {
		.port = 502,
		.parity = 'N',
		.data_bits = 8,
		.stop_bits = 1,
		.response_timeout_ms = 500,
		.quiet_ms = 300,
	};
	yaml_read(file, node, bus_keys, &read);
	enum link_kind kind = read_kind(file, node);
	struct bus_conf *bus = &draft->conf.buses[index];
	bus->id = read.id;
	read_loggers(file, node, &read, bus);
	fill_link(&read, kind, &bus->link);
	draft->bus_at[index] = node;
	draft->conf.n_buses = index + 1;
	compare_buses(file, draft, index);
}
