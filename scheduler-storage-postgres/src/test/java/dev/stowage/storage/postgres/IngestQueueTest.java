package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is waited for, and who is not. A moment is so long that who waits in vain is found out. */
@Timeout(60)
class IngestQueueTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final int MOST = 10;

  private final IngestQueue queue = new IngestQueue(MOST, HOUR);

  @Test
  void loneSubmitter_neverWaits() {
    for (int i = 0; i < 3; i++) {
      IngestQueue.Waiting one = queue.add(ingest(1), Tick.of(1));
      assertThat(queue.next(one)).containsExactly(one);
      queue.answer(List.of(one));
    }
  }

  @Test
  void whoWasAnswered_isWaitedFor() {
    answer(2);
    IngestQueue.Waiting first = queue.add(ingest(1), Tick.of(1));
    CompletableFuture<List<IngestQueue.Waiting>> group = group(first);
    IngestQueue.Waiting second = queue.add(ingest(1), Tick.of(1));
    assertThat(group.join()).containsExactly(first, second);
  }

  @Test
  void whoCameMeanwhile_isWaitedForWithThem() {
    List<IngestQueue.Waiting> underWay = formed(1);
    IngestQueue.Waiting late = queue.add(ingest(1), Tick.of(1));
    queue.answer(underWay);
    CompletableFuture<List<IngestQueue.Waiting>> group = group(late);
    IngestQueue.Waiting back = queue.add(ingest(1), Tick.of(1));
    assertThat(group.join()).containsExactly(late, back);
  }

  @Test
  void whoDoesNotComeBack_isWaitedForOnce() {
    IngestQueue hasty = new IngestQueue(MOST, 1_000);
    List<IngestQueue.Waiting> three = List.of(add(hasty), add(hasty), add(hasty));
    assertThat(hasty.next(three.get(0))).hasSize(3);
    hasty.answer(three);
    IngestQueue.Waiting one = add(hasty);
    assertThat(hasty.next(one)).containsExactly(one);
  }

  @Test
  void afterAMomentInVain_theNextGroupIsFormedAtOnce() throws Exception {
    answer(2);
    IngestQueue.Waiting first = queue.add(ingest(1), Tick.of(1));
    Thread.currentThread().interrupt(); // ends the moment
    assertThat(queue.next(first)).containsExactly(first);
    assertThat(Thread.interrupted()).isTrue();
    IngestQueue.Waiting late = queue.add(ingest(1), Tick.of(1));
    queue.answer(List.of(first));
    assertThat(queue.next(late)).containsExactly(late);
  }

  @Test
  void whoIsInAGroup_formsNoOther() {
    IngestQueue.Waiting first = queue.add(ingest(1), Tick.of(1));
    IngestQueue.Waiting second = queue.add(ingest(1), Tick.of(1));
    assertThat(queue.next(first)).containsExactly(first, second);
    assertThat(queue.next(second)).isEmpty();
  }

  @Test
  void groupsHaveTheirBound_butForACommandThatIsLargerAlone() {
    List<IngestQueue.Waiting> all = new ArrayList<>();
    for (int chunks : List.of(6, 4, 1, 64, 1)) {
      all.add(queue.add(ingest(chunks), Tick.of(1)));
    }
    assertThat(queue.next(all.get(4))).containsExactly(all.get(0), all.get(1));
    assertThat(queue.next(all.get(4))).containsExactly(all.get(2));
    assertThat(queue.next(all.get(4))).containsExactly(all.get(3));
    assertThat(queue.next(all.get(4))).containsExactly(all.get(4));
    assertThat(queue.next(all.get(4))).isEmpty();
  }

  private List<IngestQueue.Waiting> formed(int count) {
    List<IngestQueue.Waiting> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(add(queue));
    }
    assertThat(queue.next(all.get(0))).isEqualTo(all);
    return all;
  }

  private void answer(int count) {
    queue.answer(formed(count));
  }

  private static IngestQueue.Waiting add(IngestQueue to) {
    return to.add(ingest(1), Tick.of(1));
  }

  /** Formed by another thread. */
  private CompletableFuture<List<IngestQueue.Waiting>> group(IngestQueue.Waiting of) {
    return CompletableFuture.supplyAsync(() -> queue.next(of));
  }

  private static Command.Ingest ingest(int chunks) {
    List<ProposedChunk> proposed = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      proposed.add(ProposedChunk.of(Chunk.of(ChunkKey.of("d", "c" + i), BlockRange.of(i, i), 1)));
    }
    return new Command.Ingest(proposed);
  }
}
