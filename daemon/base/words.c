/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define DOMAIN "hazewatch"
#define PLAIN "C.UTF-8" /* every machine has it */

static const char *get_set(const char *name)
{
	const char *value = getenv(name);
	return value && value[0] ? value : NULL;
}

static bool is_plain(const char *locale)
{
	return !locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
}

/* gettext asks LANGUAGE only, once the locale is another than C; it may lack what LANG names. */
static void use_missing_locale(void)
{
	const char *names[] = {"LC_ALL", "LC_MESSAGES", "LANG"}, *wanted = NULL;
	for (int i = 0; i < 3 && !wanted; i++)
		wanted = get_set(names[i]);
	if (is_plain(wanted))
		return;
	char language[32];
	snprintf(language, sizeof(language), "%.*s", (int)strcspn(wanted, ".@"), wanted);
	setlocale(LC_MESSAGES, PLAIN);
	if (!is_plain(language))
		setenv("LANGUAGE", language, 0);
}

static void bind_catalogues(void)
{
	const char *folder = get_set("TEXTDOMAINDIR");
	bindtextdomain(DOMAIN, folder ? folder : HAZEWATCH_LOCALES);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
}

void words_speak(enum words_language language)
{
	setlocale(LC_MESSAGES, language == WORDS_CHINESE ? PLAIN : "C");
	if (language == WORDS_CHINESE)
		setenv("LANGUAGE", "zh_CN", 1);
	bind_catalogues();
}

void words_begin(void)
{
	setlocale(LC_CTYPE, "");
	if (!setlocale(LC_MESSAGES, ""))
		use_missing_locale();
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, PLAIN);
	bind_catalogues();
}

const char *tr(const char *english)
{
	return gettext(english);
}

bool words_are_chinese(void)
{
	/* TRANSLATORS: the two letters of the catalogue's own language */
	return strcmp(tr("en"), "zh") == 0;
}

int words_width(const char *text)
{
	mbstate_t state = {0};
	wchar_t letter;
	int width = 0;
	for (size_t n; (n = mbrtowc(&letter, text, MB_CUR_MAX, &state)) != 0; text += n) {
		if (n > MB_CUR_MAX)
			return width + (int)strlen(text);
		int columns = wcwidth(letter);
		width += columns > 0 ? columns : 0;
	}
	return width;
}
