package dev.stowage.placement.index;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The workers of a planner by slot, and their order by id. */
public final class IndexedWorkers {
  private static final Worker NOBODY =
      Worker.of(WorkerId.of("nobody"), 0).withStatus(WorkerStatus.DEPARTED);

  private @Nullable Worker[] bySlot = new Worker[16];
  private int[] order = new int[16];
  private int[] rank = new int[16];
  private int count;
  private int limit;
  private boolean ranked = true;
  private BitSet avoided = new BitSet();

  int limit() {
    return limit;
  }

  int count() {
    return count;
  }

  @Nullable
  public Worker at(int slot) {
    return slot < bySlot.length ? bySlot[slot] : null;
  }

  public Worker known(int slot) {
    Worker worker = slot >= 0 ? at(slot) : null;
    if (worker == null) {
      throw new IllegalArgumentException("no worker is known in slot " + slot);
    }
    return worker;
  }

  @Nullable Worker put(int slot, Worker worker) {
    if (slot >= bySlot.length) {
      int length = Math.max(slot + 1, bySlot.length * 2);
      bySlot = Arrays.copyOf(bySlot, length);
      order = Arrays.copyOf(order, length);
      rank = Arrays.copyOf(rank, length);
    }
    Worker before = bySlot[slot];
    if (before != null && !before.id().equals(worker.id())) {
      throw new IllegalArgumentException(
          "slot " + slot + " belongs to worker " + before.id() + "; drop it first");
    }
    if (before == null) {
      int at = placeOf(worker);
      if (at < count && known(order[at]).id().equals(worker.id())) {
        throw new IllegalArgumentException(
            "worker " + worker.id() + " is in slot " + order[at] + "; drop it first");
      }
      System.arraycopy(order, at, order, at + 1, count - at);
      order[at] = slot;
      count++;
      limit = Math.max(limit, slot + 1);
      ranked = false;
    }
    bySlot[slot] = worker;
    return before;
  }

  void drop(int slot) {
    int at = placeOf(known(slot));
    System.arraycopy(order, at + 1, order, at, count - at - 1);
    count--;
    bySlot[slot] = null;
    avoided.clear(slot);
    ranked = false;
  }

  Worker[] snapshot() {
    Worker[] all = new Worker[limit];
    for (int slot = 0; slot < limit; slot++) {
      Worker worker = bySlot[slot];
      all[slot] = worker == null ? NOBODY : worker;
    }
    return all;
  }

  boolean[] avoided() {
    boolean[] flags = new boolean[limit];
    avoided.stream().filter(slot -> slot < limit).forEach(slot -> flags[slot] = true);
    return flags;
  }

  /** Returns the slots in canonical order; only the first ones, as many as workers, are valid. */
  public int[] order() {
    return order;
  }

  public int[] ranks() {
    if (!ranked) {
      for (int i = 0; i < count; i++) {
        rank[order[i]] = i;
      }
      ranked = true;
    }
    return rank;
  }

  BitSet avoid(BitSet slots) {
    BitSet turned = (BitSet) slots.clone();
    turned.xor(avoided);
    avoided = (BitSet) slots.clone();
    return turned;
  }

  boolean isAvoided(int slot) {
    return avoided.get(slot);
  }

  private int placeOf(Worker worker) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (known(order[middle]).id().compareTo(worker.id()) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
