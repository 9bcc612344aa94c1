package dev.stowage.lifecycle;

import dev.stowage.lifecycle.documents.Publisher;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Tick;

/**
 * An immutable copy of the state at one moment, which shares with others what did not change in
 * between. Any thread may read it.
 */
public final class LifecycleSnapshot extends LifecycleView {
  private final Tables copy;
  private final Publisher.Shown shown;

  LifecycleSnapshot(Tables copy, Publisher.Shown shown) {
    this.copy = copy;
    this.shown = shown;
  }

  /** Returns this with a later tick and its clock, as {@link LifecycleState#seen}. */
  public LifecycleSnapshot seen(Tick tick, long clockNanos) {
    return new LifecycleSnapshot(copy.seen(tick.value(), clockNanos), shown);
  }

  @Override
  @SuppressWarnings("exports")
  public Tables tables() {
    return copy;
  }

  @Override
  Publisher.Shown shown() {
    return shown;
  }
}
