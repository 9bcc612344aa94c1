package dev.stowage.sim.kit.scenario;

import dev.stowage.storage.memory.Checkpoint;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.spi.FleetStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A fleet in memory. A crash saves its store, and loads another one from the bytes. */
final class MemoryScenarioStore implements ScenarioStore {
  /** The time between two readings of a clock that runs, in nanoseconds: more than any story. */
  private static final long RUN = 1_000_000_000;

  private final boolean hasClock;
  private long clock;
  private MemoryChunkStore store;
  private final ScenarioTokens tokens = new ScenarioTokens();
  private @Nullable Checkpoint checkpoint;

  MemoryScenarioStore() {
    this(false);
  }

  private MemoryScenarioStore(boolean hasClock) {
    this.hasClock = hasClock;
    store = settings().build();
  }

  private MemoryChunkStore.Builder settings() {
    MemoryChunkStore.Builder builder = MemoryChunkStore.builder().twin().lineageTokens(tokens);
    return hasClock ? builder.clock(() -> clock += RUN) : builder.leaseClock(() -> clock);
  }

  static ScenarioStore.Backend backend() {
    return new ScenarioStore.Backend() {
      @Override
      public ScenarioStore open() {
        return new MemoryScenarioStore();
      }

      @Override
      public ScenarioStore openWithClock() {
        return new MemoryScenarioStore(true);
      }
    };
  }

  @Override
  public FleetStore store() {
    return store;
  }

  @Override
  public void crash() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      store.save(bytes);
      store = settings().load(new ByteArrayInputStream(bytes.toByteArray()));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public void expireLease() {
    store.lease().ifPresent(lease -> clock = lease.expiresAtNanos());
  }

  @Override
  public void remember() {
    checkpoint = store.checkpoint();
  }

  @Override
  public void restore() {
    Checkpoint remembered = checkpoint;
    if (remembered == null) {
      throw new IllegalStateException("nothing was remembered; a checkpoint comes before");
    }
    store.restore(remembered);
  }

  @Override
  public void close() {
    store.close();
  }
}
