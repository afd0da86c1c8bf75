/* SPDX-License-Identifier: MIT */
#include "cycle.h"

#include "device.h"

/* What readplan_line_ms has for the silence before a request. */
static double counted_gap_ms(const struct link_conf *link)
{
	return link->kind == LINK_RTU ? 3.5 * link_conf_bits(link) * 1000 / link->baud : 0;
}

double cycle_device_ms(const struct device_conf *device, const struct link_conf *link)
{
	struct readplan plan;
	int baud = link->kind == LINK_RTU ? link->baud : 0;

	if (link->kind == LINK_RTU && baud <= 0)
		return 0;
	device_plan(device, &plan);
	double longer_ms = link_conf_gap_ms(link) - counted_gap_ms(link);
	return readplan_line_ms(&plan, baud, link_conf_bits(link)) + plan.n * longer_ms;
}

double cycle_load(const struct bus_conf *bus)
{
	double load = 0;

	for (int i = 0; i < bus->n_devices; i++)
		load += cycle_device_ms(&bus->devices[i], &bus->link) / bus->devices[i].poll_ms;
	return load;
}

double cycle_requests_per_s(const struct bus_conf *bus)
{
	double requests = 0;

	for (int i = 0; i < bus->n_devices; i++) {
		struct readplan plan;
		device_plan(&bus->devices[i], &plan);
		requests += plan.n * 1000.0 / bus->devices[i].poll_ms;
	}
	return requests;
}
