package dev.stowage.benchmarks.postgres;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A try of a failover that loses commits, and of the way back: an asynchronous replica stops
 * following, the primary acknowledges more and is killed, and the replica is promoted. Commits
 * before the stop must be there, and later ones gone; no report of the lost history may count as
 * proof. Then a copy of the promoted server follows it synchronously, and is promoted in its turn,
 * with nothing lost.
 */
final class StaleReplica {
  private static final int ROUNDS = 12;
  private static final String DISK = "disk";

  private final FaultTwin twin = new FaultTwin(PlacementPlanner.sticky());
  private final int kept;
  private final int lost;
  private long reports = 1_000_000;
  private int step;

  /** Creates a try that keeps 13 to 36 acknowledged commands, and loses 12 to 35. */
  StaleReplica(SplittableRandom dice) {
    kept = 13 + dice.nextInt(24);
    // A round of the story at least: something of it changes what is stored.
    lost = 12 + dice.nextInt(24);
  }

  /** Returns the number of commands acknowledged after the replica had stopped. */
  int lost() {
    return lost;
  }

  /** Returns the seconds from the kill to the first acknowledged cycle on the promoted replica. */
  double run(ChaosServer primary) throws Exception {
    try (ChaosServer replica = primary.standby(false)) {
      WorkerAssignmentId known;
      Lineage lineage;
      try (PostgresChunkStore store = connect(primary);
          Stowage leader = facade(store)) {
        leader.claim(FaultStory.now(0));
        FaultStory.begin(leader);
        go(leader, kept);
        replica.awaitReplayOf(primary);
        replica.stop();
        twin.remember();
        go(leader, lost);
        known = leader.fleet().ids().worker();
        lineage = leader.fleet().lineage();
        primary.kill();
      }
      long fault = System.nanoTime();
      replica.start();
      replica.execute("SELECT pg_promote()");
      step = twin.step();
      double seconds;
      try (PostgresChunkStore store = connect(replica);
          Stowage leader = facade(store)) {
        twin.requireRemembered(store);
        leader.claim(FaultStory.now(step));
        requireThat(!leader.fleet().lineage().equals(lineage), "no lineage began");
        leader.schedule(FaultStory.now(step));
        seconds = (System.nanoTime() - fault) / 1e9;
        requireNoOldProof(store, leader, lineage, known);
        liveOn(leader);
        comeBack(replica, leader);
      }
      return seconds;
    }
  }

  private void requireNoOldProof(
      PostgresChunkStore store, Stowage leader, Lineage lineage, WorkerAssignmentId known) {
    Chunk fresh = chunk("after", 1L << 40);
    ingest(leader, fresh);
    step += 3;
    leader.schedule(FaultStory.now(step));
    for (int i = 0; i < FaultStory.WORKERS; i++) {
      WorkerId worker = FaultStory.worker(i);
      for (WorkerAssignmentId id : List.of(known, leader.fleet().ids().worker())) {
        Command<?> old = new Command.Applied(header(worker, lineage), id, List.of());
        requireRefused(leader.execute(old, FaultStory.now(step)));
        requireRefused(store.inbox().submit(old, Tick.of(FaultStory.now(step))));
      }
      Command<?> disk = new Command.Inventory(header(worker, lineage), List.of());
      requireRefused(leader.execute(disk, FaultStory.now(step)));
    }
    leader.publish(FaultStory.now(step));
    requireThat(
        leader.status(List.of(fresh.key())).get(0).state().orElseThrow() == ChunkState.ADMITTED,
        "a report of the lost history showed a chunk");
  }

  private static Chunk chunk(String id, long first) {
    return Chunk.of(ChunkKey.of("d", id), BlockRange.of(first, first + 9), 1_000);
  }

  private void ingest(Stowage leader, Chunk chunk) {
    Command<?> command = new Command.Ingest(ProposedChunk.listOf(List.of(chunk)));
    requireThat(
        leader.execute(command, FaultStory.now(step)).isAccepted(), "a fresh chunk was refused");
  }

