package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.state.InFlight;
import dev.stowage.placement.PlanChanges;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A range of the time that copies take, at the rates that workers reported over the last minutes.
 * At least: all targets share the bytes evenly, at the greater rate. At most: the target with the
 * most bytes has its even share of the smaller rate. NaN while no rate is known, infinite while it
 * is 0.
 */
public record CopyTime(double leastSeconds, double mostSeconds) {
  /** No copies take no time. */
  public static final CopyTime NONE = new CopyTime(0, 0);

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double SECONDS_A_MINUTE = 60;

  /** Returns the time of bytes, some of which are known by target, at a rate by ticks. */
  static CopyTime of(long bytes, Collection<Long> byTarget, Moved.Rate rate, double tickSeconds) {
    return new CopyTime(
        bytes / (rate.most() / tickSeconds),
        bytes * unevenness(byTarget) / (rate.least() / tickSeconds));
  }

  /** Returns the greatest amount of a target over the mean one, at least 1. */
  private static double unevenness(Collection<Long> byTarget) {
    long most = byTarget.stream().mapToLong(it -> it).max().orElse(0);
    double sum = byTarget.stream().mapToDouble(it -> it).sum();
    return sum == 0 ? 1 : most * byTarget.size() / sum;
  }

  /** Returns the time of a plan's copies, behind those that are under way. */
  public static CopyTime ofPlan(LifecycleView state, PlanChanges changes, Duration tickLength) {
    List<Long> byTarget =
        changes.workers().stream().map(PlanChanges.Share::inBytes).filter(it -> it > 0).toList();
    if (byTarget.isEmpty()) {
      return NONE;
    }
    long bytes = InFlight.bytes(state.tables());
    for (long each : byTarget) {
      bytes = SaturatedSum.of(bytes, each);
    }
    Moved.Rate rate = KeptValue.MOVED.of(state).rateAt(Moved.ALL, state.largestTick().value());
    return of(bytes, byTarget, rate, tickLength.toNanos() / NANOS_PER_SECOND);
  }

  /** Reports whether a rate is known. */
  public boolean isKnown() {
    return !Double.isNaN(leastSeconds);
  }

  /** Returns the range in words, such as {@code 25 s to 2 min}, or the reason why it is unknown. */
  public String inWords() {
    if (!isKnown()) {
      return "unknown: no rate of copies was reported in the last " + Moved.WINDOW_TICKS + " ticks";
    }
    String least = inWords(leastSeconds);
    String most = inWords(mostSeconds);
    return least.equals(most) ? least : least + " to " + most;
  }

  private static String inWords(double seconds) {
    if (Double.isInfinite(seconds)) {
      return "no end";
    }
    if (seconds < 2 * SECONDS_A_MINUTE) {
      return Math.round(seconds) + " s";
    }
    double minutes = seconds / SECONDS_A_MINUTE;
    return minutes < 2 * SECONDS_A_MINUTE
        ? Math.round(minutes) + " min"
        : String.format(Locale.ROOT, "%.1f h", minutes / SECONDS_A_MINUTE);
  }
}
