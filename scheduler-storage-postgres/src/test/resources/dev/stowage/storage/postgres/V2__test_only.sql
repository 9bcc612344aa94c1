-- What a later version of the library could add. Used by SchemaVersionsTest alone.
ALTER TABLE worker ADD COLUMN rack text COLLATE "C" NOT NULL DEFAULT '';
CREATE TABLE rack (
  name text COLLATE "C" PRIMARY KEY
);
INSERT INTO rack (name) SELECT DISTINCT rack FROM worker;
