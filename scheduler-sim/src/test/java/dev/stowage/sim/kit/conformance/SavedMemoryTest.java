package dev.stowage.sim.kit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.scenario.ScenarioLibrary;
import dev.stowage.storage.memory.Checkpoint;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A memory store whose process saves it, dies, and starts again from the bytes at each crash. */
class SavedMemoryTest {
  private static final Pattern CRASH = Pattern.compile("(?m)^crash\\b");
  private static final int CHAINS = 8;
  private static final int ACTIONS = 60;

  private final AtomicLong crashes = new AtomicLong();
  private final Conformance conformance = Conformance.of(this::open);

  private StoreUnderTest open(LongSupplier lineageTokens) {
    AtomicLong clock = new AtomicLong(1);
    return new Saved(
        () -> MemoryChunkStore.builder().leaseClock(clock::get).lineageTokens(lineageTokens),
        clock,
        crashes);
  }

  @Test
  void chains_withCrashes_findNothing() {
    conformance.chains(CHAINS, ACTIONS, 1).forEach(Check::run);
    assertThat(crashes.get()).isPositive();
  }

  @Test
  void scenarios_withCrashes_hold() {
    List<Check> checks =
        ScenarioLibrary.names().stream()
            .filter(name -> CRASH.matcher(ScenarioLibrary.text(name)).find())
            .map(name -> conformance.scenario(name, ScenarioLibrary.text(name)))
            .toList();
    checks.forEach(Check::run);
    assertThat(crashes.get()).isGreaterThanOrEqualTo(checks.size()).isPositive();
  }

  private static final class Saved implements StoreUnderTest {
    private final Supplier<MemoryChunkStore.Builder> settings;
    private final AtomicLong clock;
    private final AtomicLong crashes;
    private MemoryChunkStore store;
    private @Nullable Checkpoint remembered;

    Saved(Supplier<MemoryChunkStore.Builder> settings, AtomicLong clock, AtomicLong crashes) {
      this.settings = settings;
      this.clock = clock;
      this.crashes = crashes;
      store = settings.get().build();
    }

    /** Goes on with the store that was loaded after a crash. */
    @Override
    public ChunkStore connect() {
      return (ChunkStore)
          Proxy.newProxyInstance(
              ChunkStore.class.getClassLoader(),
              new Class<?>[] {ChunkStore.class},
              (proxy, method, arguments) -> {
                try {
                  return method.invoke(store, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    @Override
    public void crash() {
      crashes.incrementAndGet();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        store.save(bytes);
        store = settings.get().load(new ByteArrayInputStream(bytes.toByteArray()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void expireLease() {
      store.lease().ifPresent(lease -> clock.set(lease.expiresAtNanos()));
    }

    /** Rows alone are enough for deltas since the newest assignment at the load. */
    @Override
    public boolean keepsAssignments() {
      return true;
    }

    @Override
    public boolean canLoseCommits() {
      return true;
    }

    @Override
    public void remember() {
      remembered = store.checkpoint();
    }

    @Override
    public void restore() {
      Checkpoint checkpoint = remembered;
      if (checkpoint == null) {
        throw new IllegalStateException("nothing was remembered");
      }
      store.restore(checkpoint);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
