package dev.stowage.propagation.outbox;

import dev.stowage.propagation.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often a state was updated, and by whom up to which sequence number. */
public final class StateBook {
  /** Sources remembered of one state; of more, the one silent for longest is forgotten. */
  static final int MOST_SOURCES = 4_096;

  public long version;
  public boolean paused;

  private final LinkedHashMap<NodeId, SequenceWindow> sources =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, SequenceWindow> eldest) {
          return size() > MOST_SOURCES;
        }
      };

  public SequenceWindow source(NodeId node) {
    return sources.computeIfAbsent(node, key -> new SequenceWindow());
  }
}
