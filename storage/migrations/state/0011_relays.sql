-- SPDX-License-Identifier: MIT
-- What a district's stations answered to what it relayed to them, as long as it is relayed.

CREATE TABLE relays (
	command TEXT NOT NULL,        -- commands.id
	station TEXT NOT NULL,
	refused INTEGER NOT NULL CHECK (refused IN (0, 1)), -- else it was accepted
	why TEXT NOT NULL,            -- of a refusal
	at INTEGER NOT NULL,          -- when the answer came, ms since 1970 UTC
	PRIMARY KEY (command, station)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 11;
