/** The postgres chunk store. */
module dev.stowage.storage.postgres {
  requires dev.stowage.core;
  requires static org.jspecify;
}
