package dev.stowage.placement.board;

import dev.stowage.placement.Search;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds the steps of each search of one plan, and notes which of them took them all. A step asks
 * about one chunk on one worker. The rule is the same for every search: so many steps for each
 * worker and replica of the input, up to a number that bounds the time of the largest plans. Not
 * thread-safe.
 */
public final class Searches {
  /** Enough for chains of equal sizes in small fleets to come to their end. */
  private static final long STEPS_EACH = 1 << 11;

  /** Some tenths of a second. */
  private static final long MOST_STEPS = 1 << 24;

  private final Set<Search> cutShort = EnumSet.noneOf(Search.class);
  private long most;

  /** Sets the size of the input; to be called before any search begins. */
  public void expect(long workers, long replicas) {
    most = Math.min(MOST_STEPS, STEPS_EACH * Math.min(MOST_STEPS, workers + replicas));
  }

  /** Returns a new budget for a search. */
  public Budget budget(Search search) {
    return new Budget(search);
  }

  /** Notes that a search gives up. */
  public void giveUp(Search search) {
    cutShort.add(search);
  }

  /**
   * Returns the searches that gave up, in their order.
   *
   * @param isAllPlaced whether nothing is short or stuck, so that room was found by other means
   */
  public List<Search> cutShort(boolean isAllPlaced) {
    if (isAllPlaced) {
      cutShort.retainAll(Set.of(Search.LEVELING));
    }
    return List.copyOf(cutShort);
  }

  /** The steps that are left to a search. */
  public final class Budget {
    private static final int PARTS = 8;

    private final Search search;
    private long left = most;
    private long end;

    private Budget(Search search) {
      this.search = search;
    }

    /** Takes steps, whether or not as many are left. */
    public void spend(long steps) {
      left -= steps;
    }

    /** Allows no more than an eighth of all steps until this is called again. */
    public void beginPart() {
      end = Math.max(0, left - most / PARTS);
    }

    /** Reports whether there are steps for what is still to be searched; if not, it gives up. */
    public boolean goesOn() {
      boolean goesOn = left > end;
      if (!goesOn) {
        giveUp(search);
      }
      return goesOn;
    }
  }
}
