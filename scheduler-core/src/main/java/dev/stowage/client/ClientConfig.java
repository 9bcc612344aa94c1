package dev.stowage.client;

import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * The pauses, timeouts and bounds of a client. Immutable.
 *
 * @param pollNanos the pause between two requests for news
 * @param holdNanos the time for which a request for news asks to be held, 0 for none; bounded by
 *     half of {@code timeoutNanos} and, for routes, by an eighth of their validity
 * @param reportNanos the least pause between two reports of what a worker lacks
 * @param repeatNanos the pause after which a worker repeats its last report
 * @param timeoutNanos the longest time of a request
 * @param retryFirstNanos the pause after the first failure, doubled with each further one
 * @param retryLongestNanos the longest pause after failures
 * @param downloads the number of chunks that a worker fetches at a time
 * @param downloadTimeoutNanos the longest time of a fetch
 * @param downloadAttempts the failures in a row after which a worker gives a chunk up
 * @param giveUpNanos the pause before a given-up chunk is tried again
 * @param inventoryPart the most chunks in a part of an inventory
 * @param format the format of requests
 */
public record ClientConfig(
    long pollNanos,
    long holdNanos,
    long reportNanos,
    long repeatNanos,
    long timeoutNanos,
    long retryFirstNanos,
    long retryLongestNanos,
    int downloads,
    long downloadTimeoutNanos,
    int downloadAttempts,
    long giveUpNanos,
    int inventoryPart,
    DocumentFormat format) {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final Shape.Builder<ClientConfig> FIELDS = Shape.named("client_config");

  private static final NumberField<ClientConfig> POLL =
      nanos("poll_nanos", ClientConfig::pollNanos, SECOND);
  private static final NumberField<ClientConfig> HOLD =
      FIELDS.number("hold_nanos", ClientConfig::holdNanos).atLeast(0).orElse(5 * SECOND);
  private static final NumberField<ClientConfig> REPORT =
      nanos("report_nanos", ClientConfig::reportNanos, SECOND);
  private static final NumberField<ClientConfig> REPEAT =
      nanos("repeat_nanos", ClientConfig::repeatNanos, 10 * SECOND);
  private static final NumberField<ClientConfig> TIMEOUT =
      nanos("timeout_nanos", ClientConfig::timeoutNanos, 10 * SECOND);
  private static final NumberField<ClientConfig> RETRY_FIRST =
      nanos("retry_first_nanos", ClientConfig::retryFirstNanos, 200 * MILLI);
  private static final NumberField<ClientConfig> RETRY_LONGEST =
      nanos("retry_longest_nanos", ClientConfig::retryLongestNanos, 10 * SECOND);
  private static final NumberField<ClientConfig> DOWNLOADS =
      count("downloads", ClientConfig::downloads, 1_000_000, 4);
  private static final NumberField<ClientConfig> DOWNLOAD_TIMEOUT =
      nanos("download_timeout_nanos", ClientConfig::downloadTimeoutNanos, 600 * SECOND);
  private static final NumberField<ClientConfig> DOWNLOAD_ATTEMPTS =
      count("download_attempts", ClientConfig::downloadAttempts, 1_000, 8);
  private static final NumberField<ClientConfig> GIVE_UP =
      nanos("give_up_nanos", ClientConfig::giveUpNanos, 600 * SECOND);
  private static final NumberField<ClientConfig> INVENTORY_PART =
      count("inventory_part", ClientConfig::inventoryPart, 500_000, 100_000);
  private static final ValueField<ClientConfig, DocumentFormat> FORMAT =
      FIELDS
          .oneOf("format", DocumentFormat.class, ClientConfig::format)
          .orElse(DocumentFormat.BINARY);

  /** The fields. */
  static final Shape<ClientConfig> SHAPE =
      FIELDS.make(v ->
          new ClientConfig(
              POLL.of(v),
              HOLD.of(v),
              REPORT.of(v),
              REPEAT.of(v),
              TIMEOUT.of(v),
              RETRY_FIRST.of(v),
              RETRY_LONGEST.of(v),
              DOWNLOADS.intOf(v),
              DOWNLOAD_TIMEOUT.of(v),
              DOWNLOAD_ATTEMPTS.intOf(v),
              GIVE_UP.of(v),
              INVENTORY_PART.intOf(v),
              FORMAT.of(v)));

  /** The defaults. */
  public static final ClientConfig DEFAULT = SHAPE.make(SHAPE.values());

  /** Throws {@link IllegalArgumentException} naming every violated bound. */
  public ClientConfig(
      long pollNanos,
      long holdNanos,
      long reportNanos,
      long repeatNanos,
      long timeoutNanos,
      long retryFirstNanos,
      long retryLongestNanos,
      int downloads,
      long downloadTimeoutNanos,
      int downloadAttempts,
      long giveUpNanos,
      int inventoryPart,
      DocumentFormat format) {
    this.pollNanos = pollNanos;
    this.holdNanos = holdNanos;
    this.reportNanos = reportNanos;
    this.repeatNanos = repeatNanos;
    this.timeoutNanos = timeoutNanos;
    this.retryFirstNanos = retryFirstNanos;
    this.retryLongestNanos = retryLongestNanos;
    this.downloads = downloads;
    this.downloadTimeoutNanos = downloadTimeoutNanos;
    this.downloadAttempts = downloadAttempts;
    this.giveUpNanos = giveUpNanos;
    this.inventoryPart = inventoryPart;
    this.format = Objects.requireNonNull(format, "format");
    SHAPE.checked(this);
  }

  /** Returns this configuration with another pause between requests, in nanoseconds. */
  public ClientConfig withPoll(long nanos) {
    return SHAPE.with(this, POLL, nanos);
  }

  /** Returns this configuration with another time for which requests ask to be held. */
  public ClientConfig withHold(long nanos) {
    return SHAPE.with(this, HOLD, nanos);
  }

  /** Returns how long a request may ask to be held, so that its answer is not late. */
  long heldNanos() {
    return Math.min(holdNanos, timeoutNanos / 2);
  }

  /** Returns this configuration with other pauses of reports, in nanoseconds. */
  public ClientConfig withReports(long least, long repeat) {
    return SHAPE.with(SHAPE.with(this, REPORT, least), REPEAT, repeat);
  }

  /** Returns this configuration with another timeout of requests, in nanoseconds. */
  public ClientConfig withTimeout(long nanos) {
    return SHAPE.with(this, TIMEOUT, nanos);
  }

  /** Returns this configuration with other pauses after failures, in nanoseconds. */
  public ClientConfig withRetries(long first, long longest) {
    return SHAPE.with(SHAPE.with(this, RETRY_FIRST, first), RETRY_LONGEST, longest);
  }

  /** Returns this configuration with other bounds of downloads. */
  public ClientConfig withDownloads(int atOnce, long timeoutNanos, int attempts, long giveUpNanos) {
    ClientConfig changed =
        SHAPE.with(SHAPE.with(this, DOWNLOADS, atOnce), DOWNLOAD_TIMEOUT, timeoutNanos);
    return SHAPE.with(SHAPE.with(changed, DOWNLOAD_ATTEMPTS, attempts), GIVE_UP, giveUpNanos);
  }

  /** Returns this configuration with another size of the parts of an inventory. */
  public ClientConfig withInventoryPart(int chunks) {
    return SHAPE.with(this, INVENTORY_PART, chunks);
  }

  /** Returns this configuration with another format of requests. */
  public ClientConfig withFormat(DocumentFormat format) {
    return SHAPE.with(this, FORMAT, format);
  }

  private static NumberField<ClientConfig> nanos(
      String name, ToLongFunction<ClientConfig> get, long usual) {
    return FIELDS.number(name, get).atLeast(1).orElse(usual);
  }

  private static NumberField<ClientConfig> count(
      String name, ToLongFunction<ClientConfig> get, int most, int usual) {
    return FIELDS.number(name, get).narrow().between(1, most).orElse(usual);
  }
}
