package dev.stowage.storage.postgres.sql;

/** Stands for names with numbers, so that rows need not repeat them. */
public interface Codes {
  /** Returns the number of a name. */
  int number(String name);

  /** Returns the name of a number. */
  String name(int number);
}
