package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.PortalId;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.spi.FleetStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PortalWindowTest {
  private static final long TICK_NANOS = StowageConfig.DEFAULT_TICK_LENGTH.toNanos();

  private static final LifecycleConfig CONFIG =
      LifecycleConfig.builder().drainWindowTicks(20).allowedSkewTicks(5).build();

  private final AtomicLong clock = new AtomicLong(TICK_NANOS);

  @Test
  void portal_ofAStoreWithoutAClock_servesForTheDrainWindow() {
    assertThat(servedNanos(MemoryChunkStore.builder())).isEqualTo(20 * TICK_NANOS);
  }

  @Test
  void portal_ofAStoreWithAClock_servesForTheDrainWindowLessTheSkew() {
    assertThat(servedNanos(MemoryChunkStore.builder().clock(clock::get)))
        .isEqualTo((20 - 5) * TICK_NANOS);
  }

  @Test
  void portal_thatAsksWithinATick_isServedUpToTheEndOfADrainThatBeginsInIt() {
    clock.addAndGet(TICK_NANOS * 3 / 4);
    assertThat(servedNanos(MemoryChunkStore.builder()))
        .isEqualTo(20 * TICK_NANOS - TICK_NANOS * 3 / 4);
  }

  /** Returns the nanoseconds after which a portal that asked once ceases to serve. */
  private long servedNanos(MemoryChunkStore.Builder store) {
    try (Stowage stowage = facade(store.fixedLineages().build())) {
      stowage.claim(clock.get());
      stowage.schedule(clock.get());
      ClientDoor door = ClientDoor.of(stowage, "f");
      PortalClient portal =
          new PortalClient(
              "f",
              PortalId.of("p"),
              (request, route) ->
                  CompletableFuture.completedFuture(door.answer(request, clock.get())),
              ClientConfig.DEFAULT);
      portal.turn(clock.get());
      portal.turn(clock.get());
      long step = TICK_NANOS / 4;
      long nanos = 0;
      while (portal.isServing(clock.get() + nanos)) {
        nanos += step;
      }
      assertThat(portal.isServing(clock.get() + nanos - 1)).isTrue();
      return nanos;
    }
  }

  private static Stowage facade(FleetStore store) {
    return Stowage.builder(store).config(StowageConfig.defaults().withFleet(CONFIG)).build();
  }
}
