-- SPDX-License-Identifier: MIT
-- A directive that another took effect in place of says so in its own row.

-- The other's number; NULL: it was not passed over, or not yet. It may come later than the row: not in crc.
ALTER TABLE directives ADD COLUMN passed_over_by INTEGER;
UPDATE directives SET passed_over_by = (SELECT max(e.by_directive) FROM events e
	WHERE e.directive = directives.number AND e.kind = 'withdrawn' AND e.reason = 'passed_over');

PRAGMA user_version = 9;
