package dev.stowage.storage.postgres;

/** The treatment of the schema when a store opens. */
public enum SchemaSetup {
  /** Creates or upgrades the schema, which needs CREATE; other processes that start wait. */
  MIGRATE,
  /** Validates the schema and refuses an unexpected one. */
  VALIDATE
}
