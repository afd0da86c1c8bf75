-- SPDX-License-Identifier: MIT
-- HJ 212: how far each platform has the hours, days and minutes, and what is on its way to it.

CREATE TABLE uplinks (
	platform TEXT PRIMARY KEY,
	qn INTEGER NOT NULL,          -- the newest QN that was given, ms since 1970 UTC
	acked INTEGER NOT NULL,       -- when it acknowledged last, ms since 1970 UTC; 0: never
	given_up INTEGER NOT NULL,    -- periods that will not be sent any more
	realtime_s INTEGER NOT NULL,  -- how often it wants real-time values; 0: as configured
	minutes INTEGER NOT NULL      -- over how many minutes it wants means; 0: as configured
) STRICT, WITHOUT ROWID;

-- Up to where the closed periods have been taken into uplink_waiting.
CREATE TABLE uplink_newest (
	platform TEXT NOT NULL,
	cn INTEGER NOT NULL,          -- 2051 minutes, 2061 hours, 2031 days
	upto INTEGER NOT NULL,        -- END, minutes since 1970 UTC
	PRIMARY KEY (platform, cn)
) STRICT, WITHOUT ROWID;

-- Stretches of time whose periods are still to be sent: END labels above "after" up to "upto".
CREATE TABLE uplink_waiting (
	platform TEXT NOT NULL,
	cn INTEGER NOT NULL,
	after INTEGER NOT NULL,       -- minutes since 1970 UTC
	upto INTEGER NOT NULL,
	PRIMARY KEY (platform, cn, after)
) STRICT, WITHOUT ROWID;

-- Messages that have a QN and no acknowledgement: sent again word for word, after a restart, too.
CREATE TABLE uplink_sent (
	platform TEXT NOT NULL,
	qn INTEGER NOT NULL,
	cn INTEGER NOT NULL,
	period INTEGER NOT NULL,      -- its END, minutes since 1970 UTC
	again INTEGER NOT NULL CHECK (again IN (0, 1)), -- RF=1
	tries INTEGER NOT NULL,       -- how often it was sent in vain
	body TEXT NOT NULL,           -- inside of CP
	PRIMARY KEY (platform, qn)
) STRICT, WITHOUT ROWID;

-- Closed hours that were corrected and that no uplink has looked at yet.
CREATE TABLE uplink_revised (
	hour INTEGER PRIMARY KEY      -- END, hours since 1970 UTC
) STRICT;

-- No OR IGNORE: in a trigger the conflict clause of the statement that fires it counts.
CREATE TRIGGER uplink_hour_revised AFTER UPDATE OF rev ON hours WHEN NEW.rev > OLD.rev
	AND NOT EXISTS (SELECT 1 FROM uplink_revised WHERE hour = NEW.hour) BEGIN
	INSERT INTO uplink_revised (hour) VALUES (NEW.hour);
END;

PRAGMA user_version = 12;
