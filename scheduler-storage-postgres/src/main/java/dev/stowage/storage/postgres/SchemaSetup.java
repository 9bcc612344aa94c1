package dev.stowage.storage.postgres;

/** What opening a store does to its schema. */
public enum SchemaSetup {
  /**
   * Makes the schema, or brings it up to the version of this library. Of several processes that
   * start at once one does it and the others wait. Needs the right to create objects.
   */
  MIGRATE,
  /** Only looks whether the schema is as this library expects it, and refuses it if it is not. */
  VALIDATE
}
