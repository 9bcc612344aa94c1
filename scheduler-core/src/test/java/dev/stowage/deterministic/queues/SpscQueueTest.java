package dev.stowage.deterministic.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.CoreLocal.ForeignAccess;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpscQueueTest {
  @Test
  void capacity_outsideItsRange_isRefusedByName() {
    assertThatThrownBy(() -> SpscQueue.ofCapacity(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0; 1 to 1073741824");
    assertThatThrownBy(() -> SpscQueue.ofCapacity(SpscQueue.MAX_CAPACITY + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1073741825");
  }

  /** A positive number offers that many consecutive values, anything else polls once. */
  @Property(seed = "1")
  void queue_underAnyOperations_behavesLikeABoundedDeque(
      @ForAll @IntRange(min = 1, max = 70) int capacity,
      @ForAll @Size(max = 200) List<@IntRange(min = -4, max = 4) Integer> operations) {
    SpscQueue<Integer> queue = SpscQueue.ofCapacity(capacity);
    ArrayDeque<Integer> model = new ArrayDeque<>();
    int next = 0;
    for (int operation : operations) {
      if (operation > 0) {
        for (int i = 0; i < operation; i++) {
          boolean room = model.size() < capacity;
          assertThat(queue.offer(next)).isEqualTo(room);
          if (room) {
            model.add(next);
          }
          next++;
        }
      } else {
        assertThat(queue.poll()).isEqualTo(model.poll());
      }
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
    }
  }

  @Test
  void secondThreadOfASide_inDebugMode_isRefusedUntilTheFirstReleases() {
    SpscQueue<Integer> queue = SpscQueue.ofCapacity(4);
    queue.offer(1);
    CompletableFuture<Boolean> foreign = CompletableFuture.supplyAsync(() -> queue.offer(2));
    assertThatThrownBy(foreign::join).hasCauseInstanceOf(ForeignAccess.class);
    queue.releaseProducer();
    assertThat(CompletableFuture.supplyAsync(() -> queue.offer(2)).join()).isTrue();
    assertThat(queue.poll()).isEqualTo(1);
    CompletableFuture<Integer> other = CompletableFuture.supplyAsync(queue::poll);
    assertThatThrownBy(other::join).hasCauseInstanceOf(ForeignAccess.class);
    queue.releaseConsumer();
    assertThat(CompletableFuture.supplyAsync(queue::poll).join()).isEqualTo(2);
  }
}
