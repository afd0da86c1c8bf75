-- SPDX-License-Identifier: MIT
-- What a directive came too late for is known after a stop, and a year later.

ALTER TABLE directives ADD COLUMN too_late TEXT; -- JSON array of ids, in crc; NULL: from before

-- Who changed the hours: 1 an import, 2 a review, 4 an instrument's fault; 0: from before.
ALTER TABLE imported ADD COLUMN by INTEGER NOT NULL DEFAULT 0;

-- Orders are given anew when the directive that they rest on was lifted or lowered by one that is
-- not published yet, and when that is over.
ALTER TABLE order_run ADD COLUMN outlives_lift INTEGER NOT NULL DEFAULT 0
	CHECK (outlives_lift IN (0, 1));

PRAGMA user_version = 8;
