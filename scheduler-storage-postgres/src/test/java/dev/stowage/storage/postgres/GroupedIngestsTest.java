package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ingests that are committed together are each decided, answered and kept by themselves. */
class GroupedIngestsTest {
  private static final int WRITERS = 8;
  private static final int CHUNKS = 30;
  private static final int COMMANDS = 1_500;

  @Test
  void writersOfOneProcess_areAnsweredOneByOne_andTheLeaderFindsWhatTheyWereTold()
      throws Exception {
    try (PostgresFixture fixture = new PostgresFixture();
        PostgresChunkStore store = fixture.connect();
        Stowage stowage = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      fleet.join(1_000_000, "a", "b");
      List<Answer> answers = writtenBy(store);
      List<ChunkKey> accepted = keys(answers, ResultCode.ACCEPTED);
      assertThat(accepted).hasSize(CHUNKS);
      assertThat(keys(answers, ResultCode.OVERLAP)).hasSize((WRITERS - 1) * CHUNKS);
      assertThat(keys(answers, ResultCode.INVALID)).hasSize(WRITERS * CHUNKS / 10);
      fleet.settle();
      assertThat(stowage.status(accepted))
          .allSatisfy(status -> assertThat(status.state()).contains(ChunkState.VISIBLE));
      assertThat(stowage.stats().chunks()).isEqualTo(accepted.size());
      assertThat(stowage.audit()).isEmpty();
    }
  }

  @Tag("deep")
  @Test
  void whatOneAfterTheOtherIsTold_isWhatTheRulesSay_whateverStandsAgainstIt() {
    LifecycleState rules = LifecycleState.empty(SmallFleet.config().fleet(), Lineage.of(1));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    Random random = new Random(11);
    Map<ResultCode, Integer> told = new EnumMap<>(ResultCode.class);
    try (PostgresFixture fixture = new PostgresFixture();
        PostgresChunkStore store = fixture.connect();
        Stowage stowage = SmallFleet.facade(store, "leader")) {
      stowage.claim(1);
      for (int i = 0; i < COMMANDS; i++) {
        Command<?> command = anyCommand(i, random);
        Result expected = lifecycle.execute(rules, command, Tick.of(1)).result();
        Result answer = store.inbox().submit(command, Tick.of(1));
        if (expected instanceof Result.Batch batch) {
          assertThat(answer).isEqualTo(PostgresInbox.withoutNumbers(expected));
          batch.items().forEach(item -> told.merge(item.code(), 1, Integer::sum));
        }
      }
      stowage.schedule(2_000_000_000L);
      assertThat(stowage.stats().chunks()).isEqualTo(rules.chunkCount());
      assertThat(stowage.audit()).isEmpty();
    }
    assertThat(told)
        .containsKeys(
            ResultCode.ACCEPTED, ResultCode.DUPLICATE, ResultCode.OVERLAP, ResultCode.INVALID);
  }

  /** Mostly chunks that stand beside all others; now and then one that something is against. */
  private static Command<?> anyCommand(int number, Random random) {
    long free = 100L * number;
    int earlier = random.nextInt(Math.max(1, number));
    return switch (random.nextInt(120)) {
      case 0 -> new Command.Ingest(List.of(proposed("c" + earlier, free, 9)));
      case 1 -> new Command.Ingest(List.of(proposed("c" + number, 100L * earlier + 3, 9)));
      case 2 -> new Command.Ingest(List.of(proposed("c" + number, free, -5)));
      case 3 -> new Command.Remove(SmallFleet.key("c" + earlier));
      case 4 -> {
        ProposedChunk corrected = proposed("s" + number, 100L * earlier, 9);
        ChunkKey old = SmallFleet.key("c" + earlier);
        yield new Command.RegisterSwap(
            old.dataset(), List.of(old), List.of(corrected), Coverage.SAME);
      }
      case 5 -> new Command.Ingest(List.of(proposed("n" + number, 0, Integer.MAX_VALUE)));
      case 6 ->
          new Command.Ingest(
              List.of(
                  proposed("c" + number, free, 9),
                  proposed("c" + number, free + 20, 9),
                  proposed("e" + number, free + 5, 9)));
      case 7 ->
          new Command.Ingest(
              List.of(
                  proposed("c" + number, free, 9),
                  proposed("o" + number, 100L * earlier, (int) free - 100 * earlier + 5)));
      default ->
          new Command.Ingest(
              List.of(proposed("c" + number, free, 9), proposed("b" + number, free + 50, 9)));
    };
  }

