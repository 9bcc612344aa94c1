package dev.stowage.placement;

import dev.stowage.placement.input.PairScores;
import dev.stowage.placement.input.Request;
import java.util.Objects;

/**
 * The wishes for a plan, or for a {@link WarmPlanner}'s plans until replaced. Chunks and workers
 * are positions of an input, or slots of that planner. Immutable and thread-safe.
 */
public final class PlanRequest {
  /** The request without any wish, debt or previous factor. */
  public static final PlanRequest NONE = builder().build();

  final Request asked;

  private PlanRequest(Request asked) {
    this.asked = asked;
  }

  /** Returns a builder of a request. */
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

  /** A builder of requests. Not thread-safe. */
  public static final class Builder {
    private final Request.Draft draft = new Request.Draft();

    private Builder() {}

    /** Adds a pending swap and returns its number, counted from 0. */
    public int addSwap() {
      return draft.swaps++;
    }

    /** Puts a chunk on the new side of a swap. */
    public Builder newSide(int chunk, int swap) {
      draft.newSides.add(chunk);
      draft.newSides.add(Objects.checkIndex(swap, draft.swaps));
      return this;
    }

    /** Makes a swap wait for the new side of the swap {@code earlier}. */
    public Builder waitsFor(int swap, int earlier) {
      draft.waits.add(Objects.checkIndex(swap, draft.swaps));
      draft.waits.add(Objects.checkIndex(earlier, draft.swaps));
      return this;
    }

    /** Adds a move wanted by the rebalancer; intents are followed in the given order. */
    public Builder intent(int chunk, int from, int to) {
      draft.intents.add(chunk);
      draft.intents.add(from);
      draft.intents.add(to);
      return this;
    }

    /**
     * Scores a pair, 0 to 1,000,000 millionths of a point, higher is better; the lower of two
     * counts. Shrinking drops low scores first among possessed replicas not needed for spread;
     * pairs without score go last.
     */
    public Builder score(int chunk, int worker, int micros) {
      draft.scores.add(chunk);
      draft.scores.add(worker);
      draft.scores.add(PairScores.checked(micros));
      return this;
    }

    /** Lets leveling give a worker nothing. */
    public Builder relieve(int worker) {
      draft.relieved.add(worker);
      return this;
    }

    /** Sets the previous factor of a weight in any pool, in millionths. */
    public Builder previousFactor(int weight, long millionths) {
      draft.previous.add(-1, weight, Bound.atLeast(millionths, 0, "previous factor"));
      return this;
    }

    /** Sets the previous factor in one pool of the input or planner, in millionths. */
    public Builder previousFactor(int pool, int weight, long millionths) {
      Bound.atLeast(pool, 0, "pool");
      draft.previous.add(pool, weight, Bound.atLeast(millionths, 0, "previous factor"));
      return this;
    }

    /** Turns growth and moves off. */
    public Builder freeze() {
      draft.frozen = true;
      return this;
    }

    /** Holds deletions, so that plans preempt nothing. */
    public Builder holdDeletions() {
      draft.deletionsHeld = true;
      return this;
    }

    /** Sets what earlier plans moved beyond their budget, to be subtracted from the next one's. */
    public Builder movementDebt(long bytes, long replicas) {
      draft.debtBytes = Bound.atLeast(bytes, 0, "debt in bytes");
      draft.debtReplicas = Bound.atLeast(replicas, 0, "debt in replicas");
      return this;
    }

    /** Returns the request. */
    public PlanRequest build() {
      return new PlanRequest(draft.sealed());
    }
  }
}
