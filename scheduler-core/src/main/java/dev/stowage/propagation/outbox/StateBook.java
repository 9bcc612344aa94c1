package dev.stowage.propagation.outbox;

import dev.stowage.propagation.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;

/** The version of a state and the sequence numbers of its sources. */
public final class StateBook {
  /** The greatest number of sources; beyond it the one silent for longest is forgotten. */
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
