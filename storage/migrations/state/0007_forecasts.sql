-- SPDX-License-Identifier: MIT
-- Whose a forecast's source is, and what the advice remembers of how it came to be held.

-- A source belongs to the key that used it first.
CREATE TABLE forecast_sources (
	source TEXT PRIMARY KEY,
	key TEXT NOT NULL,            -- its name
	used INTEGER NOT NULL         -- when it was used last, ms since 1970 UTC
) STRICT, WITHOUT ROWID;
CREATE INDEX forecasts_received ON forecasts (received, command);

-- Beside the row of the table advice; without a row all of it is 0.
CREATE TABLE advice_course (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	hold_told INTEGER NOT NULL,   -- the hour of the newest hold
	undecided INTEGER NOT NULL,   -- bits as in advice.held: levels that the data do not decide
	lowered INTEGER NOT NULL,     -- hour of the newest downgrade or lift; 0: none yet
	ended INTEGER NOT NULL,       -- the episode that the newest lift ended
	wary INTEGER NOT NULL,        -- 1: raised again, two issues of a forecast are needed to end it
	said_first INTEGER NOT NULL,  -- when the issue was made that said so first, ms; 0: none did
	said INTEGER NOT NULL,        -- bits: parts of the condition that a forecast says in words
	-- by rank of the level: the hour from which it is held beyond the horizon; 0: it is not
	beyond1 INTEGER NOT NULL, beyond2 INTEGER NOT NULL, beyond3 INTEGER NOT NULL,
	beyond4 INTEGER NOT NULL, beyond5 INTEGER NOT NULL, beyond6 INTEGER NOT NULL,
	beyond7 INTEGER NOT NULL, beyond8 INTEGER NOT NULL,
	hold_reason TEXT NOT NULL,    -- '': no hold
	source TEXT NOT NULL,         -- of said_first
	crc INTEGER NOT NULL          -- CRC-32 of the columns hold_told..source joined by '|'
) STRICT;

PRAGMA user_version = 7;
