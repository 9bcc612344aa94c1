-- A later script that fails half-way. Used by SchemaNamesTest alone.
CREATE TABLE made (number integer);
SELECT * FROM nothing_of_the_kind;
