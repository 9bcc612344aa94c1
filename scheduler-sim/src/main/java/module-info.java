/** The simulated world, its models and oracles, and the command line. */
@SuppressWarnings("requires-automatic")
module dev.stowage.sim {
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires de.siegmar.fastcsv;
  requires transitive dev.stowage.core;
  requires dev.stowage.storage.memory;
  requires dev.stowage.storage.postgres;
  requires embedded.postgres;
  requires info.picocli;
  requires static transitive org.jspecify;

  exports dev.stowage.sim.kit.conformance;

  opens dev.stowage.sim.tool.cli to
      info.picocli;
}