  private static void requireRefused(Result answer) {
    requireThat(
        answer instanceof Result.Answer said && said.code() == ResultCode.FOREIGN_LINEAGE,
        "a report of the lost history was answered with " + answer);
  }

  private void liveOn(Stowage leader) {
    Lineage lineage = leader.fleet().lineage();
    for (int i = 0; i < FaultStory.WORKERS; i++) {
      WorkerId worker = FaultStory.worker(i);
      leader.register(worker, DISK + i, FaultStory.now(step));
      List<ChunkNumber> held =
          leader
              .fleet()
              .slice(worker)
              .map(slice -> slice.entries().stream().map(entry -> entry.number()).toList())
              .orElse(List.of());
      leader.inventory(header(worker, lineage), held, FaultStory.now(step));
    }
    for (int round = 0; round < ROUNDS; round++) {
      step += 3;
      leader.schedule(FaultStory.now(step));
      for (int i = 0; i < FaultStory.WORKERS; i++) {
        WorkerId worker = FaultStory.worker(i);
        WorkerAssignmentId id =
            leader.fleet().slice(worker).map(WorkerSlice::id).orElse(leader.fleet().ids().worker());
        leader.applied(header(worker, lineage), id, List.of(), FaultStory.now(step));
      }
      leader.publish(FaultStory.now(step));
    }
    requireThat(
        leader.status(List.of(ChunkKey.of("d", "after"))).get(0).state().orElseThrow()
            == ChunkState.VISIBLE,
        "the fleet does not live on");
    requireThat(leader.audit().isEmpty(), "audits found " + leader.audit());
  }

  /** Goes the way back with a synchronous replica: another lineage begins, and nothing is lost. */
  private void comeBack(ChaosServer promoted, Stowage leader) throws Exception {
    Lineage lineage = leader.fleet().lineage();
    try (ChaosServer back = promoted.standby(true)) {
      Chunk last = chunk("last", (1L << 40) + 10);
      LifecycleSnapshot before = leader.snapshot();
      ingest(leader, last);
      leader.schedule(FaultStory.now(step));
      Result report =
          leader.execute(
              new Command.Applied(
                  header(FaultStory.worker(0), lineage), leader.fleet().ids().worker(), List.of()),
              FaultStory.now(step));
      requireThat(report.isAccepted(), "a report was refused");
      LifecycleSnapshot acknowledged = leader.snapshot();
      requireThat(
          !FaultTwin.difference(before, acknowledged).isEmpty(), "nothing is there to be lost");
      promoted.kill();
      back.execute("SELECT pg_promote()");
      try (PostgresChunkStore store = connect(back);
          Stowage next = facade(store)) {
        String differs = FaultTwin.difference(FaultTwin.verified(store), acknowledged);
        requireThat(differs.isEmpty(), "lost on the way back: " + differs);
        next.claim(FaultStory.now(step));
        requireThat(!next.fleet().lineage().equals(lineage), "no lineage began on the way back");
        requireRefused(
            next.execute(
                new Command.Applied(
                    header(FaultStory.worker(0), lineage), next.fleet().ids().worker(), List.of()),
                FaultStory.now(step)));
        next.schedule(FaultStory.now(step));
        requireThat(next.audit().isEmpty(), "audits found " + next.audit());
      }
    }
  }

  private void go(Stowage leader, int steps) {
    for (int i = 0; i < steps; i++) {
      twin.acknowledged(
          leader.execute(FaultStory.command(twin.step(), leader), FaultStory.now(twin.step())));
    }
  }

  private ReportHeader header(WorkerId worker, Lineage lineage) {
    return new ReportHeader(worker, Incarnation.of(1), lineage, ++reports);
  }

  private static PostgresChunkStore connect(ChaosServer server) {
    return PostgresChunkStore.builder(server.url()).withoutTrustedClock().schema("fleet").open();
  }

  private static Stowage facade(PostgresChunkStore store) {
    return FaultStory.facade(store, "leader", PlacementPlanner.sticky());
  }

  private static void requireThat(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
