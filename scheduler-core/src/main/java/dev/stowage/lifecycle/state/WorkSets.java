package dev.stowage.lifecycle.state;

import dev.stowage.columns.IntSet;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Work for the next cycles: each set may hold too much, never too little. */
public final class WorkSets {
  public final IntSet offered = new IntSet();

  /** Marked chunks that are admitted or visible, and dropped ones. */
  public final IntSet ending = new IntSet();

  /** Chunks with a superseded or draining replica, but for those that rest. */
  public final IntSet restless = new IntSet();

  /** Chunks none of whose replicas can be deleted before they are touched or their window ends. */
  private final BitSet resting = new BitSet();

  private final DueChunks windows = new DueChunks();

  public final IntSet touched = new IntSet();

  /** Chunks of a loaded state that may be touched; a visibility cycle takes them for touched. */
  public final IntSet unjudged = new IntSet();

  /** Admitted chunks that a visibility cycle could show but for its bound. */
  public final IntSet ready = new IntSet();

  public final IntSet missing = new IntSet();

  /** Chunks with a replica above the watermark; kept under a quorum policy only. */
  public final IntSet unconfirmed = new IntSet();

  /** Visible chunks that may have no routed replica. */
  public final IntSet dark = new IntSet();

  public final IntSet routes = new IntSet();

  public final PairList pairs = new PairList();

  /** Chunks that the planner may have to be told about. */
  public final IntSet unfed = new IntSet();

  public final IntSet unfedWorkers = new IntSet();

  /** The last feeder of the planner; any other must feed everything. */
  @Nullable public Object feeder;

  public final IntSet reporting = new IntSet();

  public final IntSet headers = new IntSet();

  /** Workers that may have departed and still have replicas. */
  public final IntSet departed = new IntSet();

  /** Workers whose zone may differ from the one that routes tell. */
  public final IntSet rezoned = new IntSet();

  public final IntSet orphaned = new IntSet();

  public final IntSet ended = new IntSet();

  /** Sets a chunk aside until a tick, unless it is touched before. */
  public void rest(int chunk, long until) {
    if (!resting.get(chunk) && until < Long.MAX_VALUE) {
      windows.add(until, chunk);
    }
    resting.set(chunk);
  }

  void wake(int chunk) {
    if (resting.get(chunk)) {
      resting.clear(chunk);
      restless.add(chunk);
    }
  }

  /** Makes chunks restless again whose window is over. */
  public void wakeUntil(long tick) {
    IntSet due = new IntSet();
    windows.drainUntil(tick, due);
    for (int i = 0; i < due.size(); i++) {
      wake(due.member(i));
    }
  }

  /** Makes all chunks with a superseded or draining replica restless, and returns them. */
  public int[] wakeAll() {
    restless.addAll(resting.stream().toArray());
    resting.clear();
    return restless.toArray();
  }
}
