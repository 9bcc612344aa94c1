-- What is kept beside the largest tick, so that it can be trusted: what the clock showed, how long a
-- tick lasted in nanoseconds, since which tick silence counts (-1: there was no cycle yet), and how
-- often the time was set by hand. The smallest number stands for a clock that nobody read.
ALTER TABLE fleet ADD COLUMN time_marks bigint[] NOT NULL
  DEFAULT '{-9223372036854775808,0,0,0}' CHECK (cardinality(time_marks) = 4);

-- How a departure by silence stands with a worker: 0 none, 1 confirmed, 2 departed.
ALTER TABLE worker ADD COLUMN departure smallint NOT NULL DEFAULT 0;

-- Beside the tick of a cycle that changed nothing: what the clock showed, and after how many times
-- that the time was set by hand. A tick of before the last of them counts no more.
CREATE SEQUENCE seen_clock AS bigint
  MINVALUE -9223372036854775808 START -9223372036854775808;
CREATE SEQUENCE seen_resets AS bigint MINVALUE 0 START 0;
