package dev.stowage.answer;

import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells that a fleet goes on in another lineage, because its store may have lost commits.
 *
 * @param former the lineage until now
 * @param present the lineage that begins
 * @param why the reason in plain words
 * @param keptTick the tick of the newest cycle that the store knows; later commits may be lost
 * @param keptNanos the store's clock at that cycle, in nanoseconds since 1970; empty without one
 * @param keptPosition the position of the database's log just before the newest commit of a leader
 *     that the store knows; empty without such a log
 * @param pauseUntil the tick until which nothing is deleted
 * @param inventoriesOwed the workers that count for nothing until they have sent an inventory
 */
public record LineageBegun(
    Lineage former,
    Lineage present,
    String why,
    Tick keptTick,
    OptionalLong keptNanos,
    Optional<String> keptPosition,
    Tick pauseUntil,
    int inventoriesOwed) {
  /** Requires all components. */
  public LineageBegun {
    Objects.requireNonNull(former, "former");
    Objects.requireNonNull(present, "present");
    Objects.requireNonNull(why, "why");
    Objects.requireNonNull(keptTick, "keptTick");
    Objects.requireNonNull(keptNanos, "keptNanos");
    Objects.requireNonNull(keptPosition, "keptPosition");
    Objects.requireNonNull(pauseUntil, "pauseUntil");
  }
}
