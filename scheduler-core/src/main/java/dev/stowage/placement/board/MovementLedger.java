package dev.stowage.placement.board;

import dev.stowage.config.MovementBudget;
import dev.stowage.placement.PlacementPlan.KeptBack;
import dev.stowage.placement.input.FlatInput;

/**
 * The rest of the movement budget. Floors and new chunks are never refused; one move larger than a
 * bound may go alone and leaves a debt, unless one of the four bounds is 0.
 */
public final class MovementLedger {
  /** The refusals in a row after which the rest of a bound is not worth the search for a copy. */
  private static final int MOST_IN_VAIN = 64;

  private final MovementBudget budget;
  private final boolean unlimited;
  private final long[] in;
  private final long[] out;
  private long bytes;
  private long replicas;
  private long debtBytes;
  private long debtReplicas;
  private boolean spent;
  private boolean closed;
  private long refusals;
  private KeptBack keptBack = KeptBack.NONE;

  /** The refusals in a row by fleet-wide bounds, and by those of workers for each target. */
  private int inVain;

  private final int[] inVainTo;

  public MovementLedger(FlatInput input) {
    budget = input.config.budget();
    unlimited = budget.isUnlimited() && input.debtBytes == 0 && input.debtReplicas == 0;
    in = new long[unlimited ? 0 : input.workers.length];
    out = new long[in.length];
    inVainTo = new int[in.length];
    bytes = budget.bytes();
    replicas = budget.replicas();
    debtBytes = input.debtBytes;
    debtReplicas = input.debtReplicas;
    closed = !unlimited && isAnyZero(budget);
  }

  private static boolean isAnyZero(MovementBudget bounds) {
    return bounds.bytes() == 0
        || bounds.replicas() == 0
        || bounds.workerInBytes() == 0
        || bounds.workerOutBytes() == 0;
  }

  /** Charges a floor replica, which is never refused. */
  public void charge(int to, long size) {
    if (!unlimited) {
      in[to] = plus(in[to], size);
      bytes = Math.max(0, bytes - size);
      replicas = Math.max(0, replicas - 1);
    }
  }

  public void payDebt() {
    long paid = Math.min(bytes, debtBytes);
    bytes -= paid;
    debtBytes -= paid;
    long paidReplicas = Math.min(replicas, debtReplicas);
    replicas -= paidReplicas;
    debtReplicas -= paidReplicas;
  }

  /** Charges a copy, or counts a refusal and returns false; {@code from} -1 is growth. */
  public boolean take(int from, int to, long size) {
    if (unlimited) {
      return true;
    }
    if (fits(from, to, size)) {
      bytes -= size;
    } else if (mayGoAlone(from, to, size)) {
      debtBytes += Math.max(0, size - bytes);
      bytes = Math.max(0, bytes - size);
      closed = true;
    } else {
      refusals++;
      if (fits(size)) {
        inVainTo[to]++;
      } else {
        inVain++;
      }
      return false;
    }
    inVain = 0;
    inVainTo[to] = 0;
    replicas--;
    in[to] = plus(in[to], size);
    if (from >= 0) {
      out[from] = plus(out[from], size);
    }
    spent = true;
    return true;
  }

  public boolean redirect(int from, int to, long size) {
    if (unlimited) {
      return true;
    }
    if (size > budget.workerInBytes() - Math.min(in[to], budget.workerInBytes())) {
      return false;
    }
    in[from] = Math.max(0, in[from] - size);
    in[to] = plus(in[to], size);
    return true;
  }

  private boolean fits(long size) {
    return !closed && replicas >= 1 && size <= bytes;
  }

  private boolean fits(int from, int to, long size) {
    return fits(size)
        && size <= budget.workerInBytes() - Math.min(in[to], budget.workerInBytes())
        && (from < 0
            || size <= budget.workerOutBytes() - Math.min(out[from], budget.workerOutBytes()));
  }

  private boolean mayGoAlone(int from, int to, long size) {
    boolean tooLarge =
        size > budget.bytes()
            || size > budget.workerInBytes()
            || (from >= 0 && size > budget.workerOutBytes());
    return tooLarge && !closed && !spent && replicas >= 1 && debtBytes == 0 && in[to] == 0;
  }

  /** Reports whether nothing is left that further copies are likely to fit in. */
  public boolean isExhausted() {
    return !unlimited && (closed || replicas == 0 || bytes == 0 || inVain >= MOST_IN_VAIN);
  }

  /** Reports whether nothing is left for copies to a worker. */
  public boolean isExhausted(int to) {
    return isExhausted() || (!unlimited && inVainTo[to] >= MOST_IN_VAIN);
  }

  /** Returns the number of copies refused so far. */
  public long refusals() {
    return refusals;
  }

  /** Notes copies below a target that are left to later plans. */
  public void keepGrowth(int copies, long size) {
    keptBack = keptBack.grown(copies, size);
  }

  /** Notes bytes of moves that are left to later plans. */
  public void keepLeveling(long bytesLeft, long meanSize) {
    keptBack = keptBack.leveled(bytesLeft, meanSize);
  }

  /** Returns the notes left to later plans. */
  public KeptBack keptBack() {
    return keptBack;
  }

  public long debtBytes() {
    return debtBytes;
  }

  public long debtReplicas() {
    return debtReplicas;
  }

  private static long plus(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
