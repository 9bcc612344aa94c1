package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many processes' workers ask one follower at a time; the fleet is read for all of them. */
class SharedReadingTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SharedReading<Integer> shared = new SharedReading<>();
  private final AtomicInteger readings = new AtomicInteger();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void callersDuringAReading_shareTheNextOne() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    Future<Integer> first =
        threads.submit(() ->
            shared.get(() -> {
              begun.countDown();
              await(goesOn);
              return readings.incrementAndGet();
            }));
    await(begun);
    List<Future<Integer>> others = new ArrayList<>();
    for (int at = 0; at < 30; at++) {
      others.add(threads.submit(() -> shared.get(readings::incrementAndGet)));
    }
    while (shared.waiting() < 30) {
      Thread.onSpinWait();
    }
    goesOn.countDown();
    assertThat(first.get()).isEqualTo(1);
    for (Future<Integer> other : others) {
      assertThat(other.get()).isEqualTo(2);
    }
    assertThat(readings).hasValue(2);
  }

  @Test
  void callerAfterAReading_readsAnew_andAFailureIsNotShared() {
    assertThat(shared.get(readings::incrementAndGet)).isEqualTo(1);
    assertThat(shared.get(readings::incrementAndGet)).isEqualTo(2);
    assertThatThrownBy(() ->
            shared.get(() -> {
              throw new IllegalStateException("no server");
            }))
        .hasMessage("no server");
    assertThat(shared.get(readings::incrementAndGet)).isEqualTo(3);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
