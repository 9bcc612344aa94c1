/**
 * Stowage's decisions: where chunks live, when they may be seen, and why.
 *
 * <p>Each export says for whom it is. Other packages are machinery, however public their types are.
 */
@SuppressWarnings({"module", "requires-automatic"})
module dev.stowage.core {
  requires java.management;
  requires jdk.jfr;
  requires org.jctools.core.jdk11;
  requires org.slf4j;
  // Not transitive: a host that binds no meters compiles without it.
  requires static micrometer.core;
  requires static transitive org.jspecify;

  // the face, for every host
  exports dev.stowage;
  exports dev.stowage.answer;
  exports dev.stowage.command;
  exports dev.stowage.config;
  exports dev.stowage.model;
  exports dev.stowage.store;
  exports dev.stowage.lifecycle.documents;
  exports dev.stowage.lifecycle.questions;
  // for implementers of a store or a planner
  exports dev.stowage.lifecycle.rows;
  exports dev.stowage.placement;
  exports dev.stowage.store.spi;
  // the wings, which a host may ignore
  exports dev.stowage.client;
  exports dev.stowage.content;
  exports dev.stowage.deterministic.queues;
  exports dev.stowage.evidence;
  exports dev.stowage.evidence.files;
  exports dev.stowage.replay;
  exports dev.stowage.metrics;
  exports dev.stowage.pressure;
  exports dev.stowage.propagation;
  exports dev.stowage.rebalance;
  // for the other modules of this library
  exports dev.stowage.command.own to
      dev.stowage.contract,
      dev.stowage.sim,
      dev.stowage.storage.memory,
      dev.stowage.storage.postgres;
  exports dev.stowage.lifecycle to
      dev.stowage.contract,
      dev.stowage.sim,
      dev.stowage.storage.memory,
      dev.stowage.storage.postgres;
  exports dev.stowage.shape to
      dev.stowage.contract,
      dev.stowage.sim,
      dev.stowage.storage.memory,
      dev.stowage.storage.postgres;
  exports dev.stowage.audit to
      dev.stowage.contract,
      dev.stowage.sim;
  exports dev.stowage.client.transfers to
      dev.stowage.sim;
  exports dev.stowage.deterministic to
      dev.stowage.sim;
  exports dev.stowage.engine to
      dev.stowage.sim;
  exports dev.stowage.evidence.canonical to
      dev.stowage.contract,
      dev.stowage.sim,
      dev.stowage.storage.memory,
      dev.stowage.storage.postgres;
  exports dev.stowage.evidence.numbers to
      dev.stowage.contract,
      dev.stowage.sim,
      dev.stowage.storage.memory,
      dev.stowage.storage.postgres;
  exports dev.stowage.lifecycle.answering to
      dev.stowage.contract,
      dev.stowage.sim,
      dev.stowage.storage.memory,
      dev.stowage.storage.postgres;
  exports dev.stowage.placement.baseline to
      dev.stowage.sim;
  exports dev.stowage.placement.rules to
      dev.stowage.contract,
      dev.stowage.sim;
}
