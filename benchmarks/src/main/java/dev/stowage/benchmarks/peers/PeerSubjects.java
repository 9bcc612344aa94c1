package dev.stowage.benchmarks.peers;

import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.baseline.StatelessPlanner;

/** Every planner that is measured. Stateless. */
public final class PeerSubjects {
  private PeerSubjects() {}

  /**
   * Returns the planner of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static PlacementSubject byName(String name) {
    return switch (name) {
      case "stowage" -> new StowageSubject(PlacementPlanner.sticky());
      case "stowage-warm" -> new WarmSubject();
      case "stateless" -> new StowageSubject(StatelessPlanner.create());
      case "waged" -> new WagedSubject();
      case "kafka" -> new KafkaSubject();
      default -> throw new IllegalArgumentException("no planner is called " + name);
    };
  }
}
