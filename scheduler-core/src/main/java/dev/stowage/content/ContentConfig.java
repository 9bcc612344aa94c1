package dev.stowage.content;

import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.pressure.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How a {@link ContentScheduler} works.
 *
 * @param policy how items rank
 * @param maxWaitNanos an item that waited longer than this may have a rescue slot, at least 0
 * @param rescueEvery of this many selections one goes to who waited too long, at least 1
 * @param quantumBytes what a flow of weight 1 may send in its turn, {@value #LEAST_QUANTUM_BYTES}
 *     to {@value #MOST_QUANTUM_BYTES}
 * @param deadlineHorizonNanos how near a deadline must be to count, at least 0
 * @param expiry what becomes of an item at its deadline
 * @param limits how much may wait
 * @param pacing how fast bytes may go
 * @param retries how often what failed is tried again
 * @param inFlightLimit how many of the items that went out last are remembered until they are
 *     completed, so that they can fail and be cancelled; 0 to {@value #MOST_IN_FLIGHT}
 */
public record ContentConfig(
    SelectionPolicy policy,
    long maxWaitNanos,
    int rescueEvery,
    long quantumBytes,
    long deadlineHorizonNanos,
    Expiry expiry,
    QueueLimits limits,
    Pacing pacing,
    Retries retries,
    int inFlightLimit) {
  /** The longest wait without a claim to a rescue slot unless another is asked for: 10 s. */
  public static final long DEFAULT_MAX_WAIT_NANOS = 10_000_000_000L;

  /** One selection in this many is a rescue slot unless another number is asked for. */
  public static final int DEFAULT_RESCUE_EVERY = 8;

  /** What a flow may send in its turn unless another amount is asked for: 64 KiB. */
  public static final long DEFAULT_QUANTUM_BYTES = 64 << 10;

  /** The least quantum. */
  public static final long LEAST_QUANTUM_BYTES = 64;

  /** The greatest quantum: 1 TiB. */
  public static final long MOST_QUANTUM_BYTES = 1L << 40;

  /** How near a deadline must be to count unless another time is asked for: 1 s. */
  public static final long DEFAULT_DEADLINE_HORIZON_NANOS = 1_000_000_000L;

  /** How many items in flight are remembered unless another number is asked for. */
  public static final int DEFAULT_IN_FLIGHT_LIMIT = 1 << 16;

  /** The most items in flight that can be remembered. */
  public static final int MOST_IN_FLIGHT = 1 << 25;

  /** The named defaults. */
  public static final ContentConfig DEFAULT =
      new ContentConfig(
          SelectionPolicy.efficiency(),
          DEFAULT_MAX_WAIT_NANOS,
          DEFAULT_RESCUE_EVERY,
          DEFAULT_QUANTUM_BYTES,
          DEFAULT_DEADLINE_HORIZON_NANOS,
          Expiry.DROP,
          QueueLimits.DEFAULT,
          Pacing.UNLIMITED,
          Retries.DEFAULT,
          DEFAULT_IN_FLIGHT_LIMIT);

  /** What becomes of an item at its deadline. */
  public enum Expiry {
    /** It is dropped, with evidence. */
    DROP,
    /** It stays, and its deadline counts no more. */
    DELIVER
  }

  /** Refuses numbers out of range with {@link IllegalArgumentException} that names each. */
  public ContentConfig {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(expiry, "expiry");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(pacing, "pacing");
    Objects.requireNonNull(retries, "retries");
    List<String> violations = new ArrayList<>();
    range(maxWaitNanos, 0, Long.MAX_VALUE, "maxWaitNanos", violations);
    range(rescueEvery, 1, Integer.MAX_VALUE, "rescueEvery", violations);
    range(quantumBytes, LEAST_QUANTUM_BYTES, MOST_QUANTUM_BYTES, "quantumBytes", violations);
    range(deadlineHorizonNanos, 0, Long.MAX_VALUE, "deadlineHorizonNanos", violations);
    range(inFlightLimit, 0, MOST_IN_FLIGHT, "inFlightLimit", violations);
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violations));
    }
  }

  /** This with another policy. */
  public ContentConfig withPolicy(SelectionPolicy other) {
    return with(other, maxWaitNanos, quantumBytes, deadlineHorizonNanos);
  }

  /** This with the same policy but another fairness. */
  public ContentConfig withFairness(Fairness fairness) {
    return withPolicy(policy.withFairness(fairness));
  }

  /** This with another longest wait. */
  public ContentConfig withMaxWait(Duration time) {
    return with(policy, Nanos.of(time, "maxWait"), quantumBytes, deadlineHorizonNanos);
  }

  /** This with another quantum. */
  public ContentConfig withQuantumBytes(long bytes) {
    return with(policy, maxWaitNanos, bytes, deadlineHorizonNanos);
  }

  /** This with another deadline horizon. */
  public ContentConfig withDeadlineHorizon(Duration time) {
    return with(policy, maxWaitNanos, quantumBytes, Nanos.of(time, "deadlineHorizon"));
  }

  /** This with another fate for expired items. */
  public ContentConfig withExpiry(Expiry other) {
    return with(other, limits, pacing, retries, inFlightLimit);
  }

  /** This with other limits. */
  public ContentConfig withLimits(QueueLimits other) {
    return with(expiry, other, pacing, retries, inFlightLimit);
  }

  /** This with another pacing. */
  public ContentConfig withPacing(Pacing other) {
    return with(expiry, limits, other, retries, inFlightLimit);
  }

  /** This with other retries. */
  public ContentConfig withRetries(Retries other) {
    return with(expiry, limits, pacing, other, inFlightLimit);
  }

  /** This remembering another number of items in flight. */
  public ContentConfig withInFlightLimit(int items) {
    return with(expiry, limits, pacing, retries, items);
  }

  private ContentConfig with(SelectionPolicy p, long wait, long quantum, long horizon) {
    return new ContentConfig(
        p, wait, rescueEvery, quantum, horizon, expiry, limits, pacing, retries, inFlightLimit);
  }

  private ContentConfig with(Expiry e, QueueLimits l, Pacing p, Retries r, int inFlight) {
    return new ContentConfig(
        policy,
        maxWaitNanos,
        rescueEvery,
        quantumBytes,
        deadlineHorizonNanos,
        e,
        l,
        p,
        r,
        inFlight);
  }

  private static void range(
      long value, long least, long most, String name, List<String> violations) {
    if (value < least || value > most) {
      violations.add(name + " is " + value + "; " + least + " to " + most);
    }
  }

  /**
   * How much may wait, and what happens when more comes.
   *
   * @param maxItems items in all, 1 to {@value #MOST_ITEMS}
   * @param maxBytes bytes in all, at least 1
   * @param maxItemsPerClass items of one class, at least 1
   * @param maxBytesPerClass bytes of one class, at least 1
   * @param overflow what happens when more comes
   */
  public record QueueLimits(
      int maxItems, long maxBytes, int maxItemsPerClass, long maxBytesPerClass, Overflow overflow) {
    /** Items in all unless another bound is asked for. */
    public static final int DEFAULT_MAX_ITEMS = 1 << 24;

    /** The most items for which a queue has room. */
    public static final int MOST_ITEMS = 1 << 26;

    /** {@value #DEFAULT_MAX_ITEMS} items of any size and class; what ranks lowest is shed. */
    public static final QueueLimits DEFAULT =
        new QueueLimits(
            DEFAULT_MAX_ITEMS, Long.MAX_VALUE, DEFAULT_MAX_ITEMS, Long.MAX_VALUE, Overflow.SHED);

    /** What happens when more comes than may wait. */
    public enum Overflow {
      /** The new item is refused. */
      REJECT,
      /**
       * Waiting items of a lower class, or of the same class and less efficient, make room: lowest
       * class first, least efficient first, of equals the newest. If they cannot make enough, the
       * new item is refused and nothing is shed.
       */
      SHED
    }

    /** Refuses bounds out of range with {@link IllegalArgumentException} that names each. */
    public QueueLimits {
      Objects.requireNonNull(overflow, "overflow");
      List<String> violations = new ArrayList<>();
      atLeastOne(maxItems, "maxItems", violations);
      atLeastOne(maxBytes, "maxBytes", violations);
      atLeastOne(maxItemsPerClass, "maxItemsPerClass", violations);
      atLeastOne(maxBytesPerClass, "maxBytesPerClass", violations);
      if (maxItems > MOST_ITEMS) {
        violations.add("maxItems is " + maxItems + "; at most " + MOST_ITEMS);
      }
      if (!violations.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", violations));
      }
    }

    /** These limits with a bound on items, in all and of one class. */
    public QueueLimits withMaxItems(int items) {
      return new QueueLimits(items, maxBytes, items, maxBytesPerClass, overflow);
    }

    /** These limits with a bound on bytes, in all and of one class. */
    public QueueLimits withMaxBytes(long bytes) {
      return new QueueLimits(maxItems, bytes, maxItemsPerClass, bytes, overflow);
    }

    /** These limits with bounds for one class. */
    public QueueLimits withPerClass(int items, long bytes) {
      return new QueueLimits(maxItems, maxBytes, items, bytes, overflow);
    }

    /** These limits with another answer to overflow. */
    public QueueLimits withOverflow(Overflow other) {
      return new QueueLimits(maxItems, maxBytes, maxItemsPerClass, maxBytesPerClass, other);
    }

    private static void atLeastOne(long value, String name, List<String> violations) {
      if (value < 1) {
        violations.add(name + " is " + value + "; at least 1");
      }
    }
  }

  /**
   * How often, and after how long, an item that failed is tried again. The wait doubles with every
   * failure up to a bound.
   *
   * @param maxRetries attempts after the first, 0 to {@value #MOST_RETRIES}
   * @param backoffNanos the wait after the first failure, at least 0
   * @param maxBackoffNanos the longest wait, at least 0
   */
  public record Retries(int maxRetries, long backoffNanos, long maxBackoffNanos) {
    /** The most retries that can be asked for. */
    public static final int MOST_RETRIES = 100;

    /** Attempts after the first unless another number is asked for. */
    public static final int DEFAULT_MAX_RETRIES = 3;

    /** The wait after the first failure unless another is asked for: 100 ms. */
    public static final long DEFAULT_BACKOFF_NANOS = 100_000_000L;

    /** The longest wait unless another is asked for: 30 s. */
    public static final long DEFAULT_MAX_BACKOFF_NANOS = 30_000_000_000L;

    /** The named defaults. */
    public static final Retries DEFAULT =
        new Retries(DEFAULT_MAX_RETRIES, DEFAULT_BACKOFF_NANOS, DEFAULT_MAX_BACKOFF_NANOS);

    /**
     * Retries after a wait that doubles from one time to another.
     *
     * @param maxRetries attempts after the first, 0 to {@value #MOST_RETRIES}
     * @param backoff the wait after the first failure
     * @param maxBackoff the longest wait
     * @throws IllegalArgumentException for a number out of range, and for a time below zero or
     *     beyond 292 years
     */
    public static Retries of(int maxRetries, Duration backoff, Duration maxBackoff) {
      return new Retries(
          maxRetries, Nanos.of(backoff, "backoff"), Nanos.of(maxBackoff, "maxBackoff"));
    }

    /** Refuses numbers out of range with {@link IllegalArgumentException}. */
    public Retries {
      if (maxRetries < 0 || maxRetries > MOST_RETRIES || backoffNanos < 0 || maxBackoffNanos < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "retries are %d (0 to %d) after %d ns, at most %d ns (at least 0)",
                maxRetries,
                MOST_RETRIES,
                backoffNanos,
                maxBackoffNanos));
      }
    }

    /**
     * The wait after a failure.
     *
     * @param failures failures so far, this one included; at least 1
     */
    public long waitNanos(int failures) {
      int doublings = Math.min(failures - 1, 62);
      boolean beyond = backoffNanos > maxBackoffNanos >> doublings;
      return beyond ? maxBackoffNanos : backoffNanos << doublings;
    }
  }
}
