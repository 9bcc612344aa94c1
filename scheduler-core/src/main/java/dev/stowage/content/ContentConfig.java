package dev.stowage.content;

import dev.stowage.columns.Nanos;
import dev.stowage.content.SelectionPolicy.StandardPolicy;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link ContentScheduler}.
 *
 * @param policy how items rank: a policy of the library, or a host's own
 * @param maxWaitNanos the wait after which an item may take a rescue slot
 * @param deadlineHorizonNanos how near a deadline must be for its item to rank by it
 * @param expiry whether an item is dropped at its deadline, or stays
 * @param limits the bounds on waiting items
 * @param rate the rate in all: bytes per second, and the burst after a pause; null for none
 * @param retries the retries of failed items
 * @param inFlightLimit the items that are remembered until they end
 * @param destinationWindow those of them to one destination, unless it asks for more; 0 for no
 *     bound
 * @param maxStreams the streams of a transport that carry the items, by urgency; 0 for none
 */
public record ContentConfig(
    @Declare(form = "FORM", forms = StandardPolicy.class) SelectionPolicy policy,
    @Declare(least = 0, orElse = 10 * Nanos.PER_SECOND) long maxWaitNanos,
    @Declare(least = 0, orElse = Nanos.PER_SECOND) long deadlineHorizonNanos,
    @Declare(or = "DROP") Expiry expiry,
    @Declare(or = "DEFAULT") QueueLimits limits,
    @Declare(orNone = true) @Nullable ByteRate rate,
    @Declare(or = "DEFAULT") Retries retries,
    @Declare(least = 0, most = 1 << 25, orElse = 1 << 16) int inFlightLimit,
    @Declare(least = 0, most = 1 << 20, orElse = 8) int destinationWindow,
    @Declare(least = 0, most = 1 << 20, orElse = 0) int maxStreams) {
  /** The shape of the settings; reading a policy that is not the library's is a mismatch. */
  static final Shape<ContentConfig> SHAPE =
      Shape.derived(
          "content_config",
          ContentConfig.class,
          row ->
              row.<SelectionPolicy>value("policy")
                  .judgedLater()
                  .accepts("a policy of the library, or a host's own")
                  .orElse(SelectionPolicy.efficiency()));

  /** The default settings. */
  public static final ContentConfig DEFAULT = SHAPE.make(SHAPE.values());

  /** The fate of an item at its deadline. */
  public enum Expiry {
    /** The item is dropped, with evidence. */
    DROP,
    /** The item stays, and its deadline no longer counts. */
    DELIVER
  }

  /** Throws {@link IllegalArgumentException} that names every violated bound. */
  public ContentConfig(
      SelectionPolicy policy,
      long maxWaitNanos,
      long deadlineHorizonNanos,
      Expiry expiry,
      QueueLimits limits,
      @Nullable ByteRate rate,
      Retries retries,
      int inFlightLimit,
      int destinationWindow,
      int maxStreams) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.maxWaitNanos = maxWaitNanos;
    this.deadlineHorizonNanos = deadlineHorizonNanos;
    this.expiry = Objects.requireNonNull(expiry, "expiry");
    this.limits = Objects.requireNonNull(limits, "limits");
    this.rate = rate;
    this.retries = Objects.requireNonNull(retries, "retries");
    this.inFlightLimit = inFlightLimit;
    this.destinationWindow = destinationWindow;
    this.maxStreams = maxStreams;
    SHAPE.checked(this);
  }

  /** Returns these settings with another policy. */
  public ContentConfig withPolicy(SelectionPolicy other) {
    return SHAPE.with(this, "policy", other);
  }

  /** Returns these settings with another longest wait. */
  public ContentConfig withMaxWait(Duration time) {
    return SHAPE.with(this, "max_wait_nanos", Nanos.of(time, "maxWait"));
  }

  /** Returns these settings with other limits. */
  public ContentConfig withLimits(QueueLimits other) {
    return SHAPE.with(this, "limits", other);
  }

  /** Returns these settings with another rate in all. */
  public ContentConfig withRate(ByteRate other) {
    return SHAPE.with(this, "rate", other);
  }

  /** Returns these settings with other retries. */
  public ContentConfig withRetries(Retries other) {
    return SHAPE.with(this, "retries", other);
  }

  /** Returns these settings with another number of remembered items in flight. */
  public ContentConfig withInFlightLimit(int items) {
    return SHAPE.with(this, "in_flight_limit", items);
  }

  /** Returns these settings with another number of items on the way to one destination. */
  public ContentConfig withDestinationWindow(int items) {
    return SHAPE.with(this, "destination_window", items);
  }

  /** Returns these settings with another number of streams. */
  public ContentConfig withMaxStreams(int streams) {
    return SHAPE.with(this, "max_streams", streams);
  }

  /** The bounds on waiting items, in all and per class, and the reaction to overflow. */
  public record QueueLimits(
      @Declare(least = 1, most = 1 << 26, orElse = 1 << 24) int maxItems,
      @Declare(least = 1, word = "unlimited", orElse = Long.MAX_VALUE) long maxBytes,
      @Declare(least = 1, orElse = 1 << 24) int maxItemsPerClass,
      @Declare(least = 1, word = "unlimited", orElse = Long.MAX_VALUE) long maxBytesPerClass,
      @Declare(or = "SHED") Overflow overflow) {
    static final Shape<QueueLimits> SHAPE = Shape.derived("queue_limits", QueueLimits.class);

    /** 16,777,216 items of any size and class, with shedding. */
    public static final QueueLimits DEFAULT = SHAPE.make(SHAPE.values());

    /** The reaction to an item beyond a bound. */
    public enum Overflow {
      /** The new item is refused. */
      REJECT,
      /**
       * Waiting items of a lower class, or less efficient ones of the class, are shed if that
       * suffices: lowest class first, then least efficient, then newest.
       */
      SHED
    }

    /** Throws {@link IllegalArgumentException} that names every violated bound. */
    public QueueLimits(
        int maxItems,
        long maxBytes,
        int maxItemsPerClass,
        long maxBytesPerClass,
        Overflow overflow) {
      this.maxItems = maxItems;
      this.maxBytes = maxBytes;
      this.maxItemsPerClass = maxItemsPerClass;
      this.maxBytesPerClass = maxBytesPerClass;
      this.overflow = Objects.requireNonNull(overflow, "overflow");
      SHAPE.checked(this);
    }
  }

  /** The retries of a failed item, 0 to 100; the wait in nanoseconds doubles up to the longest. */
  public record Retries(
      @Declare(least = 0, most = 100, orElse = 3) int maxRetries,
      @Declare(least = 0, orElse = 100 * Nanos.PER_MILLISECOND) long backoffNanos,
      @Declare(least = 0, orElse = 30 * Nanos.PER_SECOND) long maxBackoffNanos) {
    static final Shape<Retries> SHAPE = Shape.derived("retries", Retries.class);

    /** The defaults: 3 retries, after 100 ms to 30 s. */
    public static final Retries DEFAULT = SHAPE.make(SHAPE.values());

    /** Throws {@link IllegalArgumentException} that names every violated bound. */
    public Retries(int maxRetries, long backoffNanos, long maxBackoffNanos) {
      this.maxRetries = maxRetries;
      this.backoffNanos = backoffNanos;
      this.maxBackoffNanos = maxBackoffNanos;
      SHAPE.checked(this);
    }

    /** Returns the wait in nanoseconds after {@code failures} failures, at least 1. */
    public long waitNanos(int failures) {
      int doublings = Math.min(failures - 1, 62);
      boolean beyond = backoffNanos > maxBackoffNanos >> doublings;
      return beyond ? maxBackoffNanos : backoffNanos << doublings;
    }
  }
}
