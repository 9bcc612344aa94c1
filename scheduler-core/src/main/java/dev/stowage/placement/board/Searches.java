package dev.stowage.placement.board;

import dev.stowage.placement.PlacementPlan.Search;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Bounds the steps of each search by the size of the input. Not thread-safe. */
public final class Searches {
  /** Enough for chains of equal sizes in small fleets to end. */
  private static final long STEPS_EACH = 1 << 11;

  /** The limit for large plans, some tenths of a second. */
  private static final long MOST_STEPS = 1 << 24;

  private final Set<Search> cutShort = EnumSet.noneOf(Search.class);
  private long most;
  private long steps;

  public void expect(long workers, long replicas) {
    most = Math.min(MOST_STEPS, STEPS_EACH * Math.min(MOST_STEPS, workers + replicas));
  }

  /** Counts steps that need no bound, such as looks at a worker by leveling. */
  public void spend(long more) {
    steps += more;
  }

  /** Returns the number of steps of this plan, those of bounded searches included. */
  public long steps() {
    return steps;
  }

  public Budget budget(Search search) {
    return new Budget(search);
  }

  public void giveUp(Search search) {
    cutShort.add(search);
  }

  /** Returns the searches that gave up; none if nothing is short or stuck. */
  public List<Search> cutShort(boolean isAllPlaced) {
    return isAllPlaced ? List.of() : List.copyOf(cutShort);
  }

  public final class Budget {
    private final Search search;
    private long left = most;

    private Budget(Search search) {
      this.search = search;
    }

    public void spend(long more) {
      left -= more;
      steps += more;
    }

    /** Reports whether steps are left; if not, notes that the search gives up. */
    public boolean goesOn() {
      boolean goesOn = left > 0;
      if (!goesOn) {
        giveUp(search);
      }
      return goesOn;
    }
  }
}
