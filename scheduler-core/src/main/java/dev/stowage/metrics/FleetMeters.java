package dev.stowage.metrics;

import dev.stowage.FleetWatch;
import dev.stowage.Stowage;
import dev.stowage.StowageFleets;
import dev.stowage.StowageService;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Objects;

/**
 * Binds the meters of {@link StowageMeters} for each opened fleet of {@link StowageFleets}, with
 * the tag {@code fleet}, and removes them with it. Thread-safe.
 */
@SuppressWarnings("exports") // who binds meters requires Micrometer
public final class FleetMeters implements FleetWatch {
  private static final String TAG = "fleet";

  private final MeterRegistry registry;

  /** Creates a watch that binds to {@code registry}. */
  public FleetMeters(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  @Override
  public void opened(String fleet, Stowage stowage, StowageService service) {
    new StowageMeters(stowage, service).withTags(Tags.of(TAG, fleet)).bindTo(registry);
  }

  @Override
  public void closed(String fleet) {
    List<Meter> gone =
        registry.getMeters().stream()
            .filter(it -> it.getId().getName().startsWith(StowageMeters.PREFIX))
            .filter(it -> fleet.equals(it.getId().getTag(TAG)))
            .toList();
    gone.forEach(registry::remove);
  }
}
