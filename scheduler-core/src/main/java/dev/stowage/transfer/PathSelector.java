package dev.stowage.transfer;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.shape.Shape;
import dev.stowage.transfer.PathRecords.Asked;
import dev.stowage.transfer.PathRecords.Choice;
import dev.stowage.transfer.PathRecords.Chosen;
import dev.stowage.transfer.PathRecords.Forgotten;
import dev.stowage.transfer.PathRecords.Input;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Chooses the paths of a transfer: the best by class and stability, of equals the first by id; says
 * why each of the others was not chosen, how much redundancy the chosen ones need, and whether a
 * relay should help. Belongs to one thread at a time.
 */
public final class PathSelector {
  private static final PartKind<Policy> KIND =
      new PartKind<>(
          "path-selector",
          PathRecords.ALL,
          Policy.SHAPE,
          (policy, log) -> recording(policy, log).shell);

  /** Selections remembered. */
  public static final int HISTORY_LIMIT = 1_000;

  /** What stands before a decision's id where a replay is asked for. */
  public static final String REPLAY_PREFIX = "stowage-path-replay:";

  /** The congestion window of a path that knows none. */
  public static final long FALLBACK_WINDOW_BYTES = 12_000;

  /** The least congestion window to begin with: one packet. */
  public static final long LEAST_WINDOW_BYTES = 1_200;

  /** The least redundancy. */
  public static final double LEAST_REDUNDANCY = 0.05;

  /** The greatest redundancy. */
  public static final double MOST_REDUNDANCY = 0.3;

  /** A relay is wanted only if every chosen path scores below this. */
  public static final double RELAY_BELOW = 0.5;

  private final Policy policy;
  private final Recorded<Input, Chosen> shell;
  private final Map<String, Long> sequences = new HashMap<>();
  private final ArrayDeque<Selection> history = new ArrayDeque<>();

  /** A selector that has chosen nothing yet. */
  public PathSelector(Policy policy) {
    this(policy, RecordWriter.none());
  }

  private PathSelector(Policy policy, RecordWriter log) {
    this.policy = Objects.requireNonNull(policy, "policy");
    shell = new Recorded<>(log, PathRecords.ALL, this::apply);
  }

  /** A selector that records what it was given and what it chose. */
  public static PathSelector recording(Policy policy, EvidenceLog log) {
    return new PathSelector(policy, RecordWriter.into(log));
  }

  /** How good a path is. */
  public enum Quality {
    /** As good as it gets. */
    EXCELLENT(1.0),
    /** Good. */
    GOOD(0.8),
    /** Usable. */
    FAIR(0.6),
    /** Not to be used while there is another. */
    POOR(0.4),
    /** Not to be used. */
    UNUSABLE(0.0),
    /** Nobody knows yet. */
    UNKNOWN(0.5);

    private final double share;

    Quality(double share) {
      this.share = share;
    }

    boolean isSchedulable() {
      return this == EXCELLENT || this == GOOD || this == FAIR;
    }
  }

  /**
   * How paths are chosen.
   *
   * @param maxPaths paths per transfer; with 0 nothing can be reached
   * @param leastScore paths below this score are not used
   * @param switchGap how much better another path must be before a transfer changes to it
   * @param repairAboveLoss redundancy is wanted above this share of lost symbols
   * @param relays whether a relay may help poor paths
   * @param preferStability whether stability counts 0.3 of the score; else 0.1
   */
  public record Policy(
      int maxPaths,
      double leastScore,
      double switchGap,
      double repairAboveLoss,
      boolean relays,
      boolean preferStability) {
    /** Three paths of at least 0.3; a gap of 0.2; repair above 5 %; relays; stability preferred. */
    public static final Policy DEFAULT = new Policy(3, 0.3, 0.2, 0.05, true, true);

    static final Shape<Policy> SHAPE =
        Shape.of(
            "path_policy",
            row -> {
              var maxPaths = row.number("max_paths", Policy::maxPaths).narrow();
              var leastScore = row.real("least_score", Policy::leastScore);
              var switchGap = row.real("switch_gap", Policy::switchGap);
              var repairAbove = row.real("repair_above_loss", Policy::repairAboveLoss);
              var relays = row.flag("relays", Policy::relays);
              var stability = row.flag("prefer_stability", Policy::preferStability);
              return v ->
                  new Policy(
                      maxPaths.intOf(v),
                      leastScore.realOf(v),
                      switchGap.realOf(v),
                      repairAbove.realOf(v),
                      relays.of(v),
                      stability.of(v));
            });

    /** Refuses a negative number of paths and bounds that are not 0 to 1. */
    public Policy {
      if (maxPaths < 0) {
        throw new IllegalArgumentException("maxPaths is " + maxPaths + "; at least 0");
      }
      if (!(leastScore >= 0 && leastScore <= 1 && switchGap >= 0 && switchGap <= 1)) {
        throw new IllegalArgumentException(
            "leastScore is " + leastScore + ", switchGap " + switchGap + "; each 0 to 1");
      }
      if (!(repairAboveLoss >= 0 && repairAboveLoss <= 1)) {
        throw new IllegalArgumentException("repairAboveLoss is " + repairAboveLoss + "; 0 to 1");
      }
    }

    /** This policy with another number of paths. */
    public Policy withMaxPaths(int paths) {
      return new Policy(paths, leastScore, switchGap, repairAboveLoss, relays, preferStability);
    }
  }

