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
 * Keeps a scorer in service until ten failures in a row (rebalance design, section 2). While a call
 * given up runs, only a thread-safe scorer is called again.
 */
public final class ScorerGuard {
  private final ScorerRegistry registry;
  private final ScoringExecutor executor;
  private @Nullable PlacementScorer known;
  private @Nullable PlacementScorer serving;

  /** Calls given up that may still run, of all scorers. */
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

  /** Starts a pass; returns whether the scorer changed. */
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
    // The same scorer may have been removed and installed again meanwhile.
    stuck = !threadSafe && givenUp.stream().anyMatch(work -> work.calls.scorer == now);
    if (stuck) {
      timedOut("a call that was given up is still running");
    }
    return changed;
  }

  public boolean isServing() {
    return serving != null && !stuck;
  }

  public boolean hasScorer() {
    return serving != null;
  }

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
    } catch (RuntimeException | Error e) {
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
