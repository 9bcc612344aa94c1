/** A harness around somebody's store, as a module. */
module host.harness {
  requires dev.stowage.sim;
  requires dev.stowage.storage.memory;
}
