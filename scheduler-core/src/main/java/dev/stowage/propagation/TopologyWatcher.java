package dev.stowage.propagation;

/** Hears of every change of a topology, after it. */
@FunctionalInterface
interface TopologyWatcher {
  void changed(TopologyChange change);
}
