package dev.stowage.content;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rates at which bytes are sent, in all and by destination; null for no limit. */
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

  /** A pacing without limits. */
  public static final Pacing UNLIMITED = SHAPE.make(SHAPE.values());

  /** Copies and sorts the map. */
  public Pacing {
    destinations = Collections.unmodifiableMap(new TreeMap<>(destinations));
  }

  /** A rate in bytes per second with a burst in bytes, each at least 1. */
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

    /** Throws {@link IllegalArgumentException} that names each number below 1. */
    public Rate(long bytesPerSecond, long burstBytes) {
      this.bytesPerSecond = bytesPerSecond;
      this.burstBytes = burstBytes;
      SHAPE.checked(this);
    }
  }

  /** Returns this pacing with another total rate. */
  public Pacing withGlobal(Rate rate) {
    return SHAPE.with(this, GLOBAL, rate);
  }

  /** Returns this pacing with another rate to unlisted destinations. */
  public Pacing withPerDestination(Rate rate) {
    return SHAPE.with(this, PER_DESTINATION, rate);
  }

  /** Returns this pacing with a rate to one destination. */
  public Pacing withDestination(String name, Rate rate) {
    Map<String, Rate> more = new TreeMap<>(destinations);
    more.put(name, rate);
    return SHAPE.with(this, DESTINATIONS, more);
  }

  /** Reports whether nothing is paced. */
  public boolean isUnlimited() {
    return global == null && perDestination == null && destinations.isEmpty();
  }

  /** Returns the rate to a destination, or null without a limit. */
  @Nullable
  public Rate rateTo(String destination) {
    Rate listed = destinations.get(destination);
    return listed == null ? perDestination : listed;
  }
}
