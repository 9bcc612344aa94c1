/** A store of somebody's own. */
module host.kit {
  requires transitive dev.stowage.core;

  exports host;
}
