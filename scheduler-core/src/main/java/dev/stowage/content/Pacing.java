package dev.stowage.content;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Collections;
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
  private static final Shape.Builder<Pacing> FIELDS = Shape.named("pacing");

  private static final ValueField<Pacing, Rate> GLOBAL =
      FIELDS
          .value("global", Pacing::global, Rate.FORM)
          .orNone()
          .means("the rate in all: bytes per second, and the burst after a pause");
  private static final ValueField<Pacing, Rate> PER_DESTINATION =
      FIELDS
          .value("per_destination", Pacing::perDestination, Rate.FORM)
          .orNone()
          .means("the rate to a destination that is not listed");
  private static final ValueField<Pacing, Map<String, Rate>> DESTINATIONS =
      FIELDS
          .value("destinations", Pacing::destinations, Forms.map(Rate.FORM))
          .orElse(Map.of())
          .means("the rates of listed destinations, by name");

  static final Shape<Pacing> SHAPE =
      FIELDS.make(v -> new Pacing(GLOBAL.orNull(v), PER_DESTINATION.orNull(v), DESTINATIONS.of(v)));

  /** As fast as it goes. */
  public static final Pacing UNLIMITED = SHAPE.make(SHAPE.values());

  /** Copies and sorts the list. */
  public Pacing {
    destinations = Collections.unmodifiableMap(new TreeMap<>(destinations));
  }

  /**
   * A rate with a burst.
   *
   * @param bytesPerSecond at least 1
   * @param burstBytes the bytes that may go at once after a pause, at least 1
   */
  public record Rate(long bytesPerSecond, long burstBytes) {
    private static final Shape<Rate> SHAPE =
        Shape.of(
            "rate",
            row -> {
              var rate = row.number("bytes_per_second", Rate::bytesPerSecond).atLeast(1);
              var burst = row.number("burst_bytes", Rate::burstBytes).atLeast(1);
              return v -> new Rate(rate.of(v), burst.of(v));
            });
    private static final Form<Rate> FORM = Forms.row(SHAPE);

    /** Throws {@link IllegalArgumentException} naming each number below 1. */
    public Rate(long bytesPerSecond, long burstBytes) {
      this.bytesPerSecond = bytesPerSecond;
      this.burstBytes = burstBytes;
      SHAPE.checked(this);
    }
  }

  /** This with a rate in all. */
  public Pacing withGlobal(Rate rate) {
    return SHAPE.with(this, GLOBAL, rate);
  }

  /** This with a rate to every destination that is not listed. */
  public Pacing withPerDestination(Rate rate) {
    return SHAPE.with(this, PER_DESTINATION, rate);
  }

  /** This with a rate to one destination. */
  public Pacing withDestination(String name, Rate rate) {
    Map<String, Rate> more = new TreeMap<>(destinations);
    more.put(name, rate);
    return SHAPE.with(this, DESTINATIONS, more);
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
