/* SPDX-License-Identifier: MIT */
#include "paint.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DARK_BELOW 128  /* of a luminance of 0 to 255 */
#define GROUND "000000" /* dark purple is seen on it, yellow too: on no other both */

static const char *get_set(const char *name)
{
	const char *value = getenv(name);
	return value && value[0] ? value : NULL;
}

static bool is_utf8(void)
{
	const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"}, *locale = NULL;
	for (int i = 0; i < 3 && !locale; i++)
		locale = get_set(names[i]);
	return locale && (strcasestr(locale, "UTF-8") || strcasestr(locale, "utf8"));
}

struct paint paint_of(bool is_terminal)
{
	const char *term = get_set("TERM"), *depth = get_set("COLORTERM");
	struct paint paint = {.utf8 = is_utf8()};
	paint.moves = is_terminal && term && strcmp(term, "dumb") != 0;
	if (!paint.moves || get_set("NO_COLOR"))
		return paint;
	bool all = depth && (strcmp(depth, "truecolor") == 0 || strcmp(depth, "24bit") == 0);
	paint.colours = all ? PAINT_RGB : PAINT_256;
	return paint;
}

static long part_of(const char *rgb, int shift)
{
	return strtol(rgb, NULL, 16) >> shift & 0xff;
}

/* Of the six steps that each part has in the 256 colours, the nearest. */
static long find_step(long part)
{
	static const long steps[] = {0, 95, 135, 175, 215, 255};
	long best = 0;
	for (long i = 1; i < 6; i++) {
		if (labs(steps[i] - part) < labs(steps[best] - part))
			best = i;
	}
	return best;
}

/* `what`: 38 the sign, 48 its ground. */
static void put_colour(FILE *out, const struct paint *paint, int what, const char *rgb)
{
	long red = part_of(rgb, 16), green = part_of(rgb, 8), blue = part_of(rgb, 0);
	if (paint->colours == PAINT_RGB)
		fprintf(out, "\033[%d;2;%ld;%ld;%ldm", what, red, green, blue);
	else if (paint->colours == PAINT_256)
		fprintf(out, "\033[%d;5;%ldm", what,
			16 + 36 * find_step(red) + 6 * find_step(green) + find_step(blue));
}

void paint_sign(FILE *out, const struct paint *paint, const char *rgb)
{
	put_colour(out, paint, 48, GROUND);
	put_colour(out, paint, 38, rgb);
}

void paint_ground(FILE *out, const struct paint *paint, const char *rgb)
{
	bool dark = 299 * part_of(rgb, 16) + 587 * part_of(rgb, 8) + 114 * part_of(rgb, 0) <
		    1000 * DARK_BELOW;
	put_colour(out, paint, 48, rgb);
	put_colour(out, paint, 38, dark ? "FFFFFF" : "000000");
}

void paint_end(FILE *out, const struct paint *paint)
{
	if (paint->colours != PAINT_PLAIN)
		fputs("\033[0m", out);
}

void paint_make_ascii(char *text)
{
	static const struct {
		const char *letter, *ascii;
	} known[] = {{"μ", "u"}, {"³", "3"}, {"…", "."}, {"·", " "}};
	char *to = text;
	for (const char *from = text; *from; to++) {
		size_t n = 1;
		*to = *from;
		while (((unsigned char)from[0] & 0x80) && ((unsigned char)from[n] & 0xc0) == 0x80)
			n++;
		for (size_t i = 0; n > 1 && i < sizeof(known) / sizeof(known[0]); i++) {
			if (strncmp(from, known[i].letter, n) == 0)
				*to = known[i].ascii[0];
		}
		if ((unsigned char)*to & 0x80)
			*to = '?';
		from += n;
	}
	*to = '\0';
}
