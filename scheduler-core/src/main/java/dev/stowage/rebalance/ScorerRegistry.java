package dev.stowage.rebalance;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The slot of the scorer in service. Without a scorer nothing is moved. Thread-safe. */
public final class ScorerRegistry {
  private final AtomicReference<@Nullable PlacementScorer> slot = new AtomicReference<>();

  /** Creates an empty slot. */
  public ScorerRegistry() {}

  /** Puts a scorer in service and returns the previous one. */
  public Optional<PlacementScorer> install(PlacementScorer scorer) {
    return Optional.ofNullable(slot.getAndSet(Objects.requireNonNull(scorer, "scorer")));
  }

  /** Takes the scorer out of service and returns it. */
  public Optional<PlacementScorer> remove() {
    return Optional.ofNullable(slot.getAndSet(null));
  }

  /** Returns the scorer in service. */
  public Optional<PlacementScorer> current() {
    return Optional.ofNullable(slot.get());
  }

  /** Takes this scorer out of service, unless it was already replaced. */
  public void retire(PlacementScorer failed) {
    slot.compareAndSet(failed, null);
  }
}