  /**
   * A path.
   *
   * @param id its name
   * @param quality how good it is
   * @param stability meant to be in 0 to 1; NaN makes its score 0
   * @param lossShare share of symbols lost
   * @param windowBytes its congestion window; 0 if it knows none
   */
  public record Path(
      String id, Quality quality, double stability, double lossShare, long windowBytes) {
    static final Shape<Path> SHAPE =
        Shape.of(
            "path",
            row -> {
              var id = row.text("id", Path::id);
              var quality = row.oneOf("quality", Quality.class, Path::quality);
              var stability = row.real("stability", Path::stability);
              var loss = row.real("loss_share", Path::lossShare);
              var window = row.number("window_bytes", Path::windowBytes);
              return v ->
                  new Path(
                      id.of(v), quality.of(v), stability.realOf(v), loss.realOf(v), window.of(v));
            });
  }

  /**
   * A relay.
   *
   * @param id its name
   * @param cost less is better
   * @param latencyMillis less is better
   * @param priority more is better
   */
  public record Relay(String id, long cost, long latencyMillis, int priority) {
    static final Shape<Relay> SHAPE =
        Shape.of(
            "path_relay",
            row -> {
              var id = row.text("id", Relay::id);
              var cost = row.number("cost", Relay::cost);
              var latency = row.number("latency_millis", Relay::latencyMillis);
              var priority = row.number("priority", Relay::priority).narrow();
              return v -> new Relay(id.of(v), cost.of(v), latency.of(v), priority.intOf(v));
            });
  }

  /** Why a path was not chosen. */
  public sealed interface Rejection {
    /**
     * Its score is too low.
     *
     * @param score its score
     * @param threshold the least
     */
    record BelowThreshold(double score, double threshold) implements Rejection {}

    /**
     * Paths of its quality are not used.
     *
     * @param quality its quality
     */
    record UnschedulableQuality(Quality quality) implements Rejection {}

    /**
     * Better ones were enough.
     *
     * @param limit how many are used
     */
    record PathLimitReached(int limit) implements Rejection {}
  }

  /** What told the last path that was chosen from the first that was not. */
  public enum Reason {
    /** Its score. */
    BEST_SCORE,
    /** Its id. */
    DETERMINISTIC_TIE_BREAK,
    /** Nothing had to be told apart. */
    ALL_ELIGIBLE
  }

  /**
   * A path with its score.
   *
   * @param path the path
   * @param score 0 to 1
   */
  public record Scored(Path path, double score) {}

  /** The answer to a request for paths. */
  public sealed interface Answer {
    /** No path may be used. Nothing is remembered of it. */
    record NetworkUnreachable() implements Answer {}
  }

  /**
   * Paths for a transfer.
   *
   * @param decisionId the transfer and the number of its selection
   * @param paths the chosen, best first; at least one
   * @param rejected the others by id, with the reason
   * @param reason what told the last that was chosen from the first that was not
   * @param redundancy share of repair symbols
   * @param relay a relay that should help
   * @param initialWindowBytes the congestion window to begin with
   * @param maxWindowBytes the greatest congestion window
   */
  public record Selection(
      String decisionId,
      List<Scored> paths,
      Map<String, Rejection> rejected,
      Reason reason,
      double redundancy,
      Optional<Relay> relay,
      long initialWindowBytes,
      long maxWindowBytes)
      implements Answer {
    /** What a replay of this decision is asked for by. */
    public String replayPointer() {
      return REPLAY_PREFIX + decisionId;
    }
  }

  /** Chooses paths without relays and without hints of a loss detector. */
  public Answer select(String transfer, List<Path> paths) {
    return select(transfer, paths, List.of(), 0);
  }

  /**
   * Chooses paths.
   *
   * @param redundancyHint what a loss detector asks for; NaN reads as nothing
   */
  public Answer select(
      String transfer, List<Path> paths, List<Relay> relays, double redundancyHint) {
    Asked asked = new Asked(transfer, List.copyOf(paths), List.copyOf(relays), redundancyHint);
    return shell.answer(asked).choice().isPresent()
        ? history.getLast()
        : new Answer.NetworkUnreachable();
  }

  private void apply(Input input, Outcomes<Chosen> to) {
    if (input instanceof Asked asked) {
      Optional<Selection> selection = choose(asked);
      selection.ifPresent(this::remember);
      to.add(new Chosen(selection.map(Choice::of)));
    } else if (input instanceof Forgotten forgotten) {
      sequences.remove(forgotten.transfer());
    }
  }

