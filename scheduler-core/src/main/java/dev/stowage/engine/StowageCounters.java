package dev.stowage.engine;

import dev.stowage.StowageListener;
import dev.stowage.StowageStats;
import dev.stowage.audit.Violation;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what a facade does, for {@link StowageStats}. Belongs to the desk's lock. */
final class StowageCounters {
  private long commands;
  private long rejected;
  private long scheduled;
  private long published;
  private long idle;
  private long fenced;

  void fenced() {
    fenced++;
  }

  /** A listener that counts, and passes on to another. */
  StowageListener alsoTo(StowageListener other) {
    return new StowageListener() {
      @Override
      public void executed(Tick tick, Command<?> command, Result result) {
        count(result);
        other.executed(tick, command, result);
      }

      @Override
      public void violated(Tick tick, Command<?> command, List<Violation> violations) {
        other.violated(tick, command, violations);
      }
    };
  }

  private void count(Result result) {
    commands++;
    rejected += result.isAccepted() ? 0 : 1;
    if (result instanceof Result.Scheduled cycle) {
      scheduled++;
      idle += cycle.changed() ? 0 : 1;
    } else if (result instanceof Result.Published cycle) {
      published++;
      idle += cycle.changed() ? 0 : 1;
    }
  }

  StowageStats stats(@Nullable LifecycleState mirror, long epoch) {
    return new StowageStats(
        mirror != null,
        epoch,
        commands,
        rejected,
        scheduled,
        published,
        idle,
        fenced,
        mirror == null ? 0 : mirror.chunkCount(),
        mirror == null ? 0 : mirror.replicaCount(),
        mirror == null ? 0 : mirror.workerCount(),
        mirror == null ? 0 : mirror.pendingSwaps().size(),
        mirror == null ? 0 : mirror.waitingChunks(),
        mirror == null ? 0 : mirror.waitingBytes(),
        mirror == null ? 0 : mirror.backwardTicks(),
        mirror == null ? 0 : mirror.digest());
  }
}
