package dev.stowage.engine;

import dev.stowage.StowageListener;
import dev.stowage.StowageListener.LineageBegun;
import dev.stowage.StowageStats;
import dev.stowage.StowageStats.ChunkRefusals;
import dev.stowage.answer.Violation;
import dev.stowage.columns.IntList;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.store.QuarantinedNews;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts a facade's work, and host exceptions instead of throwing. Guarded by the engine's lock,
 * except readings of refusals and of the last failure, which wait for no command.
 */
final class StowageCounters {
  private static final ChunkRefusals.Counts REJECTED = new ChunkRefusals.Counts(1, 0, 0);
  private static final ChunkRefusals.Counts BACKPRESSURE = new ChunkRefusals.Counts(0, 1, 0);
  private static final ChunkRefusals.Counts HELD_BACK = new ChunkRefusals.Counts(0, 0, 1);

  private long commands;
  private long rejected;
  private long scheduled;
  private long published;
  private long idle;
  private long fenced;
  private long hostFailures;
  private long timeJumps;
  private int guarded;
  private int stuck;
  private long stuckBytes;
  private long setAside;
  private long suspectSamples;
  private long ingestDelays;
  private long ingestRefusals;
  private final Map<DatasetId, ChunkRefusals.Counts> refused = new TreeMap<>();
  private ChunkRefusals.Counts refusedOfOthers = ChunkRefusals.Counts.NONE;
  private @Nullable QuarantinedNews lastSetAside;
  private volatile @Nullable Throwable lastHostFailure;

  void fenced() {
    fenced++;
  }

  void sampled(PressureSnapshot sample) {
    suspectSamples += sample.suspect().isEmpty() ? 0 : 1;
  }

  @Nullable Throwable lastHostFailure() {
    return lastHostFailure;
  }

  long setAside() {
    return setAside;
  }

  @Nullable QuarantinedNews lastSetAside() {
    return lastSetAside;
  }

  StowageListener alsoTo(StowageListener other) {
    return new StowageListener() {
      @Override
      public void executed(Tick tick, Command<?> command, Result result) {
        count(result);
        if (command instanceof Command.Heartbeat sign && result.isAccepted()) {
          sign.pressure().ifPresent(StowageCounters.this::sampled);
        }
        tell(other, () -> other.executed(tick, command, result));
      }

      @Override
      public void admission(boolean isAdmitted, String why, int chunks) {
        ingestDelays += isAdmitted ? 1 : 0;
        ingestRefusals += isAdmitted ? 0 : 1;
        tell(other, () -> other.admission(isAdmitted, why, chunks));
      }

      @Override
      public void violated(Tick tick, Command<?> command, List<Violation> violations) {
        tell(other, () -> other.violated(tick, command, violations));
      }

      @Override
      public void leading(long epoch) {
        tell(other, () -> other.leading(epoch));
      }

      @Override
      public void following(String reason) {
        tell(other, () -> other.following(reason));
      }

      @Override
      public void standing(Tick told, Tick largest) {
        tell(other, () -> other.standing(told, largest));
      }

      @Override
      public void departed(Tick tick, List<WorkerId> workers) {
        tell(other, () -> other.departed(tick, workers));
      }

      @Override
      public void left(Tick tick, List<WorkerId> workers) {
        tell(other, () -> other.left(tick, workers));
      }

      @Override
      public void atRisk(Tick tick, int chunks, List<ChunkKey> named) {
        tell(other, () -> other.atRisk(tick, chunks, named));
      }

      @Override
      public void swapFired(
          Tick tick, long swapId, List<ChunkKey> oldChunks, List<ChunkKey> newChunks) {
        tell(other, () -> other.swapFired(tick, swapId, oldChunks, newChunks));
      }

      @Override
      public void lineage(LineageBegun begun) {
        tell(other, () -> other.lineage(begun));
      }

      @Override
      public void quarantined(QuarantinedNews news) {
        setAside++;
        lastSetAside = news;
        tell(other, () -> other.quarantined(news));
      }

      @Override
      public void failed(Throwable failure) {
        hostFailed(other, failure);
      }
    };
  }

