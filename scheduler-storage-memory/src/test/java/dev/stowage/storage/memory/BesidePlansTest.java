package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.dataset;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageListener;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.config.PlacementConfig;
import dev.stowage.contract.AuditExtension;
import dev.stowage.contract.FaultyStore;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, reports and readings beside a plan that another thread makes. */
class BesidePlansTest {
  private static final long PATIENCE_SECONDS = 20;
  private static final List<String> WORKERS = List.of("a", "b", "c");

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final MemoryChunkStore store = MemoryChunkStore.builder().twin().fixedLineages().build();
  private final AtomicReference<Runnable> committing = new AtomicReference<>(() -> {});
  private final FaultyStore faulty =
      new FaultyStore(
          new ForwardingStore(store) {
            @Override
            protected StoreTransaction transaction(StoreTransaction begun) {
              return new ForwardingTransaction(begun) {
                @Override
                public void commit(Commit commit) {
                  committing.get().run();
                  super.commit(commit);
                }
              };
            }
          });
  private final Gate gate = new Gate();
  private final AtomicReference<Runnable> heard = new AtomicReference<>(() -> {});
  private final Stowage stowage =
      audit.watch(
          Stowage.builder(faulty)
              .config(SmallFleet.config())
              .with(gate)
              .listener(
                  new StowageListener() {
                    @Override
                    public void executed(Tick tick, Command<?> command, Result result) {
                      if (command instanceof Command.Ingest) {
                        heard.get().run();
                      }
                    }
                  })
              .build());
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final ExecutorService pool = Executors.newCachedThreadPool();

  /** A planner that waits where it is told to. */
  private static final class Gate implements PlacementPlanner {
    private volatile Optional<CountDownLatch> entered = Optional.empty();
    private volatile CountDownLatch release = new CountDownLatch(0);
    private boolean isWarm;

    @Override
    public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
      return isWarm ? PlacementPlanner.sticky().warm(config, order) : Optional.empty();
    }

