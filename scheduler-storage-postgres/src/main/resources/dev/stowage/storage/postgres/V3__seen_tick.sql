-- The tick of the newest cycle that changed nothing, where it is later than the fleet's row says. A
-- sequence, because it is written in place: an idle fleet writes no row, and leaves nothing dead.
CREATE SEQUENCE seen_tick AS bigint MINVALUE 0 START 0;