  private void tell(StowageListener other, Runnable what) {
    try {
      what.run();
    } catch (RuntimeException | Error e) {
      hostFailed(other, e);
    }
  }

  private void hostFailed(StowageListener other, Throwable failure) {
    hostFailures++;
    lastHostFailure = failure;
    try {
      other.failed(failure);
    } catch (RuntimeException | Error again) {
      hostFailures++;
      lastHostFailure = again;
    }
  }

  private void count(Result result) {
    commands++;
    rejected += result.isAccepted() ? 0 : 1;
    if (result.code() == ResultCode.TIME_JUMP) {
      timeJumps++;
      return;
    }
    if (result instanceof Result.Batch batch) {
      batch.items().forEach(this::count);
    }
    if (result instanceof Result.Scheduled cycle) {
      cycle.rejected().forEach(key -> refuse(key.dataset(), REJECTED));
      scheduled++;
      guarded = cycle.guarded().size();
      stuck = cycle.stuck().size();
      stuckBytes = cycle.stuckBytes();
      idle += cycle.changed() ? 0 : 1;
    } else if (result instanceof Result.Published cycle) {
      cycle.heldBack().forEach(key -> refuse(key.dataset(), HELD_BACK));
      published++;
      guarded = cycle.guarded().size();
      idle += cycle.changed() ? 0 : 1;
    }
  }

  private void count(Result.Item item) {
    if (item.code() == ResultCode.BACKPRESSURE) {
      refuse(item.key().dataset(), BACKPRESSURE);
    } else if (!item.code().isAccepted() && item.code() != ResultCode.DUPLICATE) {
      refuse(item.key().dataset(), REJECTED);
    }
  }

  void refused(List<ProposedChunk> chunks) {
    chunks.forEach(chunk -> refuse(chunk.key().dataset(), BACKPRESSURE));
  }

  private void refuse(DatasetId dataset, ChunkRefusals.Counts one) {
    synchronized (refused) {
      if (refused.size() < ChunkRefusals.MOST_DATASETS || refused.containsKey(dataset)) {
        refused.merge(dataset, one, ChunkRefusals.Counts::plus);
      } else {
        refusedOfOthers = refusedOfOthers.plus(one);
      }
    }
  }

  ChunkRefusals refusals() {
    synchronized (refused) {
      return new ChunkRefusals(new TreeMap<>(refused), refusedOfOthers);
    }
  }

  StowageStats stats(
      @Nullable LifecycleState mirror, long epoch, long behindTicks, PartTapes parts) {
    return new StowageStats(
        mirror != null,
        epoch,
        commands,
        rejected,
        scheduled,
        published,
        idle,
        fenced,
        hostFailures,
        mirror == null ? StowageStats.NOT_KNOWN : mirror.chunkCount(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.replicaCount(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.workerCount(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.pendingSwaps().size(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.waitingChunks(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.waitingBytes(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.backwardTicks(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.digest(),
        timeJumps,
        mirror == null ? StowageStats.NOT_KNOWN : behindTicks,
        mirror == null ? StowageStats.NOT_KNOWN : guarded,
        setAside,
        mirror == null ? StowageStats.NOT_KNOWN : stuck,
        mirror == null ? StowageStats.NOT_KNOWN : stuckBytes,
        mirror == null ? StowageStats.NOT_KNOWN : shortPaths(mirror),
        suspectSamples,
        ingestDelays,
        ingestRefusals,
        parts.written(),
        parts.dropped());
  }

  private static int shortPaths(LifecycleState mirror) {
    IntList levels = new IntList();
    int most = 0;
    for (int worker = 0; worker < mirror.workerLimit(); worker++) {
      int found = mirror.isWorker(worker) ? mirror.worker(worker).levels() : 0;
      if (found > 0 && mirror.isPresent(worker)) {
        levels.add(found);
        most = Math.max(most, found);
      }
    }
    int shorter = 0;
    for (int i = 0; i < levels.size(); i++) {
      shorter += levels.get(i) < most ? 1 : 0;
    }
    return shorter;
  }
}
