package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.engine.SmallFleet;
import dev.stowage.engine.Stowage;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ingests that are committed together are each decided, answered and kept by themselves. */
class GroupedIngestsTest {
  private static final int WRITERS = 8;
  private static final int CHUNKS = 30;

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
