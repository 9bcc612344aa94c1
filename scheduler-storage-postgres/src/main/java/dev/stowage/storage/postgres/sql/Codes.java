package dev.stowage.storage.postgres.sql;

/** Numbers for names, so that rows need not repeat the names. */
public interface Codes {
  int number(String name);

  String name(int number);
}
