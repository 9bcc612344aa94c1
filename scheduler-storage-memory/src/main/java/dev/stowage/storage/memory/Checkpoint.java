package dev.stowage.storage.memory;

import dev.stowage.evidence.Retention;
import dev.stowage.lifecycle.LifecycleSnapshot;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** An opaque copy of a store at one moment, good for any number of restores. */
public final class Checkpoint {
  final Supplier<LifecycleSnapshot> base;
  final DurableState.Waiting waiting;
  final Map<Long, Long> commits;
  final History history;

  Checkpoint(
      Supplier<LifecycleSnapshot> base,
      DurableState.Waiting waiting,
      Map<Long, Long> commits,
      History history) {
    this.base = base;
    this.waiting = waiting;
    this.commits = new TreeMap<>(commits);
    this.history = history.copy(Retention.unlimited());
  }
}
