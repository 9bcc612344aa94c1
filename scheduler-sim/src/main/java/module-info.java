/** The simulated world, its models and oracles, and the command line. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.stowage.sim {
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires transitive dev.stowage.core;
  requires dev.stowage.storage.memory;
  requires static transitive org.jspecify;

  // of the test class that a store extends alone: whoever runs its checks otherwise has none of
  // them
  requires static transitive dev.stowage.contract;
  requires static transitive net.jqwik.api;
  requires static transitive org.junit.jupiter.api;
  requires static org.opentest4j;

  // of PostgresUnderTest and of the command line
  requires static com.zaxxer.hikari;
  requires static dev.stowage.storage.postgres;
  requires static testcontainers;

  // of the command line alone, which runs from one flat jar: whoever takes the kit has none of them
  requires static de.siegmar.fastcsv;
  requires static embedded.postgres;
  requires static freemarker;
  requires static info.picocli;

  exports dev.stowage.sim.kit.conformance;

  opens dev.stowage.sim.kit.conformance to
      org.junit.platform.commons;
  // jqwik looks whether an action has a precondition
  opens dev.stowage.sim.kit.walk to
      org.junit.platform.commons;
  opens dev.stowage.sim.tool.cli to
      info.picocli;
  opens dev.stowage.sim.tool.report to
      com.fasterxml.jackson.databind,
      freemarker;
}
