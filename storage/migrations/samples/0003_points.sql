-- SPDX-License-Identifier: MIT
-- A district's stations: the hours that they told, of which the district's are made.

CREATE TABLE point_hours (
	station TEXT NOT NULL,
	hour INTEGER NOT NULL,        -- END, hours since 1970 UTC
	rev INTEGER NOT NULL,         -- the station's revision of it
	-- hourly means in thousandths of the pollutant's unit; NULL: not valid
	pm25 INTEGER, pm10 INTEGER, so2 INTEGER, no2 INTEGER, co INTEGER, o3 INTEGER,
	PRIMARY KEY (hour, station)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 3;
