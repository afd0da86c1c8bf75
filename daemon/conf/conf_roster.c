/* SPDX-License-Identifier: MIT */
#include "conf_roster.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "plain_file.h"
#include "words.h"

#define COLUMNS 2

static const char *const names[COLUMNS] = {"id", "role"};
static const char *const roles[] = {"assessment", "traffic", "background", "micro"};
#define ROLES ((int)(sizeof(roles) / sizeof(roles[0])))

const char *station_role_name(enum station_role role)
{
	return roles[role];
}

int roster_find(const struct roster *roster, const char *id)
{
	for (int i = 0; i < roster->n; i++) {
		if (strcmp(roster->stations[i].id, id) == 0)
			return i;
	}
	return -1;
}

/* A file that is being read. */
struct reading {
	struct csv csv;
	const char *own;
	int at[COLUMNS]; /* the field of each column, -1: not there */
	int n, lines[ROSTER_MAX];
	struct roster_station stations[ROSTER_MAX];
};

static bool read_header(struct reading *reading)
{
	struct csv *csv = &reading->csv;
	char shown[CSV_SHOWN];
	int before = csv->problems->n;
	reading->at[0] = reading->at[1] = -1;
	if (!csv_next(csv)) {
		csv_problem(csv, 1, tr("the file is empty; its first line must be id,role"));
		return false;
	}
	for (int i = 0; i < csv->n; i++) {
		int c = 0;
		while (c < COLUMNS && strcmp(csv->fields[i].text, names[c]) != 0)
			c++;
		if (c == COLUMNS)
			csv_field_problem(csv, i, tr("column %s is unknown; known are id and role"),
					  csv_shown(csv->fields[i].text, shown));
		else if (reading->at[c] >= 0)
			csv_field_problem(csv, i, tr("column %s is there twice"), names[c]);
		else
			reading->at[c] = i;
	}
	for (int c = 0; c < COLUMNS && csv->problems->n == before; c++) {
		if (reading->at[c] < 0)
			csv_problem(csv, 1, tr("column %s is missing"), names[c]);
	}
	return csv->problems->n == before;
}

static bool is_station_id(const char *text)
{
	size_t n = strlen(text);
	return n > 0 && n < ROSTER_ID_SIZE && text[0] != '-' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static bool read_id(struct reading *reading, char ret[ROSTER_ID_SIZE])
{
	struct csv *csv = &reading->csv;
	const char *text = csv->fields[reading->at[0]].text;
	char shown[CSV_SHOWN];
	if (!is_station_id(text)) {
		csv_field_problem(csv, reading->at[0],
				  tr("id: %s is not a station's id: 1 to 32 of a-z 0-9 -"),
				  csv_shown(text, shown));
		return false;
	}
	if (reading->own && strcmp(reading->own, text) == 0) {
		csv_field_problem(csv, reading->at[0], tr("id: %s is the district itself"), text);
		return false;
	}
	for (int i = 0; i < reading->n; i++) {
		if (strcmp(reading->stations[i].id, text) != 0)
			continue;
		csv_field_problem(csv, reading->at[0], tr("id: %s is there before, in line %d"),
				  text, reading->lines[i]);
		return false;
	}
	memcpy(ret, text, strlen(text) + 1);
	return true;
}

static bool read_role(struct reading *reading, enum station_role *ret)
{
	struct csv *csv = &reading->csv;
	const char *text = csv->fields[reading->at[1]].text;
	char shown[CSV_SHOWN];
	for (int i = 0; i < ROLES; i++) {
		if (strcmp(text, roles[i]) == 0) {
			*ret = (enum station_role)i;
			return true;
		}
	}
	csv_field_problem(csv, reading->at[1],
			  tr("role: %s is not one of assessment, traffic, background, micro"),
			  csv_shown(text, shown));
	return false;
}

static void read_row(struct reading *reading)
{
	struct csv *csv = &reading->csv;
	struct roster_station station;
	if (csv->n <= reading->at[0] || csv->n <= reading->at[1]) {
		csv_problem(csv, 1, tr("has %d fields; the header has more"), csv->n);
		return;
	}
	bool good = read_id(reading, station.id);
	good = read_role(reading, &station.role) && good;
	if (good && reading->n == ROSTER_MAX)
		csv_problem(csv, 1, tr("more than %d stations"), ROSTER_MAX);
	else if (good) {
		reading->lines[reading->n] = csv->line;
		reading->stations[reading->n++] = station;
	}
}

/* Assessment points first, each kind in the order of the file. */
static void sort_stations(const struct reading *reading, struct arena *arena, struct roster *ret)
{
	size_t size = (size_t)(reading->n > 0 ? reading->n : 1) * sizeof(ret->stations[0]);
	ret->stations = arena_alloc(arena, size);
	for (int points = 1; points >= 0; points--) {
		for (int i = 0; i < reading->n; i++) {
			const struct roster_station *station = &reading->stations[i];
			if ((station->role == ROLE_ASSESSMENT) == (points == 1))
				ret->stations[ret->n++] = *station;
		}
		if (points == 1)
			ret->n_points = ret->n;
	}
}

static bool read_stations(struct reading *reading, struct arena *arena, struct roster *ret)
{
	struct csv *csv = &reading->csv;
	int before = csv->problems->n;
	if (read_header(reading)) {
		while (csv_next(csv)) {
			if (csv->n > 0)
				read_row(reading);
		}
	}
	if (csv->error != 0)
		problems_add(csv->problems, csv->path, 0, 0, "%s", strerror(csv->error));
	if (csv->problems->n > before)
		return false;
	sort_stations(reading, arena, ret);
	if (ret->n_points > DISTRICT_POINTS_MAX)
		problems_add(csv->problems, csv->path, 0, 0,
			     tr("%d assessment points; %d are the most"), ret->n_points,
			     DISTRICT_POINTS_MAX);
	else if (ret->n_points == 0)
		problems_warn(csv->problems, csv->path, 0, 0,
			      tr("no assessment point: the district will have no value"));
	return csv->problems->n == before;
}

bool conf_read_roster(const char *path, const char *own, struct arena *arena,
		      struct problems *problems, struct roster *ret)
{
	char why[PLAIN_WHY_MAX];
	struct reading *reading = calloc(1, sizeof(*reading));
	FILE *in = reading ? plain_open(path, why) : NULL;
	bool good = false;
	*ret = (struct roster){.path = path};
	if (in) {
		reading->own = own;
		reading->csv = (struct csv){
			.in = in, .path = path, .problems = problems, .spreadsheet = true};
		good = read_stations(reading, arena, ret);
		fclose(in);
	} else {
		problems_add(problems, path, 0, 0, "%s", reading ? why : strerror(ENOMEM));
	}
	free(reading);
	return good;
}
