package dev.stowage.propagation.topology;

/** Hears of every change of a topology, after it. */
@FunctionalInterface
public interface TopologyWatcher {
  void changed(TopologyChange change);
}
