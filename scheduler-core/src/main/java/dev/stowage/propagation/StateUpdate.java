package dev.stowage.propagation;

import java.util.Objects;

/**
 * A source says that a state has changed.
 *
 * @param state which state
 * @param source who says so
 * @param sequence its number among the updates of this source, unsigned, rising by 1
 * @param time when, by the clock of the source; nothing is decided by it
 * @param priority how urgent it is
 * @param sizes how large it is
 * @param keyframe whether it says everything, so that nothing need be known before
 * @param significance how much it matters, 0 to {@value #MOST_SIGNIFICANT}
 */
public record StateUpdate(
    StateId state,
    NodeId source,
    long sequence,
    StateTime time,
    PropagationPriority priority,
    UpdateSizes sizes,
    boolean keyframe,
    int significance) {
  /** The greatest significance: a million micro-points. */
  public static final int MOST_SIGNIFICANT = 1_000_000;

  /** Refuses a significance out of range with {@link IllegalArgumentException}. */
  public StateUpdate {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(sizes, "sizes");
    if (significance < 0 || significance > MOST_SIGNIFICANT) {
      throw new IllegalArgumentException(
          "significance is " + significance + "; 0 to " + MOST_SIGNIFICANT + " is accepted");
    }
  }

  /** A normal update of no size, which is no keyframe. */
  public static StateUpdate of(StateId state, NodeId source, long sequence) {
    return new StateUpdate(
        state,
        source,
        sequence,
        StateTime.ZERO,
        PropagationPriority.NORMAL,
        UpdateSizes.NONE,
        false,
        0);
  }

  /** The same with another urgency. */
  public StateUpdate withPriority(PropagationPriority urgency) {
    return new StateUpdate(state, source, sequence, time, urgency, sizes, keyframe, significance);
  }

  /** The same with one size for every quality, in bytes, at least 0. */
  public StateUpdate withBytes(long bytes) {
    return withSizes(UpdateSizes.of(bytes));
  }

  /** The same with other sizes. */
  public StateUpdate withSizes(UpdateSizes of) {
    return new StateUpdate(state, source, sequence, time, priority, of, keyframe, significance);
  }

  /** The same as a keyframe. */
  public StateUpdate asKeyframe() {
    return new StateUpdate(state, source, sequence, time, priority, sizes, true, significance);
  }

  /** The same with another significance, 0 to {@value #MOST_SIGNIFICANT}. */
  public StateUpdate withSignificance(int points) {
    return new StateUpdate(state, source, sequence, time, priority, sizes, keyframe, points);
  }
}
