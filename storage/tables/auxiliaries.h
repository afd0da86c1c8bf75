/* SPDX-License-Identifier: MIT */
/*
 * Minutes and hours of the auxiliary quantities, in samples.db: what is lost there no index misses.
 *
 * Minutes are named by their START, hours by their END. Means, of rain sums, are thousandths of the
 * quantity's unit; a direction is 0..359990. Writers run inside the caller's transaction
 * (store_samples_begin). Store errors.
 */
#ifndef STORAGE_TABLES_AUXILIARIES_H
#define STORAGE_TABLES_AUXILIARIES_H

#include "auxiliary.h"
#include "store.h"

/* One mean of one quantity. */
struct auxiliary_mean {
	enum auxiliary auxiliary;
	int64_t at;    /* a minute's START, minutes since 1970 UTC; an hour's END, hours */
	bool known;    /* it has a mean; an hour: of 45 minutes and more */
	bool calm;     /* a direction: it was measured, and the wind came from nowhere */
	int32_t milli; /* if it is known */
	int32_t covered_ms;
	enum quality quality; /* N if it is known or calm */
	enum why why;         /* the commonest failure; WHY_NONE */
	uint32_t samples;
	enum time_quality time_quality; /* of an hour */
	int32_t rev;                    /* of an hour; 0: as it was when it closed */
};

/* The sums of a minute, of rain what fell; `north` is of a direction's second part, of rain what
 * the gauge's counter said last (`weighted`, below 0: nobody knows), else NULL. A row that is there
 * is replaced. */
int auxiliaries_put_minute(struct store *store, int64_t minute, enum auxiliary auxiliary,
			   const struct minute *sums, const struct minute *north);

/* Gives each stored minute of the hour back to `hour` (hour_restore), and of a direction its other
 * part to `north`, else NULL. */
int auxiliaries_load(struct store *store, enum auxiliary auxiliary, struct hour *hour,
		     struct hour *north);

/* The newest of such counters from first to last, and its minute; STORE_E_NONE. */
int auxiliaries_rain_total(struct store *store, int64_t first, int64_t last, int64_t *ret_minute,
			   int32_t *ret_milli);

/* What was stored of the minutes from first to last is not believed any more, for this reason. */
int auxiliaries_doubt(struct store *store, enum auxiliary auxiliary, int64_t first, int64_t last,
		      enum why why);

/* An hour; one that is there is replaced, and its revision is one higher if anything differs. */
int auxiliaries_put_hour(struct store *store, const struct auxiliary_mean *hour);

/* An hour of elsewhere, with the revision that it has; one that is there is replaced. */
int auxiliaries_bring_hour(struct store *store, const struct auxiliary_mean *hour);

/* An hour of which nothing is known any more. */
int auxiliaries_drop_hour(struct store *store, int64_t hour);

/* Deletes minutes and hours from these on, those not included that lie before. */
int auxiliaries_withdraw(struct store *store, int64_t first_minute, int64_t first_hour);

/*
 * Reading, of one quantity (AUXILIARY_NONE: of all) from `first` to `last`, both included, oldest
 * first; within one moment in the order of the keys. What is not stored is not handed over, nor a
 * row that hazewatch cannot have written.
 */
struct auxiliaries_job {
	enum auxiliary auxiliary;
	int64_t first, last; /* minutes' STARTs or hours' ENDs, as in auxiliary_mean */
	void *ctx;
	void (*take)(void *ctx, const struct auxiliary_mean *mean);
};
int auxiliaries_each_minute(struct store *store, const struct auxiliaries_job *job);
int auxiliaries_each_hour(struct store *store, const struct auxiliaries_job *job);

/* One mean of one quantity; STORE_E_NONE: it is not stored. */
int auxiliaries_minute(struct store *store, enum auxiliary auxiliary, int64_t minute,
		       struct auxiliary_mean *ret);
int auxiliaries_hour(struct store *store, enum auxiliary auxiliary, int64_t hour,
		     struct auxiliary_mean *ret);

/* The newest stored hour, 0: none. */
int auxiliaries_newest_hour(struct store *store, int64_t *ret);

/* The mean of a minute's or an hour's sums as it is stored: of a direction out of both parts, of
 * rain the sum. */
void auxiliary_mean_of(enum auxiliary auxiliary, const struct minute *sums,
		       const struct minute *north, struct auxiliary_mean *ret);

#endif
