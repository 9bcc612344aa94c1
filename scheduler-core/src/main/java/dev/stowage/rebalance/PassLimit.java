package dev.stowage.rebalance;

import dev.stowage.model.StowageOption;
import java.util.function.BooleanSupplier;

/** The host's limit of the time of a pass; what a pass leaves undone is for the next one. */
@FunctionalInterface
public interface PassLimit extends StowageOption {
  /** Any time. */
  PassLimit NONE = () -> () -> true;

  /** Starts a pass; the result reports whether it may ask the scorer about one more chunk. */
  BooleanSupplier begin();
}
