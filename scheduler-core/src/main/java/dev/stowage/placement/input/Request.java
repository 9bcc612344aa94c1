package dev.stowage.placement.input;

import dev.stowage.columns.IntList;
import dev.stowage.placement.SlotOrder;
import java.util.Arrays;
import java.util.Objects;

/** A {@code PlanRequest} in the slots of an index, interpreted when a plan is made. Immutable. */
public final class Request {
  public static final Request NONE = new Draft().sealed();

  public final int swaps;

  /** Pairs of a chunk and the swap whose new side it is on. */
  public final int[] newSides;

  /** Pairs of a swap and an earlier swap it waits for. */
  public final int[] waits;

  /** Triples of a chunk, its source worker and its target worker. */
  public final int[] intents;

  /** Triples of a chunk, a worker and the score in millionths of a point. */
  public final int[] scores;

  /** Workers that leveling gives nothing. */
  public final int[] relieved;

  public final PreviousFactors previous;
  public final boolean frozen;
  public final boolean deletionsHeld;
  public final long debtBytes;
  public final long debtReplicas;

  private Request(Draft from) {
    swaps = from.swaps;
    newSides = from.newSides.toArray();
    waits = from.waits.toArray();
    intents = from.intents.toArray();
    scores = from.scores.triples();
    relieved = from.relieved.toArray();
    previous = from.previous.sealed();
    frozen = from.frozen;
    deletionsHeld = from.deletionsHeld;
    debtBytes = from.debtBytes;
    debtReplicas = from.debtReplicas;
  }

  /** Returns the wishes; {@code IllegalArgumentException} if a chunk is on two sides. */
  public Wishes wishes(SlotOrder canonical) {
    return new Wishes(
        swapOrder(canonical),
        intentList(),
        PairScores.Draft.of(scores),
        relieved,
        previous,
        frozen,
        deletionsHeld,
        debtBytes,
        debtReplicas);
  }

  private SwapOrder swapOrder(SlotOrder canonical) {
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

  private Intents intentList() {
    Intents.Draft draft = new Intents.Draft();
    for (int i = 0; i < intents.length; i += 3) {
      draft.add(intents[i], intents[i + 1], intents[i + 2]);
    }
    return draft.sealed();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Request that
        && swaps == that.swaps
        && Arrays.equals(newSides, that.newSides)
        && Arrays.equals(waits, that.waits)
        && Arrays.equals(intents, that.intents)
        && Arrays.equals(scores, that.scores)
        && Arrays.equals(relieved, that.relieved)
        && previous.equals(that.previous)
        && frozen == that.frozen
        && deletionsHeld == that.deletionsHeld
        && debtBytes == that.debtBytes
        && debtReplicas == that.debtReplicas;
  }

  @Override
  public int hashCode() {
    int arrays = Arrays.hashCode(newSides) * 31 + Arrays.hashCode(intents);
    arrays = (arrays * 31 + Arrays.hashCode(scores)) * 31 + Arrays.hashCode(relieved);
    return Objects.hash(swaps, arrays, previous, frozen, deletionsHeld, debtBytes, debtReplicas);
  }

  public static final class Draft {
    public final IntList newSides = new IntList();
    public final IntList waits = new IntList();
    public final IntList intents = new IntList();
    public final PairScores.Draft scores = new PairScores.Draft();
    public final IntList relieved = new IntList();
    public final PreviousFactors.Draft previous = new PreviousFactors.Draft();
    public int swaps;
    public boolean frozen;
    public boolean deletionsHeld;
    public long debtBytes;
    public long debtReplicas;

    public Request sealed() {
      return new Request(this);
    }
  }
}
