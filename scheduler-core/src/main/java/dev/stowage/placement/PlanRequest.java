package dev.stowage.placement;

import dev.stowage.placement.input.Request;
import java.util.Objects;

/**
 * What is asked of the plans of a {@link WarmPlanner} beyond the state: swaps, intents, scores, the
 * previous factors, frozen or not, deletions held or not, and a debt. It stands until it is
 * replaced; an equal one makes no difference. Immutable and thread-safe.
 */
public final class PlanRequest {
  /**
   * Nothing: no swap, no intent, no score, no previous factor, not frozen, nothing held, no debt.
   */
  public static final PlanRequest NONE = builder().build();

  /** What it asks, for planners. */
  final Request asked;

  private PlanRequest(Request asked) {
    this.asked = asked;
  }

  /** Begins a request. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PlanRequest that && asked.equals(that.asked);
  }

  @Override
  public int hashCode() {
    return asked.hashCode();
  }

  /** Collects a request; chunks and workers are named by their slots. Not thread-safe. */
  public static final class Builder {
    private final Request.Draft draft = new Request.Draft();

    private Builder() {}

    /**
     * Begins a swap that is pending.
     *
     * @return its number, counted up from 0
     */
    public int addSwap() {
      return draft.swaps++;
    }

    /** The chunk is on the new side of the swap. */
    public Builder newSide(int chunk, int swap) {
      draft.newSides.add(chunk);
      draft.newSides.add(Objects.checkIndex(swap, draft.swaps));
      return this;
    }

    /** The swap rests on what another one, {@code earlier}, still has to produce. */
    public Builder waitsFor(int swap, int earlier) {
      draft.waits.add(Objects.checkIndex(swap, draft.swaps));
      draft.waits.add(Objects.checkIndex(earlier, draft.swaps));
      return this;
    }

    /** The rebalancer asks to move a replica; intents are followed in the order they are given. */
    public Builder intent(int chunk, int from, int to) {
      draft.intents.add(chunk);
      draft.intents.add(from);
      draft.intents.add(to);
      return this;
    }

    /**
     * How well a replica lies, see {@link PlacementInputBuilder#score}.
     *
     * @param micros 0 to 1,000,000 millionths of a point, more is better
     */
    public Builder score(int chunk, int worker, int micros) {
      draft.scores.add(chunk, worker, micros);
      return this;
    }

    /** The factor that a weight had in the previous plan, in millionths, in whatever pool. */
    public Builder previousFactor(int weight, long millionths) {
      draft.previous.add(-1, weight, Bound.atLeast(millionths, 0, "previous factor"));
      return this;
    }

    /**
     * The factor that a weight had in the previous plan in the pool of one eligibility.
     *
     * @param eligibility a number from {@link WarmPlanner#eligibility}
     */
    public Builder previousFactor(int eligibility, int weight, long millionths) {
      Bound.atLeast(eligibility, 0, "eligibility");
      draft.previous.add(eligibility, weight, Bound.atLeast(millionths, 0, "previous factor"));
      return this;
    }

    /** No growth and no moves. */
    public Builder freeze() {
      draft.frozen = true;
      return this;
    }

    /** Nothing may be deleted now, so that nothing is preempted. */
    public Builder holdDeletions() {
      draft.deletionsHeld = true;
      return this;
    }

    /** What earlier plans moved beyond their budget, to be subtracted from the next one's. */
    public Builder movementDebt(long bytes, long replicas) {
      draft.debtBytes = Bound.atLeast(bytes, 0, "debt in bytes");
      draft.debtReplicas = Bound.atLeast(replicas, 0, "debt in replicas");
      return this;
    }

    /** The request. */
    public PlanRequest build() {
      return new PlanRequest(draft.sealed());
    }
  }
}
