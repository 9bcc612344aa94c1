package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.lifecycle.LifecycleView;
import java.util.ArrayList;
import java.util.List;

/** The slots of the replicas of one chunk. */
public final class Slots {
  private Slots() {}

  /** Returns the slots in the order of their workers; none of a chunk at {@code NONE}. */
  public static List<Integer> of(LifecycleView books, int chunk) {
    List<Integer> slots = new ArrayList<>();
    int slot = chunk < 0 ? LifecycleView.NONE : books.firstReplica(chunk);
    while (slot != LifecycleView.NONE) {
      slots.add(slot);
      slot = books.nextReplica(slot);
    }
    return slots;
  }
}
