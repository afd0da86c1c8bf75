-- SPDX-License-Identifier: MIT
-- What instruments could not say, and what they should not have said.

-- Why the hour is not believed any more; NULL: it is. What was measured stays.
ALTER TABLE hours ADD COLUMN doubted TEXT;

DROP VIEW hours_text;
CREATE VIEW hours_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
	pollutant, mean_milli / 1000.0 AS mean, valid, quality, why,
	covered_ms / 60000.0 AS covered_min, samples, time_quality, rev, invalidated, doubted, source
FROM hours;

-- At the end of their range: of the air it is known that it has at least so much. A hold was told.
CREATE TABLE over_range (
	pollutant TEXT PRIMARY KEY,
	at_least_milli INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 4;
