-- SPDX-License-Identifier: MIT
-- What decides whether a source gets an order has columns; a receipt says how much.

ALTER TABLE sources ADD COLUMN park TEXT NOT NULL DEFAULT '';      -- the industrial park that it lies in
ALTER TABLE sources ADD COLUMN exempt_as TEXT NOT NULL DEFAULT ''; -- ids of the plan's exemptions, joined by commas
ALTER TABLE sources ADD COLUMN movements_day INTEGER;              -- heavy vehicles in and out; NULL: unsaid
ALTER TABLE sources ADD COLUMN nrmm_ii INTEGER;                    -- machines of China II and older; NULL: unsaid
UPDATE sources SET park = coalesce(json_extract(other, '$.park'), ''),
	movements_day = CAST(json_extract(other, '$.movements_day') AS INTEGER),
	nrmm_ii = CAST(json_extract(other, '$.nrmm_ii') AS INTEGER),
	other = json_remove(other, '$.park', '$.movements_day', '$.nrmm_ii')
WHERE json_valid(other);

ALTER TABLE receipts ADD COLUMN done_pct INTEGER;                  -- how much of it is done; NULL: unsaid
ALTER TABLE receipts ADD COLUMN cut_g_d INTEGER;                   -- what is cut, grams a day; NULL: unsaid
ALTER TABLE receipts ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE INDEX receipts_ref ON receipts (ref, unit);

PRAGMA user_version = 5;
