/* SPDX-License-Identifier: MIT */
/* What the last days proved of the outlook of 24 hours: whether it is shown for it and since when,
 * and how good it was, so that a start knows what was known before. */
#ifndef STORAGE_TABLES_OUTLOOK_SHOWN_H
#define STORAGE_TABLES_OUTLOOK_SHOWN_H

#include "chance.h"
#include "store.h"

/* Of this model; STORE_E_NONE: that was never told of it. `since`: END of an hour. */
int outlook_shown_load(struct store *store, const char *model, bool *ret_shown, int64_t *ret_since);

/* Replaces what was stored, in the caller's transaction. */
int outlook_shown_save(struct store *store, const char *model, bool shown, int64_t since);

/* The scores of the model's thresholds over the season that ended with hour *ret_last;
 * STORE_E_NONE: they were never stored of all of them, or are those of other trees under the same
 * id, or by another edition. */
int outlook_season_load(struct store *store, const struct outlook_model *model,
			const struct edition *edition, int64_t *ret_last,
			struct chance_score ret[OUTLOOK_THRESHOLDS_MAX]);

/* Replaces what was stored, in the caller's transaction. */
int outlook_season_save(struct store *store, const struct outlook_model *model,
			const struct edition *edition, int64_t last,
			const struct chance_score scores[OUTLOOK_THRESHOLDS_MAX]);

#endif
