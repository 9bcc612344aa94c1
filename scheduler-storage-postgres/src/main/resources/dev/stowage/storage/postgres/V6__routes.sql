-- The portal assignments that were minted here, each with the chunks whose routes it may have
-- changed, by their positions, and the keys that it ceased to route: what a portal's delta is read
-- from. A row says where to look; what is routed now say chunk and replica.
CREATE TABLE route_change (
  id bigint PRIMARY KEY CHECK (id >= 0),
  lineage bigint NOT NULL,
  tick bigint NOT NULL,
  chunks integer[] NOT NULL,
  gone_datasets integer[] NOT NULL,
  gone_ids text[] NOT NULL
);
ALTER TABLE route_change ALTER chunks SET STORAGE EXTERNAL;
