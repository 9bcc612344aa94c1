package dev.stowage.placement.input;

import dev.stowage.columns.IntList;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/** A {@code PlanRequest} by slots or positions, interpreted when a plan is made. Immutable. */
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
    scores = from.scores.toArray();
    relieved = from.relieved.toArray();
    previous = from.previous.sealed();
    frozen = from.frozen;
    deletionsHeld = from.deletionsHeld;
    debtBytes = from.debtBytes;
    debtReplicas = from.debtReplicas;
  }

  private Request(Request same, IntUnaryOperator chunk, IntUnaryOperator worker) {
    swaps = same.swaps;
    newSides = renamed(same.newSides, chunk, IntUnaryOperator.identity());
    waits = same.waits;
    intents = renamed(same.intents, chunk, worker, worker);
    scores = renamed(same.scores, chunk, worker, IntUnaryOperator.identity());
    relieved = renamed(same.relieved, worker);
    previous = same.previous;
    frozen = same.frozen;
    deletionsHeld = same.deletionsHeld;
    debtBytes = same.debtBytes;
    debtReplicas = same.debtReplicas;
  }

  private static int[] renamed(int[] rows, IntUnaryOperator... columns) {
    int[] renamed = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      renamed[i] = columns[i % columns.length].applyAsInt(rows[i]);
    }
    return renamed;
  }

  /** Returns this request with other numbers of chunks and workers, which may be refused. */
  public Request renamed(IntUnaryOperator chunk, IntUnaryOperator worker) {
    return new Request(this, chunk, worker);
  }

  /** Returns the wishes; {@code IllegalArgumentException} if a chunk is on two sides. */
  public Wishes wishes(SlotOrder canonical) {
    return new Wishes(
        SwapOrder.of(swaps, newSides, waits, canonical),
        Intents.of(intents),
        PairScores.of(scores),
        relieved,
        previous,
        frozen,
        deletionsHeld,
        debtBytes,
        debtReplicas);
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
    public final IntList scores = new IntList();
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
