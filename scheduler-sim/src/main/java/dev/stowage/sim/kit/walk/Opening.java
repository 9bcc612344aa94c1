package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;

/**
 * How a walk begins.
 *
 * @param config the line that says by which rules
 * @param workers the lines in which they join
 * @param isVaried whether chunks are of different sizes
 * @param isMixed whether workers are of different kinds
 */
record Opening(String config, List<String> workers, boolean isVaried, boolean isMixed) {
  /** One fleet in so many has limits. */
  private static final int LIMITED = 5;

  private static final String LIMIT = " max_replicas=";

  private static final String DOMAIN_LIMIT = " max_per_domain=";

  Opening {
    workers = List.copyOf(workers);
  }

  static Opening drawn(WalkModel model, Chance chance) {
    int count = 4 + chance.below(5);
    List<String> workers = new ArrayList<>();
    boolean isMixed = isMixed(model);
    for (int i = 0; i < count; i++) {
      workers.add(worker("w" + (i + 1), chance, isMixed));
    }
    String config = config(model, chance, count);
    if (isMixed) {
      limit(workers, config.hashCode());
      config += domainLimit(config.hashCode());
    }
    return new Opening(config, workers, chance.happens(50), isMixed);
  }

  /**
   * In one fleet of five, a part of the workers may hold only so many replicas. That follows from
   * what was drawn already, so that all else is drawn as it would be without.
   */
  private static void limit(List<String> workers, int drawn) {
    for (int i = 0; drawn % LIMITED == 0 && i < workers.size(); i++) {
      String line = workers.get(i);
      int some = Math.floorMod(line.hashCode(), 8);
      workers.set(i, some < 4 ? line + LIMIT + (3 + some) : line);
    }
  }

  /** In one fleet of six, a zone may have only so many replicas of a chunk; drawn likewise. */
  private static String domainLimit(int drawn) {
    int some = Math.floorMod(drawn, 6 * 2);
    return some < 2 ? DOMAIN_LIMIT + "{1: " + (1 + some) + "}" : "";
  }

  /** Whether zones may have only so many replicas of a chunk. */
  boolean isDomainLimited() {
    return config.contains(DOMAIN_LIMIT);
  }

  /** Whether some workers may hold only so many replicas. */
  boolean isLimited() {
    return workers.stream().anyMatch(line -> line.contains(LIMIT));
  }

  /** The same fleet with a scorer that wants its replicas elsewhere. */
  Opening withScorer(int number) {
    return new Opening(config + " scorer=" + number, workers, isVaried, isMixed);
  }

  /** Whether the store has a clock that the fleet trusts, so that the leader's may be wrong. */
  boolean isClockTrusted() {
    return config.contains(" clock=trusted");
  }

  boolean isScored() {
    return config.contains(" scorer=");
  }

  private static boolean isMixed(WalkModel model) {
    return model != WalkModel.GUIDED && model != WalkModel.FLOOD && model != WalkModel.ZERO_QUORUM;
  }

  /** A worker joins. */
  static String worker(String name, Chance chance, boolean isMixed) {
    String line = "worker " + name + " capacity=";
    if (!isMixed) {
      return line + "10MiB";
    }
    return line
        + (6 + chance.below(9))
        + "MiB"
        + (chance.happens(30) ? " zone=z" + chance.below(3) : "")
        + (chance.happens(70) ? " version=1." + chance.below(3) + ".0" : "");
  }

  private static String config(WalkModel model, Chance chance, int workers) {
    StringBuilder line = new StringBuilder("config floor=");
    line.append(1 + chance.below(Math.min(4, workers - 2)));
    line.append(" drain_window=").append(chance.happens(70) ? 5 : chance.below(8));
    line.append(" confirmation=").append(confirmation(model, chance));
    option(line, chance, 10, "gates=none");
    option(line, chance, 30, "saturation=0." + (6 + chance.below(4)));
    option(line, chance, 20, "factors=smooth");
    option(line, chance, 20, "movement_budget_bytes=" + (2 + chance.below(4)) + "MiB");
    option(line, chance, 10, "movement_budget_replicas=" + (1 + chance.below(4)));
    option(line, chance, 20, "regrow_after=5");
    option(line, chance, 25, "max_waiting_chunks=" + (4 + chance.below(5)));
    if (isMixed(model)) {
      if (chance.happens(30)) {
        line.append(" clock=trusted max_step=40 allowed_skew=").append(chance.below(4));
        option(line, chance, 70, "departure_guard=0." + (2 + chance.below(4)));
      }
      option(line, chance, 25, "suspect_after=6 depart_after=15");
      option(line, chance, 30, "give_up_after=12");
      option(line, chance, 40, "retention=" + (10 + chance.below(30)));
    }
    return line.toString();
  }

  private static void option(StringBuilder line, Chance chance, int percent, String option) {
    if (chance.happens(percent)) {
      line.append(' ').append(option);
    }
  }

  private static String confirmation(WalkModel model, Chance chance) {
    String quorum = chance.happens(60) ? "quorum:100" : "quorum:" + (70 + chance.below(30));
    return switch (model) {
      case PER_WORKER -> "per-worker";
      case ZERO_QUORUM -> "quorum:0";
      case CRASH, SWARM ->
          switch (chance.below(4)) {
            case 0 -> quorum;
            case 1 -> model == WalkModel.SWARM ? "quorum:" + chance.below(100) : quorum;
            default -> "per-worker";
          };
      default -> quorum;
    };
  }
}
