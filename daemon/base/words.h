/* SPDX-License-Identifier: MIT */
/*
 * What both programs say to people, in their language: English in the code, Chinese in daemon/po.
 * Texts of events, alerts and slips are data with both languages and do not come by here.
 */
#ifndef DAEMON_BASE_WORDS_H
#define DAEMON_BASE_WORDS_H

#include <stdbool.h>

/* Takes the language from LANGUAGE, LC_ALL, LC_MESSAGES, LANG, in this order, also where its locale
 * was never generated; letters are UTF-8 whatever it is. TEXTDOMAINDIR says where the catalogues
 * are. To be called once, before the first word. */
void words_begin(void);

/* The daemon's language, whatever the environment says: Chinese also where its locale was never
 * generated. To be called before the first thread. */
enum words_language { WORDS_ENGLISH, WORDS_CHINESE };
void words_speak(enum words_language language);

/* The phrase in that language; the English one where there is no other. */
const char *tr(const char *english) __attribute__((format_arg(1)));
/* For tables of phrases: marks one that tr gets later. */
#define TR_LATER(english) english

/* True if people are spoken to in Chinese: names that data have in both languages follow it. */
bool words_are_chinese(void);

/* The columns of a terminal that a text takes: a Chinese letter has two. */
int words_width(const char *text);

#endif
