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
  void loneSubmitter_leadsAndNeverWaits() {
    for (int i = 0; i < 3; i++) {
      IngestQueue.Waiting one = add(queue);
      assertThat(one.await()).isEqualTo(IngestQueue.Turn.LEAD);
      assertThat(queue.next()).containsExactly(one);
      queue.answer(List.of(one));
    }
  }

  @Test
  void whoComesWhileAnotherLeads_isAnsweredInItsGroup() {
    IngestQueue.Waiting first = add(queue);
    IngestQueue.Waiting second = add(queue);
    List<IngestQueue.Waiting> group = queue.next();
    assertThat(group).containsExactly(first, second);
    queue.answer(group);
    assertThat(second.await()).isEqualTo(IngestQueue.Turn.ANSWERED);
  }

  @Test
  void whoCameTooLateForAGroup_leadsTheNext() {
    List<IngestQueue.Waiting> underWay = formed(1);
    IngestQueue.Waiting late = add(queue);
    IngestQueue.Waiting later = add(queue);
    queue.answer(underWay);
    assertThat(late.await()).isEqualTo(IngestQueue.Turn.LEAD);
    add(queue);
    queue.answer(queue.next());
    assertThat(later.await()).isEqualTo(IngestQueue.Turn.ANSWERED);
  }

  @Test
  void whoWasAnswered_isWaitedFor() {
    queue.answer(formed(2));
    IngestQueue.Waiting first = add(queue);
    CompletableFuture<List<IngestQueue.Waiting>> group = next();
    IngestQueue.Waiting second = add(queue);
    assertThat(group.join()).containsExactly(first, second);
  }

  @Test
  void whoCameMeanwhile_isWaitedForWithThem() {
    List<IngestQueue.Waiting> underWay = formed(1);
    IngestQueue.Waiting late = add(queue);
    queue.answer(underWay);
    CompletableFuture<List<IngestQueue.Waiting>> group = next();
    IngestQueue.Waiting back = add(queue);
    assertThat(group.join()).containsExactly(late, back);
  }

  @Test
  void whoDoesNotComeBack_isWaitedForAMoment() {
    IngestQueue hasty = new IngestQueue(MOST, 1_000);
    add(hasty);
    add(hasty);
    hasty.answer(hasty.next());
    IngestQueue.Waiting one = add(hasty);
    assertThat(hasty.next()).containsExactly(one);
  }

  @Test
  void afterAMomentInVain_theNextGroupIsFormedAtOnce() {
    queue.answer(formed(2));
    IngestQueue.Waiting first = add(queue);
    Thread.currentThread().interrupt(); // ends the moment
    assertThat(queue.next()).containsExactly(first);
    assertThat(Thread.interrupted()).isTrue();
    IngestQueue.Waiting late = add(queue);
    queue.answer(List.of(first));
    assertThat(queue.next()).containsExactly(late);
  }

  @Test
  void groupsHaveTheirBound_butForACommandThatIsLargerAlone() {
    List<IngestQueue.Waiting> all = new ArrayList<>();
    for (int chunks : List.of(6, 4, 1, 64, 1)) {
      all.add(queue.add(ingest(chunks), Tick.of(1)));
    }
    assertThat(queue.next()).containsExactly(all.get(0), all.get(1));
    assertThat(queue.next()).containsExactly(all.get(2));
    assertThat(queue.next()).containsExactly(all.get(3));
    assertThat(queue.next()).containsExactly(all.get(4));
  }

  private List<IngestQueue.Waiting> formed(int count) {
    for (int i = 0; i < count; i++) {
      add(queue);
    }
    List<IngestQueue.Waiting> group = queue.next();
    assertThat(group).hasSize(count);
    return group;
  }

  private static IngestQueue.Waiting add(IngestQueue to) {
    return to.add(ingest(1), Tick.of(1));
  }

  /** Formed by another thread. */
  private CompletableFuture<List<IngestQueue.Waiting>> next() {
    return CompletableFuture.supplyAsync(queue::next);
  }

  private static Command.Ingest ingest(int chunks) {
    List<ProposedChunk> proposed = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      proposed.add(ProposedChunk.of(Chunk.of(ChunkKey.of("d", "c" + i), BlockRange.of(i, i), 1)));
    }
    return new Command.Ingest(proposed);
  }
}
