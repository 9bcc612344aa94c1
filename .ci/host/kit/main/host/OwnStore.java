package host;

import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.ForwardingStore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The store that is tested. */
public final class OwnStore extends ForwardingStore {
  private final AtomicLong clock;

  private OwnStore(ChunkStore kept, AtomicLong clock) {
    super(kept);
    this.clock = clock;
  }

  /** A fleet that has not begun. */
  public static OwnStore open(LongSupplier lineageTokens) {
    AtomicLong clock = new AtomicLong(1);
    return new OwnStore(
        MemoryChunkStore.builder().clock(clock::get).lineageTokens(lineageTokens).build(), clock);
  }

  /** Turns the clock to the end of the lease. */
  public void expireLease() {
    lease().ifPresent(lease -> clock.set(lease.expiresAtNanos()));
  }
}
