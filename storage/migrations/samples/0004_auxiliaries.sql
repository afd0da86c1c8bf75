-- SPDX-License-Identifier: MIT
-- What is measured beside the pollutants: temperature, wind, noise, ... No index rests on it, so its
-- hours stay here, with its minutes, and not in state.db.

CREATE TABLE auxiliary_minutes (
	minute INTEGER NOT NULL,      -- START, minutes since 1970 UTC
	quantity TEXT NOT NULL,       -- 'temperature', ...
	mean_milli INTEGER,           -- thousandths of the unit; NULL: none, or a calm's direction
	weighted INTEGER NOT NULL,    -- sum of value * ms: of noise its energy, of a direction its east
	north INTEGER NOT NULL,       -- of a direction the sum of its north, else 0
	covered_ms INTEGER NOT NULL CHECK (covered_ms >= 0),
	samples INTEGER NOT NULL CHECK (samples >= 0),
	normal INTEGER NOT NULL CHECK (normal >= 0),
	failures TEXT NOT NULL,       -- 'timeout 3 status 1': samples that do not count, by reason
	doubted TEXT,                 -- why the normal samples do not count; NULL: they do
	PRIMARY KEY (minute, quantity)
) STRICT, WITHOUT ROWID;

CREATE TABLE auxiliary_hours (
	hour INTEGER NOT NULL,        -- END, hours since 1970 UTC
	quantity TEXT NOT NULL,
	mean_milli INTEGER,           -- as in auxiliary_minutes
	quality TEXT NOT NULL,
	why TEXT NOT NULL,
	covered_ms INTEGER NOT NULL CHECK (covered_ms >= 0),
	samples INTEGER NOT NULL CHECK (samples >= 0),
	time_quality TEXT NOT NULL,
	rev INTEGER NOT NULL,         -- 0: as it was when it closed
	PRIMARY KEY (hour, quantity)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 4;
