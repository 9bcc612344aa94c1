package dev.stowage.sim.kit.scenario.draw;

import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of a walk.
 *
 * @param config the configuration line
 * @param workers the lines in which workers join
 * @param isVaried true if chunks have different sizes
 * @param isMixed true if workers are of different kinds
 * @param limits the bounds on replicas, apart from the bytes of workers
 */
public record Opening(
    String config, List<String> workers, boolean isVaried, boolean isMixed, Limits limits) {
  /** Copies the list. */
  public Opening {
    workers = List.copyOf(workers);
  }

  /** Returns an opening with this config line, and no workers. */
  public static Opening of(String config) {
    return new Opening(config, List.of(), false, false, Limits.drawn(false, bound -> 0));
  }

  /**
   * Draws how a fleet begins.
   *
   * @param isMixed whether workers are of different kinds
   * @param confirmation what settles that bytes arrived, as the config line says it
   */
  public static Opening drawn(boolean isMixed, String confirmation, Choices choices) {
    int count = 4 + choices.below(5);
    Limits limits = Limits.drawn(isMixed, choices);
    List<String> workers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      workers.add(isMixed ? worker("w" + i, limits, choices) : "worker w" + i + " capacity=10MiB");
    }
    String config = config(isMixed, confirmation, count, choices) + limits.ofConfig(choices);
    boolean isVaried = choices.happens(50);
    config += hold(count, choices);
    config += choices.happens(40) ? " raise_budget=" + (1 + choices.below(4)) + "MiB" : "";
    config += choices.happens(25) ? " keep_apart=" + apart(choices) : "";
    return new Opening(config + ofPlan(choices), workers, isVaried, isMixed, limits);
  }

  /** Draws pairs of the datasets of walks. */
  public static String apart(Choices choices) {
    return choices.pick(List.of("d<>e", "e<>f", "d<>e,e<>f", "d<>e,d<>f,e<>f"));
  }

  /** Draws settings that only a plan knows. */
  private static String ofPlan(Choices choices) {
    StringBuilder line = new StringBuilder();
    option(line, choices, 30, "new_share=" + choices.pick(List.of("1", "1.5", "none")));
    option(line, choices, 15, "balance_slack=0." + choices.below(5));
    option(line, choices, 15, "factor_margin=0." + choices.below(5));
    option(line, choices, 10, "worker_in_bytes=" + (2 + choices.below(4)) + "MiB");
    option(line, choices, 10, "worker_out_bytes=" + (2 + choices.below(4)) + "MiB");
    option(line, choices, 10, "critical_budget=0.2");
    return line.toString();
  }

  /** Reports whether datasets were kept apart from the beginning. */
  public boolean isKeptApart() {
    return config.contains(" keep_apart=");
  }

  /** Returns the same fleet with a scorer that wants its replicas elsewhere. */
  public Opening withScorer(int number) {
    return new Opening(config + " scorer=" + number, workers, isVaried, isMixed, limits);
  }

  /**
   * Reports whether the store has a clock that the fleet trusts, so that the leader's may be wrong.
   */
  public boolean isClockTrusted() {
    return config.contains(" clock=trusted");
  }

  /** Returns this fleet with the clock of its store, unless it trusts the story's clock. */
  public Opening withOwnClock() {
    return isClockTrusted()
        ? this
        : new Opening(config + " clock=own", workers, isVaried, isMixed, limits);
  }

  public boolean isScored() {
    return config.contains(" scorer=");
  }

  /** Returns the line in which a worker joins, of any kind that this fleet has. */
  public static String worker(String name, Limits limits, Choices choices) {
    return "worker "
        + name
        + " capacity="
        + (6 + choices.below(9))
        + "MiB"
        + limits.ofWorker(choices)
        + (choices.happens(70) ? " version=1." + choices.below(3) + ".0" : "");
  }

  private static String config(boolean isMixed, String confirmation, int workers, Choices choices) {
    StringBuilder line = new StringBuilder("config floor=");
    line.append(1 + choices.below(Math.min(4, workers - 2)));
    line.append(" drain_window=").append(choices.happens(30) ? choices.below(8) : 5);
    line.append(" confirmation=").append(confirmation);
    option(line, choices, 10, "gates=none");
    option(line, choices, 30, "saturation=0." + (6 + choices.below(4)));
    option(line, choices, 20, "factors=smooth");
    option(line, choices, 20, "movement_budget_bytes=" + (2 + choices.below(4)) + "MiB");
    option(line, choices, 10, "movement_budget_replicas=" + (1 + choices.below(4)));
    option(line, choices, 20, "max_in_flight_bytes=" + (1 + choices.below(6)) + "MiB");
    option(line, choices, 20, "regrow_after=5");
    option(line, choices, 25, "max_waiting_chunks=" + (4 + choices.below(5)));
    option(line, choices, 25, "governor=" + choices.below(1_000_000));
    option(line, choices, 40, "fan_out=" + (2 + choices.below(2)));
    if (isMixed) {
      if (choices.happens(30)) {
        line.append(" clock=trusted max_step=40 allowed_skew=").append(choices.below(4));
        option(line, choices, 70, "departure_guard=0." + (2 + choices.below(4)));
      }
      option(line, choices, 25, "suspect_after=6 depart_after=15");
      option(line, choices, 30, "give_up_after=12");
      option(line, choices, 30, "stall_after=3");
      option(line, choices, 40, "retention=" + (10 + choices.below(30)));
    }
    return line.toString();
  }

  /** Draws what the first placement waits for; half of the time the workers to begin with lack. */
  private static String hold(int workers, Choices choices) {
    return switch (choices.below(16)) {
      case 0 -> " hold_until=workers:" + (workers + choices.below(2));
      case 1 -> " hold_until=capacity:" + (10 * workers + choices.below(2)) + "MiB";
      default -> "";
    };
  }

  private static void option(StringBuilder line, Choices choices, int percent, String option) {
    if (choices.happens(percent)) {
      line.append(' ').append(option);
    }
  }
}
