-- SPDX-License-Identifier: MIT
-- Minutes named by a clock that nobody had confirmed are not sure, also for the next process.

-- One row while there are such minutes.
CREATE TABLE sure_minutes (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	newest INTEGER NOT NULL       -- the newest minute of before; 0: there is none
) STRICT;

PRAGMA user_version = 5;
