package dev.stowage.engine;

import dev.stowage.engine.flight.Stopwatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Orders the turns of the fleets of one server: first come, first served, with a bound on those
 * under way. A late turn gives its place to others but keeps its thread: with the late ones, at
 * most {@link #MOST_THREADS} turns, or as many as there are places, are under way. Not thread-safe.
 */
public final class TurnOrder<F> {
  /** Bounds the turns under way on a server, late ones included. */
  public static final int MOST_THREADS = 64;

  private final int most;
  private final Set<F> waiting = new LinkedHashSet<>();
  private final Set<F> running = new HashSet<>();
  private final Set<F> late = new HashSet<>();

  /** The fleets that fell due again during their turns. */
  private final Set<F> again = new HashSet<>();

  /** Creates an order of {@code most} turns at a time. */
  public TurnOrder(int most) {
    this.most = most;
  }

  /** Returns nanoseconds of a clock that only advances, for the pauses between turns. */
  public static long nanos() {
    return Stopwatch.nanos();
  }

  /** Asks for a turn of a fleet; while one is under way, for another one behind it. */
  public void due(F fleet) {
    Set<F> asking = running.contains(fleet) || late.contains(fleet) ? again : waiting;
    asking.add(fleet);
  }

  /** Ends a turn. Behind one that failed, a further one must be asked for anew. */
  public void ended(F fleet, boolean hasFailed) {
    running.remove(fleet);
    late.remove(fleet);
    if (again.remove(fleet) && !hasFailed) {
      waiting.add(fleet);
    }
  }

  /** Notes that a turn has passed its deadline. */
  public void late(F fleet) {
    if (running.remove(fleet)) {
      late.add(fleet);
    }
  }

  /** Notes that a fleet no longer waits for a turn. */
  public void withdraw(F fleet) {
    waiting.remove(fleet);
  }

  /** Begins the turns that have a place, and returns their fleets in order. */
  public List<F> begin() {
    List<F> begun = new ArrayList<>();
    while (!waiting.isEmpty() && running.size() < most && hasThread()) {
      F next = waiting.iterator().next();
      waiting.remove(next);
      running.add(next);
      begun.add(next);
    }
    return begun;
  }

  private boolean hasThread() {
    return running.size() + late.size() < Math.max(most, MOST_THREADS);
  }

  /** Reports whether a fleet waits because late turns hold the threads. */
  public boolean isHeldUp() {
    return !waiting.isEmpty() && running.size() < most && !hasThread();
  }
}
