/** The memory chunk store. */
module dev.stowage.storage.memory {
  requires transitive dev.stowage.core;
  requires static org.jspecify;

  exports dev.stowage.storage.memory;
}
