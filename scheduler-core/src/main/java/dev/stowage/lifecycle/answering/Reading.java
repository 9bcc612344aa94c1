package dev.stowage.lifecycle.answering;

import dev.stowage.answer.Head;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.Question;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One consistent moment of a fleet, of which what a question {@link Inquiry#needs} can be read. To
 * be read by one thread, until the answer is given.
 */
public interface Reading {
  /** Returns the answer to a question of {@link dev.stowage.lifecycle.questions.Questions}. */
  default <R> R answer(Question<R> question) {
    return Inquiry.of(question).answer(this);
  }

  /** Returns the state as the newest leader has committed it. */
  LifecycleView state();

  /** Returns what the leader's last plan says; {@link Forecast#NONE} where none leads. */
  default Forecast forecast() {
    return Forecast.NONE;
  }

  /** Returns the coverage of a dataset. */
  default Head head(DatasetId dataset) {
    return Heads.of(state(), dataset);
  }

  /** Returns the number and bytes of replicas on a known worker, in any state. */
  default Leaving.Part held(WorkerId worker) {
    int at = state().workerPosition(worker);
    return new Leaving.Part(state().replicasOn(at), state().footprintBytes(at));
  }

  /**
   * Passes readings of this moment, each with some of {@code workers}, whose {@link Needs.Holdings}
   * it has. The order is kept, and none is left out. A store so avoids loading all at once.
   */
  default void forSome(List<WorkerId> workers, BiConsumer<Reading, List<WorkerId>> visitor) {
    visitor.accept(this, workers);
  }

  /** Returns the reading of a process that does not lead. */
  static Reading of(LifecycleView state) {
    return of(state, Forecast.NONE);
  }

  /** Returns the reading of a leader. */
  static Reading of(LifecycleView mirror, Forecast forecast) {
    return new Moment(mirror, forecast);
  }

  /** A moment that has all a question can need. */
  record Moment(LifecycleView state, Forecast forecast) implements Reading {}
}
