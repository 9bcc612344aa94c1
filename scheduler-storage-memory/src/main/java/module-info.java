/** The memory chunk store. */
module dev.stowage.storage.memory {
  requires transitive dev.stowage.core;
  requires static org.jspecify;

  exports dev.stowage.storage.memory;

  // the shapes of saved rows are derived from their records
  opens dev.stowage.storage.memory to
      dev.stowage.core;
}
