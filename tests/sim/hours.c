/* SPDX-License-Identifier: MIT */
/*
 * Hourly means in, AQIs out: what rules/ makes of a record, for the tests that know the answer.
 *
 * Input, one line an hour, labels rising:
 *
 *   HOUR,PM25,PM10,SO2,NO2,CO,O3
 *
 * HOUR is the hour's END in hours since 1970 UTC; the six are hourly means in thousandths of the
 * pollutant's unit (ug/m3; mg/m3 for CO), empty if missing. Hours left out are missing. With POINTS
 * each line has the six of every point of a district, and the answers are the district's. Output: a
 * line of names, then one line for each line of input; an empty field is "not there", and
 *
 *   known       1 if there is an AQI for the plan, then `aqi` is it
 *   published   the AQI if the edition lets it be published
 *   category    from 0, the cleanest
 *   primary     keys joined by |
 *   iaqi_KEY    IAQI; mean_KEY the mean behind it as SUM/COUNT in thousandths; n_KEY valid hours,
 *               of a district the points that it rests on
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "district.h"
#include "load.h"

struct station {
	struct edition edition;
	struct scope scope;
	int points; /* 0: it is a station, which is one */
	struct window windows[DISTRICT_POINTS_MAX];
	struct hour_values values[DISTRICT_POINTS_MAX];
};

struct answer {
	int64_t hour;
	struct aqi daily, realtime;
};

/* ---- one hour through the rules ---- */

static void take_station_hour(struct station *station, int64_t hour, struct answer *ret)
{
	ret->hour = hour;
	window_put(&station->windows[0], hour, &station->values[0]);
	aqi_daily(&station->edition, &station->scope, &station->windows[0], &ret->daily);
	aqi_realtime(&station->edition, &station->scope, &station->values[0], &ret->realtime);
}

static int count_points(const struct point_set *set)
{
	int n = 0;
	for (int i = 0; i < DISTRICT_POINTS_MAX; i++)
		n += point_set_has(set, i);
	return n;
}

/* Of a district the points are shown. */
static struct aqi show_points(const struct district_index *index)
{
	struct aqi aqi = index->aqi;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		aqi.hours[p] = count_points(&index->points[p]);
	return aqi;
}

static void take_district_hour(struct station *station, int64_t hour, struct answer *ret)
{
	struct district_index realtime, daily;
	ret->hour = hour;
	for (int i = 0; i < station->points; i++)
		window_put(&station->windows[i], hour, &station->values[i]);
	district_daily(&station->edition, &station->scope, station->points, station->windows,
		       &daily);
	district_realtime(&station->edition, &station->scope, station->points, station->values,
			  &realtime);
	ret->daily = show_points(&daily);
	ret->realtime = show_points(&realtime);
}

/* ---- reading ---- */

/* A whole number up to the next comma or the line's end, where *at is left. An empty field is no
 * number: *ret_empty. */
static bool read_field(const char **at, int64_t *ret, bool *ret_empty)
{
	const char *end = *at + strcspn(*at, ",\n");
	char *stop;

	*ret_empty = end == *at;
	if (!*ret_empty) {
		if (!isdigit((unsigned char)**at) && **at != '-')
			return false;
		errno = 0;
		*ret = strtoll(*at, &stop, 10);
		if (errno != 0 || stop != end)
			return false;
	}
	*at = end;
	return true;
}

static bool read_values(const char **at, struct hour_values *ret)
{
	bool empty;
	*ret = (struct hour_values){0};
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		int64_t milli = 0;
		if (*(*at)++ != ',' || !read_field(at, &milli, &empty))
			return false;
		if (milli < INT32_MIN || milli > INT32_MAX)
			return false;
		ret->milli[p] = (int32_t)milli;
		ret->valid |= empty ? 0 : 1u << p;
	}
	return true;
}

static bool read_line(const char *line, struct station *station, int64_t *ret_hour)
{
	const char *at = line;
	bool empty;
	if (!read_field(&at, ret_hour, &empty) || empty)
		return false;
	for (int i = 0; i < station->points || i == 0; i++) {
		if (!read_values(&at, &station->values[i]))
			return false;
	}
	return *at == '\n' || *at == '\0';
}

