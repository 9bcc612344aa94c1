package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * A change of a state as reported by a source. The sequence number is unsigned and rises by 1 with
 * each update of the source; the time, by the source's clock, decides nothing; a keyframe needs no
 * earlier update; the significance is 0 to {@value #MOST_SIGNIFICANT}.
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
  /** The greatest significance, a million micro-points. */
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

  /** Throws {@link IllegalArgumentException} for a significance out of range. */
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

  /** Creates a normal update without size that is no keyframe. */
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

  /** Returns this update with another urgency. */
  public StateUpdate withPriority(PropagationPriority urgency) {
    return new StateUpdate(state, source, sequence, time, urgency, sizes, keyframe, significance);
  }

  /** Returns this update with one size in bytes, at least 0, at every quality. */
  public StateUpdate withBytes(long bytes) {
    return withSizes(UpdateSizes.of(bytes));
  }

  /** Returns this update with other sizes. */
  public StateUpdate withSizes(UpdateSizes of) {
    return new StateUpdate(state, source, sequence, time, priority, of, keyframe, significance);
  }

  /** Returns this update as a keyframe. */
  public StateUpdate asKeyframe() {
    return new StateUpdate(state, source, sequence, time, priority, sizes, true, significance);
  }

  /** Returns this update with another significance, 0 to {@value #MOST_SIGNIFICANT}. */
  public StateUpdate withSignificance(int points) {
    return new StateUpdate(state, source, sequence, time, priority, sizes, keyframe, points);
  }

  /** A time in signed microseconds since an epoch of the source's choice. */
  public record StateTime(long micros) implements Comparable<StateTime> {
    /** The epoch. */
    public static final StateTime ZERO = new StateTime(0);

    private static final long PER_MILLI = 1_000;

    /** Returns a time in milliseconds; throws {@link IllegalArgumentException} on overflow. */
    public static StateTime ofMillis(long millis) {
      if (millis > Long.MAX_VALUE / PER_MILLI || millis < Long.MIN_VALUE / PER_MILLI) {
        throw new IllegalArgumentException(
            "millis is "
                + millis
                + "; at most "
                + Long.MAX_VALUE / PER_MILLI
                + " either way is accepted");
      }
      return new StateTime(millis * PER_MILLI);
    }

    /** Returns the time in milliseconds, rounded down. */
    public long toMillis() {
      return Math.floorDiv(micros, PER_MILLI);
    }

    @Override
    public int compareTo(StateTime other) {
      return Long.compare(micros, other.micros);
    }
  }

  /** The sizes of an update in bytes, each at least 0: quality 0 is best, 3 is poor. */
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

    /** No bytes at any quality. */
    public static final UpdateSizes NONE = of(0);

    /** Throws {@link IllegalArgumentException} for a negative size. */
    public UpdateSizes {
      if (best < 0 || good < 0 || fair < 0 || poor < 0) {
        throw new IllegalArgumentException(
            "sizes are "
                + best
                + ", "
                + good
                + ", "
                + fair
                + ", "
                + poor
                + " bytes; at least 0 is accepted");
      }
    }

    /** Returns one size in bytes, at least 0, for every quality. */
    public static UpdateSizes of(long bytes) {
      return new UpdateSizes(bytes, bytes, bytes, bytes);
    }

    /** Returns the bytes at a quality, 0 to {@value PropagationDecision#WORST_QUALITY}. */
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
