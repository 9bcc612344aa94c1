/** A host that keeps its fleet in memory. */
module host.memory {
  requires dev.stowage.storage.memory;
}
