package dev.stowage.placement;

import dev.stowage.placement.input.Request;
import java.util.Objects;

/** The wishes for a {@link WarmPlanner}'s plans, until replaced. Immutable and thread-safe. */
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

  /** A builder of requests by the slots of chunks and workers. Not thread-safe. */
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

    /** Scores a pair, 0 to 1,000,000 micro-points; see {@link PlacementInputBuilder#score}. */
    public Builder score(int chunk, int worker, int micros) {
      draft.scores.add(chunk, worker, micros);
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

    /** Sets the previous factor in a {@link WarmPlanner#pool}, in millionths. */
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
