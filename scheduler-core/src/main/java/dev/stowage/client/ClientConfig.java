package dev.stowage.client;

import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.Objects;

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
    @Declare(least = 1, orElse = SECOND) long pollNanos,
    @Declare(least = 0, orElse = 5 * SECOND) long holdNanos,
    @Declare(least = 1, orElse = SECOND) long reportNanos,
    @Declare(least = 1, orElse = 10 * SECOND) long repeatNanos,
    @Declare(least = 1, orElse = 10 * SECOND) long timeoutNanos,
    @Declare(least = 1, orElse = 200 * MILLI) long retryFirstNanos,
    @Declare(least = 1, orElse = 10 * SECOND) long retryLongestNanos,
    @Declare(least = 1, most = 1_000_000, orElse = 4) int downloads,
    @Declare(least = 1, orElse = 600 * SECOND) long downloadTimeoutNanos,
    @Declare(least = 1, most = 1_000, orElse = 8) int downloadAttempts,
    @Declare(least = 1, orElse = 600 * SECOND) long giveUpNanos,
    @Declare(least = 1, most = 500_000, orElse = 100_000) int inventoryPart,
    @Declare(or = "BINARY") DocumentFormat format) {
  private static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;

  /** The fields. */
  static final Shape<ClientConfig> SHAPE = Shape.derived("client_config", ClientConfig.class);

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
    return SHAPE.with(this, "poll_nanos", nanos);
  }

  /** Returns this configuration with another time for which requests ask to be held. */
  public ClientConfig withHold(long nanos) {
    return SHAPE.with(this, "hold_nanos", nanos);
  }

  /** Returns how long a request may ask to be held, so that its answer is not late. */
  long heldNanos() {
    return Math.min(holdNanos, timeoutNanos / 2);
  }

  /** Returns this configuration with other pauses of reports, in nanoseconds. */
  public ClientConfig withReports(long least, long repeat) {
    return SHAPE.draft(this).with("report_nanos", least).with("repeat_nanos", repeat).row();
  }

  /** Returns this configuration with another timeout of requests, in nanoseconds. */
  public ClientConfig withTimeout(long nanos) {
    return SHAPE.with(this, "timeout_nanos", nanos);
  }

  /** Returns this configuration with other pauses after failures, in nanoseconds. */
  public ClientConfig withRetries(long first, long longest) {
    return SHAPE
        .draft(this)
        .with("retry_first_nanos", first)
        .with("retry_longest_nanos", longest)
        .row();
  }

  /** Returns this configuration with other bounds of downloads. */
  public ClientConfig withDownloads(int atOnce, long timeoutNanos, int attempts, long giveUpNanos) {
    return SHAPE
        .draft(this)
        .with("downloads", atOnce)
        .with("download_timeout_nanos", timeoutNanos)
        .with("download_attempts", attempts)
        .with("give_up_nanos", giveUpNanos)
        .row();
  }

  /** Returns this configuration with another size of the parts of an inventory. */
  public ClientConfig withInventoryPart(int chunks) {
    return SHAPE.with(this, "inventory_part", chunks);
  }

  /** Returns this configuration with another format of requests. */
  public ClientConfig withFormat(DocumentFormat format) {
    return SHAPE.with(this, "format", format);
  }
}
