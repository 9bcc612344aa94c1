package dev.stowage.placement;

import dev.stowage.columns.IntList;
import java.util.Arrays;
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

  final int swaps;

  /** Pairs of a chunk and the swap whose new side it is on. */
  final int[] newSides;

  /** Pairs of a swap and one that it rests on. */
  final int[] waits;

  /** Triples of a chunk, and the workers to move it off and to. */
  final int[] intents;

  /** Triples of a chunk, a worker and how well the one lies on the other. */
  final int[] scores;

  final PreviousFactors previous;
  final boolean frozen;
  final boolean deletionsHeld;
  final long debtBytes;
  final long debtReplicas;

  private PlanRequest(Builder from) {
    swaps = from.swaps;
    newSides = from.newSides.toArray();
    waits = from.waits.toArray();
    intents = from.intents.toArray();
    scores = from.scores.triples();
    previous = from.previous.sealed();
    frozen = from.frozen;
    deletionsHeld = from.deletionsHeld;
    debtBytes = from.debtBytes;
    debtReplicas = from.debtReplicas;
  }

  /** The pending swaps. */
  SwapOrder swapOrder(SlotOrder canonical) {
    SwapOrder.Draft draft = new SwapOrder.Draft();
    for (int i = 0; i < swaps; i++) {
      draft.add();
    }
    for (int i = 0; i < newSides.length; i += 2) {
      draft.newSide(newSides[i], newSides[i + 1]);
    }
    for (int i = 0; i < waits.length; i += 2) {
      draft.waitsFor(waits[i], waits[i + 1]);
    }
    return draft.sealed(canonical);
  }

  /** The intents. */
  Intents intentList() {
    Intents.Draft draft = new Intents.Draft();
    for (int i = 0; i < intents.length; i += 3) {
      draft.add(intents[i], intents[i + 1], intents[i + 2]);
    }
    return draft.sealed();
  }

  /** Begins a request. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PlanRequest that
        && swaps == that.swaps
        && Arrays.equals(newSides, that.newSides)
        && Arrays.equals(waits, that.waits)
        && Arrays.equals(intents, that.intents)
        && Arrays.equals(scores, that.scores)
        && previous.equals(that.previous)
        && frozen == that.frozen
        && deletionsHeld == that.deletionsHeld
        && debtBytes == that.debtBytes
        && debtReplicas == that.debtReplicas;
  }

  @Override
  public int hashCode() {
    int arrays = Arrays.hashCode(newSides) * 31 + Arrays.hashCode(intents);
    arrays = arrays * 31 + Arrays.hashCode(scores);
    return Objects.hash(swaps, arrays, previous, frozen, deletionsHeld, debtBytes, debtReplicas);
  }

  /** Collects a request; chunks and workers are named by their slots. Not thread-safe. */
  public static final class Builder {
    private final IntList newSides = new IntList();
    private final IntList waits = new IntList();
    private final IntList intents = new IntList();
    private final PairScores.Draft scores = new PairScores.Draft();
    private final PreviousFactors.Draft previous = new PreviousFactors.Draft();
    private int swaps;
    private boolean frozen;
    private boolean deletionsHeld;
    private long debtBytes;
    private long debtReplicas;

    private Builder() {}

    /**
     * Begins a swap that is pending.
     *
     * @return its number, counted up from 0
     */
    public int addSwap() {
      return swaps++;
    }

    /** The chunk is on the new side of the swap. */
    public Builder newSide(int chunk, int swap) {
      newSides.add(chunk);
      newSides.add(Objects.checkIndex(swap, swaps));
      return this;
    }

    /** The swap rests on what another one, {@code earlier}, still has to produce. */
    public Builder waitsFor(int swap, int earlier) {
      waits.add(Objects.checkIndex(swap, swaps));
      waits.add(Objects.checkIndex(earlier, swaps));
      return this;
    }

    /** The rebalancer asks to move a replica; intents are followed in the order they are given. */
    public Builder intent(int chunk, int from, int to) {
      intents.add(chunk);
      intents.add(from);
      intents.add(to);
      return this;
    }

    /**
     * How well a replica lies, see {@link PlacementInputBuilder#score}.
     *
     * @param micros 0 to 1,000,000 millionths of a point, more is better
     */
    public Builder score(int chunk, int worker, int micros) {
      scores.add(chunk, worker, micros);
      return this;
    }

    /** The factor that a weight had in the previous plan, in millionths, in whatever pool. */
    public Builder previousFactor(int weight, long millionths) {
      previous.add(-1, weight, WarmPlanner.atLeast(millionths, 0, "previous factor"));
      return this;
    }

    /**
     * The factor that a weight had in the previous plan in the pool of one eligibility.
     *
     * @param eligibility a number from {@link WarmPlanner#eligibility}
     */
    public Builder previousFactor(int eligibility, int weight, long millionths) {
      WarmPlanner.atLeast(eligibility, 0, "eligibility");
      previous.add(eligibility, weight, WarmPlanner.atLeast(millionths, 0, "previous factor"));
      return this;
    }

    /** No growth and no moves. */
    public Builder freeze() {
      frozen = true;
      return this;
    }

    /** Nothing may be deleted now, so that nothing is preempted. */
    public Builder holdDeletions() {
      deletionsHeld = true;
      return this;
    }

    /** What earlier plans moved beyond their budget, to be subtracted from the next one's. */
    public Builder movementDebt(long bytes, long replicas) {
      debtBytes = WarmPlanner.atLeast(bytes, 0, "debt in bytes");
      debtReplicas = WarmPlanner.atLeast(replicas, 0, "debt in replicas");
      return this;
    }

    /** The request. */
    public PlanRequest build() {
      return new PlanRequest(this);
    }
  }
}
