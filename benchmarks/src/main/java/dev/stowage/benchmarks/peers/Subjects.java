package dev.stowage.benchmarks.peers;

import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.StatelessPlanner;
import java.util.List;
import org.apache.helix.controller.rebalancer.strategy.AutoRebalanceStrategy;
import org.apache.helix.controller.rebalancer.strategy.CrushEdRebalanceStrategy;
import org.apache.helix.controller.rebalancer.strategy.CrushRebalanceStrategy;

/** Every planner that the table measures. Stateless. */
public final class Subjects {
  /** The names of ours, in the order of the table. */
  public static final List<String> OURS = List.of("stowage", "stowage-warm", "stateless");

  /** The names of the others, in the order of the table. */
  public static final List<String> PEERS =
      List.of("waged", "waged-emergency", "auto", "crush-ed", "crush", "kafka", "hbase");

  private Subjects() {}

  /**
   * Returns the planner of a name.
   *
   * @param threads the threads that ours may use
   * @throws IllegalArgumentException if there is none
   */
  public static PlacementSubject byName(String name, int threads) {
    return switch (name) {
      case "stowage" -> new StowageSubject(name, PlacementPlanner.sticky(), threads);
      case "stowage-warm" -> new WarmSubject(threads);
      case "stateless" -> new StowageSubject(name, StatelessPlanner.create(), threads);
      case "waged" -> new WagedSubject(WagedSubject.Mode.FULL);
      case "waged-emergency" -> new WagedSubject(WagedSubject.Mode.EMERGENCY);
      case "auto" -> new HelixStrategySubject(name, AutoRebalanceStrategy::new);
      case "crush-ed" -> new HelixStrategySubject(name, CrushEdRebalanceStrategy::new);
      case "crush" -> new HelixStrategySubject(name, CrushRebalanceStrategy::new);
      case "kafka" -> new KafkaSubject();
      case "hbase" -> new HbaseSubject();
      default -> throw new IllegalArgumentException("no planner is called " + name);
    };
  }
}
