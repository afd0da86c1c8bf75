/* SPDX-License-Identifier: MIT */
#include "hj212_segment.h"

#include <string.h>

#define OPEN "CP=&&"
#define CLOSE "&&"

static char lower_letter(char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return (char)(letter - 'A' + 'a');
	return letter;
}

static bool is_word(const char *bytes, size_t n, const char *word)
{
	if (strlen(word) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (lower_letter(bytes[i]) != lower_letter(word[i]))
			return false;
	}
	return true;
}

bool hj212_is(const struct hj212_segment *segment, struct hj212_text text, const char *word)
{
	return is_word(segment->bytes + text.at, text.n, word);
}

/* ---- reading ---- */

/* One field that ends before `end`, without its mark. */
static struct hj212_item read_item(const char *bytes, size_t begin, size_t end)
{
	const char *equals = end > begin ? memchr(bytes + begin, '=', end - begin) : NULL;
	size_t key = equals ? (size_t)(equals - bytes) : end;
	size_t value = equals ? key + 1 : end;

	return (struct hj212_item){.key = {(uint16_t)begin, (uint16_t)(key - begin)},
				   .value = {(uint16_t)value, (uint16_t)(end - value)},
				   .equals = equals != NULL};
}

static bool is_mark(char byte, const char *marks)
{
	return byte == marks[0] || (byte == marks[1] && byte != '\0');
}

/* The fields of begin to end, behind any of one or two marks; returns how many. A mark behind the
 * last one makes an empty field more. */
static int read_items(struct hj212_segment *ret, struct hj212_text text, const char *marks,
		      struct hj212_item *items, int most)
{
	size_t begin = text.at, end = text.at + (size_t)text.n;
	int n = 0;

	for (size_t i = begin; text.n > 0 && i <= end; i++) {
		if (i < end && !is_mark(ret->bytes[i], marks))
			continue;
		if (n == most) {
			ret->oddities |= HJ212_TOO_MANY;
			break;
		}
		items[n] = read_item(ret->bytes, begin, i);
		if (i < end)
			items[n].mark = ret->bytes[i];
		n++;
		begin = i + 1;
	}
	return n;
}

static unsigned look_at_items(const struct hj212_segment *segment)
{
	unsigned odd = 0;

	for (int i = 0; i < segment->n_items; i++) {
		const struct hj212_item *item = &segment->items[i];
		bool last = i == segment->n_items - 1;
		if (last && i > 0 && item->key.n == 0 && !item->equals)
			odd |= HJ212_MARK_LAST;
		else if (!item->equals)
			odd |= HJ212_NO_EQUALS;
		if (hj212_is(segment, item->key, "QN") || hj212_is(segment, item->key, "Flag"))
			odd |= HJ212_HEAD_INSIDE;
	}
	return odd;
}

static unsigned look_at_head(const struct hj212_segment *segment)
{
	const struct hj212_item *flag = hj212_head(segment, "Flag");
	bool numbered = hj212_head(segment, "PNUM") || hj212_head(segment, "PNO");
	int32_t byte = hj212_number(segment, flag, UINT8_MAX);
	unsigned odd = 0;

	if (!hj212_head(segment, "CN"))
		odd |= HJ212_NO_CN;
	if (!hj212_head(segment, "MN"))
		odd |= HJ212_NO_MN;
	if (byte >= 0 && hj212_flag_read(byte).parts != numbered)
		odd |= HJ212_PART_UNSAID;
	for (int i = 0; i < segment->n_head; i++) {
		bool last = i == segment->n_head - 1; /* behind it CP, and so a mark before it */
		if (!segment->head[i].equals && !(last && segment->head[i].key.n == 0))
			odd |= HJ212_NO_EQUALS;
	}
	return odd;
}

static bool ends_closed(const uint8_t *bytes, size_t n, size_t inside)
{
	size_t close = strlen(CLOSE);

	return n >= inside + close && memcmp(bytes + n - close, CLOSE, close) == 0;
}

