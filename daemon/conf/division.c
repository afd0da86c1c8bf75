/* SPDX-License-Identifier: MIT */
#include "division.h"

#include <stdlib.h>
#include <string.h>

#define RANGES_MAX 7

/*
 * The first four digits of GB/T 2260, as the National Bureau of Statistics publishes them with its
 * divisions for statistics (stats.gov.cn, 2023): provinces and their cities, prefectures, leagues
 * and, as 90, what the province leads itself. The standard has no cities of Taiwan, Hong Kong and
 * Macao (71, 81, 82).
 */
static const struct {
	int province;
	struct {
		int first, last;
	} cities[RANGES_MAX]; /* {0, 0} ends them */
} divisions[] = {
	{11, {{1, 1}}},
	{12, {{1, 1}}},
	{13, {{1, 11}}},
	{14, {{1, 11}}},
	{15, {{1, 9}, {22, 22}, {25, 25}, {29, 29}}},
	{21, {{1, 14}}},
	{22, {{1, 8}, {24, 24}}},
	{23, {{1, 12}, {27, 27}}},
	{31, {{1, 1}}},
	{32, {{1, 13}}},
	{33, {{1, 11}}},
	{34, {{1, 8}, {10, 13}, {15, 18}}},
	{35, {{1, 9}}},
	{36, {{1, 11}}},
	{37, {{1, 11}, {13, 17}}},
	{41, {{1, 17}, {90, 90}}},
	{42, {{1, 3}, {5, 13}, {28, 28}, {90, 90}}},
	{43, {{1, 13}, {31, 31}}},
	{44, {{1, 9}, {12, 20}, {51, 53}}},
	{45, {{1, 14}}},
	{46, {{1, 4}, {90, 90}}},
	{50, {{1, 2}}},
	{51, {{1, 1}, {3, 11}, {13, 20}, {32, 34}}},
	{52, {{1, 6}, {23, 23}, {26, 27}}},
	{53, {{1, 1}, {3, 9}, {23, 23}, {25, 26}, {28, 29}, {31, 31}, {33, 34}}},
	{54, {{1, 6}, {25, 25}}},
	{61, {{1, 10}}},
	{62, {{1, 12}, {29, 30}}},
	{63, {{1, 2}, {22, 23}, {25, 28}}},
	{64, {{1, 5}}},
	{65, {{1, 2}, {4, 5}, {23, 23}, {27, 32}, {40, 40}, {42, 43}, {90, 90}}},
	{71, {{0, 99}}},
	{81, {{0, 99}}},
	{82, {{0, 99}}},
};

bool division_is_code(const char *text)
{
	return strlen(text) == DIVISION_DIGITS && strspn(text, "0123456789") == DIVISION_DIGITS;
}

bool division_is_known(const char *code)
{
	char digits[5] = {0};
	memcpy(digits, code, 4);
	int number = (int)strtol(digits, NULL, 10);
	int province = number / 100, city = number % 100;
	for (size_t i = 0; i < sizeof(divisions) / sizeof(divisions[0]); i++) {
		for (int r = 0; r < RANGES_MAX && divisions[i].province == province; r++) {
			if (divisions[i].cities[r].last > 0 &&
			    city >= divisions[i].cities[r].first &&
			    city <= divisions[i].cities[r].last)
				return true;
		}
	}
	return false;
}