  private Optional<Selection> choose(Asked asked) {
    List<Scored> eligible = new ArrayList<>();
    Map<String, Rejection> rejected = new TreeMap<>();
    for (Path path : asked.paths()) {
      double score = score(path);
      if (score < policy.leastScore()) {
        rejected.put(path.id(), new Rejection.BelowThreshold(score, policy.leastScore()));
      } else if (!path.quality().isSchedulable()) {
        rejected.put(path.id(), new Rejection.UnschedulableQuality(path.quality()));
      } else {
        eligible.add(new Scored(path, score));
      }
    }
    if (eligible.isEmpty() || policy.maxPaths() == 0) {
      return Optional.empty();
    }
    eligible.sort(
        Comparator.comparingDouble(Scored::score).reversed().thenComparing(s -> s.path().id()));
    int count = Math.min(policy.maxPaths(), eligible.size());
    List<Scored> chosen = List.copyOf(eligible.subList(0, count));
    for (Scored other : eligible.subList(count, eligible.size())) {
      rejected.put(other.path().id(), new Rejection.PathLimitReached(policy.maxPaths()));
    }
    long window = leastWindow(chosen);
    return Optional.of(
        new Selection(
            asked.transfer() + "_" + nextSequence(asked.transfer()),
            chosen,
            rejected,
            reason(eligible, count),
            redundancy(chosen, asked.redundancyHint()),
            wantsRelay(chosen) ? bestRelay(asked.relays()) : Optional.empty(),
            Math.max(LEAST_WINDOW_BYTES, window / 2),
            window > Long.MAX_VALUE / 4 ? Long.MAX_VALUE : 4 * window));
  }

  /** How a path ranks, 0 to 1: quality and stability; 0 where stability is not a number. */
  public double score(Path path) {
    double stabilityShare = policy.preferStability() ? 0.3 : 0.1;
    double score = (1 - stabilityShare) * path.quality().share + stabilityShare * path.stability();
    return Shares.clamped(score);
  }

  /** Whether a transfer should change to a path; not for exactly the gap. */
  public boolean shouldSwitch(double currentScore, double otherScore) {
    return otherScore - currentScore > policy.switchGap();
  }

  /** Whether symbols for repair are wanted at a loss; not at exactly the bound. */
  public boolean wantsRepair(double lossShare) {
    return lossShare > policy.repairAboveLoss();
  }

  /** The latest selections, oldest first. */
  public List<Selection> history() {
    return List.copyOf(history);
  }

  /** A transfer is over: its selections are counted from 0 again if its name comes back. */
  public void forget(String transfer) {
    shell.apply(new Forgotten(transfer));
  }

  /** What a log must begin with for a selector of this policy to be run again. */
  public static EvidenceHeader header(Policy policy, String libraryVersion) {
    return KIND.header(policy, libraryVersion);
  }

  /** Makes fresh selectors of the recorded policy, for replay. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  private long nextSequence(String transfer) {
    return sequences.merge(transfer, 1L, Long::sum) - 1;
  }

  private static Reason reason(List<Scored> eligible, int count) {
    if (count == eligible.size()) {
      return Reason.ALL_ELIGIBLE;
    }
    double last = eligible.get(count - 1).score();
    return Double.compare(last, eligible.get(count).score()) == 0
        ? Reason.DETERMINISTIC_TIE_BREAK
        : Reason.BEST_SCORE;
  }

  private static double redundancy(List<Scored> chosen, double hint) {
    double worstLoss = 0;
    for (Scored scored : chosen) {
      worstLoss = Math.max(worstLoss, Shares.clamped(scored.path().lossShare()));
    }
    double wanted = Math.max(1.5 * worstLoss, Shares.clamped(hint));
    return Shares.clamped(wanted, LEAST_REDUNDANCY, MOST_REDUNDANCY);
  }

  private boolean wantsRelay(List<Scored> chosen) {
    return policy.relays() && chosen.stream().allMatch(s -> s.score() < RELAY_BELOW);
  }

  private static Optional<Relay> bestRelay(List<Relay> relays) {
    return relays.stream()
        .min(
            Comparator.comparingLong(Relay::cost)
                .thenComparingLong(Relay::latencyMillis)
                .thenComparing(Comparator.comparingInt(Relay::priority).reversed())
                .thenComparing(Relay::id));
  }

  private static long leastWindow(List<Scored> chosen) {
    return chosen.stream()
        .mapToLong(scored -> scored.path().windowBytes())
        .filter(window -> window > 0)
        .min()
        .orElse(FALLBACK_WINDOW_BYTES);
  }

  private void remember(Selection selection) {
    history.addLast(selection);
    if (history.size() > HISTORY_LIMIT) {
      history.removeFirst();
    }
  }
}
