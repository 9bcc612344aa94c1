package dev.stowage.benchmarks.postgres;

import dev.stowage.Stowage;
import dev.stowage.audit.Violation;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.Claim;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StoreInbox;
import dev.stowage.store.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The story in memory, of the acknowledged commands alone, for comparison with the store. */
final class FaultTwin {
  private final MemoryChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
  private final Stowage memory;
  private int step;
  private @Nullable LifecycleSnapshot remembered;

  FaultTwin(PlacementPlanner planner) {
    memory = FaultStory.facade(store, "memory", planner);
    memory.claim(FaultStory.now(0));
    FaultStory.begin(memory);
  }

  /** Returns the first step that is not acknowledged. */
  int step() {
    return step;
  }

  /** Records an acknowledged step; throws {@link IllegalStateException} if memory disagrees. */
  void acknowledged(Result answer) {
    Result ours = run();
    if (!withoutNumbers(ours).equals(withoutNumbers(answer))) {
      throw new IllegalStateException(
          "step " + (step - 1) + ": acknowledged was " + answer + ", memory answers " + ours);
    }
  }

  /** Records a step that was acknowledged by a process whose answers are lost. */
  void acknowledged() {
    run();
  }

  private Result run() {
    Command<?> command = FaultStory.command(step, memory);
    Result result = memory.execute(command, FaultStory.now(step));
    step++;
    return result;
  }

  /**
   * Requires that the store has the acknowledged commands, with or without the one in flight, that
   * audits hold, and that every row agrees with the digest. Leads afterwards.
   */
  void compare(PostgresChunkStore store, Stowage leader) {
    LifecycleState stored = verified(store);
    String differs = difference(stored, memory.snapshot());
    if (!differs.isEmpty()) {
      run();
      String still = difference(stored, memory.snapshot());
      if (!still.isEmpty()) {
        throw new IllegalStateException(
            "after step "
                + (step - 2)
                + " the store differs from what was acknowledged ("
                + differs
                + "), and from that with the command in flight ("
                + still
                + ")");
      }
    }
    lead(leader);
    List<Violation> found = leader.audit();
    if (!found.isEmpty()) {
      throw new IllegalStateException("audits found " + found);
    }
  }

  /** Returns the state of a store after comparing every row with the digest. Takes the lease. */
  static LifecycleState verified(PostgresChunkStore store) {
    StoreSession session =
        ((Claim.Granted) store.claim(new LeaseRequest("leader", Duration.ofMinutes(5)))).session();
    session.verify();
    LifecycleState stored = session.load().state().orElseThrow();
    session.close();
    return stored;
  }

  /**
   * Returns the difference, or an empty text. The digest alone does not cover which reports wait
   * for a cycle, nor how far a worker has counted them.
   */
  static String difference(LifecycleView stored, LifecycleView acknowledged) {
    if (stored.digest() != acknowledged.digest()) {
      return "digest "
          + Long.toHexString(stored.digest())
          + " instead of "
          + Long.toHexString(acknowledged.digest());
    }
    StringBuilder differs = new StringBuilder();
    stored.forEachWorker(worker -> {
      WorkerRow there = stored.workerRow(worker);
      WorkerRow here = acknowledged.workerRow(acknowledged.workerPosition(there.id()));
      if (there.lastReport() != here.lastReport() || !there.pending().equals(here.pending())) {
        differs.append(differs.isEmpty() ? "" : ", ").append(there.id());
        differs.append(" waits with ").append(there.pending()).append(" up to report ");
        differs.append(there.lastReport()).append(" instead of ").append(here.pending());
        differs.append(" up to ").append(here.lastReport());
      }
    });
    return differs.toString();
  }

  private void lead(Stowage leader) {
    if (!leader.claim(FaultStory.now(step)).granted()) {
      throw new IllegalStateException("the lease is not free");
    }
  }

  /** Runs a cycle on both, so that both have seen equal times. */
  void settle(Stowage leader) {
    leader.schedule(FaultStory.now(step));
    memory.schedule(FaultStory.now(step));
    if (leader.snapshot().digest() != memory.snapshot().digest()) {
      throw new IllegalStateException("the first cycle after step " + step + " differs");
    }
  }

  void remember() {
    remembered = memory.snapshot();
  }

  /** Requires that the store has exactly the commands of the remembered state. */
  void requireRemembered(PostgresChunkStore store) {
    LifecycleState stored = verified(store);
    String differs = difference(stored, Objects.requireNonNull(remembered, "remembered"));
    if (!differs.isEmpty()) {
      throw new IllegalStateException("the replica had more or less than the store: " + differs);
    }
    if (difference(stored, memory.snapshot()).isEmpty()) {
      throw new IllegalStateException("nothing was lost; the try says nothing");
    }
  }

  StoreInbox inbox() {
    return store.inbox();
  }

  private static String withoutNumbers(Result result) {
    return result instanceof Result.Batch batch
        ? batch.items().stream().map(it -> it.key() + " " + it.code()).toList().toString()
        : result.toString();
  }
}
