package dev.stowage.lifecycle.questions;

import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * One consistent moment of a fleet, of which what a question {@link Question#needs} can be read. To
 * be read by one thread, until the answer is given.
 */
public interface Reading {
  /** Returns the state as the newest leader has committed it. */
  LifecycleView taken();

  /** Returns the state with all accepted commands, also those that no leader has taken in. */
  LifecycleView newest();

  /** Returns what the leader's last plan says; {@link Forecast#NONE} where none leads. */
  default Forecast forecast() {
    return Forecast.NONE;
  }

  /** Returns the coverage of a dataset that is {@linkplain Head#shown shown to others}. */
  default Head head(DatasetId dataset) {
    return Head.shown(taken(), newest(), dataset);
  }

  /**
   * Passes readings of this moment, each with some of {@code workers}, whose {@link Needs.Holdings}
   * it has. The order is kept, and none is left out. A store so avoids loading all at once.
   */
  default void forSome(List<WorkerId> workers, BiConsumer<Reading, List<WorkerId>> visitor) {
    visitor.accept(this, workers);
  }

  /** Returns the reading of a process that does not lead. */
  static Reading of(LifecycleView taken, LifecycleView newest) {
    return new Moment(taken, newest, Forecast.NONE);
  }

  /** Returns the reading of a leader, which has taken in all that it knows of. */
  static Reading of(LifecycleView mirror, Forecast forecast) {
    return new Moment(mirror, mirror, forecast);
  }

  /** A moment that has all a question can need. */
  record Moment(LifecycleView taken, LifecycleView newest, Forecast forecast) implements Reading {
    /** Throws {@code NullPointerException} if a component is null. */
    public Moment {
      Objects.requireNonNull(taken, "taken");
      Objects.requireNonNull(newest, "newest");
      Objects.requireNonNull(forecast, "forecast");
    }
  }
}
