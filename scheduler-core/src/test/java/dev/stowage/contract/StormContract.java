package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.StowageListener;
import dev.stowage.answer.Violation;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.PlacementConfig;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of many threads over a store that fails: six of them give commands to a leader,
 * whose cycles plan slowly, and some to a follower. Commits fail before, behind and instead of
 * their time, some in doubt, and some commands cannot be stored at all. Each command is given once,
 * so the evidence tells how often it was executed. A backend extends this class and opens its
 * store.
 */
public abstract class StormContract extends OpenedStore {
  private static final int WRITERS = 6;
  private static final int COMMANDS_OF_A_THREAD = 50;
  private static final int MOST_OPEN = 16;
  private static final int PERCENT_ELSEWHERE = 10;
  private static final int PERCENT_FAILING = 8;
  private static final long NOW = 5_000_000_000L;
  private static final String POISON = "poison";

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final Semaphore answers = new Semaphore(0);
  private final AtomicInteger violations = new AtomicInteger();
  private final AtomicInteger beside = new AtomicInteger();
  private final Ledger ledger = new Ledger();
  private volatile boolean isStormy;

  /** A store that fails now and then while there is a storm. */
  private final class FailingStore extends ForwardingStore {
    private final Random random;

    private FailingStore(FleetStore store, long seed) {
      super(store);
      random = new Random(seed);
    }

    private synchronized int dice() {
      return isStormy ? random.nextInt(100) : 100;
    }

    private void commit(StoreTransaction transaction, Commit commit) {
      if (commit.evidence().stream().anyMatch(StormContract::isPoison)) {
        throw new IllegalStateException("this cannot be stored");
      }
      int dice = dice();
      if (dice < PERCENT_FAILING / 4) {
        throw cut(StorageException.Outcome.NOT_COMMITTED);
      } else if (dice < PERCENT_FAILING / 2) {
        throw cut(StorageException.Outcome.UNKNOWN);
      }
      transaction.commit(commit);
      if (dice < PERCENT_FAILING) {
        throw cut(StorageException.Outcome.UNKNOWN);
      }
    }

    private static StorageException cut(StorageException.Outcome known) {
      return new StorageException.Transient("the connection was cut", known, null);
    }

    @Override
    public CommitOutcome outcomeOf(CommitKey key) {
      if (dice() < 40) {
        throw cut(StorageException.Outcome.NOT_COMMITTED);
      }
      return super.outcomeOf(key);
    }

    @Override
    protected StoreTransaction transaction(StoreTransaction begun) {
      return new ForwardingTransaction(begun) {
        @Override
        public void commit(Commit commit) {
          FailingStore.this.commit(begun, commit);
        }
      };
    }
  }

  /** A planner that waits for a few answers before each plan, so that commands come beside it. */
  private final class SlowPlanner implements PlacementPlanner {
    private final PlacementPlanner planner = PlacementPlanner.sticky();

    @Override
    public PlacementPlan plan(PlacementInput input) {
      await();
      return planner.plan(input);
    }

    @Override
    public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
      Optional<WarmPlanner> warm = planner.warm(config, order);
      warm.ifPresent(it -> it.beforeEachPlan(this::await));
      return warm;
    }

