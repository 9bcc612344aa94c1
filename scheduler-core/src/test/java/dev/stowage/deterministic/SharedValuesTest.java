package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.CoreLocal.ForeignAccess;
import dev.stowage.deterministic.Shared.MemoryOrder;
import dev.stowage.deterministic.TickBudget.Status;
import dev.stowage.deterministic.queues.BestEffortQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharedValuesTest {
  @Test
  void bestEffort_onOneThread_keepsOrderThenIsEmpty() {
    BestEffortQueue<Integer> queue = BestEffortQueue.empty();
    queue.enqueue(42);
    queue.enqueue(43);
    assertThat(queue.dequeue()).contains(42);
    assertThat(queue.dequeue()).contains(43);
    assertThat(queue.dequeue()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(MemoryOrder.class)
  void reference_underEveryOrder_allowsEveryOperation(MemoryOrder order) {
    Shared<String> shared = Shared.of("a", order);
    assertThat(shared.load()).isEqualTo("a");
    shared.store("b");
    assertThat(shared.load()).isEqualTo("b");
    shared.store("c");
    assertThat(shared.compareAndSet("x", "d")).isFalse();
    assertThat(shared.compareAndSet("c", "d")).isTrue();
    assertThat(shared.fetchUpdate(value -> value + "!")).isEqualTo("d");
    assertThat(shared.load()).isEqualTo("d!");
  }

  @ParameterizedTest
  @EnumSource(MemoryOrder.class)
  void counter_underManyThreads_countsEveryAddition(MemoryOrder order) {
    Shared<Long> counter = Shared.of(0L, order);
    assertThat(counter.fetchUpdate(count -> count + 1)).isZero();
    assertThat(counter.load()).isEqualTo(1);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      all.add(
          CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 5000; i++) {
              counter.fetchUpdate(count -> count + 1);
            }
          }));
    }
    all.forEach(CompletableFuture::join);
    assertThat(counter.load()).isEqualTo(20_001);
  }

  @Test
  void coreLocal_touchedByAnotherThread_throwsNamingTheOwner() {
    CoreLocal<String> local = CoreLocal.of("mine");
    assertThat(local.value()).isEqualTo("mine");
    assertThat(local.update(value -> "still " + value)).isEqualTo("still mine");
    for (Runnable access : List.<Runnable>of(local::value, () -> local.update(value -> "x"))) {
      CompletableFuture<Void> foreign = CompletableFuture.runAsync(access);
      assertThatThrownBy(foreign::join)
          .hasCauseInstanceOf(ForeignAccess.class)
          .hasMessageContaining(Thread.currentThread().getName());
    }
    assertThat(local.value()).isEqualTo("still mine");
  }

  @Test
  void budget_isInclusive() {
    TickBudget used = TickBudget.ofLimit(8).consume(3);
    assertThat(used).isEqualTo(new TickBudget(8, 3));
    assertThat(used.status()).isEqualTo(Status.OK);
    assertThat(used.remaining()).isEqualTo(5);
    assertThat(used.consume(6).status()).isEqualTo(Status.EXHAUSTED);
    assertThat(used.consume(6).remaining()).isZero();
    assertThat(used.consume(5).status()).isEqualTo(Status.OK);
    assertThat(used.consume(5).isExhausted()).isTrue();
    assertThat(used.consume(4).isExhausted()).isFalse();
    assertThat(TickBudget.ofLimit(0).status()).isEqualTo(Status.OK);
  }

  @Test
  void budget_consumption_saturatesAndRefusesNegatives() {
    TickBudget full = TickBudget.ofLimit(5).consume(Long.MAX_VALUE);
    assertThat(full.consume(Long.MAX_VALUE).used()).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> full.consume(-1)).hasMessageContaining("-1; at least 0");
    assertThatThrownBy(() -> TickBudget.ofLimit(-1)).hasMessageContaining("-1; at least 0");
  }
}
