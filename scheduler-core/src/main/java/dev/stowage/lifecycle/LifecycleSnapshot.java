package dev.stowage.lifecycle;

import dev.stowage.lifecycle.state.Tables;

/**
 * An immutable copy of the state at one moment, which shares with others what did not change in
 * between. Any thread may read it.
 */
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
