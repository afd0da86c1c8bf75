/* SPDX-License-Identifier: MIT */
#include "curve.h"

#define EIGHTHS 8 /* of a line */
#define TOP_LEAST 100
#define MISSING_RGB "A0A0A0"

static const char *const blocks[EIGHTHS + 1] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const signs[EIGHTHS + 1] = {" ", ".", ":", "-", "=", "+", "*", "%", "#"};

const struct category *curve_category(const struct edition *edition, int32_t index)
{
	int c = 0;
	while (c < edition->n_categories - 1 && index > edition->categories[c].upto)
		c++;
	return &edition->categories[c];
}

static int32_t find_top(const struct curve *curve)
{
	int32_t top = TOP_LEAST;
	for (int h = 0; h < curve->hours; h++)
		top = curve->index[h] > top ? curve->index[h] : top;
	return top;
}

/* How much of the line an hour fills, in eighths; what was measured is never empty. */
static int fill_of(const struct curve *curve, int32_t index, int32_t top, int line)
{
	int most = curve->lines * EIGHTHS - 1; /* it never touches the row above */
	int all = (int)((int64_t)index * most / top);
	int below = (curve->lines - 1 - line) * EIGHTHS;
	int fill = (all > 0 ? all : 1) - below;
	return fill < 0 ? 0 : fill > EIGHTHS ? EIGHTHS : fill;
}

void curve_put(FILE *out, const struct curve *curve, int line)
{
	const char *const *letters = curve->paint->utf8 ? blocks : signs;
	int32_t top = find_top(curve);
	bool foot = line == curve->lines - 1;
	for (int h = 0; h < curve->hours; h++) {
		int32_t index = curve->index[h];
		const char *letter = foot && curve->paint->utf8 ? "·" : " ", *rgb = MISSING_RGB;
		if (index != IAQI_NONE) {
			letter = letters[fill_of(curve, index, top, line)];
			rgb = curve_category(curve->edition, index)->rgb;
		}
		paint_sign(out, curve->paint, rgb);
		for (int c = 0; c < curve->columns; c++)
			fputs(letter, out);
	}
	paint_end(out, curve->paint);
}
