package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.DrawnAction;
import dev.stowage.sim.kit.scenario.draw.Choices;
import dev.stowage.sim.kit.scenario.draw.Odds;
import dev.stowage.sim.kit.scenario.draw.Opening;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A mix of drawn deeds, and the hard cases that its runs must meet to prove anything (simulation
 * design, section 2).
 */
public enum WalkModel {
  /** Chunks, swaps of all kinds, clock steps, fetches, floors; 100 % quorum, else 70 to 99 %. */
  GUIDED(
      Odds.Mix.GUIDED,
      new Need("fired swap", 60),
      new Need("fired chain", 5),
      new Need("refused swap", 50),
      new Need("group", 60),
      new Need("refusal in a group", 30),
      new Need("command beside a plan", 40),
      new Need("move finished", 10),
      new Need("move refused", 5),
      new Need("answers of relays", 15),
      new Need("relays that lead to the leader", 10),
      new Need("ingests that a governor refuses", 5),
      new Need("cap lowered", 10),
      new Need("cap raised", 10)),
  /** Guided, and workers that come, go, change and fail. */
  CHURN(
      Odds.Mix.CHURN,
      new Need("departure", 30),
      new Need("shortage", 5),
      new Need("fired chain", 5),
      new Need("held drain", 5),
      new Need("move begun", 10),
      new Need("move finished", 10),
      new Need("move refused", 5),
      new Need("move aborted", 2),
      new Need("zone path", 40),
      new Need("another zone of a holder", 30),
      new Need("cap lowered", 8),
      new Need("cap raised", 8),
      new Need("count below what is held", 5),
      new Need("limit of domains set", 8),
      new Need("limit of domains lifted", 4),
      new Need("spread by level", 10)),
  /** Heavy chunks fill the fleet, then a burst of light ones must find room at once. */
  FLOOD(
      Odds.Mix.FLOOD,
      new Need("preemption", 2),
      new Need("strong convergence", 50),
      new Need("burst", 80),
      new Need("move finished", 20),
      new Need("move aborted", 4),
      new Need("cap lowered", 10),
      new Need("cap raised", 10)),
  /** Guided at quorum 0: what portals get is only measured. */
  ZERO_QUORUM(
      Odds.Mix.GUIDED,
      new Need("fired swap", 60),
      new Need("fired chain", 5),
      new Need("move finished", 10),
      new Need("cap lowered", 10),
      new Need("cap raised", 10)),
  /** Churn with each worker's own word: portals always get what they are told of. */
  PER_WORKER(
      Odds.Mix.CHURN,
      new Need("departure", 30),
      new Need("shortage", 5),
      new Need("fired chain", 5),
      new Need("held drain", 5),
      new Need("move finished", 5),
      new Need("zone path", 40),
      new Need("another zone of a holder", 20),
      new Need("count below what is held", 2),
      new Need("limit of domains set", 5)),
  /** Any of the others, with a store that fails and schedulers that end between commands. */
  CRASH(
      Odds.Mix.CRASH,
      new Need("crash", 60),
      new Need("interruption", 50),
      new Need("fault in a group", 30),
      new Need("fenced", 20),
      new Need("move finished", 10),
      new Need("move refused", 5),
      new Need("move aborted", 2),
      new Need("zone path", 40),
      new Need("another zone of a holder", 30),
      new Need("cap lowered", 8),
      new Need("count below what is held", 5),
      new Need("limit of domains set", 8)),
  /** All of it, with drawn weights. */
  SWARM(
      Odds.Mix.SWARM,
      new Need("departure", 30),
      new Need("shortage", 5),
      new Need("crash", 20),
      new Need("preemption", 2),
      new Need("move finished", 5));

  private final Odds.Mix mix;

  // Error Prone knows no list as immutable; nobody can change this one.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Need> required;

  WalkModel(Odds.Mix mix, Need... required) {
    this.mix = mix;
    this.required = List.of(required);
  }

  /** Returns the name on the command line. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the model with this title; empty if there is none. */
  public static Optional<WalkModel> of(String title) {
    return Arrays.stream(values()).filter(each -> each.title().equals(title)).findFirst();
  }

  /** Returns all titles, in the order in which {@code all} runs them. */
  public static List<String> titles() {
    return Arrays.stream(values()).map(WalkModel::title).toList();
  }

  /** Returns the odds of each deed, indexed like {@link DrawnAction#all}. */
  int[] weights() {
    return DrawnAction.all().stream().mapToInt(deed -> deed.odds().in(mix)).toArray();
  }

  /** Reports whether stores fail in it. */
  boolean mayFail() {
    return this == CRASH || this == SWARM;
  }

  /** Draws how a fleet of this model begins, in a share of the walks with a scorer. */
  public Opening opening(int scoredPercent, Choices choices) {
    boolean isMixed = this != GUIDED && this != FLOOD && this != ZERO_QUORUM;
    Opening drawn = Opening.drawn(isMixed, confirmation(choices), choices);
    int number = choices.below(1_000_000);
    return choices.happens(scoredPercent) ? drawn.withScorer(number) : drawn;
  }

  private String confirmation(Choices choices) {
    String quorum = choices.happens(40) ? "quorum:" + (70 + choices.below(30)) : "quorum:100";
    return switch (this) {
      case PER_WORKER -> "per-worker";
      case ZERO_QUORUM -> "quorum:0";
      case CRASH, SWARM ->
          switch (choices.below(4)) {
            case 0 -> quorum;
            case 1 -> this == SWARM ? "quorum:" + choices.below(100) : quorum;
            default -> "per-worker";
          };
      default -> quorum;
    };
  }

  List<Need> required() {
    return required;
  }

  List<Need> required(WalkBackend backend) {
    if (this != CRASH || !backend.isKillable()) {
      return required;
    }
    List<Need> more = new ArrayList<>(required);
    more.add(new Need("server killed", 5));
    return more;
  }
}
