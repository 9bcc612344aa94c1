package dev.stowage.deterministic.queues;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A Lamport clock over unsigned 64-bit values. Every method is linearizable and lock-free: any
 * number of threads may share one clock, and no two ticks ever return the same timestamp.
 */
public final class LogicalClock {
  private static final long GREATEST = -1L;

  private final AtomicLong time;

  private LogicalClock(long start) {
    time = new AtomicLong(start);
  }

  /** A clock at 0. */
  public static LogicalClock atZero() {
    return new LogicalClock(0);
  }

  /** A clock at {@code start}. */
  public static LogicalClock startingAt(Timestamp start) {
    return new LogicalClock(start.bits());
  }

  /** Reads the clock without moving it. */
  public Timestamp now() {
    return new Timestamp(time.get());
  }

  /**
   * Advances by one and returns the new time.
   *
   * @throws ClockExhausted at 2^64-1
   */
  public Timestamp tick() {
    return new Timestamp(tickBits());
  }

  /**
   * Takes note of a message stamped {@code received}: moves to max(now, received) + 1 and returns
   * that.
   *
   * @throws ClockExhausted if the later of the two is 2^64-1
   */
  public Timestamp recv(Timestamp received) {
    while (true) {
      long old = time.get();
      long later = Long.compareUnsigned(old, received.bits()) >= 0 ? old : received.bits();
      if (later == GREATEST) {
        throw new ClockExhausted(later, 1);
      }
      if (time.compareAndSet(old, later + 1)) {
        return new Timestamp(later + 1);
      }
    }
  }

  /** Raises the clock to {@code target} if it is behind; returns the time after that. */
  public Timestamp fastForward(Timestamp target) {
    return new Timestamp(fastForwardBits(target.bits()));
  }

  /** The time, as unsigned bits. */
  public long nowBits() {
    return time.get();
  }

  /** Advances by one; the time then, as unsigned bits. */
  public long tickBits() {
    while (true) {
      long old = time.get();
      if (old == GREATEST) {
        throw new ClockExhausted(old, 1);
      }
      if (time.compareAndSet(old, old + 1)) {
        return old + 1;
      }
    }
  }

  /** Advances to a target that is not behind; the time then, as unsigned bits. */
  public long fastForwardBits(long target) {
    while (true) {
      long old = time.get();
      if (Long.compareUnsigned(old, target) >= 0) {
        return old;
      }
      if (time.compareAndSet(old, target)) {
        return target;
      }
    }
  }

  /**
   * Refuses unless {@code ticks} more ticks fit: called before work that cannot be undone half-way.
   */
  public void requireHeadroom(long ticks) {
    long left = GREATEST - time.get();
    if (Long.compareUnsigned(left, ticks) < 0) {
      throw new ClockExhausted(time.get(), ticks);
    }
  }

  /** The current unsigned value. */
  @Override
  public String toString() {
    return Long.toUnsignedString(time.get());
  }

  /** Refuses to move a {@link LogicalClock} beyond 2^64-1; the clock is left as it was. */
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
}
