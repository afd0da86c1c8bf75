/* SPDX-License-Identifier: MIT */
#include "list_name.h"

#include <stdio.h>
#include <string.h>

#include "list_level.h"

/* ---- text columns ---- */

enum list_column list_name_text(const struct list_words *words, const char *header)
{
	char name[LIST_NAME_MAX], notes[LIST_NAME_MAX];
	if (!list_plain_name(header, name, notes))
		return LIST_OTHER;
	const struct list_word *word = list_words_find(words, SECTION_COLUMNS, name);
	return word ? (enum list_column)(word->value + 1) : LIST_OTHER;
}

bool list_name_emission(const struct list_words *words, const char *text, enum emission *ret)
{
	char plain[LIST_NAME_MAX];
	const struct list_word *word = list_plain_header(text, plain)
					       ? list_words_find(words, SECTION_HEADER, plain)
					       : NULL;
	if (!word || word->value > PIECE_VOCS)
		return false;
	*ret = (enum emission)(word->value - PIECE_SO2);
	return true;
}

/* ---- pieces ---- */

static bool is_letter(char byte)
{
	return byte >= 'a' && byte <= 'z';
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* True if a word of n bytes at `at` does not cut a word of letters or a number in two. */
static bool stands_alone(const char *begin, const char *at, size_t n)
{
	char last = at[n - 1], after = at[n];
	return !(at > begin && is_letter(at[0]) && is_letter(at[-1])) &&
	       !(is_letter(last) && is_letter(after)) && !(is_digit(last) && is_digit(after));
}

struct piece {
	enum list_piece piece;
	size_t n; /* bytes, 0: there is none */
	int level;
	const char *key;
};

/* The longest piece at a place. */
static struct piece find_piece(const struct list_words *words,
			       const struct list_level_words *levels, const char *begin,
			       const char *at)
{
	struct piece found = {.level = list_level_begin(words, levels, at, &found.n)};
	found.piece = PIECE_LEVEL;
	if (found.n > 0 && !stands_alone(begin, at, found.n))
		found.n = 0;
	const struct list_word *word = NULL;
	while ((word = list_words_next(words, SECTION_HEADER, word))) {
		if (word->text[0] == at[0] && word->n > found.n &&
		    strncmp(at, word->text, word->n) == 0 && stands_alone(begin, at, word->n))
			found = (struct piece){(enum list_piece)word->value, word->n, LEVEL_NONE,
					       word->key};
	}
	return found;
}

static void add_mass(struct list_said *said, const struct piece *piece)
{
	static const int64_t grams[] = {1, 1000, 1000000, 10000000000};
	said->masses = said->masses || (said->mass && strcmp(said->mass, piece->key) != 0);
	said->mass = piece->key;
	said->grams = grams[piece->piece - PIECE_G];
}

static void add_piece(struct list_said *said, const struct piece *piece)
{
	said->pieces |= 1u << piece->piece;
	if (piece->piece == PIECE_LEVEL) {
		said->levels =
			said->levels || (said->level != LEVEL_NONE && said->level != piece->level);
		said->level = piece->level;
	} else if (piece->piece <= PIECE_VOCS) {
		int emission = (int)piece->piece - PIECE_SO2;
		said->emissions =
			said->emissions || (said->emission >= 0 && said->emission != emission);
		said->emission = emission;
	} else if (piece->piece >= PIECE_G && piece->piece <= PIECE_10KT) {
		add_mass(said, piece);
	}
}

/* How many bytes of "2023年" a text begins with. */
static size_t match_of_year(const char *text)
{
	static const char year[] = "年";
	size_t n = strspn(text, "0123456789");
	return n == 4 && strncmp(text + n, year, strlen(year)) == 0 ? n + strlen(year) : 0;
}

static size_t character_size(const char *at)
{
	size_t n = 1;
	while (((unsigned char)at[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* One character more that nothing is known of; of the first piece that has such, all of them. */
static void add_unclear(struct list_said *said, const char *at, size_t n, bool goes_on)
{
	size_t length = strlen(said->unclear);
	if ((length == 0 || goes_on) && length + n < sizeof(said->unclear)) {
		memcpy(said->unclear + length, at, n);
		said->unclear[length + n] = '\0';
	}
}

bool list_name_read(const struct list_words *words, const struct plan *plan, const char *header,
		    struct list_said *ret)
{
	char text[LIST_NAME_MAX];
	const char *unclear_end = NULL;
	struct list_level_words levels;
	*ret = (struct list_said){.emission = -1, .level = LEVEL_NONE};
	if (!list_plain_header(header, text))
		return false;
	list_level_words(plan, &levels);
	for (const char *at = text; *at != '\0';) {
		struct piece piece = find_piece(words, &levels, text, at);
		size_t year = match_of_year(at), unclear = character_size(at);
		if (year > 0) {
			ret->of_year = true;
			at += year;
		} else if (piece.n > 0) {
			add_piece(ret, &piece);
			at += piece.n;
		} else {
			if (*at != ' ' && *at != '.')
				add_unclear(ret, at, unclear, at == unclear_end);
			at += unclear;
			unclear_end = at;
		}
	}
	ret->unclear_ascii = is_letter(ret->unclear[0]);
	return true;
}

bool list_said_is(const struct list_said *said, enum list_piece piece)
{
	return (said->pieces & 1u << piece) != 0;
}

static bool says_quantity(const struct list_said *said)
{
	return list_said_is(said, PIECE_EMISSION) || list_said_is(said, PIECE_CUT) ||
	       list_said_is(said, PIECE_SHARE);
}

static bool speaks_of_emissions(const struct list_said *said)
{
	bool timed = list_said_is(said, PIECE_YEAR) || list_said_is(said, PIECE_DAY) ||
		     list_said_is(said, PIECE_PER);
	return says_quantity(said) || said->emission >= 0 ||
	       list_said_is(said, PIECE_OTHER_POLLUTANT) || (said->mass && timed);
}

bool list_said_text(const struct list_said *said)
{
	bool text = list_said_is(said, PIECE_TEXT) || list_said_is(said, PIECE_MEASURES) ||
		    list_said_is(said, PIECE_LINES);
	return speaks_of_emissions(said) &&
	       (list_said_is(said, PIECE_NEVER) || (text && !says_quantity(said)));
}

bool list_said_amount(const struct list_said *said)
{
	return speaks_of_emissions(said) && !list_said_text(said);
}
