package dev.stowage.deterministic.queues;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.util.concurrent.atomic.AtomicLong;

/** A linearizable, lock-free Lamport clock over unsigned 64-bit values; no tick repeats. */
public final class LogicalClock {
  private static final long GREATEST = -1L;

  private final AtomicLong time;

  private LogicalClock(long start) {
    time = new AtomicLong(start);
  }

  /** Creates a clock at 0. */
  public static LogicalClock atZero() {
    return new LogicalClock(0);
  }

  /** Creates a clock at {@code start}. */
  public static LogicalClock startingAt(Timestamp start) {
    return new LogicalClock(start.bits());
  }

  /** Returns the time. */
  public Timestamp now() {
    return new Timestamp(time.get());
  }

  /** Advances by one and returns the new time; throws {@link ClockExhausted} at 2^64-1. */
  public Timestamp tick() {
    return new Timestamp(tickBits());
  }

  /** Moves to max(now, received) + 1, the result; throws {@link ClockExhausted} beyond 2^64-1. */
  public Timestamp recv(Timestamp received) {
    return new Timestamp(time.updateAndGet(old -> after(later(old, received.bits()))));
  }

  /** Raises the clock to {@code target} if it is behind; returns the time then. */
  public Timestamp fastForward(Timestamp target) {
    return new Timestamp(time.updateAndGet(old -> later(old, target.bits())));
  }

  /** Advances by one; returns the new time as unsigned bits. */
  public long tickBits() {
    return time.updateAndGet(LogicalClock::after);
  }

  private static long later(long one, long other) {
    return Long.compareUnsigned(one, other) >= 0 ? one : other;
  }

  private static long after(long old) {
    if (old == GREATEST) {
      throw new ClockExhausted(old, 1);
    }
    return old + 1;
  }

  /** Throws {@link ClockExhausted} unless {@code ticks} more fit, before work without undo. */
  public void requireHeadroom(long ticks) {
    long left = GREATEST - time.get();
    if (Long.compareUnsigned(left, ticks) < 0) {
      throw new ClockExhausted(time.get(), ticks);
    }
  }

  /** Reports a move beyond 2^64-1, which left the {@link LogicalClock} unchanged. */
  public static final class ClockExhausted extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ClockExhausted(long from, long needed) {
      super(
          "logical clock at "
              + Long.toUnsignedString(from)
              + " cannot advance by "
              + Long.toUnsignedString(needed)
              + "; its greatest value is 18446744073709551615");
    }
  }

  /** Logical time, an unsigned 64-bit counter of which -1 is the greatest; no wall clock. */
  public record Timestamp(long bits) implements Comparable<Timestamp> {
    /** The least timestamp, 0. */
    public static final Timestamp ZERO = new Timestamp(0);

    /** The greatest timestamp, 2^64-1. */
    public static final Timestamp MAX = new Timestamp(-1L);

    static final Form<Timestamp> FORM = Forms.unsigned(Timestamp::new, Timestamp::bits);

    /** Returns the next timestamp; {@link #MAX} stays itself. */
    public Timestamp increment() {
      return bits == -1L ? this : new Timestamp(bits + 1);
    }

    /** Returns the later of the two. */
    public Timestamp maxWith(Timestamp other) {
      return compareTo(other) >= 0 ? this : other;
    }

    /** Reports whether this is strictly before the other one. */
    public boolean happensBefore(Timestamp other) {
      return compareTo(other) < 0;
    }

    /** Reports whether the two are equal, so that neither happens before the other. */
    public boolean isConcurrentWith(Timestamp other) {
      return bits == other.bits;
    }

    @Override
    public int compareTo(Timestamp other) {
      return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
      return Long.toUnsignedString(bits);
    }
  }
}
