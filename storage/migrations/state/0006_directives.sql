-- SPDX-License-Identifier: MIT
-- Directives form a timetable. What was told, what was in force and what was ordered is kept whole,
-- each row with the SHA-256 of the row before it and its own.

-- A word may only withdraw others: it has neither level nor start.
CREATE TABLE directives_new (
	number INTEGER PRIMARY KEY,   -- 1, 2, 3, ... as accepted
	command TEXT NOT NULL REFERENCES commands (id),
	received INTEGER NOT NULL,
	level TEXT,                   -- none: a lift; NULL: it only withdraws
	start INTEGER,
	planned_end INTEGER,
	regional INTEGER NOT NULL CHECK (regional IN (0, 1)),
	area TEXT NOT NULL,
	document TEXT NOT NULL,
	issuer TEXT NOT NULL,
	crc INTEGER NOT NULL,         -- CRC-32 of the columns received..issuer and said..withdraws
	said INTEGER,                 -- NULL, as the next three: from before this revision
	time INTEGER,                 -- by its sender's clock
	after TEXT,
	withdraws TEXT                -- JSON array of ids
) STRICT;
INSERT INTO directives_new
SELECT number, command, received, level, start, planned_end, regional, area, document, issuer, crc,
	NULL, NULL, NULL, NULL
FROM directives;
DROP TABLE directives;
ALTER TABLE directives_new RENAME TO directives;

-- Directives that have begun, the newest, and those that have not. Times are ms since 1970 UTC; crc is
-- the CRC-32 of the columns before it joined by '|', here and in the tables below.
CREATE TABLE timetable (
	number INTEGER PRIMARY KEY,   -- of the directive
	level TEXT NOT NULL,          -- none: a lift
	start INTEGER NOT NULL,
	planned_end INTEGER,
	time INTEGER NOT NULL,        -- by its sender's clock
	said INTEGER NOT NULL,
	accepted INTEGER NOT NULL,
	announced INTEGER NOT NULL CHECK (announced IN (0, 1)),
	released INTEGER NOT NULL CHECK (released IN (0, 1)),
	turn INTEGER,                 -- 1, 2, 3, ... as they took effect; NULL, as the next four: pending
	effective INTEGER,
	begun INTEGER,
	previous TEXT,                -- the level in force until then
	overdue INTEGER CHECK (overdue IN (0, 1)),
	id TEXT NOT NULL,             -- of its command
	document TEXT NOT NULL,
	issuer TEXT NOT NULL,
	crc INTEGER NOT NULL
) STRICT;

CREATE TABLE timetable_state (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	last_number INTEGER NOT NULL, -- of the newest directive accepted
	last_turn INTEGER NOT NULL,
	episode INTEGER NOT NULL,     -- number of the directive that began it; 0: nothing is in force
	newest TEXT NOT NULL,         -- id of the newest directive accepted
	binding INTEGER NOT NULL,     -- the newest released directive that took effect, 0: none
	binding_turn INTEGER NOT NULL,
	binding_level TEXT NOT NULL,
	crc INTEGER NOT NULL
) STRICT;

-- The newest word of each issuer.
CREATE TABLE timetable_issuers (
	place INTEGER PRIMARY KEY,
	number INTEGER NOT NULL,
	said INTEGER NOT NULL,
	issuer TEXT NOT NULL,
	crc INTEGER NOT NULL
) STRICT;

-- What was refused within a day.
CREATE TABLE timetable_refused (
	place INTEGER PRIMARY KEY,    -- 1 is the oldest
	why TEXT NOT NULL,
	at INTEGER NOT NULL,
	id TEXT NOT NULL,
	issuer TEXT NOT NULL,
	crc INTEGER NOT NULL
) STRICT;

