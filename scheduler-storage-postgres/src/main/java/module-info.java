/** The place of the chunk store on PostgreSQL; empty in this version. */
module dev.stowage.storage.postgres {
  requires dev.stowage.core;
  requires static org.jspecify;
}
