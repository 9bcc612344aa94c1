/** The memory chunk store. */
module dev.stowage.storage.memory {
  requires dev.stowage.core;
  requires static org.jspecify;
}
