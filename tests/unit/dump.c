/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include <string.h>

#include "unit.h"

#define PATH_LENGTH 512

FILE *dump_open(const char *name)
{
	char path[PATH_LENGTH];

	snprintf(path, sizeof(path), "tests/data/registers/%s.txt", name);
	FILE *file = fopen(unit_source(path), "re");
	ck_assert_msg(file != NULL, "profile %s has no register dump: %s", name, path);
	return file;
}

bool dump_take(struct dump *dump, const char *line)
{
	int unit, function = 0, address = 0, used = 0;
	unsigned word;

	if (sscanf(line, "case %d", &unit) == 1) {
		memset(dump, 0, sizeof(*dump));
		dump->unit = unit;
		return true;
	}
	if (sscanf(line, "read %d %d:%n", &function, &address, &used) != 2)
		return false;
	ck_assert(function >= 1 && function <= 4);
	for (line += used; sscanf(line, "%4x%n", &word, &used) == 1; line += used) {
		dump->known[function - 1][address] = true;
		dump->words[function - 1][address++] = (uint16_t)word;
	}
	return true;
}

void dump_first(const char *name, struct dump *ret)
{
	char line[1024];
	FILE *file = dump_open(name);
	int cases = 0;

	while (fgets(line, sizeof(line), file)) {
		cases += strncmp(line, "case ", 5) == 0;
		if (cases == 1)
			dump_take(ret, line);
	}
	fclose(file);
	ck_assert_int_ge(cases, 1);
}

void dump_profile(const char *name, struct arena *arena, struct profile *ret)
{
	char path[PATH_LENGTH];
	struct problems problems = {0};

	snprintf(path, sizeof(path), "config/profiles/%s.yaml", name);
	struct yaml_file *file = yaml_open(unit_source(path), arena, &problems);
	ck_assert_ptr_nonnull(file);
	ck_assert(conf_read_profile(file, ret));
	yaml_close(file);
	problems_done(&problems);
}

static void answer(const struct device *device, const struct dump *dump, struct poll *ret)
{
	for (int i = 0; i < device->plan.n; i++) {
		const struct request *request = &device->plan.requests[i];
		ret->whys[i] = WHY_NONE;
		ret->held[i] = false;
		for (int j = 0; j < request->count; j++) {
			int at = request->address + j;
			if (!dump->known[request->function - 1][at])
				ret->whys[i] = WHY_EXCEPTION;
			ret->replies[i][j] = dump->words[request->function - 1][at];
		}
	}
}

void dump_poll(const struct dump *dump, const struct device_conf *conf, struct device *device,
	       struct poll *ret)
{
	memset(device, 0, sizeof(*device));
	device_init(device, conf, 0);
	answer(device, dump, ret);
	for (int i = 0; i < device->plan.n;)
		if (ret->whys[i] == WHY_EXCEPTION &&
		    readplan_split(&device->plan, conf->profile, i))
			answer(device, dump, ret);
		else
			i++;
	device_identify(device, ret, 1, 0);
}