  @Test
  void errorInWhoLeads_isNoAnswer_andHoldsNobodyUp() throws Exception {
    AtomicBoolean isBroken = new AtomicBoolean();
    try (PostgresFixture fixture =
            new PostgresFixture(
                TestServer.get(),
                server ->
                    PostgresChunkStore.builder(breaking(server.source(), isBroken))
                        .withoutTrustedClock());
        PostgresChunkStore store = fixture.connect();
        Stowage stowage = SmallFleet.facade(store, "leader")) {
      stowage.claim(1);
      assertThat(ingest(store, proposed("c1", 0, 9)).item().code()).isEqualTo(ResultCode.ACCEPTED);
      isBroken.set(true);
      assertThatThrownBy(() -> ingest(store, proposed("c2", 100, 9)))
          .isInstanceOf(LinkageError.class);
      isBroken.set(false);
      assertThat(ingest(store, proposed("c2", 100, 9)).item().code())
          .isEqualTo(ResultCode.ACCEPTED);
    }
  }

  /** A source whose connections fail in a way that no driver should, while it is broken. */
  private static DataSource breaking(DataSource source, AtomicBoolean isBroken) {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> {
              if (isBroken.get()) {
                throw new LinkageError("broken");
              }
              return method.invoke(source, arguments);
            });
  }

  @Test
  void twoProcesses_thatAddTheSameChunksInOppositeOrder_neverWaitForEachOther() throws Exception {
    try (PostgresFixture fixture = new PostgresFixture();
        PostgresChunkStore one = fixture.connect();
        PostgresChunkStore other = fixture.connect();
        Stowage stowage = SmallFleet.facade(one, "leader")) {
      stowage.claim(1);
      long before = fixture.deadlocks();
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        for (int round = 0; round < 30; round++) {
          List<ProposedChunk> chunks = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            chunks.add(proposed("c" + round + "-" + i, 1_000L * round + 20L * i, 9));
          }
          List<ProposedChunk> reversed = new ArrayList<>(chunks);
          Collections.reverse(reversed);
          Future<Result> first =
              pool.submit(() -> one.inbox().submit(new Command.Ingest(chunks), Tick.of(1)));
          Future<Result> second =
              pool.submit(() -> other.inbox().submit(new Command.Ingest(reversed), Tick.of(1)));
          assertThat(accepted(first.get()) + accepted(second.get())).isEqualTo(20);
        }
      } finally {
        pool.shutdownNow();
      }
      assertThat(fixture.deadlocks()).isEqualTo(before);
    }
  }

  private static int accepted(Result result) {
    return (int)
        ((Result.Batch) result)
            .items().stream().filter(item -> item.code() == ResultCode.ACCEPTED).count();
  }

  private record Answer(ChunkKey key, Result.Item item) {}

  private static List<ChunkKey> keys(List<Answer> answers, ResultCode code) {
    return answers.stream()
        .filter(answer -> answer.item().code() == code)
        .map(Answer::key)
        .toList();
  }

  /** Every writer wants the same ranges, a little shifted, and every tenth time nonsense too. */
  private static List<Answer> writtenBy(PostgresChunkStore store) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<List<Answer>>> running = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int shift = writer;
        running.add(
            pool.submit(() -> {
              start.await();
              return write(store, shift);
            }));
      }
      start.countDown();
      List<Answer> answers = new ArrayList<>();
      for (Future<List<Answer>> one : running) {
        answers.addAll(one.get(2, TimeUnit.MINUTES));
      }
      return answers;
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<Answer> write(PostgresChunkStore store, int shift) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      answers.add(ingest(store, proposed("w" + shift + "-" + i, 20L * i + shift, 9)));
      if (i % 10 == 0) {
        answers.add(ingest(store, proposed("nonsense", 20L * i, -5)));
      }
    }
    return answers;
  }

  private static ProposedChunk proposed(String id, long first, int length) {
    return new ProposedChunk(
        SmallFleet.key(id), first, first + length, 100, OptionalInt.empty(), Eligibility.ANY);
  }

  private static Answer ingest(PostgresChunkStore store, ProposedChunk chunk) {
    Result result = store.inbox().submit(new Command.Ingest(List.of(chunk)), Tick.of(1));
    return new Answer(chunk.key(), ((Result.Batch) result).items().get(0));
  }
}
