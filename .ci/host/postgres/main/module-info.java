/** A host that keeps its fleet in PostgreSQL. */
module host.postgres {
  requires dev.stowage.storage.postgres;
}
