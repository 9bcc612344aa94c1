package dev.stowage.storage.memory;

import dev.stowage.contract.StoreFixture;
import dev.stowage.store.spi.FleetStore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A memory store whose clock is turned by hand. */
final class MemoryFixture implements StoreFixture {
  private final AtomicLong clock = new AtomicLong(1);
  private final MemoryChunkStore store;

  MemoryFixture() {
    store = MemoryChunkStore.builder().twin().leaseClock(clock::get).fixedLineages().build();
  }

  /** One whose fleet trusts this clock, by which its leases run too. */
  MemoryFixture(LongSupplier trustedNanos) {
    store = MemoryChunkStore.builder().twin().clock(trustedNanos).fixedLineages().build();
  }

  @Override
  public FleetStore connect() {
    return store;
  }

  @Override
  public void expireLease() {
    store.lease().ifPresent(lease -> clock.set(lease.expiresAtNanos()));
  }

  @Override
  public boolean keepsAssignments() {
    return true;
  }

  @Override
  public boolean losesCommits() {
    store.restore(store.checkpoint());
    return true;
  }

  @Override
  public void close() {
    store.close();
  }
}
