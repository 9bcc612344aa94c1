package dev.stowage.answer;

import dev.stowage.shape.Figure;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.List;

/**
 * Counts the messages about assignments that a service has sent in all; their delays are seconds.
 *
 * @param sent those given to the courier
 * @param dropped those planned that were superseded, beyond a budget or cut off
 * @param meanDelay the mean of their times from the change to the courier
 * @param peakDelay the longest of these times
 * @param lag the time since which the recipient farthest behind waits for one; 0 if none waits
 */
public record Told(long sent, long dropped, double meanDelay, double peakDelay, double lag) {
  /** The value before the first message, and without a service that sends any. */
  public static final Told NOTHING = new Told(0, 0, 0, 0, 0);

  /** The fields of the value. */
  static final Shape<Told> SHAPE =
      Shape.of(
          "told",
          row -> {
            var sent = row.number("sent", Told::sent);
            var dropped = row.number("dropped", Told::dropped);
            var mean = row.real("mean_delay", Told::meanDelay);
            var peak = row.real("peak_delay", Told::peakDelay);
            var lag = row.real("lag", Told::lag);
            return v ->
                new Told(sent.of(v), dropped.of(v), mean.realOf(v), peak.realOf(v), lag.realOf(v));
          });

  /** The figures of a service that is propagating. */
  static final List<Figure<Told>> FIGURES =
      List.of(
          Figure.total(
              "news.sent",
              "messages about assignments that a service that is `propagating` sent",
              Told::sent),
          Figure.total(
              "news.dropped",
              "messages that were superseded, beyond a budget or cut off",
              Told::dropped),
          Figure.of(
              "news.delay.mean",
              Unit.SECONDS,
              "mean time from the change of an assignment to its message",
              Told::meanDelay),
          Figure.of("news.delay.peak", Unit.SECONDS, "the longest of these times", Told::peakDelay),
          Figure.of(
              "news.lag",
              Unit.SECONDS,
              "time since which the recipient farthest behind, such as a relay, waits for a"
                  + " message; 0 if none waits",
              Told::lag));

  /**
   * Returns this value with its lag rounded down to a power of two, or {@code kept} if no message
   * was sent since and that lag is equal: a fleet at rest has nothing new to keep.
   */
  public Told unless(Told kept) {
    Told now = new Told(sent, dropped, meanDelay, peakDelay, Long.highestOneBit((long) lag));
    return now.sent == kept.sent && now.lag == kept.lag ? kept : now;
  }
}
