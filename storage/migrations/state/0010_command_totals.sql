-- SPDX-License-Identifier: MIT
-- How much of the commands there is of each kind, so that no kind can fill the file; and what is looked
-- for among many thousands of them is found.

CREATE TABLE command_totals (
	kind TEXT PRIMARY KEY,
	rows INTEGER NOT NULL,
	bytes INTEGER NOT NULL        -- of json, in UTF-8
) STRICT, WITHOUT ROWID;
INSERT INTO command_totals SELECT kind, count(*), sum(length(CAST(json AS BLOB))) FROM commands GROUP BY kind;

CREATE TRIGGER command_came AFTER INSERT ON commands BEGIN
	INSERT INTO command_totals VALUES (new.kind, 1, length(CAST(new.json AS BLOB)))
		ON CONFLICT (kind) DO UPDATE SET rows = rows + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER command_went AFTER DELETE ON commands BEGIN
	UPDATE command_totals SET rows = rows - 1, bytes = bytes - length(CAST(old.json AS BLOB))
		WHERE kind = old.kind;
END;
CREATE TRIGGER command_shortened AFTER UPDATE OF json ON commands BEGIN
	UPDATE command_totals SET bytes = bytes + length(CAST(new.json AS BLOB)) - length(CAST(old.json AS BLOB))
		WHERE kind = new.kind;
END;
CREATE INDEX commands_kind ON commands (kind, received);

-- What hazewatch directives asks of each.
CREATE INDEX events_directive ON events (directive, kind) WHERE directive IS NOT NULL;
CREATE INDEX force_log_directive ON force_log (directive, effective);
CREATE INDEX releases_directive ON releases (directive_number);

PRAGMA user_version = 10;
