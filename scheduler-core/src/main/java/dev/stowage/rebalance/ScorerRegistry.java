package dev.stowage.rebalance;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The slot that holds the scorer in service. Without one nothing is moved. Thread-safe. */
public final class ScorerRegistry {
  private final AtomicReference<@Nullable PlacementScorer> slot = new AtomicReference<>();

  /** An empty slot. */
  public ScorerRegistry() {}

  /** Puts a scorer in service, and answers which one was. */
  public Optional<PlacementScorer> install(PlacementScorer scorer) {
    return Optional.ofNullable(slot.getAndSet(Objects.requireNonNull(scorer, "scorer")));
  }

  /** Takes the scorer out of service, and answers which one was. */
  public Optional<PlacementScorer> remove() {
    return Optional.ofNullable(slot.getAndSet(null));
  }

  /** The scorer in service. */
  public Optional<PlacementScorer> current() {
    return Optional.ofNullable(slot.get());
  }

  /** Whether a scorer is in service. */
  public boolean hasScorer() {
    return slot.get() != null;
  }

  /** Takes this one out of service, unless another has taken its place already. */
  public boolean retire(PlacementScorer failed) {
    return slot.compareAndSet(failed, null);
  }
}
