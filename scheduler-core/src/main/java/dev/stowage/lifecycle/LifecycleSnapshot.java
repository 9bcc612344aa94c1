package dev.stowage.lifecycle;

import dev.stowage.lifecycle.state.Tables;

/** An immutable copy of the state at one moment, for audits; any thread may read it. */
public final class LifecycleSnapshot extends LifecycleView {
  private final Tables copy;

  LifecycleSnapshot(Tables copy) {
    this.copy = copy;
  }

  @Override
  Tables tables() {
    return copy;
  }
}
