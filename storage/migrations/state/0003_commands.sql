-- SPDX-License-Identifier: MIT
-- A command's id is unique for its kind and the key that signed it, no longer for the whole station:
-- commands.id is now kind/key/id, with an empty key where nobody signed. Which key had signed was not
-- kept before.

UPDATE commands SET id = kind || '//' || id;
UPDATE directives SET command = 'directive//' || command;
UPDATE releases SET command = 'release//' || command;
UPDATE receipts SET command = 'receipt//' || command;
UPDATE reviews SET command = 'review//' || command;
UPDATE forecast_steps SET command = 'forecast//' || command;
UPDATE forecasts SET command = 'forecast//' || command;

PRAGMA user_version = 3;
