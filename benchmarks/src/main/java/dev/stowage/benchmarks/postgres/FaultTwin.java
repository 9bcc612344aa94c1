package dev.stowage.benchmarks.postgres;

import dev.stowage.audit.Violation;
import dev.stowage.engine.Stowage;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.WorkerRow;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.Claim;
import dev.stowage.store.LeaseRequest;
import dev.stowage.store.StoreInbox;
import dev.stowage.store.StoreSession;
import java.time.Duration;
import java.util.List;

/** The same story in memory, of the acknowledged commands alone, and the comparison with it. */
final class FaultTwin {
  private final MemoryChunkStore store = MemoryChunkStore.create();
  private final Stowage memory;
  private int step;
  private long remembered;

  FaultTwin(PlacementPlanner planner) {
    memory = FaultStory.facade(store, "memory", planner);
    memory.claim(FaultStory.now(0));
    FaultStory.begin(memory);
  }

  /** The step that is not acknowledged yet. */
  int step() {
    return step;
  }

  /** The step was acknowledged with this answer; memory must give the same. */
  void acknowledged(Result answer) {
    Result ours = run();
    if (!withoutNumbers(ours).equals(withoutNumbers(answer))) {
      throw new IllegalStateException(
          "step " + (step - 1) + ": acknowledged was " + answer + ", memory says " + ours);
    }
  }

  /** Acknowledged by a process whose answers nobody has. */
  void acknowledged() {
    run();
  }

  private Result run() {
    Command command = FaultStory.command(step, memory);
    Result result = memory.execute(command, FaultStory.now(step));
    step++;
    return result;
  }

  /**
   * What the store has must be what was acknowledged, or that and the command in flight; audits
   * must hold, and every row must agree with the digest. Leads afterwards.
   */
  void compare(PostgresChunkStore store, Stowage leader) {
    StoreSession session =
        ((Claim.Granted) store.claim(new LeaseRequest("leader", Duration.ofMinutes(5)))).session();
    session.verify();
    LifecycleState stored = session.load().state().orElseThrow();
    session.close();
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

  /**
   * What differs, or nothing. The digest alone does not know which reports wait for a cycle, nor
   * how far a worker has counted them.
   */
  private static String difference(LifecycleView stored, LifecycleView acknowledged) {
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

  /** A cycle on both, so that both have seen the same time. */
  void settle(Stowage leader) {
    leader.schedule(FaultStory.now(step));
    memory.schedule(FaultStory.now(step));
    if (leader.snapshot().digest() != memory.snapshot().digest()) {
      throw new IllegalStateException("the first cycle after step " + step + " differs");
    }
  }

  /** What is acknowledged by now is what {@link #requireRemembered} wants to see. */
  void remember() {
    remembered = memory.snapshot().digest();
  }

  /** The store must have what was acknowledged then: no less, and nothing that came later. */
  void requireRemembered(PostgresChunkStore store) {
    long stored = store.read().state().orElseThrow().fullDigest();
    if (stored != remembered) {
      throw new IllegalStateException(
          "the store has "
              + Long.toHexString(stored)
              + ", acknowledged were "
              + Long.toHexString(remembered));
    }
  }

  /** The door of other processes. */
  StoreInbox inbox() {
    return store.inbox();
  }

  private static String withoutNumbers(Result result) {
    return result instanceof Result.Batch batch
        ? batch.items().stream().map(it -> it.key() + " " + it.code()).toList().toString()
        : result.toString();
  }
}
