/**
 * Stowage's decisions: where chunks live, when they may be seen, and why.
 *
 * <p>What is exported, by who names it: everybody the face and the words; who writes a store the
 * SPI; who plans by himself the planner; and the parts that a host calls by themselves. What is not
 * exported is machinery, however public its types are.
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

  // the face
  exports dev.stowage;
  // the words
  exports dev.stowage.lifecycle;
  exports dev.stowage.lifecycle.documents;
  exports dev.stowage.lifecycle.questions;
  exports dev.stowage.model;
  exports dev.stowage.shape;
  // the SPI
  exports dev.stowage.lifecycle.rows;
  exports dev.stowage.store;
  // the planner
  exports dev.stowage.placement;
  exports dev.stowage.placement.rules;
  // what runs beside the scheduler
  exports dev.stowage.client;
  // the parts that a host calls
  exports dev.stowage.content;
  exports dev.stowage.content.lanes;
  exports dev.stowage.deterministic.queues;
  exports dev.stowage.evidence;
  exports dev.stowage.evidence.files;
  exports dev.stowage.metrics;
  exports dev.stowage.pressure;
  exports dev.stowage.propagation;
  exports dev.stowage.rebalance;
  // what our own checkers alone run by themselves
  exports dev.stowage.audit to
      dev.stowage.contract,
      dev.stowage.sim;
  exports dev.stowage.client.transfers to
      dev.stowage.sim;
  exports dev.stowage.deterministic to
      dev.stowage.sim;
  exports dev.stowage.engine to
      dev.stowage.sim;
  exports dev.stowage.lifecycle.answering to
      dev.stowage.contract,
      dev.stowage.sim;
  exports dev.stowage.placement.baseline to
      dev.stowage.sim;
}
