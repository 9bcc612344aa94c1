/** A store of somebody's own, for which one of ours stands in. */
module host.kit {
  requires transitive dev.stowage.core;
  requires dev.stowage.storage.memory;

  exports host;
}