    @Override
    public PlacementPlan plan(PlacementInput input) {
      entered.ifPresent(CountDownLatch::countDown);
      await(release);
      return PlacementPlanner.sticky().plan(input);
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Begins a cycle and returns when its plan is under way. */
  private Future<Result.Scheduled> planning() {
    CountDownLatch begun = new CountDownLatch(1);
    gate.release = new CountDownLatch(1);
    gate.entered = Optional.of(begun);
    long now = fleet.now();
    Future<Result.Scheduled> cycle = pool.submit(() -> stowage.schedule(now));
    Gate.await(begun);
    gate.entered = Optional.empty();
    return cycle;
  }

  private void started() {
    stowage.claim(fleet.now());
    fleet.join(1_000_000, WORKERS.toArray(String[]::new));
    fleet.ingest(chunk("c0", 0), chunk("c1", 10)).settle();
    fleet.ingest(chunk("c2", 20)).pass(1);
  }

  @AfterEach
  void end() {
    gate.release.countDown();
    pool.shutdownNow();
  }

  private void requireSameReplay() {
    ReplayResult replayed =
        Replayer.run(
            Evidence.of(stowage).header(),
            store.evidence(0, Integer.MAX_VALUE),
            EngineReplay.with(PlacementPlanner.sticky()));
    assertThat(replayed).isInstanceOf(ReplayResult.Same.class);
  }

  private static <T> T answer(Future<T> of) throws Exception {
    return of.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void commandsAndReadings_areAnsweredBesideAPlan() throws Exception {
    started();
    Future<Result.Scheduled> cycle = planning();

    fleet.ingest(chunk("c3", 30));
    WorkerSlice slice = stowage.fleet().slice(WorkerId.of("a")).orElseThrow();
    assertThat(stowage.applied(fleet.header("a"), slice.id(), List.of(), fleet.now()).isAccepted())
        .isTrue();
    assertThat(stowage.heartbeat(fleet.header("b"), fleet.now()).isAccepted()).isTrue();
    assertThat(stowage.status(List.of(key("c3"))).get(0).state()).contains(ChunkState.ADMITTED);
    assertThat(stowage.stats()).isNotNull();
    assertThat(stowage.leaving(List.of(WorkerId.of("a")))).hasSize(1);
    Tick before = stowage.lastCycle().orElseThrow().tick();
    assertThat(stowage.leaving(WorkerId.of("a")).orElseThrow().planned()).contains(before);
    assertThat(stowage.setStatus(WorkerId.of("a"), WorkerStatus.LEAVING, fleet.now()).leaving())
        .isPresent();
    stowage.setStatus(WorkerId.of("a"), WorkerStatus.ACTIVE, fleet.now());
    assertThat(cycle.isDone()).isFalse();

    gate.release.countDown();
    assertThat(answer(cycle).isAccepted()).isTrue();
    assertThat(replicas("c2")).as("planned").isEqualTo(WORKERS.size());
    assertThat(replicas("c3")).as("came beside the plan").isZero();
    fleet.settle();
    assertThat(replicas("c3")).isEqualTo(WORKERS.size());
    requireSameReplay();
  }

  enum Waiting {
    PUBLISH,
    PURGE,
    PREVIEW,
    EXPLANATION,
    SECOND_CYCLE,
    RESIGNATION
  }

  private Object ask(Waiting what, long now) {
    return switch (what) {
      case PUBLISH -> stowage.publish(now);
      case PURGE -> stowage.purge(now);
      case PREVIEW -> stowage.preview(now);
      case EXPLANATION -> stowage.explainPlacement(key("c0"), now);
      case SECOND_CYCLE -> stowage.schedule(now);
      case RESIGNATION -> {
        stowage.resign();
        yield "resigned";
      }
    };
  }

  @ParameterizedTest
  @EnumSource(Waiting.class)
  void callThatNeedsThePlannerOrMovesTheFleetOn_waitsForThePlan(Waiting what) throws Exception {
    started();
    Future<Result.Scheduled> cycle = planning();
    CountDownLatch second = new CountDownLatch(1);
    gate.entered = Optional.of(second);
    long now = fleet.now();
    AtomicReference<Thread> asking = new AtomicReference<>();
    Future<Object> waiting =
        pool.submit(() -> {
          asking.set(Thread.currentThread());
          return ask(what, now);
        });
    awaitParked(asking);
    assertThat(waiting.isDone()).isFalse();
    assertThat(second.getCount()).as("no second plan beside the first").isOne();
    gate.release.countDown();
    assertThat(answer(cycle).isAccepted()).isTrue();
    assertThat(answer(waiting)).isNotNull();
  }

  private static void awaitParked(AtomicReference<Thread> of) {
    for (int millis = 0; millis < PATIENCE_SECONDS * 1_000; millis++) {
      Thread thread = of.get();
      if (thread != null && thread.getState() == Thread.State.WAITING) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("the call does not wait");
  }

  @Test
  void listenerThatCallsACycle_besideAPlan_waitsWithoutTheLock() throws Exception {
    started();
    Future<Result.Scheduled> cycle = planning();
    long now = fleet.now();
    AtomicReference<Thread> asking = new AtomicReference<>();
    heard.set(() -> {
      asking.set(Thread.currentThread());
      stowage.publish(now);
    });
    Future<Result.Batch> ingest = pool.submit(() -> stowage.ingest(List.of(chunk("c3", 30)), now));
    awaitParked(asking);
    heard.set(() -> {});
    assertThat(stowage.heartbeat(fleet.header("b"), now).isAccepted()).isTrue();
    gate.release.countDown();
    assertThat(answer(cycle).isAccepted()).isTrue();
    assertThat(answer(ingest).isAccepted()).isTrue();
    fleet.settle();
    requireSameReplay();
  }

  @Test
  void hostThatCallsACycleAmidATransaction_besideAPlan_isRefused() throws Exception {
    started();
    Future<Result.Scheduled> cycle = planning();
    long now = fleet.now();
    committing.set(() -> stowage.publish(now));
    assertThatThrownBy(() -> stowage.ingest(List.of(chunk("c3", 30)), now))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a cycle is under way and a command is being decided");
    committing.set(() -> {});
    assertThat(stowage.ingest(List.of(chunk("c3", 30)), now).isAccepted()).isTrue();
    gate.release.countDown();
    assertThat(answer(cycle).isAccepted()).isTrue();
    fleet.settle();
    requireSameReplay();
  }

  @Test
  void planOfALeadershipThatEnded_isDropped() throws Exception {
    started();
    Future<Result.Scheduled> cycle = planning();
    store.restore(store.checkpoint());
    // The leader learns from its next command that it leads no longer; nobody else does.
    assertThatThrownBy(() -> stowage.ingest(List.of(chunk("c3", 30)), fleet.now()))
        .isInstanceOf(StorageException.class);
    assertThat(stowage.isLeading()).isFalse();
    gate.release.countDown();
    assertThatThrownBy(() -> answer(cycle))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            StowageException.class,
            e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.NOT_LEADING));
    stowage.claim(fleet.now());
    for (String each : WORKERS) {
      fleet.register(each);
    }
    assertThat(stowage.schedule(fleet.now()).isAccepted()).isTrue();
  }

  @Test
  void planOverAReload_isMadeAgain() throws Exception {
    started();
    Future<Result.Scheduled> cycle = planning();
    faulty.failNext(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN).loseOutcomes(1);
    assertThatThrownBy(() -> stowage.ingest(List.of(chunk("c3", 30)), fleet.now()))
        .isInstanceOf(StorageException.Transient.class);
    gate.release.countDown();
    assertThat(answer(cycle).isAccepted()).isTrue();
    assertThat(replicas("c3")).as("planned from the reloaded state").isEqualTo(WORKERS.size());
    fleet.settle();
    requireSameReplay();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void stormOfCommands_besidePlans_isOneRecordedOrder(long seed) throws Exception {
    gate.isWarm = seed % 2 == 0;
    started();
    Set<String> accepted = new TreeSet<>();
    List<Callable<Boolean>> work = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      Random random = new Random(seed * 31 + writer);
      int first = 100 * (writer + 1);
      work.add(() -> {
        for (int i = 0; i < 40; i++) {
          command(random, first + i, accepted);
        }
        return true;
      });
    }
    work.add(() -> {
      for (int i = 0; i < 25; i++) {
        stowage.schedule(fleet.now());
        stowage.publish(fleet.now());
      }
      return true;
    });
    for (Future<Boolean> each : pool.invokeAll(work, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      assertThat(each.get()).isTrue();
    }
    for (String each : WORKERS) {
      stowage.setStatus(WorkerId.of(each), WorkerStatus.ACTIVE, fleet.now());
    }
    fleet.settle();
    assertThat(stowage.fleet().portalAssignment().visible(dataset()).stream().map(ChunkKey::id))
        .containsAll(accepted);
    requireSameReplay();
  }

  private void command(Random random, int chunk, Set<String> accepted) {
    long now = fleet.now();
    WorkerId worker = WorkerId.of(WORKERS.get(random.nextInt(WORKERS.size())));
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        if (stowage.ingest(List.of(chunk("c" + chunk, 10L * chunk)), now).isAccepted()) {
          synchronized (accepted) {
            accepted.add("c" + chunk);
          }
        }
      }
      case 2 -> stowage.setStatus(worker, WorkerStatus.LEAVING, now);
      case 3 -> stowage.setStatus(worker, WorkerStatus.ACTIVE, now);
      default -> stowage.leaving(List.of(worker));
    }
  }

  private int replicas(String id) {
    return stowage.status(List.of(key(id))).get(0).replicas();
  }
}
