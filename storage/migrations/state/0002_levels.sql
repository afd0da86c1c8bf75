-- SPDX-License-Identifier: MIT
-- Levels are those of the plan's file. Before, every plan had yellow, orange and red.

-- Which level a bit of advice.held stands for: the plan's ranks when the advice was saved.
CREATE TABLE levels (
	rank INTEGER PRIMARY KEY CHECK (rank BETWEEN 1 AND 8), -- 1 is the lowest
	level TEXT NOT NULL,
	crc INTEGER NOT NULL          -- CRC-32 of rank, level joined by '|'
) STRICT;
INSERT INTO levels VALUES (1, 'yellow', 1716222953), (2, 'orange', 621093357), (3, 'red', 74099954);

DROP VIEW advice_text;
CREATE VIEW advice_text AS
SELECT coalesce((SELECT level FROM levels WHERE held & (1 << rank) ORDER BY rank DESC LIMIT 1), 'none')
	AS level, holding,
	CASE WHEN since > 0 THEN strftime('%Y-%m-%dT%H:%M+08:00', since * 3600, 'unixepoch', '+8 hours')
	END AS since,
	strftime('%Y-%m-%dT%H:%M+08:00', last_hour * 3600, 'unixepoch', '+8 hours') AS last_hour,
	last_event, edition, plan
FROM advice;

-- What a source does at a level. A level about which the list says nothing has no row.
CREATE TABLE source_levels (
	list INTEGER NOT NULL REFERENCES lists (number),
	id TEXT NOT NULL,             -- of the source
	level TEXT NOT NULL,
	measures TEXT NOT NULL,
	lines TEXT NOT NULL,          -- which line or step is stopped
	cut_so2 INTEGER, cut_nox INTEGER, cut_pm INTEGER, cut_vocs INTEGER,
	PRIMARY KEY (list, id, level)
) STRICT, WITHOUT ROWID;
INSERT INTO source_levels
SELECT list, id, 'yellow', yellow, yellow_lines, cut_yellow_so2, cut_yellow_nox, cut_yellow_pm, cut_yellow_vocs
FROM sources WHERE yellow <> '' OR yellow_lines <> ''
	OR coalesce(cut_yellow_so2, cut_yellow_nox, cut_yellow_pm, cut_yellow_vocs) IS NOT NULL;
INSERT INTO source_levels
SELECT list, id, 'orange', orange, orange_lines, cut_orange_so2, cut_orange_nox, cut_orange_pm, cut_orange_vocs
FROM sources WHERE orange <> '' OR orange_lines <> ''
	OR coalesce(cut_orange_so2, cut_orange_nox, cut_orange_pm, cut_orange_vocs) IS NOT NULL;
INSERT INTO source_levels
SELECT list, id, 'red', red, red_lines, cut_red_so2, cut_red_nox, cut_red_pm, cut_red_vocs
FROM sources WHERE red <> '' OR red_lines <> ''
	OR coalesce(cut_red_so2, cut_red_nox, cut_red_pm, cut_red_vocs) IS NOT NULL;

CREATE TABLE sources_new (
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
INSERT INTO sources_new
SELECT list, id, line, kind, name, credit_code, county, town, inspector, grade, control, process, key_index,
	person, phone, other, base_so2, base_nox, base_pm, base_vocs
FROM sources;
DROP TABLE sources;
ALTER TABLE sources_new RENAME TO sources;

CREATE TABLE order_run_new (
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
INSERT INTO order_run_new
SELECT one, number, CASE level WHEN 1 THEN 'yellow' WHEN 2 THEN 'orange' WHEN 3 THEN 'red' ELSE 'none' END,
	binding, directive, since, list, starts, ends, phase, after
FROM order_run;
DROP TABLE order_run;
ALTER TABLE order_run_new RENAME TO order_run;

PRAGMA user_version = 2;
