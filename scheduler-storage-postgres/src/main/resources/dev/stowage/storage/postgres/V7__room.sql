-- Every new chunk and replica is changed soon after it came: confirmed, shown. With room for that on
-- its own page no index is written again, and what was there before is the room of the next change.
ALTER TABLE chunk SET (fillfactor = 50);
ALTER TABLE replica SET (fillfactor = 50);
