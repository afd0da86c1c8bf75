-- SPDX-License-Identifier: MIT
-- samples.db: the sums of every minute, from which an hour that a stop cut in two is put together.
-- hazewatch-database(5) says what every column means.

CREATE TABLE channels (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE minutes (
	minute INTEGER NOT NULL,      -- START, minutes since 1970 UTC
	channel INTEGER NOT NULL REFERENCES channels (id),
	weighted INTEGER NOT NULL,    -- sum of value (0.001 of the unit) * ms, normal samples only
	covered_ms INTEGER NOT NULL CHECK (covered_ms >= 0),
	samples INTEGER NOT NULL CHECK (samples >= 0),
	normal INTEGER NOT NULL CHECK (normal >= 0),
	PRIMARY KEY (minute, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE minute_failures (
	minute INTEGER NOT NULL,
	channel INTEGER NOT NULL,
	why TEXT NOT NULL,
	samples INTEGER NOT NULL CHECK (samples > 0),
	PRIMARY KEY (minute, channel, why)
) STRICT, WITHOUT ROWID;

-- For people: means in whole units, times of China.
CREATE VIEW minutes_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', minute * 60, 'unixepoch', '+8 hours') AS time,
	name AS channel, round(weighted / 1000.0 / covered_ms, 3) AS mean,
	covered_ms / 1000.0 AS covered_s, samples, normal
FROM minutes JOIN channels ON id = channel;

PRAGMA application_id = 1215976289; -- 'HzSa'
PRAGMA user_version = 1;
