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
 * @param limits what bounds replicas beside the bytes of workers
 */
record Opening(
    String config, List<String> workers, boolean isVaried, boolean isMixed, Limits limits) {
  Opening {
    workers = List.copyOf(workers);
  }

  static Opening drawn(WalkModel model, Chance chance) {
    int count = 4 + chance.below(5);
    List<String> workers = new ArrayList<>();
    boolean isMixed = isMixed(model);
    Limits limits = Limits.drawn(isMixed, chance.split());
    for (int i = 0; i < count; i++) {
      String name = "w" + (i + 1);
      workers.add(isMixed ? worker(name, chance, limits) : "worker " + name + " capacity=10MiB");
    }
    String config = config(model, chance, count) + limits.ofConfig(chance);
    return new Opening(config, workers, chance.happens(50), isMixed, limits);
  }

  /** The same fleet with a scorer that wants its replicas elsewhere. */
  Opening withScorer(int number) {
    return new Opening(config + " scorer=" + number, workers, isVaried, isMixed, limits);
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

  /** A worker joins, of any kind that this fleet has. */
  static String worker(String name, Chance chance, Limits limits) {
    return "worker "
        + name
        + " capacity="
        + (6 + chance.below(9))
        + "MiB"
        + limits.ofWorker(chance)
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
