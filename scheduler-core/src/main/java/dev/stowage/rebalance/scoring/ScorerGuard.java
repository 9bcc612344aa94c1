package dev.stowage.rebalance.scoring;

import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.RebalanceStats.ScorerStats;
import dev.stowage.rebalance.ScorerRegistry;
import dev.stowage.rebalance.ScoringExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the scorer in service, or takes it out (rebalance design, section 2): what it does wrong is
 * contained and counted, ten failures in a row end its service, and while a call that was given up
 * is still running, it is not called again unless it is thread-safe.
 */
public final class ScorerGuard {
  private final ScorerRegistry registry;
  private final ScoringExecutor executor;
  private @Nullable PlacementScorer known;
  private @Nullable PlacementScorer serving;

  /** Calls that were given up and may still run, of any scorer that ever served. */
  private final List<ScorerWork> givenUp = new ArrayList<>();

  private boolean stuck;
  private boolean threadSafe;
  private int failuresInRow;
  private long calls;
  private long invalid;
  private long failures;
  private long timeouts;
  private long retired;
  private @Nullable String lastFailure;

  public ScorerGuard(ScorerRegistry registry, ScoringExecutor executor) {
    this.registry = registry;
    this.executor = executor;
  }

  /** At the beginning of a pass; whether another scorer serves than in the last one. */
  @SuppressWarnings("ReferenceEquality")
  public boolean begin() {
    PlacementScorer now = registry.current().orElse(null);
    boolean changed = now != known;
    if (changed) {
      known = now;
      failuresInRow = 0;
      threadSafe = now != null && isThreadSafe(now);
    }
    serving = now;
    givenUp.removeIf(ScorerWork::isOver);
    // also one that was taken out and installed again meanwhile
    stuck = !threadSafe && givenUp.stream().anyMatch(work -> work.calls.scorer == now);
    if (stuck) {
      timedOut("a call that was given up is still running");
    }
    return changed;
  }

  /** Whether a scorer can be called in this pass. */
  public boolean isServing() {
    return serving != null && !stuck;
  }

  /** Whether a scorer is in service, if it can be called or not. */
  public boolean hasScorer() {
    return serving != null;
  }

  /** Makes calls; empty if the work was given up, or no scorer can be called. */
  public <W extends ScorerWork> Optional<W> run(Function<ScorerCalls, W> made) {
    PlacementScorer scorer = serving;
    if (scorer == null || stuck) {
      return Optional.empty();
    }
    W work = made.apply(new ScorerCalls(scorer, failuresInRow));
    if (isRun(work) && work.isOver()) {
      merge(work.calls);
      return Optional.of(work);
    }
    work.giveUp();
    if (!threadSafe) {
      givenUp.add(work);
      stuck = true;
    }
    timedOut("a call took longer than the host allows");
    return Optional.empty();
  }

  public ScorerStats stats() {
    return new ScorerStats(
        calls, invalid, failures, timeouts, retired, Optional.ofNullable(lastFailure));
  }

  private boolean isRun(ScorerWork work) {
    try {
      return executor.run(work);
    } catch (RuntimeException e) {
      lastFailure = e.toString();
      return false;
    }
  }

  private void merge(ScorerCalls made) {
    calls += made.calls;
    invalid += made.invalid;
    failures += made.failures;
    failuresInRow = made.failuresInRow;
    lastFailure = made.lastFailure == null ? lastFailure : made.lastFailure;
    retireIfOver();
  }

  private void timedOut(String why) {
    timeouts++;
    failuresInRow++;
    lastFailure = why;
    retireIfOver();
  }

  private void retireIfOver() {
    PlacementScorer scorer = serving;
    if (scorer != null && failuresInRow >= ScorerCalls.MOST_FAILURES) {
      if (registry.retire(scorer)) {
        retired++;
      }
      serving = null;
    }
  }

  private boolean isThreadSafe(PlacementScorer scorer) {
    try {
      return scorer.isThreadSafe();
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      failures++;
      lastFailure = e.toString();
      return false;
    }
  }
}