/* ---- writing ---- */

static void write_names(const char *kind)
{
	printf(",%s_known,%s_aqi,%s_published,%s_complete,%s_category,%s_primary", kind, kind, kind,
	       kind, kind, kind);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const char *key = pollutant_info((enum pollutant)p)->key;
		printf(",%s_iaqi_%s,%s_mean_%s,%s_n_%s", kind, key, kind, key, kind, key);
	}
}

static void write_if(bool there, int32_t value)
{
	if (there)
		printf(",%" PRId32, value);
	else
		putchar(',');
}

static void write_primary(pollutant_set primary)
{
	const char *before = ",";
	if (primary == 0)
		putchar(',');
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(primary & (1u << p)))
			continue;
		printf("%s%s", before, pollutant_info((enum pollutant)p)->key);
		before = "|";
	}
}

/* An AQI can be made of what is present, known for the plan or not. */
static bool has_value(const struct aqi *aqi)
{
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (aqi->iaqi[p] != IAQI_NONE)
			return true;
	}
	return false;
}

static void write_aqi(const struct aqi *aqi)
{
	printf(",%d", aqi->known);
	write_if(aqi->known, aqi->value);
	write_if(aqi->publishable, aqi->value);
	printf(",%d", aqi->complete);
	write_if(has_value(aqi), aqi->category);
	write_primary(aqi->primary);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		write_if(aqi->iaqi[p] != IAQI_NONE, aqi->iaqi[p]);
		putchar(',');
		if (aqi->means[p].n > 0)
			printf("%" PRId64 "/%" PRId32, aqi->means[p].sum_milli, aqi->means[p].n);
		printf(",%" PRId32, aqi->hours[p]);
	}
}

static void write_answer(const struct answer *answer)
{
	printf("%" PRId64, answer->hour);
	write_aqi(&answer->daily);
	write_aqi(&answer->realtime);
	putchar('\n');
}

/* ---- the program ---- */

static int run(struct station *station, FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	int64_t number = 0, newest = 0;
	int status = EX_OK;

	while (status == EX_OK && getline(&line, &room, in) > 0) {
		struct answer answer;
		int64_t hour;
		number++;
		if (!read_line(line, station, &hour) || hour <= newest) {
			fprintf(stderr, "line %" PRId64 ": not a later hour with six values: %s\n",
				number, line);
			status = EX_DATAERR;
			break;
		}
		newest = hour;
		if (station->points > 0)
			take_district_hour(station, hour, &answer);
		else
			take_station_hour(station, hour, &answer);
		write_answer(&answer);
	}
	free(line);
	return status;
}

/* Keys joined by commas; no keys at all are no pollutants. */
static bool parse_set(char *keys, pollutant_set *ret)
{
	*ret = 0;
	for (char *key = strtok(keys, ","); key; key = strtok(NULL, ",")) {
		enum pollutant pollutant;
		if (!pollutant_parse(key, &pollutant))
			return false;
		*ret |= 1u << pollutant;
	}
	return true;
}

int main(int argc, char *argv[])
{
	static struct station station;
	if (argc == 5)
		station.points = atoi(argv[4]);
	if (argc < 4 || argc > 5 || station.points < 0 || station.points > DISTRICT_POINTS_MAX ||
	    !parse_set(argv[2], &station.scope.monitored) ||
	    !parse_set(argv[3], &station.scope.leading)) {
		fprintf(stderr, "usage: hours EDITION.yaml MONITORED LEADING [POINTS] <RECORD\n"
				"  MONITORED, LEADING: keys of pollutants, as in pm25,pm10\n");
		return EX_USAGE;
	}
	struct arena *arena = load_edition(argv[1], &station.edition);
	printf("hour");
	write_names("daily");
	write_names("realtime");
	putchar('\n');
	int status = run(&station, stdin);
	arena_free(arena);
	return fflush(stdout) == 0 && !ferror(stdout) ? status : EX_IOERR;
}
