/** Stowage's decisions: where chunks live, when they may be seen, and why. */
module dev.stowage.core {
  requires java.management;
  requires org.jctools.core.jdk11;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.stowage.audit;
  exports dev.stowage.content;
  exports dev.stowage.deterministic;
  exports dev.stowage.engine;
  exports dev.stowage.evidence;
  exports dev.stowage.lifecycle;
  exports dev.stowage.model;
  exports dev.stowage.placement;
  exports dev.stowage.pressure;
  exports dev.stowage.propagation;
  exports dev.stowage.rebalance;
  exports dev.stowage.store;
  exports dev.stowage.transfer;
}
