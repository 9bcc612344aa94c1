package dev.stowage.content;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How fast bytes may go out: in all, and to each destination.
 *
 * @param global the rate in all; null for any
 * @param perDestination the rate to a destination that is not listed; null for any
 * @param destinations rates of listed destinations, by name
 */
public record Pacing(
    @Nullable Rate global, @Nullable Rate perDestination, Map<String, Rate> destinations) {
  /** As fast as it goes. */
  public static final Pacing UNLIMITED = new Pacing(null, null, Collections.emptyMap());

  /** Copies and sorts the list. */
  public Pacing {
    destinations = Collections.unmodifiableMap(new TreeMap<>(destinations));
  }

  /**
   * A rate with a burst.
   *
   * @param bytesPerSecond at least 1
   * @param burstBytes what may go at once after a pause, at least 1
   */
  public record Rate(long bytesPerSecond, long burstBytes) {
    /** Refuses numbers below 1 with {@link IllegalArgumentException}. */
    public Rate {
      if (bytesPerSecond < 1 || burstBytes < 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "rate is %d bytes/s, burst %d bytes; each at least 1",
                bytesPerSecond,
                burstBytes));
      }
    }
  }

  /** This with a rate in all. */
  public Pacing withGlobal(Rate rate) {
    return new Pacing(rate, perDestination, destinations);
  }

  /** This with a rate to every destination that is not listed. */
  public Pacing withPerDestination(Rate rate) {
    return new Pacing(global, rate, destinations);
  }

  /** This with a rate to one destination. */
  public Pacing withDestination(String name, Rate rate) {
    Map<String, Rate> more = new TreeMap<>(destinations);
    more.put(name, rate);
    return new Pacing(global, perDestination, more);
  }

  /** Whether nothing is held back. */
  public boolean isUnlimited() {
    return global == null && perDestination == null && destinations.isEmpty();
  }

  /** The rate to a destination, or null where there is no limit. */
  @Nullable
  public Rate rateTo(String destination) {
    Rate listed = destinations.get(destination);
    return listed == null ? perDestination : listed;
  }
}