void hj212_segment_read(const uint8_t *bytes, size_t n, struct hj212_segment *ret)
{
	const char *open = n > 0 ? memmem(bytes, n, OPEN, strlen(OPEN)) : NULL;
	size_t before = open ? (size_t)(open - (const char *)bytes) : n;
	size_t inside = open ? before + strlen(OPEN) : n;

	ret->bytes = (const char *)bytes;
	ret->opened = open != NULL;
	ret->closed = open && ends_closed(bytes, n, inside);
	ret->oddities = ret->closed ? 0 : HJ212_NO_BODY;
	size_t end = ret->closed ? n - strlen(CLOSE) : n;
	ret->body = (struct hj212_text){(uint16_t)inside, (uint16_t)(end - inside)};
	if (ret->body.n > HJ212_BODY_MAX)
		ret->oddities |= HJ212_BODY_LONG;
	ret->n_items = read_items(ret, ret->body, ",;", ret->items, HJ212_ITEMS_MAX);
	ret->n_head = read_items(ret, (struct hj212_text){0, (uint16_t)before}, ";", ret->head,
				 HJ212_HEAD_ITEMS);
	ret->oddities |= look_at_head(ret) | look_at_items(ret);
}

void hj212_body_read(const char *body, size_t n, struct hj212_segment *ret)
{
	ret->bytes = body;
	ret->opened = ret->closed = false;
	ret->oddities = 0;
	ret->n_head = 0;
	ret->body = (struct hj212_text){0, (uint16_t)n};
	ret->n_items = read_items(ret, ret->body, ",;", ret->items, HJ212_ITEMS_MAX);
	ret->oddities |= look_at_items(ret);
}

const struct hj212_item *hj212_head(const struct hj212_segment *segment, const char *key)
{
	for (int i = 0; i < segment->n_head; i++) {
		if (segment->head[i].equals && hj212_is(segment, segment->head[i].key, key))
			return &segment->head[i];
	}
	return NULL;
}

int32_t hj212_number(const struct hj212_segment *segment, const struct hj212_item *item,
		     int32_t most)
{
	int64_t value = 0;

	if (!item || item->value.n == 0)
		return -1;
	const char *digit = segment->bytes + item->value.at;
	for (int i = 0; i < item->value.n; i++) {
		if (digit[i] < '0' || digit[i] > '9')
			return -1;
		value = value * 10 + (digit[i] - '0');
		if (value > most)
			return -1;
	}
	return (int32_t)value;
}

struct hj212_flag hj212_flag_read(int byte)
{
	return (struct hj212_flag){
		.version = byte >> 2, .parts = (byte & 2) != 0, .answer = (byte & 1) != 0};
}

int hj212_flag_write(struct hj212_flag flag)
{
	return flag.version << 2 | (flag.parts ? 2 : 0) | (flag.answer ? 1 : 0);
}

/* ---- writing again what was read ---- */

struct out {
	uint8_t *bytes;
	size_t size, n; /* n above size: it was too much */
};

static void put_bytes(struct out *out, const char *bytes, size_t n)
{
	if (n > 0 && out->n <= out->size && n <= out->size - out->n)
		memcpy(out->bytes + out->n, bytes, n);
	out->n += n;
}

static void put_items(struct out *out, const struct hj212_segment *segment,
		      const struct hj212_item *items, int n)
{
	for (int i = 0; i < n; i++) {
		put_bytes(out, segment->bytes + items[i].key.at, items[i].key.n);
		put_bytes(out, "=", items[i].equals ? 1 : 0);
		put_bytes(out, segment->bytes + items[i].value.at, items[i].value.n);
		put_bytes(out, &items[i].mark, items[i].mark ? 1 : 0);
	}
}

size_t hj212_segment_write(const struct hj212_segment *segment, uint8_t *ret, size_t size)
{
	struct out out = {ret, size, 0};

	put_items(&out, segment, segment->head, segment->n_head);
	put_bytes(&out, OPEN, segment->opened ? strlen(OPEN) : 0);
	put_items(&out, segment, segment->items, segment->n_items);
	put_bytes(&out, CLOSE, segment->closed ? strlen(CLOSE) : 0);
	return out.n <= size ? out.n : 0;
}
