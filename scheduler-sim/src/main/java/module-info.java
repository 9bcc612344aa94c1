/** The simulated world, its models and oracles, and the command line. */
module dev.stowage.sim {
  requires dev.stowage.core;
  requires dev.stowage.storage.memory;
  requires info.picocli;
}
