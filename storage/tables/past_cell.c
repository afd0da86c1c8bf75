/* SPDX-License-Identifier: MIT */
#include "past_inside.h"

#define PAST_TEXT_SIZE (1 << 20)

struct past_cell past_cell_of(struct query *q, int column)
{
	struct past_cell cell = {.kind = PAST_NOTHING};
	if (query_column_null(q, column))
		return cell;
	cell.kind = query_column_is_text(q, column) ? PAST_TEXT : PAST_NUMBER;
	if (cell.kind == PAST_TEXT)
		cell.text = query_column_text(q, column, PAST_TEXT_SIZE);
	else
		cell.number = query_column_any(q, column);
	return cell;
}
