package dev.stowage.sim.mutants;

import dev.stowage.contract.SliceSumContract;
import dev.stowage.contract.StoreFixture;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.spi.FleetStore;
import java.util.concurrent.atomic.AtomicLong;

/** Checksums of slices in memory: the witness of mutants that no scenario file tells. */
class SliceSumTest extends SliceSumContract {
  @Override
  protected StoreFixture open() {
    AtomicLong clock = new AtomicLong(1);
    MemoryChunkStore store =
        MemoryChunkStore.builder().leaseClock(clock::get).fixedLineages().build();
    return new StoreFixture() {
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
      public void close() {
        store.close();
      }
    };
  }
}
