-- SPDX-License-Identifier: MIT
-- state.db as version 0.1.0 wrote it with schema 2; README.md says what is in it.
PRAGMA application_id = 1215976308;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE advice (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	held INTEGER NOT NULL,        -- bits: 2 yellow, 4 orange, 8 red
	holding INTEGER NOT NULL,
	episode INTEGER NOT NULL,     -- hour of the issue; 0: none
	since INTEGER NOT NULL,
	last_event INTEGER NOT NULL,
	last_hour INTEGER NOT NULL,
	condition INTEGER NOT NULL,
	run_first INTEGER NOT NULL,
	run_last INTEGER NOT NULL,
	met_at INTEGER NOT NULL,
	onset INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK (basis IN (0, 1, 2)), -- observed, forecast, forecast of AQIs
	run_max INTEGER NOT NULL,
	run_hours INTEGER NOT NULL,
	part1_hours INTEGER NOT NULL,
	part1_needed INTEGER NOT NULL,
	part2_hours INTEGER NOT NULL,
	part2_needed INTEGER NOT NULL,
	part3_hours INTEGER NOT NULL,
	part3_needed INTEGER NOT NULL,
	part4_hours INTEGER NOT NULL,
	part4_needed INTEGER NOT NULL,
	edition TEXT NOT NULL,
	plan TEXT NOT NULL,
	rules INTEGER NOT NULL,       -- a sum over the numbers in them that decide
	crc INTEGER NOT NULL          -- CRC-32 of the columns held..rules joined by '|'
) STRICT;
INSERT INTO "advice" VALUES(1,0,0,0,0,0,472940,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,'hj633-2026','hetang-2024',12345,2777984475);
CREATE TABLE aqi (
	hour INTEGER PRIMARY KEY,     -- END, hours since 1970 UTC
	edition TEXT NOT NULL,
	daily INTEGER,                -- of the 24 hours that end with this one; NULL: not known
	daily_published INTEGER NOT NULL CHECK (daily_published IN (0, 1)),
	daily_complete INTEGER NOT NULL CHECK (daily_complete IN (0, 1)),
	daily_category INTEGER,       -- 1 is the best
	daily_primary TEXT NOT NULL,  -- 'pm25,pm10'; '' if none is named
	realtime INTEGER,             -- of this hour; NULL: not known
	realtime_published INTEGER NOT NULL CHECK (realtime_published IN (0, 1)),
	realtime_complete INTEGER NOT NULL CHECK (realtime_complete IN (0, 1)),
	realtime_category INTEGER,
	realtime_primary TEXT NOT NULL,
	rev INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE caps (
	number INTEGER PRIMARY KEY,
	authority TEXT NOT NULL CHECK (authority IN ('advice', 'directive')),
	identifier TEXT NOT NULL,
	sent TEXT NOT NULL
) STRICT;
INSERT INTO "caps" VALUES(1,'directive','7a3c9c1e-1','2023-12-14T20:00:00+08:00');
INSERT INTO "caps" VALUES(2,'directive','7a3c9c1e-2','2023-12-14T21:00:00+08:00');
INSERT INTO "caps" VALUES(3,'advice','7a3c9c1e-3','2023-12-14T22:00:00+08:00');
CREATE TABLE commands (
	id TEXT PRIMARY KEY,          -- the sender's
	kind TEXT NOT NULL,
	issuer TEXT NOT NULL,
	time INTEGER NOT NULL,        -- when it was given
	received INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
	why TEXT NOT NULL,
	json TEXT NOT NULL
) STRICT;
INSERT INTO "commands" VALUES('d-1','directive','city',1702490100000,1702490400000,'accepted','','{"id": "d-1", "issuer": "city", "time": "2023-12-14T01:55:00+08:00", "level": "yellow", "start": "2023-12-14T04:00:00+08:00", "reason": "regional", "area": "430202", "document": "2023-1"}');
INSERT INTO "commands" VALUES('d-2','directive','city',1702554900000,1702555200000,'accepted','','{"id": "d-2", "issuer": "city", "time": "2023-12-14T19:55:00+08:00", "level": "orange", "start": "2023-12-14T22:00:00+08:00", "reason": "regional", "area": "430202", "document": "2023-2", "planned_end": "2023-12-16T00:00:00+08:00"}');
INSERT INTO "commands" VALUES('d-3','directive','city',1702569300000,1702569600000,'accepted','','{"id": "d-3", "issuer": "city", "time": "2023-12-14T23:55:00+08:00", "level": "red", "start": "2023-12-15T09:00:00+08:00", "reason": "regional", "area": "430202", "document": "2023-3"}');
INSERT INTO "commands" VALUES('d-4','directive','city',1702572900000,1702573200000,'accepted','','{"id": "d-4", "issuer": "city", "time": "2023-12-15T00:55:00+08:00", "level": "none", "start": "2023-12-16T20:00:00+08:00", "reason": "regional", "area": "430202", "document": "2023-4"}');
INSERT INTO "commands" VALUES('d-5','directive','city',1702576500000,1702576800000,'accepted','','{"id": "d-5", "issuer": "city", "time": "2023-12-15T01:55:00+08:00", "level": "yellow", "start": "2023-12-15T06:00:00+08:00", "reason": "regional", "area": "430202", "document": "2023-5"}');
INSERT INTO "commands" VALUES('d-6','directive','city',1702580100000,1702580400000,'accepted','','{"id": "d-6", "issuer": "city", "time": "2023-12-15T02:55:00+08:00", "level": "orange", "start": "2023-12-15T09:00:00+08:00", "reason": "regional", "area": "430202", "document": "2023-6", "planned_end": "2023-12-16T10:00:00+08:00"}');
CREATE TABLE directives (
	number INTEGER PRIMARY KEY,   -- 1, 2, 3, ... as accepted
	command TEXT NOT NULL REFERENCES commands (id),
	received INTEGER NOT NULL,
	level TEXT NOT NULL,          -- none: a lift
	start INTEGER NOT NULL,
	planned_end INTEGER,
	regional INTEGER NOT NULL CHECK (regional IN (0, 1)),
	area TEXT NOT NULL,
	document TEXT NOT NULL,
	issuer TEXT NOT NULL,
	crc INTEGER NOT NULL          -- CRC-32 of the columns received..issuer joined by '|'
) STRICT;
INSERT INTO "directives" VALUES(1,'d-1',1702490400000,'yellow',1702497600000,NULL,1,'430202','2023-1','city',642274944);
INSERT INTO "directives" VALUES(2,'d-2',1702555200000,'orange',1702562400000,1702656000000,1,'430202','2023-2','city',3476285521);
INSERT INTO "directives" VALUES(3,'d-3',1702569600000,'red',1702602000000,NULL,1,'430202','2023-3','city',1157298691);
INSERT INTO "directives" VALUES(4,'d-4',1702573200000,'none',1702728000000,NULL,1,'430202','2023-4','city',2901690658);
INSERT INTO "directives" VALUES(5,'d-5',1702576800000,'yellow',1702591200000,NULL,1,'430202','2023-5','city',608372710);
INSERT INTO "directives" VALUES(6,'d-6',1702580400000,'orange',1702602000000,1702692000000,1,'430202','2023-6','city',1028828632);
CREATE TABLE dust (
	hour INTEGER PRIMARY KEY,     -- END, hours since 1970 UTC
	source TEXT NOT NULL
) STRICT;
CREATE TABLE events (
	number INTEGER PRIMARY KEY,   -- 1, 2, 3, ... without gaps
	kind TEXT NOT NULL,
	about TEXT NOT NULL CHECK (about IN ('advice', 'directive')),
	level TEXT NOT NULL,          -- the advice or directive after the event
	previous TEXT NOT NULL,       -- and before it
	hour INTEGER NOT NULL,
	onset INTEGER,
	basis TEXT NOT NULL,
	episode INTEGER,
	revised TEXT,                 -- correction: what the hours as they are now would have advised
	revised_from INTEGER          -- and the first hour at which that differs; NULL: nowhere
) STRICT;
INSERT INTO "events" VALUES(1,'issue','directive','yellow','none',472914,472916,'observed',NULL,NULL,NULL);
INSERT INTO "events" VALUES(2,'upgrade','directive','orange','yellow',472932,472934,'observed',NULL,NULL,NULL);
INSERT INTO "events" VALUES(3,'upgrade','directive','red','orange',472936,472945,'observed',NULL,NULL,NULL);
INSERT INTO "events" VALUES(4,'lift','directive','none','red',472937,472980,'observed',NULL,NULL,NULL);
INSERT INTO "events" VALUES(5,'downgrade','directive','yellow','orange',472938,472942,'observed',NULL,NULL,NULL);
INSERT INTO "events" VALUES(6,'upgrade','directive','orange','yellow',472939,472945,'observed',NULL,NULL,NULL);
CREATE TABLE forecast_steps (
	command TEXT NOT NULL REFERENCES forecasts (command),
	hour INTEGER NOT NULL,        -- END; of a day its last hour
	pm25_milli INTEGER, pm10_milli INTEGER, so2_milli INTEGER,
	no2_milli INTEGER, co_milli INTEGER, o3_milli INTEGER,
	aqi_min INTEGER, aqi_max INTEGER,
	short_heavy INTEGER NOT NULL CHECK (short_heavy IN (0, 1)),
	PRIMARY KEY (command, hour)
) STRICT, WITHOUT ROWID;
CREATE TABLE forecasts (
	command TEXT PRIMARY KEY REFERENCES commands (id),
	received INTEGER NOT NULL,
	source TEXT NOT NULL,
	issuer TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('model', 'bulletin', 'consultation')),
	form TEXT NOT NULL CHECK (form IN ('concentrations', 'hourly_aqi', 'daily_aqi')),
	issued INTEGER NOT NULL
) STRICT;
CREATE TABLE hour_failures (
	hour INTEGER NOT NULL,
	pollutant TEXT NOT NULL,
	why TEXT NOT NULL,
	samples INTEGER NOT NULL CHECK (samples > 0),
	PRIMARY KEY (hour, pollutant, why)
) STRICT, WITHOUT ROWID;
CREATE TABLE hours (
	hour INTEGER NOT NULL,        -- END, hours since 1970 UTC
	pollutant TEXT NOT NULL,      -- pm25, pm10, so2, no2, co, o3
	mean_milli INTEGER,           -- 0.001 ug/m3, CO 0.001 mg/m3; NULL: nothing measured
	valid INTEGER NOT NULL CHECK (valid IN (0, 1)),
	quality TEXT NOT NULL CHECK (length(quality) = 1), -- letter of HJ 212-2017 table 8
	why TEXT,                     -- the commonest failure; NULL: none
	covered_ms INTEGER NOT NULL CHECK (covered_ms >= 0),
	samples INTEGER NOT NULL CHECK (samples >= 0),
	time_quality TEXT NOT NULL CHECK (time_quality IN ('synchronised', 'unsynchronised', 'simulated')),
	rev INTEGER NOT NULL DEFAULT 0, -- how often it was corrected
	invalidated INTEGER NOT NULL DEFAULT 0 CHECK (invalidated IN (0, 1)), -- by a person's review
	source TEXT NOT NULL DEFAULT 'measured' CHECK (source IN ('measured', 'import')),
	crc INTEGER NOT NULL,         -- CRC-32 of hour, pollutant, mean_milli, valid joined by '|'
	PRIMARY KEY (hour, pollutant)
) STRICT, WITHOUT ROWID;
CREATE TABLE iaqi (
	hour INTEGER NOT NULL,
	pollutant TEXT NOT NULL,
	daily INTEGER,                -- NULL: too few hours
	daily_mean_milli INTEGER,     -- 24 h mean, O3: the 8 h maximum; rounded to 0.001
	daily_hours INTEGER NOT NULL CHECK (daily_hours BETWEEN 0 AND 24),
	realtime INTEGER,
	PRIMARY KEY (hour, pollutant)
) STRICT, WITHOUT ROWID;
CREATE TABLE imported (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	first_hour INTEGER NOT NULL,
	last_hour INTEGER NOT NULL
) STRICT;
CREATE TABLE latest (
	topic TEXT PRIMARY KEY,
	seq INTEGER NOT NULL,
	payload TEXT NOT NULL,
	crc INTEGER NOT NULL          -- as in outbox
) STRICT;
INSERT INTO "latest" VALUES('warning/cap',40,'<alert/>',2877655944);
CREATE TABLE levels (
	rank INTEGER PRIMARY KEY CHECK (rank BETWEEN 1 AND 8), -- 1 is the lowest
	level TEXT NOT NULL,
	crc INTEGER NOT NULL          -- CRC-32 of rank, level joined by '|'
) STRICT;
INSERT INTO "levels" VALUES(1,'yellow',1716222953);
INSERT INTO "levels" VALUES(2,'orange',621093357);
INSERT INTO "levels" VALUES(3,'red',74099954);
CREATE TABLE list_whole (
	list INTEGER NOT NULL REFERENCES lists (number),
	emission TEXT NOT NULL CHECK (emission IN ('so2', 'nox', 'pm', 'vocs')),
	whole INTEGER,
	outside INTEGER,              -- of it outside the list
	year INTEGER,
	source TEXT NOT NULL,
	PRIMARY KEY (list, emission)
) STRICT, WITHOUT ROWID;
CREATE TABLE lists (
	number INTEGER PRIMARY KEY,   -- 1, 2, 3, ...; the highest is in force
	imported INTEGER NOT NULL,    -- ms since 1970 UTC
	sources INTEGER NOT NULL,     -- how many it has
	file TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	whole_sha256 TEXT NOT NULL    -- of the denominator's file; '': there was none
) STRICT;
CREATE TABLE maintenance (
	sensor TEXT PRIMARY KEY,
	since INTEGER NOT NULL,       -- milliseconds since 1970 UTC
	until INTEGER NOT NULL        -- the same; it ends by itself
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('uuid','7a3c9c1e-55d0-4f57-9f0e-2f6f3e5b8a02');
CREATE TABLE "order_run" (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	number INTEGER NOT NULL,
	level TEXT NOT NULL,          -- none: nobody has an order
	binding INTEGER NOT NULL,
	directive INTEGER NOT NULL,   -- its number, 0: the station's advice
	since INTEGER NOT NULL,       -- ms since 1970 UTC, as the next two
	list INTEGER NOT NULL,        -- version of the reduction list, 0: none
	starts INTEGER NOT NULL,
	ends INTEGER NOT NULL,        -- 0: open
	phase INTEGER NOT NULL CHECK (phase BETWEEN 0 AND 3), -- giving, withdrawing, clearing, done
	after TEXT NOT NULL           -- the source that got its order last
) STRICT;
INSERT INTO "order_run" VALUES(1,2,'orange',1,2,1702562400000,0,1702562400000,1702656000000,3,'');
CREATE TABLE orders (
	source TEXT PRIMARY KEY,
	run INTEGER NOT NULL,
	seq INTEGER NOT NULL,         -- of the outbox row of the order or its withdrawal
	withdrawn INTEGER NOT NULL    -- 1: its topic is to be cleared
) STRICT, WITHOUT ROWID;
INSERT INTO "orders" VALUES('gy-001',2,30,0);
CREATE TABLE outbox (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	made INTEGER NOT NULL,        -- ms since 1970 UTC
	class INTEGER NOT NULL CHECK (class IN (0, 1, 2)), -- 0 warning, 1 state, 2 data
	topic TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'acked', 'blocked')),
	reason INTEGER,               -- MQTT reason code of a refusal
	tries INTEGER NOT NULL DEFAULT 0, -- how often it was sent
	due INTEGER,                  -- acked: when it is sent again, ms of CLOCK_MONOTONIC
	retain INTEGER NOT NULL CHECK (retain IN (0, 1)),
	replaces INTEGER NOT NULL CHECK (replaces IN (0, 1)),
	ends_at_ack INTEGER NOT NULL CHECK (ends_at_ack IN (0, 1)),
	bytes INTEGER NOT NULL,       -- of the payload
	payload TEXT NOT NULL,
	crc INTEGER NOT NULL          -- CRC-32 of the columns seq, topic, payload joined by '|'
) STRICT;
INSERT INTO "outbox" VALUES(41,1702580400000,0,'warning/event','pending',NULL,0,NULL,0,0,0,2,'{}',2795022221);
CREATE TABLE outbox_totals (
	state TEXT PRIMARY KEY,
	rows INTEGER NOT NULL,
	bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "outbox_totals" VALUES('acked',0,0);
INSERT INTO "outbox_totals" VALUES('blocked',0,0);
INSERT INTO "outbox_totals" VALUES('pending',1,2);
INSERT INTO "outbox_totals" VALUES('sent',0,0);
CREATE TABLE receipts (
	command TEXT PRIMARY KEY REFERENCES commands (id),
	time INTEGER NOT NULL,
	ref TEXT NOT NULL,            -- the id of what it answers
	unit TEXT NOT NULL,
	person TEXT NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('received', 'done', 'partly', 'not'))
) STRICT;
CREATE TABLE releases (
	id INTEGER PRIMARY KEY,
	command TEXT NOT NULL REFERENCES commands (id),
	number TEXT NOT NULL,
	level TEXT NOT NULL,
	reviewer TEXT NOT NULL,
	signer TEXT NOT NULL,
	post TEXT NOT NULL,
	reviewed INTEGER,
	signed INTEGER,
	start INTEGER
) STRICT;
INSERT INTO "releases" VALUES(1,'r-1','2023-2','orange','a','b','c',1702558800000,1702558800000,1702562400000);
CREATE TABLE reviews (
	command TEXT PRIMARY KEY REFERENCES commands (id),
	time INTEGER NOT NULL,
	first_hour INTEGER NOT NULL,
	last_hour INTEGER NOT NULL,
	pollutants TEXT NOT NULL,     -- separated by commas
	restored INTEGER NOT NULL CHECK (restored IN (0, 1)),
	reason TEXT NOT NULL,
	reviewer TEXT NOT NULL
) STRICT;
CREATE TABLE signers (
	key TEXT PRIMARY KEY,         -- its name in the station file
	counter INTEGER NOT NULL      -- the highest that was taken
) STRICT, WITHOUT ROWID;
CREATE TABLE source_levels (
	list INTEGER NOT NULL REFERENCES lists (number),
	id TEXT NOT NULL,             -- of the source
	level TEXT NOT NULL,
	measures TEXT NOT NULL,
	lines TEXT NOT NULL,          -- which line or step is stopped
	cut_so2 INTEGER, cut_nox INTEGER, cut_pm INTEGER, cut_vocs INTEGER,
	PRIMARY KEY (list, id, level)
) STRICT, WITHOUT ROWID;
CREATE TABLE "sources" (
	list INTEGER NOT NULL REFERENCES lists (number),
	id TEXT NOT NULL,
	line INTEGER NOT NULL,        -- of the file
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	credit_code TEXT NOT NULL,
	county TEXT NOT NULL, town TEXT NOT NULL, inspector TEXT NOT NULL,
	grade TEXT NOT NULL, control TEXT NOT NULL,
	process TEXT NOT NULL, key_index TEXT NOT NULL,
	person TEXT NOT NULL, phone TEXT NOT NULL, -- never leave this file
	other TEXT NOT NULL,          -- JSON object: the other columns
	base_so2 INTEGER, base_nox INTEGER, base_pm INTEGER, base_vocs INTEGER,
	PRIMARY KEY (list, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (class, seq) WHERE state = 'pending';
CREATE INDEX outbox_topic ON outbox (topic, seq);
CREATE INDEX outbox_moving ON outbox (state, due) WHERE state <> 'pending';
CREATE INDEX outbox_class ON outbox (class, made);
CREATE TRIGGER outbox_came AFTER INSERT ON outbox BEGIN
	UPDATE outbox_totals SET rows = rows + 1, bytes = bytes + new.bytes WHERE state = new.state;
END;
CREATE TRIGGER outbox_went AFTER DELETE ON outbox BEGIN
	UPDATE outbox_totals SET rows = rows - 1, bytes = bytes - old.bytes WHERE state = old.state;
END;
CREATE TRIGGER outbox_moved AFTER UPDATE OF state ON outbox WHEN old.state <> new.state BEGIN
	UPDATE outbox_totals SET rows = rows - 1, bytes = bytes - old.bytes WHERE state = old.state;
	UPDATE outbox_totals SET rows = rows + 1, bytes = bytes + new.bytes WHERE state = new.state;
END;
CREATE VIEW hours_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
	pollutant, mean_milli / 1000.0 AS mean, valid, quality, why,
	covered_ms / 60000.0 AS covered_min, samples, time_quality, rev, invalidated, source
FROM hours;
CREATE VIEW aqi_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
	daily, daily_category, daily_primary, realtime, realtime_category, realtime_primary, edition, rev
FROM aqi;
CREATE VIEW events_text AS
SELECT number, strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
	about, kind, previous, level, basis,
	strftime('%Y-%m-%dT%H:%M+08:00', onset * 3600, 'unixepoch', '+8 hours') AS onset, episode
FROM events;
CREATE VIEW outbox_text AS
SELECT seq, CASE class WHEN 0 THEN 'warning' WHEN 1 THEN 'state' ELSE 'data' END AS class,
	topic, state, reason, tries, length(payload) AS characters
FROM outbox;
CREATE VIEW lists_text AS
SELECT number, strftime('%Y-%m-%dT%H:%M+08:00', imported / 1000, 'unixepoch', '+8 hours') AS time,
	sources, file, sha256, number = (SELECT max(number) FROM lists) AS in_force
FROM lists;
CREATE INDEX orders_by_run ON orders (withdrawn, run, source);
CREATE VIEW advice_text AS
SELECT coalesce((SELECT level FROM levels WHERE held & (1 << rank) ORDER BY rank DESC LIMIT 1), 'none')
	AS level, holding,
	CASE WHEN since > 0 THEN strftime('%Y-%m-%dT%H:%M+08:00', since * 3600, 'unixepoch', '+8 hours')
	END AS since,
	strftime('%Y-%m-%dT%H:%M+08:00', last_hour * 3600, 'unixepoch', '+8 hours') AS last_hour,
	last_event, edition, plan
FROM advice;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',41);
COMMIT;
