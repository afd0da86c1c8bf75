-- SPDX-License-Identifier: MIT
-- A directive that another took effect in place of says so in its own row.

-- The other's number; NULL: it was not passed over, or not yet. It may come later than the row: not in crc.
ALTER TABLE directives ADD COLUMN passed_over_by INTEGER;
UPDATE directives SET passed_over_by = e.by FROM (SELECT directive, max(by_directive) AS by FROM events
	WHERE kind = 'withdrawn' AND reason = 'passed_over' GROUP BY directive) AS e
	WHERE e.directive = directives.number;

PRAGMA user_version = 9;
