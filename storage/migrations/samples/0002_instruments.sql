-- SPDX-License-Identifier: MIT
-- An instrument's fault is found late: what it said before is not believed any more.

-- Why the minute's normal samples do not count; NULL: they do. The sums stay as they were measured.
ALTER TABLE minutes ADD COLUMN doubted TEXT;

DROP VIEW minutes_text;
CREATE VIEW minutes_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', minute * 60, 'unixepoch', '+8 hours') AS time,
	name AS channel, round(weighted / 1000.0 / covered_ms, 3) AS mean,
	covered_ms / 1000.0 AS covered_s, samples, normal, doubted
FROM minutes JOIN channels ON id = channel;

PRAGMA user_version = 2;
