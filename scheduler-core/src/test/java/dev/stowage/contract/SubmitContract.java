package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.QueueConfig;
import dev.stowage.StowageException;
import dev.stowage.StowageException.Reason;
import dev.stowage.StowageListener;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.StoreInbox;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of commands that wait together: they become durable in one commit, each with its own
 * answer, and whatever fails, none is lost or executed twice. A backend extends this class, opens
 * its store, and changes nothing else.
 */
public abstract class SubmitContract extends OpenedStore {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final HeldExecutor executor = new HeldExecutor();
  private final List<Command<?>> heard = new ArrayList<>();
  private FaultyStore faulty;
  private int commits;
  private boolean areLoadsFailing;
  private ChunkKey unfit;

  /** Runs nothing until it is told to. */
  private static final class HeldExecutor implements Executor {
    private final LinkedBlockingDeque<Runnable> tasks = new LinkedBlockingDeque<>();
    private Runnable dies = () -> {};

    @Override
    public void execute(Runnable task) {
      dies.run();
      tasks.add(task);
    }

    private void run() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }

    private void runUntilDone(List<? extends CompletableFuture<?>> stages) throws Exception {
      while (!stages.stream().allMatch(CompletableFuture::isDone)) {
        Runnable task = tasks.poll(1, TimeUnit.MINUTES);
        assertThat(task).as("nothing to run, nothing answered").isNotNull();
        task.run();
      }
    }
  }

  private Stowage.Builder builder(String holder, QueueConfig queue) {
    faulty =
        new FaultyStore(
            new ForwardingStore(fixture.connect()) {
              @Override
              protected StoreSession session(StoreSession opened) {
                return new ForwardingSession(opened) {
                  @Override
                  public LoadedFleet load() {
                    if (areLoadsFailing) {
                      throw new StorageException.Transient(
                          "no connection", StorageException.Outcome.NOT_COMMITTED, null);
                    }
                    return super.load();
                  }
                };
              }

              @Override
              protected StoreTransaction transaction(StoreTransaction begun) {
                return new ForwardingTransaction(begun) {
                  @Override
                  public void commit(Commit commit) {
                    commits++;
                    if (commit.changes().stream()
                        .flatMap(it -> it.chunks().stream())
                        .anyMatch(it -> it.key().equals(unfit))) {
                      throw new StorageException.Corrupt(unfit + " does not fit", null);
                    }
                    super.commit(commit);
                  }
                };
              }
            });
    return Stowage.builder(faulty)
        .config(SmallFleet.config().withHolder(holder).withQueue(queue))
        .listener(
            new StowageListener() {
              @Override
              public void executed(Tick tick, Command<?> command, Result result) {
                heard.add(command);
              }
            })
        .executor(executor);
  }

  private static QueueConfig queue(int mostCommands, long mostBytes) {
    return new QueueConfig(mostCommands, mostBytes, Duration.ZERO);
  }

  private Stowage led() {
    return led(builder("first", QueueConfig.DEFAULT));
  }

  private Stowage led(Stowage.Builder builder) {
    Stowage facade = audit.watch(builder.build());
    assertThat(facade.claim(1).granted()).isTrue();
    heard.clear();
    commits = 0;
    return facade;
  }

  private static Command.Ingest ingest(int number) {
    return new Command.Ingest(ProposedChunk.listOf(List.of(chunk("c" + number, 10L * number))));
  }

  private static List<CompletableFuture<Result.Batch>> submit(Stowage to, int from, int count) {
    List<CompletableFuture<Result.Batch>> stages = new ArrayList<>();
    for (int number = from; number < from + count; number++) {
      stages.add(to.submit(ingest(number), 1).toCompletableFuture());
    }
    return stages;
  }

  private static boolean isThere(Stowage facade, int number) {
    return facade
        .status(List.of(key("c" + number)))
        .get(0)
        .state()
        .equals(Optional.of(ChunkState.ADMITTED));
  }

  private static Reason reason(CompletableFuture<?> stage) {
    return ((StowageException) cause(stage)).reason();
  }

  private static StorageException.Outcome outcome(CompletableFuture<?> stage) {
    return ((StorageException.Transient) cause(stage)).outcome();
  }

  @Test
  void commandsThatWaitTogether_becomeDurableInOneCommit() {
    Stowage stowage = led();
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 20);
    assertThat(stages).noneMatch(CompletableFuture::isDone);
    executor.run();
    assertThat(stages).allMatch(stage -> stage.getNow(null).isAccepted());
    assertThat(commits).isOne();
    assertThat(heard).hasSize(20);
    stowage.close();
    Stowage next = led(builder("first", QueueConfig.DEFAULT));
    assertThat(next.stats().chunks()).isEqualTo(20);
    assertThat(next.audit()).isEmpty();
  }

  @Test
  void fullQueue_refusesWithBackpressure_andTakesMoreOnceItIsAnswered() {
    Stowage stowage = led(builder("first", queue(3, 1L << 20)));
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 4);
    assertThat(reason(stages.get(3))).isEqualTo(Reason.BACKPRESSURE);
    // A waiting thread is bounded by itself.
    assertThat(stowage.execute(ingest(9), 1).isAccepted()).isTrue();
    executor.run();
    assertThat(stages.subList(0, 3)).allMatch(stage -> stage.getNow(null).isAccepted());
    assertThat(isThere(stowage, 3)).isFalse();
    List<CompletableFuture<Result.Batch>> more = submit(stowage, 3, 3);
    executor.run();
    assertThat(more).allMatch(stage -> stage.getNow(null).isAccepted());
  }

  @Test
  void fullQueue_isFullByBytesToo_butTakesOneCommandOfAnySize() {
    Stowage stowage = led(builder("first", queue(100, 1)));
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 2);
    assertThat(reason(stages.get(1))).isEqualTo(Reason.BACKPRESSURE);
    executor.run();
    assertThat(stages.get(0).getNow(null).isAccepted()).isTrue();
  }

  @Test
  void commandThatIsCancelled_beforeItIsDecided_isNotExecuted_andMakesRoom() {
    Stowage stowage = led(builder("first", queue(2, 1L << 20)));
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 2);
    assertThat(stages.get(0).cancel(false)).isTrue();
    CompletableFuture<Result.Batch> third = submit(stowage, 2, 1).get(0);
    executor.run();
    assertThat(stages.get(1).getNow(null).isAccepted()).isTrue();
    assertThat(third.getNow(null).isAccepted()).isTrue();
    assertThat(isThere(stowage, 0)).isFalse();
    assertThat(commits).isOne();
  }

  @Test
  void lastCommandThatIsCancelled_leavesNothingBehind() {
    Stowage stowage = led();
    submit(stowage, 0, 1).get(0).cancel(false);
    executor.run();
    assertThat(commits).isZero();
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 1, 1);
    executor.run();
    assertThat(stages.get(0).getNow(null).isAccepted()).isTrue();
  }

  @Test
  void close_answersEveryCommandThatWaits() {
    Stowage stowage = led();
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 70);
    stowage.close();
    executor.run();
    assertThat(stages).allSatisfy(it -> assertThat(reason(it)).isEqualTo(Reason.CLOSED));
    assertThat(commits).isZero();
    assertThatThrownBy(() -> stowage.submit(ingest(1), 1))
        .isInstanceOfSatisfying(
            StowageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
  }

  @Test
  void close_answersWhatTheExecutorDropped() {
    Stowage stowage = led();
    List<CompletableFuture<Result.Batch>> decided = submit(stowage, 0, 2);
    assertThat(stowage.execute(ingest(2), 1).isAccepted()).isTrue();
    List<CompletableFuture<Result.Batch>> waiting = submit(stowage, 3, 2);
    executor.tasks.clear();
    assertThat(decided).noneMatch(CompletableFuture::isDone);
    stowage.close();
    assertThat(decided).allMatch(stage -> stage.getNow(null).isAccepted());
    assertThat(waiting).allSatisfy(it -> assertThat(reason(it)).isEqualTo(Reason.CLOSED));
  }

  @Test
  void submission_withoutAnExecutor_orOfALeadersOwnCommand_isRefused() {
    Stowage stowage = led();
    assertThatThrownBy(() -> stowage.submit(new LeaderCommand.Schedule(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Schedule is a leader's own command");
    Stowage without = SmallFleet.facade(fixture.connect(), "second");
    assertThatThrownBy(() -> without.submit(ingest(1), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Builder.executor");
    without.close();
  }

  @ParameterizedTest
  @ValueSource(classes = {RejectedExecutionException.class, OutOfMemoryError.class})
  void deadExecutor_failsStages_andHoldsUpNobodyElse(Class<? extends Throwable> failure) {
    Stowage stowage = led();
    List<CompletableFuture<Result.Batch>> before = submit(stowage, 0, 2);
    executor.dies =
        () -> {
          if (failure == OutOfMemoryError.class) {
            throw new OutOfMemoryError("no more threads");
          }
          throw new RejectedExecutionException("shut down");
        };
    CompletableFuture<Result.Batch> behind = submit(stowage, 2, 1).get(0);
    assertThat(stowage.execute(ingest(3), 1).isAccepted()).isTrue();
    assertThat(before).allMatch(stage -> stage.getNow(null).isAccepted());
    assertThat(behind.getNow(null).isAccepted()).isTrue();
    CompletableFuture<Result.Batch> refused = submit(stowage, 4, 1).get(0);
    assertThatThrownBy(() -> refused.get(0, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(failure);
    assertThat(isThere(stowage, 4)).isFalse();
    executor.run();
  }

  @Test
  void threadThatCalls_doesNotWaitForABusyExecutor() {
    Stowage stowage = led();
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 3);
    assertThat(stowage.execute(ingest(3), 1).isAccepted()).isTrue();
    assertThat(isThere(stowage, 0)).as("decided before the command behind it").isTrue();
    assertThat(commits).isOne();
    executor.run();
    assertThat(stages).allMatch(stage -> stage.getNow(null).isAccepted());
    List<CompletableFuture<Result.Batch>> more = submit(stowage, 4, 1);
    executor.run();
    assertThat(more.get(0).getNow(null).isAccepted()).isTrue();
  }

  @Test
  void operatorsCommand_overtakesAFloodOfIngests() {
    Stowage stowage = led();
    List<CompletableFuture<Result.Batch>> flood = submit(stowage, 0, 200);
    var operators = stowage.submit(new Command.Freeze(Command.ANY_VERSION), 1);
    executor.tasks.remove().run();
    assertThat(operators.toCompletableFuture().isDone()).isTrue();
    assertThat(heard.get(0)).isInstanceOf(Command.Freeze.class);
    assertThat(flood.get(199).isDone()).isFalse();
    executor.run();
    assertThat(flood).allMatch(stage -> stage.getNow(null).isAccepted());
  }

  private static Throwable cause(CompletableFuture<?> stage) {
    try {
      throw new AssertionError("answered " + stage.getNow(null));
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  @Test
  void commandsBehindOneInDoubt_areKnownNotToHaveHappened() {
    Stowage stowage = led();
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 4);
    faulty
        .failNext(FaultyStore.Fault.BEFORE_COMMIT, FaultyStore.Fault.AFTER_COMMIT_UNKNOWN)
        .loseOutcomes(1);
    executor.run();
    assertThat(outcome(stages.get(0))).isEqualTo(StorageException.Outcome.UNKNOWN);
    for (int behind = 1; behind < 4; behind++) {
      assertThat(outcome(stages.get(behind))).isEqualTo(StorageException.Outcome.NOT_COMMITTED);
      assertThat(isThere(stowage, behind)).isFalse();
    }
    assertThat(isThere(stowage, 0)).isTrue();
    assertAgrees(stowage);
  }

  @Test
  void commandThatCannotBeCommitted_failsAlone() {
    Stowage stowage = led();
    unfit = key("c10");
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 80);
    executor.run();
    assertThat(cause(stages.remove(10)))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("c10 does not fit");
    assertThat(stages).allMatch(stage -> stage.getNow(null).isAccepted());
    assertAgrees(stowage);
  }

  @Test
  void groupThatCannotBeCommitted_inDoubt_isUnknown() {
    Stowage stowage = led();
    unfit = key("c2");
    faulty.loseOutcomes(1);
    List<CompletableFuture<Result.Batch>> stages = submit(stowage, 0, 4);
    executor.run();
    assertThat(stages)
        .allSatisfy(it -> assertThat(outcome(it)).isEqualTo(StorageException.Outcome.UNKNOWN));
    assertAgrees(stowage);
  }

  @Test
  void groupWhoseReloadFails_afterOneInDoubt_isKnownNotToHaveHappened() {
    Stowage stowage = led();
    List<CompletableFuture<Result.Batch>> first = submit(stowage, 0, 2);
    faulty.failNext(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN).loseOutcomes(1);
    executor.run();
    assertThat(outcome(first.get(1))).isEqualTo(StorageException.Outcome.UNKNOWN);
    areLoadsFailing = true;
    List<CompletableFuture<Result.Batch>> second = submit(stowage, 2, 3);
    executor.run();
    assertThat(second)
        .allSatisfy(
            it -> assertThat(outcome(it)).isEqualTo(StorageException.Outcome.NOT_COMMITTED));
    areLoadsFailing = false;
    assertThat(isThere(stowage, 2)).isFalse();
    assertAgrees(stowage);
  }

  @Test
  void groupOfAFencedLeader_goesToTheInbox() throws Exception {
    Stowage old = led();
    List<CompletableFuture<Result.Batch>> stages = submit(old, 0, 5);
    fixture.expireLease();
    Stowage next = SmallFleet.facade(fixture.connect(), "next");
    assertThat(next.claim(1).granted()).isTrue();
    executor.run();
    assertThat(old.isLeading()).isFalse();
    next.schedule(1);
    executor.runUntilDone(stages);
    assertThat(stages).allMatch(stage -> stage.getNow(null).isAccepted());
    assertThat(next.stats().chunks()).isEqualTo(5);
    next.close();
  }

  @Test
  void commandsOfAFollower_waitForTheNextLeader_whileNobodyLeads() {
    Stowage leader = led();
    Stowage follower = SmallFleet.facade(fixture.connect(), "second");
    leader.resign();
    Result.Batch ingested = follower.execute(ingest(0), 1);
    assertThat(ingested.code()).isEqualTo(ResultCode.REQUESTED);
    assertThat(ingested.isAccepted()).isFalse();
    Result.Registered registered = follower.register(WorkerId.of("w"), "disk", 1);
    assertThat(registered.code()).isEqualTo(ResultCode.REQUESTED);
    Command.Offer offer = new Command.Offer(ingest(1).chunks());
    Result.Batch offered = follower.execute(offer, 1);
    assertThat(offered.code()).as("durable").isEqualTo(ResultCode.OFFERED);
    CommandId name = CommandId.parse(offered.reasons().get(0));
    assertThat(follower.answer(name)).isEmpty();
    assertThat(isThere(follower, 0)).isFalse();
    Stowage next = audit.watch(SmallFleet.facade(fixture.connect(), "next"));
    assertThat(next.claim(1).granted()).isTrue();
    next.schedule(1);
    assertThat(isThere(follower, 0)).isTrue();
    assertThat(isThere(follower, 1)).isTrue();
    assertThat(follower.answer(name))
        .hasValueSatisfying(it -> assertThat(it.isAccepted()).isTrue());
    follower.close();
  }

  @Test
  void commandOfAFollower_isDecidedAtTheTickOfItsLeader() {
    List<Tick> decided = new ArrayList<>();
    Stowage leader =
        led(
            builder("first", QueueConfig.DEFAULT)
                .listener(
                    new StowageListener() {
                      @Override
                      public void executed(Tick tick, Command<?> command, Result result) {
                        if (command.equals(ingest(0))) {
                          decided.add(tick);
                        }
                      }
                    }));
    Stowage follower = SmallFleet.facade(fixture.connect(), "second");
    follower.execute(ingest(0), 40_000_000_000L);
    leader.schedule(7_000_000_000L);
    assertThat(decided).containsExactly(Tick.of(7));
    follower.close();
  }

  /** Returns a follower that hears these instead of the next answers of its log, which has all. */
  private Stowage follower(List<Supplier<?>> instead) {
    Queue<Supplier<?>> next = new ArrayDeque<>(instead);
    ForwardingStore connection =
        new ForwardingStore(fixture.connect()) {
          @Override
          public StoreInbox inbox() {
            return (StoreInbox)
                Proxy.newProxyInstance(
                    StoreInbox.class.getClassLoader(),
                    new Class<?>[] {StoreInbox.class},
                    (proxy, method, arguments) -> {
                      Object said = method.invoke(super.inbox(), arguments);
                      boolean isHeard = next.isEmpty() || method.getName().startsWith("on");
                      return isHeard ? said : next.remove().get();
                    });
          }
        };
    return Stowage.builder(connection)
        .config(SmallFleet.config().withAnswersWithin(Duration.ofMillis(20)))
        .executor(executor)
        .build();
  }

  private static Supplier<?> cut(StorageException.Outcome known) {
    return () -> {
      throw new StorageException.Transient("no connection", known, null);
    };
  }

  @Test
  void groupOfAFollower_whoseSecondTryFailsToo_isUnknown_eachOfIt() {
    Stowage leader = led();
    int number = 0;
    for (Supplier<?> second :
        List.<Supplier<?>>of(
            cut(StorageException.Outcome.NOT_COMMITTED),
            cut(StorageException.Outcome.UNKNOWN),
            () -> Set.of(new CommandId(1, 1)))) {
      Stowage follower = follower(List.of(cut(StorageException.Outcome.UNKNOWN), second));
      List<CompletableFuture<Result.Batch>> stages = submit(follower, number, 3);
      executor.run();
      assertThat(stages)
          .allSatisfy(it -> assertThat(outcome(it)).isEqualTo(StorageException.Outcome.UNKNOWN));
      leader.schedule(1);
      number += 3;
      assertThat(leader.stats().chunks()).as("all were appended").isEqualTo(number);
      follower.close();
    }
  }

  @Test
  void commandOfAFollower_thatIsDurable_isRequested_thoughItsAnswerCannotBeRead() {
    Stowage leader = led();
    Supplier<?> cut = cut(StorageException.Outcome.UNKNOWN);
    Stowage follower = follower(List.of(cut, Set::of, cut));
    assertThat(follower.execute(ingest(0), 1).code()).isEqualTo(ResultCode.REQUESTED);
    leader.schedule(1);
    assertThat(leader.stats().chunks()).isOne();
    follower.close();
  }

  @Test
  void listenerThatCallsTheFacade_amidAGroup_isAnswered() {
    Stowage[] facade = new Stowage[1];
    List<Boolean> nested = new ArrayList<>();
    Stowage.Builder builder = builder("first", QueueConfig.DEFAULT);
    builder.listener(
        new StowageListener() {
          @Override
          public void executed(Tick tick, Command<?> command, Result result) {
            if (command.equals(ingest(1))) {
              nested.add(facade[0].execute(ingest(50), 1).isAccepted());
            }
          }
        });
    facade[0] = led(builder);
    List<CompletableFuture<Result.Batch>> stages = submit(facade[0], 0, 3);
    executor.run();
    assertThat(stages).allMatch(stage -> stage.getNow(null).isAccepted());
    assertThat(nested).containsExactly(true);
    assertAgrees(facade[0]);
  }

  @Test
  void threadThatIsInterrupted_isAnswered_andStaysInterrupted() throws Exception {
    Stowage stowage = led();
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> other =
          pool.submit(() -> {
            Thread.currentThread().interrupt();
            boolean isDone = stowage.describe(Worker.of(WorkerId.of("w"), 1), 1).isAccepted();
            return isDone && Thread.interrupted();
          });
      assertThat(other.get(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      pool.shutdownNow();
    }
  }

  private static Command<?> any(Random random) {
    int number = random.nextInt(40);
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> ingest(number);
      case 3 -> new Command.Remove(key("c" + number));
      case 4 -> new Command.Offer(ProposedChunk.listOf(List.of(chunk("o" + number, 10L * number))));
      case 5 ->
          new Command.RegisterSwap(
              SmallFleet.dataset(),
              List.of(key("c" + number)),
              ProposedChunk.listOf(List.of(chunk("s" + number, 10L * number))),
              Coverage.SAME);
      case 6 -> new Command.CancelSwap(1 + random.nextInt(10));
      default -> new Command.Register(WorkerId.of("w" + number % 3), "disk " + number % 5);
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void groupsOfAnyCommands_areStoredAsTheyWereDecided(long seed) {
    Random random = new Random(seed);
    Stowage stowage = led();
    for (int worker = 0; worker < 3; worker++) {
      stowage.describe(Worker.of(WorkerId.of("w" + worker), 1_000_000), 1);
    }
    for (int group = 0; group < 8; group++) {
      List<CompletableFuture<?>> stages = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        stages.add(stowage.submit(any(random), 1).toCompletableFuture());
      }
      executor.run();
      assertThat(stages).allMatch(stage -> !stage.isCompletedExceptionally());
      if (group % 3 == 2) {
        stowage.schedule(1);
        stowage.publish(1);
      }
    }
    assertAgrees(stowage);
  }

  /** Asserts that the store agrees with the state of the facade. */
  private void assertAgrees(Stowage facade) {
    long digest = facade.stats().digest();
    facade.close();
    Stowage next = led(builder("first", QueueConfig.DEFAULT));
    assertThat(next.stats().digest()).isEqualTo(digest);
    assertThat(next.audit()).isEmpty();
  }
}
