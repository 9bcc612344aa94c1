-- The numbers of inventories that come in parts, each written once however often the row of its
-- worker is. Which parts there are, and so which rows count, say the waiting reports of the worker.
CREATE TABLE inventory_part (
  incarnation bigint NOT NULL,
  sending bigint NOT NULL,
  place integer NOT NULL CHECK (place >= 1),
  worker text COLLATE "C" NOT NULL,
  numbers bytea NOT NULL,
  PRIMARY KEY (worker, incarnation, sending, place)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE inventory_part ALTER numbers SET STORAGE EXTERNAL;
