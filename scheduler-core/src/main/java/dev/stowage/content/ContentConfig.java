package dev.stowage.content;

import dev.stowage.columns.Nanos;
import dev.stowage.content.SelectionPolicy.StandardPolicy;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
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
  private static final Shape.Builder<ContentConfig> FIELDS = Shape.named("content_config");

  private static final ValueField<ContentConfig, SelectionPolicy> POLICY =
      FIELDS
          .value("policy", ContentConfig::policy, StandardPolicy.FORM)
          .judgedLater()
          .accepts("a policy of the library, or a host's own")
          .orElse(SelectionPolicy.efficiency());
  private static final NumberField<ContentConfig> MAX_WAIT =
      FIELDS
          .number("max_wait_nanos", ContentConfig::maxWaitNanos)
          .atLeast(0)
          .orElse(10 * Nanos.PER_SECOND);
  private static final NumberField<ContentConfig> DEADLINE_HORIZON =
      FIELDS
          .number("deadline_horizon_nanos", ContentConfig::deadlineHorizonNanos)
          .atLeast(0)
          .orElse(Nanos.PER_SECOND);
  private static final ValueField<ContentConfig, Expiry> EXPIRY =
      FIELDS.oneOf("expiry", Expiry.class, ContentConfig::expiry).orElse(Expiry.DROP);
  private static final ValueField<ContentConfig, QueueLimits> LIMITS =
      FIELDS.nested("limits", ContentConfig::limits, QueueLimits.SHAPE).orElse(QueueLimits.DEFAULT);
  private static final ValueField<ContentConfig, ByteRate> RATE =
      FIELDS.value("rate", ContentConfig::rate, ByteRate.FORM).orNone();
  private static final ValueField<ContentConfig, Retries> RETRIES =
      FIELDS.nested("retries", ContentConfig::retries, Retries.SHAPE).orElse(Retries.DEFAULT);
  private static final NumberField<ContentConfig> IN_FLIGHT_LIMIT =
      FIELDS
          .number("in_flight_limit", ContentConfig::inFlightLimit)
          .narrow()
          .between(0, 1 << 25)
          .orElse(1 << 16);
  private static final NumberField<ContentConfig> DESTINATION_WINDOW =
      FIELDS
          .number("destination_window", ContentConfig::destinationWindow)
          .narrow()
          .between(0, 1 << 20)
          .orElse(8);
  private static final NumberField<ContentConfig> MAX_STREAMS =
      FIELDS
          .number("max_streams", ContentConfig::maxStreams)
          .narrow()
          .between(0, 1 << 20)
          .orElse(0);

  /** The shape of the settings; reading a policy that is not the library's is a mismatch. */
  static final Shape<ContentConfig> SHAPE =
      FIELDS.make(v ->
          new ContentConfig(
              POLICY.of(v),
              MAX_WAIT.of(v),
              DEADLINE_HORIZON.of(v),
              EXPIRY.of(v),
              LIMITS.of(v),
              RATE.orNull(v),
              RETRIES.of(v),
              IN_FLIGHT_LIMIT.intOf(v),
              DESTINATION_WINDOW.intOf(v),
              MAX_STREAMS.intOf(v)));

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
    return SHAPE.with(this, POLICY, other);
  }

  /** Returns these settings with another longest wait. */
  public ContentConfig withMaxWait(Duration time) {
    return SHAPE.with(this, MAX_WAIT, Nanos.of(time, "maxWait"));
  }

  /** Returns these settings with other limits. */
  public ContentConfig withLimits(QueueLimits other) {
    return SHAPE.with(this, LIMITS, other);
  }

  /** Returns these settings with another rate in all. */
  public ContentConfig withRate(ByteRate other) {
    return SHAPE.with(this, RATE, other);
  }

  /** Returns these settings with other retries. */
  public ContentConfig withRetries(Retries other) {
    return SHAPE.with(this, RETRIES, other);
  }

  /** Returns these settings with another number of remembered items in flight. */
  public ContentConfig withInFlightLimit(int items) {
    return SHAPE.with(this, IN_FLIGHT_LIMIT, items);
  }

  /** Returns these settings with another number of items on the way to one destination. */
  public ContentConfig withDestinationWindow(int items) {
    return SHAPE.with(this, DESTINATION_WINDOW, items);
  }

  /** Returns these settings with another number of streams. */
  public ContentConfig withMaxStreams(int streams) {
    return SHAPE.with(this, MAX_STREAMS, streams);
  }

  /** The bounds on waiting items, in all and per class, and the reaction to overflow. */
  public record QueueLimits(
      int maxItems, long maxBytes, int maxItemsPerClass, long maxBytesPerClass, Overflow overflow) {
    static final Shape<QueueLimits> SHAPE =
        Shape.of(
            "queue_limits",
            row -> {
              var items = row.number("max_items", QueueLimits::maxItems).narrow();
              var bytes = row.number("max_bytes", QueueLimits::maxBytes).atLeast(1);
              var classItems = row.number("max_items_per_class", QueueLimits::maxItemsPerClass);
              var classBytes = row.number("max_bytes_per_class", QueueLimits::maxBytesPerClass);
              var overflow = row.oneOf("overflow", Overflow.class, QueueLimits::overflow);
              items.between(1, 1 << 26).orElse(1 << 24);
              bytes.orElse(Long.MAX_VALUE, "unlimited");
              classItems.narrow().atLeast(1).orElse(1 << 24);
              classBytes.atLeast(1).orElse(Long.MAX_VALUE, "unlimited");
              overflow.orElse(Overflow.SHED);
              return v ->
                  new QueueLimits(
                      items.intOf(v),
                      bytes.of(v),
                      classItems.intOf(v),
                      classBytes.of(v),
                      overflow.of(v));
            });

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
  public record Retries(int maxRetries, long backoffNanos, long maxBackoffNanos) {
    static final Shape<Retries> SHAPE =
        Shape.of(
            "retries",
            row -> {
              var most = row.number("max_retries", Retries::maxRetries).narrow();
              var wait = row.number("backoff_nanos", Retries::backoffNanos).atLeast(0);
              var longest = row.number("max_backoff_nanos", Retries::maxBackoffNanos).atLeast(0);
              most.between(0, 100).orElse(3);
              wait.orElse(100 * Nanos.PER_MILLISECOND);
              longest.orElse(30 * Nanos.PER_SECOND);
              return v -> new Retries(most.intOf(v), wait.of(v), longest.of(v));
            });

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
