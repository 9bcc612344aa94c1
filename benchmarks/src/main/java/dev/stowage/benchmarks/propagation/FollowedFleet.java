package dev.stowage.benchmarks.propagation;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message.MessageBatch;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.store.FleetView;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The cost of following the assignments of a fleet for thousands of recipients: workers that carry
 * out their orders at once, and a hundred new chunks in every round. Times are processor time of
 * the one thread.
 */
final class FollowedFleet {
  private static final long MIB = 1 << 20;
  private static final long SECOND = 1_000_000_000L;
  private static final int NEW_CHUNKS = 100;

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final int workers;
  private final LifecycleState state;
  private final AssignmentPropagation news;
  private long now = 1;
  private int chunks;
  private long report;

  FollowedFleet(int workers, int portals, int chunks) {
    this.workers = workers;
    LifecycleConfig config =
        LifecycleConfig.builder()
            .minReplication(2)
            .maxReplication(WeightPolicy.UNCAPPED)
            .suspectAfterTicks(LifecycleConfig.NEVER)
            .departAfterTicks(LifecycleConfig.NEVER)
            .build();
    state = LifecycleState.empty(config, Lineage.of(1));
    news =
        AssignmentPropagation.of(
            () -> FleetView.of(state), PropagationConfig.DEFAULT.withBudget(100_000_000));
    long capacity = Math.max(20, 4L * chunks / workers) * MIB;
    for (int i = 0; i < workers; i++) {
      execute(Command.Describe.of(Worker.of(worker(i), capacity).withZone("z" + i % 4)));
      execute(new Command.Register(worker(i), "disk" + i));
      news.register(worker(i), 0);
    }
    for (int i = 0; i < portals; i++) {
      news.register(PortalId.of("portal-" + i), 0);
    }
    ingest(chunks);
    execute(new Command.Schedule());
    reportAll();
    execute(Command.Publish.now());
  }

  void measure(int rounds) {
    print("first, everybody in full: ", new long[] {follow()}, out());
    List<Long> followed = new ArrayList<>();
    long sent = 0;
    for (int round = 0; round < rounds; round++) {
      now++;
      ingest(NEW_CHUNKS);
      execute(new Command.Schedule());
      followed.add(follow());
      sent += out();
      reportAll();
      execute(Command.Publish.now());
      followed.add(follow());
      sent += out();
    }
    long[] cycles = followed.stream().mapToLong(nanos -> nanos).toArray();
    print("after a cycle of " + NEW_CHUNKS + " new chunks: ", cycles, sent);
    long[] idle = new long[rounds];
    for (int round = 0; round < rounds; round++) {
      idle[round] = follow();
    }
    print("nothing new: ", idle, out());
  }

  private void print(String what, long[] nanos, long sent) {
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "follow, %d recipients, %d chunks, %s%.2f ms, worst %.2f; %d messages%n",
        news.recipients().size(),
        chunks,
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length - 1] / 1e6,
        sent);
  }

  private long follow() {
    long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    news.follow(now * SECOND);
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
  }

  private long out() {
    MessageBatch batch = news.outgoing(now * SECOND + SECOND / 2);
    return batch.news().size();
  }

  private void ingest(int count) {
    List<ProposedChunk> batch = new ArrayList<>();
    for (int end = chunks + count; chunks < end; chunks++) {
      BlockRange range = BlockRange.of(10L * chunks, 10L * chunks + 9);
      Chunk chunk = Chunk.of(ChunkKey.of("dataset", "chunk-" + chunks), range, MIB);
      batch.add(ProposedChunk.of(chunk));
    }
    execute(new Command.Ingest(batch));
  }

  private void reportAll() {
    report++;
    for (int i = 0; i < workers; i++) {
      ReportHeader header = new ReportHeader(worker(i), Incarnation.of(1), Lineage.of(1), report);
      execute(new Command.Applied(header, state.newestWorkerAssignment(), List.of()));
    }
  }

  private void execute(Command<?> command) {
    lifecycle.execute(state, command, Tick.of(now));
  }

  private static WorkerId worker(int i) {
    return WorkerId.of(String.format(Locale.ROOT, "w%05d", i));
  }
}
