package dev.stowage.sim.kit.conformance;

import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import java.util.function.LongSupplier;

/** Runs a chain from a plain main method, as a host without a test framework does. */
public final class ChainsHost {
  private ChainsHost() {}

  /** Throws what the first failing check throws. */
  public static void main(String[] none) {
    Conformance.of(MemoryUnderTest::new).chains(1, 10, 1).forEach(Check::run);
  }

  private static final class MemoryUnderTest implements StoreUnderTest {
    private long clock = 1;
    private final MemoryChunkStore store;

    MemoryUnderTest(LongSupplier lineageTokens) {
      store =
          MemoryChunkStore.builder().leaseClock(() -> clock).lineageTokens(lineageTokens).build();
    }

    @Override
    public ChunkStore connect() {
      return store;
    }

    @Override
    public void expireLease() {
      store.lease().ifPresent(lease -> clock = lease.expiresAtNanos());
    }

    @Override
    public void crash() {
      expireLease();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
