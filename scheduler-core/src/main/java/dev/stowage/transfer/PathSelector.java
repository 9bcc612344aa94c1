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

/** Chooses paths by class and stability, then id; redundancy; and a relay. Not thread-safe. */
public final class PathSelector {
  private static final PartKind<Policy> KIND =
      new PartKind<>(
          "path-selector",
          PathRecords.ALL,
          Policy.SHAPE,
          (policy, log) -> recording(policy, log).shell);

  /** The most selections in {@link #history}. */
  public static final int HISTORY_LIMIT = 1_000;

  /** The prefix of {@link Selection#replayPointer}. */
  public static final String REPLAY_PREFIX = "stowage-path-replay:";

  /** The congestion window, in bytes, if no chosen path knows its own. */
  public static final long FALLBACK_WINDOW_BYTES = 12_000;

  /** The least initial congestion window: one packet, in bytes. */
  public static final long LEAST_WINDOW_BYTES = 1_200;

  public static final double LEAST_REDUNDANCY = 0.05;

  public static final double MOST_REDUNDANCY = 0.3;

  /** A relay is wanted only if every chosen path scores below this. */
  public static final double RELAY_BELOW = 0.5;

  private final Policy policy;
  private final Recorded<Input, Chosen> shell;
  private final Map<String, Long> sequences = new HashMap<>();
  private final ArrayDeque<Selection> history = new ArrayDeque<>();

  public PathSelector(Policy policy) {
    this(policy, RecordWriter.none());
  }

  private PathSelector(Policy policy, RecordWriter log) {
    this.policy = Objects.requireNonNull(policy, "policy");
    shell = new Recorded<>(log, PathRecords.ALL, this::apply);
  }

  public static PathSelector recording(Policy policy, EvidenceLog log) {
    return new PathSelector(policy, RecordWriter.into(log));
  }

  public enum Quality {
    EXCELLENT(1.0),
    GOOD(0.8),
    FAIR(0.6),
    POOR(0.4),
    UNUSABLE(0.0),
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
   * The rules of selection; a double is 0 to 1. {@code maxPaths} 0 makes a transfer unreachable.
   *
   * @param preferStability whether stability counts 0.3 of the score instead of 0.1
   */
  public record Policy(
      int maxPaths,
      double leastScore,
      double switchGap,
      double repairAboveLoss,
      boolean relays,
      boolean preferStability) {
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

    /** Throws {@link IllegalArgumentException} if a component is out of range. */
    public Policy {
      if (maxPaths < 0) {
        throw new IllegalArgumentException("maxPaths is " + maxPaths + "; at least 0 is accepted");
      }
      if (!(leastScore >= 0 && leastScore <= 1 && switchGap >= 0 && switchGap <= 1)) {
        throw new IllegalArgumentException(
            "leastScore is " + leastScore + ", switchGap " + switchGap + "; 0 to 1 is accepted");
      }
      if (!(repairAboveLoss >= 0 && repairAboveLoss <= 1)) {
        throw new IllegalArgumentException(
            "repairAboveLoss is " + repairAboveLoss + "; 0 to 1 is accepted");
      }
    }

    public Policy withMaxPaths(int paths) {
      return new Policy(paths, leastScore, switchGap, repairAboveLoss, relays, preferStability);
    }
  }

  /** A path. A NaN stability makes its score 0; {@code windowBytes} is 0 if unknown. */
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

  /** A relay. Less cost and latency are better, more priority is better. */
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

  public sealed interface Rejection {
    record BelowThreshold(double score, double threshold) implements Rejection {}

    record UnschedulableQuality(Quality quality) implements Rejection {}

    record PathLimitReached(int limit) implements Rejection {}
  }

  /** The criterion that separated the last chosen path from the first other one. */
  public enum Reason {
    BEST_SCORE,
    DETERMINISTIC_TIE_BREAK,
    ALL_ELIGIBLE
  }

  /** A path with its score, 0 to 1. */
  public record Scored(Path path, double score) {}

  public sealed interface Answer {
    /** No path may be used. The history does not record this answer. */
    record NetworkUnreachable() implements Answer {}
  }

  /** The chosen paths, best first, at least one; rejections by path id; windows in bytes. */
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
    public String replayPointer() {
      return REPLAY_PREFIX + decisionId;
    }
  }

  public Answer select(String transfer, List<Path> paths) {
    return select(transfer, paths, List.of(), 0);
  }

  /** Chooses paths. {@code redundancyHint} comes from a loss detector; NaN counts as 0. */
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

  /** Returns the score of a path, 0 to 1; 0 for a NaN stability. */
  public double score(Path path) {
    double stabilityShare = policy.preferStability() ? 0.3 : 0.1;
    double score = (1 - stabilityShare) * path.quality().share + stabilityShare * path.stability();
    return Shares.clamped(score);
  }

  public boolean shouldSwitch(double currentScore, double otherScore) {
    return otherScore - currentScore > policy.switchGap();
  }

  public boolean wantsRepair(double lossShare) {
    return lossShare > policy.repairAboveLoss();
  }

  public List<Selection> history() {
    return List.copyOf(history);
  }

  /** Forgets an ended transfer, so that its selections count from 0 again. */
  public void forget(String transfer) {
    shell.apply(new Forgotten(transfer));
  }

  public static EvidenceHeader header(Policy policy, String libraryVersion) {
    return KIND.header(policy, libraryVersion);
  }

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
