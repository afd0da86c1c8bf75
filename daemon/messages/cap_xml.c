/* SPDX-License-Identifier: MIT */
/* The elements that a CAP document is made of. */
#include "cap_inside.h"
#include "time_text.h"

/* Nothing that XML 1.0 does not allow, and nothing that is markup. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		default:
			fputc((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text, out);
			break;
		}
	}
}

void cap_element(struct cap_writer *w, const char *name, const char *text)
{
	fprintf(w->out, "<%s>", name);
	put_escaped(w->out, text);
	fprintf(w->out, "</%s>\n", name);
}

void cap_time(struct cap_writer *w, const char *name, int64_t ms)
{
	char text[TIME_TEXT_SIZE];
	cap_element(w, name, time_text(ms, text));
}

void cap_pair(struct cap_writer *w, const char *name, const char *key, const char *value)
{
	fprintf(w->out, "<%s>\n", name);
	cap_element(w, "valueName", key);
	cap_element(w, "value", value);
	fprintf(w->out, "</%s>\n", name);
}
