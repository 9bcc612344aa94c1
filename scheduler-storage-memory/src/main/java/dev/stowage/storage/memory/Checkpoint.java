package dev.stowage.storage.memory;

import dev.stowage.evidence.Retention;
import java.util.Map;
import java.util.TreeMap;

/** An opaque copy of a store at one moment, good for any number of restores. */
public final class Checkpoint {
  final Books.Rows rows;
  final Books.Waiting waiting;
  final Map<Long, Long> commits;
  final History history;

  Checkpoint(Books.Rows rows, Books.Waiting waiting, Map<Long, Long> commits, History history) {
    this.rows = rows;
    this.waiting = waiting;
    this.commits = new TreeMap<>(commits);
    this.history = history.copy(Retention.unlimited());
  }
}
