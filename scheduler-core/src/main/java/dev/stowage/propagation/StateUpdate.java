package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.shape.Shape;
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

  static final Shape<StateUpdate> SHAPE =
      Shape.of(
          "state_update",
          row -> {
            var state = row.value("state", StateUpdate::state, StateId.FORM).subject();
            var source = row.value("source", StateUpdate::source, NodeId.FORM).subject("node");
            var sequence = row.number("sequence", StateUpdate::sequence).unsigned();
            var time = row.number("time_micros", it -> it.time().micros());
            var priority = row.oneOf("priority", PropagationPriority.class, StateUpdate::priority);
            var sizes = row.nested("sizes", StateUpdate::sizes, UpdateSizes.SHAPE);
            var keyframe = row.flag("keyframe", StateUpdate::keyframe);
            var significance = row.number("significance", StateUpdate::significance).narrow();
            return v ->
                new StateUpdate(
                    state.of(v),
                    source.of(v),
                    sequence.of(v),
                    new StateTime(time.of(v)),
                    priority.of(v),
                    sizes.of(v),
                    keyframe.of(v),
                    significance.intOf(v));
          });

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

  /**
   * When a state was as an update says, by the clock of its source; nothing is decided by it.
   *
   * @param micros microseconds since an epoch of the source's choice, signed
   */
  public record StateTime(long micros) implements Comparable<StateTime> {
    /** The epoch. */
    public static final StateTime ZERO = new StateTime(0);

    private static final long PER_MILLI = 1_000;

    /**
     * A time in milliseconds.
     *
     * @throws IllegalArgumentException if its microseconds do not fit 64 bits
     */
    public static StateTime ofMillis(long millis) {
      if (millis > Long.MAX_VALUE / PER_MILLI || millis < Long.MIN_VALUE / PER_MILLI) {
        throw new IllegalArgumentException(
            "millis is " + millis + "; at most " + Long.MAX_VALUE / PER_MILLI + " either way");
      }
      return new StateTime(millis * PER_MILLI);
    }

    /** The time in whole milliseconds, rounded down. */
    public long toMillis() {
      return Math.floorDiv(micros, PER_MILLI);
    }

    @Override
    public int compareTo(StateTime other) {
      return Long.compare(micros, other.micros);
    }
  }

  /**
   * How large an update is at each quality.
   *
   * @param best bytes at quality 0, at least 0
   * @param good bytes at quality 1, at least 0
   * @param fair bytes at quality 2, at least 0
   * @param poor bytes at quality 3, at least 0
   */
  public record UpdateSizes(long best, long good, long fair, long poor) {
    static final Shape<UpdateSizes> SHAPE =
        Shape.of(
            "update_sizes",
            row -> {
              var best = row.number("best", UpdateSizes::best);
              var good = row.number("good", UpdateSizes::good);
              var fair = row.number("fair", UpdateSizes::fair);
              var poor = row.number("poor", UpdateSizes::poor);
              return v -> new UpdateSizes(best.of(v), good.of(v), fair.of(v), poor.of(v));
            });

    /** Nothing at all. */
    public static final UpdateSizes NONE = of(0);

    /** Refuses a size below 0 with {@link IllegalArgumentException}. */
    public UpdateSizes {
      if (best < 0 || good < 0 || fair < 0 || poor < 0) {
        throw new IllegalArgumentException(
            "sizes are " + best + ", " + good + ", " + fair + ", " + poor + " bytes; at least 0");
      }
    }

    /** The same size at every quality, in bytes, at least 0. */
    public static UpdateSizes of(long bytes) {
      return new UpdateSizes(bytes, bytes, bytes, bytes);
    }

    /** The bytes at a quality, 0 to {@value PropagationDecision#WORST_QUALITY}. */
    public long bytes(int quality) {
      return switch (quality) {
        case 0 -> best;
        case 1 -> good;
        case 2 -> fair;
        default -> poor;
      };
    }
  }
}