-- The newest row of a chain that is no more in its table.
CREATE TABLE chain_anchors (
	chain TEXT PRIMARY KEY,       -- its table
	number INTEGER NOT NULL,      -- its key there
	hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was in force from when on.
CREATE TABLE force_log (
	event INTEGER PRIMARY KEY,    -- number of the event that told it
	made INTEGER NOT NULL,
	effective INTEGER NOT NULL,
	level TEXT NOT NULL,          -- none: nothing from then on
	directive INTEGER NOT NULL,
	hash_before TEXT,
	hash TEXT
) STRICT;

ALTER TABLE events ADD COLUMN made INTEGER; -- ms since 1970 UTC
ALTER TABLE events ADD COLUMN onset_ms INTEGER;
ALTER TABLE events ADD COLUMN directive INTEGER;
ALTER TABLE events ADD COLUMN by_directive INTEGER; -- what withdrew it
ALTER TABLE events ADD COLUMN reason TEXT;
ALTER TABLE events ADD COLUMN plan TEXT;
ALTER TABLE events ADD COLUMN edition TEXT;
ALTER TABLE events ADD COLUMN rules INTEGER;
ALTER TABLE events ADD COLUMN list INTEGER;
ALTER TABLE events ADD COLUMN message TEXT;
ALTER TABLE events ADD COLUMN hash_before TEXT;
ALTER TABLE events ADD COLUMN hash TEXT;

DROP VIEW events_text;
CREATE VIEW events_text AS
SELECT number, strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
	about, kind, previous, level, basis,
	CASE WHEN onset_ms IS NULL
		THEN strftime('%Y-%m-%dT%H:%M+08:00', onset * 3600, 'unixepoch', '+8 hours')
		ELSE strftime('%Y-%m-%dT%H:%M:%S+08:00', onset_ms / 1000, 'unixepoch', '+8 hours')
	END AS onset, episode, directive, reason,
	strftime('%Y-%m-%dT%H:%M:%S+08:00', made / 1000, 'unixepoch', '+8 hours') AS made
FROM events;

CREATE VIEW force_text AS
SELECT strftime('%Y-%m-%dT%H:%M:%S+08:00', effective / 1000, 'unixepoch', '+8 hours') AS since,
	level, directive, event
FROM force_log;

-- CAP alerts: what stands on each topic, which messages the next one refers to, and what became of them.
CREATE TABLE alert_chains (
	topic TEXT PRIMARY KEY,       -- directive, announced, advice
	standing INTEGER NOT NULL CHECK (standing BETWEEN 0 AND 2), -- nothing, an alert, a Cancel
	message INTEGER NOT NULL,     -- key of the newest
	subject INTEGER NOT NULL,     -- the directive's number; an advice's episode
	level TEXT NOT NULL,
	sent INTEGER NOT NULL,
	onset INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	cut INTEGER NOT NULL,
	overdue INTEGER NOT NULL,
	public INTEGER NOT NULL,
	released INTEGER NOT NULL,
	all_clear INTEGER NOT NULL,
	next_level TEXT,              -- NULL: none is pending
	next_start INTEGER NOT NULL,
	counted_from INTEGER NOT NULL,
	counted INTEGER NOT NULL,     -- messages of one subject since then
	crc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_references (
	topic TEXT NOT NULL,
	place INTEGER NOT NULL,       -- 1 is the oldest
	message INTEGER NOT NULL,     -- its key
	subject INTEGER NOT NULL,
	level TEXT NOT NULL,
	onset INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	sent INTEGER NOT NULL CHECK (sent IN (0, 1)), -- it has left the station
	crc INTEGER NOT NULL,
	PRIMARY KEY (topic, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_messages (
	message INTEGER PRIMARY KEY AUTOINCREMENT, -- its key, never given twice
	seq INTEGER NOT NULL,         -- of its outbox row
	identifier TEXT NOT NULL,
	sent TEXT NOT NULL,           -- as its text says
	crc INTEGER NOT NULL,
	went INTEGER NOT NULL DEFAULT 0 CHECK (went IN (0, 1)), -- it has left the station
	told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))  -- and its chain knows what became of it
) STRICT;
CREATE INDEX alert_messages_seq ON alert_messages (seq);

CREATE TRIGGER outbox_sent AFTER UPDATE OF state ON outbox WHEN new.state = 'sent' BEGIN
	UPDATE alert_messages SET went = 1 WHERE seq = new.seq;
END;

DROP TABLE caps; -- what the alerts of before referred to

-- A message that has expired is neither sent nor repeated. NULL: it never does.
ALTER TABLE outbox ADD COLUMN expires INTEGER;
ALTER TABLE latest ADD COLUMN expires INTEGER;
CREATE INDEX outbox_expires ON outbox (expires) WHERE expires IS NOT NULL;

-- Each order: when it was issued, changed, delivered, withdrawn.
CREATE TABLE order_log (
	number INTEGER PRIMARY KEY,
	made INTEGER NOT NULL,        -- ms since 1970 UTC
	source TEXT NOT NULL,
	run INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('issued', 'changed', 'delivered', 'withdrawn')),
	level TEXT NOT NULL,
	directive INTEGER NOT NULL,   -- its number, 0: the station's advice
	message INTEGER NOT NULL,     -- outbox.seq of the order or its withdrawal
	hash_before TEXT,
	hash TEXT
) STRICT;
CREATE INDEX order_log_message ON order_log (message);

-- On the way, delivered, and that in the log. Orders of before this revision are not in it.
ALTER TABLE orders ADD COLUMN delivered INTEGER NOT NULL DEFAULT 2 CHECK (delivered BETWEEN 0 AND 2);
CREATE INDEX orders_seq ON orders (seq);
CREATE INDEX orders_delivered ON orders (source) WHERE delivered = 1;

ALTER TABLE order_run ADD COLUMN released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1));

-- Which directive a slip names, and what was found of it: good, or why it makes nothing public. NULL: from
-- before this revision, it names none.
ALTER TABLE releases ADD COLUMN directive TEXT; -- the id of its command
ALTER TABLE releases ADD COLUMN directive_number INTEGER; -- 0: unknown
ALTER TABLE releases ADD COLUMN fault TEXT;
ALTER TABLE releases ADD COLUMN post_differs INTEGER CHECK (post_differs IN (0, 1));

PRAGMA user_version = 6;
