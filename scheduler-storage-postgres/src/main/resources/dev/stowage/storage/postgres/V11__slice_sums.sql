-- What a slice has to add up to: the sum over its entries, kept with the worker's row. A slice that
-- does not is served to nobody, because a worker deletes what its slice does not name. Null in rows
-- that an older library wrote; the first leader of this one fills it in, and says so in sums_kept.
ALTER TABLE worker ADD COLUMN slice_sum bigint;
-- A hash of what the state digest leaves out.
ALTER TABLE worker ADD COLUMN marks_hash bigint;
ALTER TABLE fleet ADD COLUMN marks_hash bigint;
ALTER TABLE fleet ADD COLUMN sums_kept boolean NOT NULL DEFAULT false;

-- The same as of each assignment that changed the slice, or that was made with another inventory:
-- from it and what came and went since a delta is checked.
CREATE TABLE slice_sum (
  assignment bigint NOT NULL,
  sum bigint NOT NULL,
  inventory_report bigint NOT NULL,
  worker integer NOT NULL,
  PRIMARY KEY (worker, assignment)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

-- Where the kept part of the evidence begins: the index of its first record, and the hash of the
-- record before that. Where that one is not known (record 0 follows on a header, and an older library
-- gave records up without a word) its own hash, and a digest of its payload.
CREATE TABLE evidence_anchor (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  index bigint NOT NULL CHECK (index >= 0),
  hash bytea NOT NULL,
  content bytea
);
INSERT INTO evidence_anchor (index, hash, content)
  SELECT index, hash, sha256(payload) FROM evidence ORDER BY index LIMIT 1;

-- A row says what it said when it was written; a portal's delta is read from it.
ALTER TABLE route_change ADD COLUMN seal text;
UPDATE route_change SET seal = md5(concat_ws(' ', id, lineage, tick, chunks, gone_datasets, gone_ids));
