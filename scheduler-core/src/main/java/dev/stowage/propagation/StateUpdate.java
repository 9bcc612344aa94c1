package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A change of a state, whose id is an unsigned number, as reported by a source. There is a size in
 * bytes for each quality, the best one first. A keyframe needs no earlier update; the significance
 * is 0 to {@value #MOST_SIGNIFICANT}.
 */
public record StateUpdate(
    long state,
    NodeId source,
    PropagationPriority priority,
    List<Long> sizes,
    boolean keyframe,
    int significance) {
  /** The greatest significance, a million micro-points. */
  public static final int MOST_SIGNIFICANT = 1_000_000;

  /** The number of qualities. */
  public static final int QUALITIES = 4;

  static final Shape<StateUpdate> SHAPE =
      Shape.of(
          "state_update",
          row -> {
            var state = row.number("state", StateUpdate::state).unsigned().subject();
            var source = row.value("source", StateUpdate::source, NodeId.FORM).subject("node");
            var priority = row.oneOf("priority", PropagationPriority.class, StateUpdate::priority);
            var sizes =
                row.list("sizes", StateUpdate::sizes, Forms.number(Long::valueOf, Long::longValue))
                    .must("four of at least 0", StateUpdate::areSizes);
            var keyframe = row.flag("keyframe", StateUpdate::keyframe);
            var significance =
                row.number("significance", StateUpdate::significance)
                    .narrow()
                    .between(0, MOST_SIGNIFICANT);
            return v ->
                new StateUpdate(
                    state.of(v),
                    source.of(v),
                    priority.of(v),
                    sizes.of(v),
                    keyframe.of(v),
                    significance.intOf(v));
          });

  /** Throws {@link IllegalArgumentException} for a size or significance out of range. */
  public StateUpdate(
      long state,
      NodeId source,
      PropagationPriority priority,
      List<Long> sizes,
      boolean keyframe,
      int significance) {
    this.state = state;
    this.source = Objects.requireNonNull(source, "source");
    this.priority = Objects.requireNonNull(priority, "priority");
    this.sizes = List.copyOf(sizes);
    this.keyframe = keyframe;
    this.significance = significance;
    SHAPE.checked(this);
  }

  /** Creates a normal update of one size that is no keyframe. */
  public static StateUpdate of(long state, NodeId source, long bytes) {
    List<Long> sizes = Collections.nCopies(QUALITIES, bytes);
    return new StateUpdate(state, source, PropagationPriority.NORMAL, sizes, false, 0);
  }

  private static boolean areSizes(List<Long> sizes) {
    return sizes.size() == QUALITIES && sizes.stream().allMatch(bytes -> bytes >= 0);
  }
}
