package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * Compares the facts that the audit recomputes from stamps with those by which the core decides,
 * which are written twice on purpose, in states that a random fleet really reaches.
 */
class FactsTest {
  private static final Lineage LINEAGE = Lineage.of(7);
  private static final int WORKERS = 5;

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final long[] reports = new long[WORKERS];
  private final Incarnation[] lives = new Incarnation[WORKERS];
  private LifecycleState state = LifecycleState.empty(LifecycleConfig.defaults(), LINEAGE);
  private long tick = 1;
  private int chunks;

  @Tag("long-story")
  @Property(seed = "1")
  void factsOfTheAudit_areThoseOfTheCore(@ForAll long seed, @ForAll boolean quorum) {
    Random random = new Random(seed);
    begin(quorum ? ConfirmationPolicy.quorum(60) : ConfirmationPolicy.perWorker());
    for (int step = 0; step < 40; step++) {
      one(random);
      assertThat(Audit.check(state)).isEmpty();
      compare(new Facts(state));
    }
  }

  /** One story of each policy, the same at every run: what mutation tests can afford. */
  @Example
  void factsOfAFixedStory_areThoseOfTheCore() {
    factsOfTheAudit_areThoseOfTheCore(11, true);
    factsOfTheAudit_areThoseOfTheCore(12, false);
  }

  private void begin(ConfirmationPolicy policy) {
    LifecycleConfig config =
        LifecycleConfig.builder()
            .minReplication(2)
            .maxReplication(WeightPolicy.UNCAPPED)
            .drainWindowTicks(3)
            .lineagePauseTicks(3)
            .confirmation(policy)
            .build();
    state = LifecycleState.empty(config, LINEAGE);
    for (int worker = 0; worker < WORKERS; worker++) {
      run(Command.Describe.of(Worker.of(id(worker), 10_000)));
      reports[worker] = 0;
      register(worker, 1);
    }
  }

  private void one(Random random) {
    int worker = random.nextInt(WORKERS);
    switch (random.nextInt(9)) {
      case 0 -> ingest();
      case 1 -> run(new Command.SetStatus(id(worker), status(random)));
      case 2 -> register(worker, 1 + random.nextInt(2));
      case 3 -> run(new Command.Lost(header(worker), List.of(number(random))));
      case 4, 5, 6 -> applied(worker, random);
      default -> tick++;
    }
    // both cycles take in what was reported: then reported and consumed are one
    run(new LeaderCommand.Schedule());
    run(LeaderCommand.Publish.now());
  }

  private void compare(Facts facts) {
    state.forEachReplica(slot -> {
      String name = facts.name(slot);
      assertThat(facts.isPossessed(slot)).as(name).isEqualTo(state.possessed(slot));
      assertThat(facts.isConfirmed(slot)).as(name).isEqualTo(state.confirmed(slot));
      assertThat(facts.isRouted(slot)).as(name).isEqualTo(state.routed(slot));
      assertThat(facts.isReadable(slot, tick)).as(name).isEqualTo(state.readable(slot, tick));
      assertThat(facts.isPossessedOnCounted(slot))
          .as(name)
          .isEqualTo(state.possessed(slot) && state.isCounted(state.replicaWorker(slot)));
    });
    for (int worker : facts.workers()) {
      assertThat(facts.worker(worker).isCounted()).isEqualTo(state.isCounted(worker));
      assertThat(facts.worker(worker).isPlaceable()).isEqualTo(state.isPlaceable(worker));
      assertThat(facts.worker(worker).isPresent()).isEqualTo(state.isPresent(worker));
    }
  }

  private void ingest() {
    long first = 10L * chunks++;
    Chunk chunk = Chunk.of(ChunkKey.of("d", "c" + first), BlockRange.of(first, first + 9), 100);
    run(new Command.Ingest(ProposedChunk.listOf(List.of(chunk))));
  }

  private void register(int worker, int disk) {
    Result.Registered answer = run(new Command.Register(id(worker), worker + " disk " + disk));
    lives[worker] = answer.incarnation();
    reports[worker] = answer.lastReport();
    if (answer.inventoryWanted()) {
      run(new Command.Inventory(header(worker), List.of()));
    }
  }

  private void applied(int worker, Random random) {
    long newest = state.newestWorkerAssignment().value();
    long id = Math.max(0, newest - random.nextInt(2));
    List<ChunkNumber> missing = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      missing.add(number(random));
    }
    run(new Command.Applied(header(worker), WorkerAssignmentId.of(id), missing));
  }

  private <R extends Result> R run(Command<R> command) {
    return lifecycle.execute(state, command, Tick.of(tick)).result();
  }

  private ReportHeader header(int worker) {
    return new ReportHeader(id(worker), lives[worker], LINEAGE, ++reports[worker]);
  }

  private ChunkNumber number(Random random) {
    return new ChunkNumber(LINEAGE, 1 + random.nextInt(Math.max(1, chunks)));
  }

  private static WorkerStatus status(Random random) {
    WorkerStatus[] all = WorkerStatus.values();
    return all[random.nextInt(all.length)];
  }

  private static WorkerId id(int worker) {
    return WorkerId.of("w" + worker);
  }
}