    private void await() {
      answers.drainPermits();
      try {
        if (isStormy && answers.tryAcquire(3, 1, TimeUnit.SECONDS) && isStormy) {
          beside.incrementAndGet();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Counts how often each command was given, and how often it must and may have run. */
  private static final class Ledger {
    private record Account(int least, int most) {}

    private final Map<Command<?>, Account> accounts = new HashMap<>();
    private int durable;

    private synchronized void note(Command<?> command, int least, int most) {
      Account before = accounts.getOrDefault(command, new Account(0, 0));
      accounts.put(command, new Account(before.least() + least, before.most() + most));
      durable += least;
    }

    private void requireKept(Map<Command<?>, Integer> executed) {
      accounts.forEach((command, account) ->
          assertThat(executed.getOrDefault(command, 0))
              .as("how often %s was executed", command)
              .isBetween(account.least(), account.most()));
    }
  }

  /** The commands of one thread, and their answers. */
  private final class Writer implements Callable<Boolean> {
    private final int number;
    private final int count;
    private final Random random;
    private final ReportHeader registered;
    private final Stowage leader;
    private final Stowage follower;
    private final List<ChunkKey> accepted = new ArrayList<>();
    private final List<CompletableFuture<?>> open = new ArrayList<>();
    private long report = 1_000;

    private Writer(
        int number, int count, long seed, ReportHeader of, Stowage leader, Stowage follower) {
      this.number = number;
      this.count = count;
      this.random = new Random(seed * WRITERS + number);
      this.registered = of;
      this.leader = leader;
      this.follower = follower;
    }

    @Override
    public Boolean call() {
      for (int at = 0; at < count; at++) {
        Command<?> command = drawn(at);
        // The log would keep it, and every commit of the leader would bring it along.
        if (random.nextInt(100) < PERCENT_ELSEWHERE && !isPoison(command)) {
          Result answer = follower.execute(command, NOW);
          ledger.note(command, isDurable(command, answer) ? 1 : 0, 1);
        } else if (random.nextBoolean()) {
          open.add(submitted(command));
          if (open.size() == MOST_OPEN) {
            awaitAll();
          }
        } else {
          execute(command);
        }
      }
      awaitAll();
      return true;
    }

    private void awaitAll() {
      open.forEach(CompletableFuture::join);
      open.clear();
    }

    private CompletableFuture<?> submitted(Command<?> command) {
      return leader
          .submit(command, NOW)
          .<Result>thenApply(answer -> answer)
          .toCompletableFuture()
          .handle((answer, failure) -> {
            if (answer == null) {
              failed(
                  command, failure instanceof CompletionException ? failure.getCause() : failure);
            } else {
              answered(command, answer);
            }
            return true;
          });
    }

    private void execute(Command<?> command) {
      try {
        answered(command, leader.execute(command, NOW));
      } catch (StorageException | IllegalStateException e) {
        failed(command, e);
      }
    }

    private void answered(Command<?> command, Result answer) {
      ledger.note(command, isDurable(command, answer) ? 1 : 0, 1);
      answers.release();
      if (command instanceof Command.Ingest ingest && answer.isAccepted()) {
        synchronized (accepted) {
          accepted.add(ingest.chunks().get(0).key());
        }
      }
    }

    private void failed(Command<?> command, Throwable failure) {
      boolean isKnown =
          failure instanceof StorageException.Transient cut
              && cut.outcome() == StorageException.Outcome.NOT_COMMITTED;
      assertThat(failure).isInstanceOfAny(StorageException.class, IllegalStateException.class);
      ledger.note(command, 0, isKnown || isPoison(command) ? 0 : 1);
    }

    private Command<?> drawn(int at) {
      int dice = random.nextInt(100);
      long first = 10L * (number * 1_000_000L + at);
      if (dice < 45) {
        String name = dice < 2 ? POISON : "c";
        return new Command.Ingest(
            ProposedChunk.listOf(List.of(chunk(name + number + "-" + at, first))));
      } else if (dice < 55) {
        return new Command.Offer(
            ProposedChunk.listOf(List.of(chunk("o" + number + "-" + at, first))));
      } else if (dice < 65 && !accepted.isEmpty()) {
        synchronized (accepted) {
          return new Command.Remove(accepted.remove(accepted.size() - 1));
        }
      } else if (dice < 75) {
        WorkerStatus status = random.nextBoolean() ? WorkerStatus.CORDONED : WorkerStatus.ACTIVE;
        return new Command.SetStatus(registered.worker(), status);
      }
      return new Command.Heartbeat(
          new ReportHeader(
              registered.worker(), registered.incarnation(), registered.lineage(), ++report));
    }
  }

  /**
   * Reports whether an answer promises a record: one of what changed nothing may be lost. What
   * waits in the log will be accepted.
   */
  private static boolean isDurable(Command<?> command, Result answer) {
    boolean isOfChunks =
        command instanceof Command.Ingest
            || command instanceof Command.Offer
            || command instanceof Command.Remove;
    return isOfChunks && (answer.isAccepted() || answer.code() == ResultCode.REQUESTED);
  }

  private static boolean isPoison(Command<?> command) {
    return command instanceof Command.Ingest ingest
        && ingest.chunks().get(0).key().id().startsWith(POISON);
  }

  private static boolean isPoison(EvidenceRecord record) {
    return EngineReplay.commandIn(record).filter(StormContract::isPoison).isPresent();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void manyThreadsOverAFailingStore_loseNothing_andExecuteNothingTwice(long seed) throws Exception {
    storm(seed, COMMANDS_OF_A_THREAD);
  }

  @Tag("deep")
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void longStormOverAFailingStore_losesNothing_andExecutesNothingTwice(long seed) throws Exception {
    storm(seed, 8 * COMMANDS_OF_A_THREAD);
  }

  private void storm(long seed, int count) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(WRITERS + 3);
    try (Stowage leader = leader(new FailingStore(store, seed), pool);
        Stowage follower = follower()) {
      audit.watch(leader);
      SmallFleet fleet = new SmallFleet(leader);
      assertThat(leader.claim(fleet.now()).granted()).isTrue();
      List<Callable<Boolean>> writers = new ArrayList<>();
      for (int number = 0; number < WRITERS; number++) {
        fleet.join(1_000_000_000, "w" + number);
        ReportHeader header = fleet.header("w" + number);
        writers.add(new Writer(number, count, seed, header, leader, follower));
      }
      isStormy = true;
      Future<Integer> cycles = pool.submit(() -> cycles(leader));
      for (Future<Boolean> each : pool.invokeAll(writers, 4, TimeUnit.MINUTES)) {
        assertThat(each.get()).isTrue();
      }
      isStormy = false;
      answers.release(3); // no more answers come to a plan that waits for them
      assertThat(cycles.get(1, TimeUnit.MINUTES)).as("cycles beside the threads").isPositive();
      assertThat(beside).as("plans beside which commands came").hasPositiveValue();
      calm(leader);
    } finally {
      pool.shutdownNow();
    }
  }

  private Stowage leader(FleetStore over, ExecutorService pool) {
    return Stowage.builder(over)
        .config(SmallFleet.config().withHolder("leader").withAudit(AuditLevel.ALL))
        .with(new SlowPlanner())
        .executor(pool)
        .listener(
            new StowageListener() {
              @Override
              public void violated(Tick tick, Command<?> command, List<Violation> found) {
                violations.addAndGet(found.size());
              }
            })
        .build();
  }

  /** Some of its answers come in time. */
  private Stowage follower() {
    return Stowage.builder(fixture.connect())
        .config(SmallFleet.config().withHolder("follower").withAnswersWithin(Duration.ofMillis(20)))
        .build();
  }

  private int cycles(Stowage leader) {
    int done = 0;
    while (isStormy) {
      try {
        leader.schedule(NOW);
        leader.publish(NOW);
        done++;
      } catch (StorageException.Transient interrupted) {
        // The next cycle tries again.
      }
    }
    return done;
  }

  /** Judges the end: everything is durable, counted, replayed, and found by another process. */
  private void calm(Stowage leader) {
    leader.schedule(NOW);
    // Records of commands that changed nothing wait for a commit.
    leader.execute(
        new Command.Ingest(ProposedChunk.listOf(List.of(chunk("last", 1_000_000_000L)))), NOW);
    assertThat(leader.status(List.of(key("last"))).get(0).state()).isPresent();
    assertThat(violations).hasValue(0);
    List<EvidenceRecord> records = store.evidence(0, Integer.MAX_VALUE);
    Map<Command<?>, Integer> executed = new HashMap<>();
    for (EvidenceRecord record : records) {
      EngineReplay.commandIn(record).ifPresent(it -> executed.merge(it, 1, Integer::sum));
    }
    ledger.requireKept(executed);
    assertThat(ledger.durable).isPositive();
    ReplayResult replayed =
        Replayer.run(
            Evidence.of(leader).header(), records, EngineReplay.with(PlacementPlanner.sticky()));
    assertThat(replayed).isInstanceOf(ReplayResult.Same.class);
    long digest = leader.stats().digest();
    leader.resign();
    try (Stowage next = SmallFleet.facade(fixture.connect(), "next")) {
      assertThat(next.claim(NOW).granted()).isTrue();
      assertThat(next.stats().digest()).isEqualTo(digest);
      assertThat(next.audit()).isEmpty();
    }
  }
}
