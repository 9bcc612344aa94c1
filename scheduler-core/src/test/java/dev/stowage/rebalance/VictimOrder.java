package dev.stowage.rebalance;

import dev.stowage.columns.Micros;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The victim order as the two design pages state it: the replicas of an overfull chunk that go
 * first where zones and the status of workers make no difference (rebalance design, section 7;
 * placement design, section 3). Unpossessed replicas go first, then those with the lowest score, or
 * the lowest id without scores; never one whose removal would leave fewer possessed replicas than
 * the floor. The planner is compared with it.
 */
public final class VictimOrder {
  private static final Comparator<Holder> WORST_FIRST =
      Comparator.comparing(Holder::possessed)
          .thenComparingLong(VictimOrder::micros)
          .thenComparing(Holder::worker);

  private VictimOrder() {}

  /**
   * A replica that may have to go.
   *
   * @param worker who holds it
   * @param possessed whether the worker has proved to have the bytes
   * @param score its score; empty, or out of range, is no opinion
   */
  public record Holder(WorkerId worker, boolean possessed, OptionalDouble score) {
    /** Refuses nulls. */
    public Holder {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(score, "score");
    }
  }

  /**
   * The replicas to give up, in order.
   *
   * @param holders all replicas, none twice
   * @param wanted how many should remain, at least 0
   * @param floor how many possessed ones must remain, at least 0
   * @return as many as are too many, or fewer where the floor forbids it
   */
  public static List<WorkerId> victims(List<Holder> holders, int wanted, int floor) {
    if (wanted < 0 || floor < 0) {
      throw new IllegalArgumentException(
          "wanted is " + wanted + ", floor " + floor + "; at least 0 is accepted");
    }
    List<Holder> order = new ArrayList<>(holders);
    order.sort(WORST_FIRST);
    long possessed = order.stream().filter(Holder::possessed).count();
    List<WorkerId> victims = new ArrayList<>();
    for (Holder holder : order) {
      boolean isTooMany = holders.size() - victims.size() > wanted;
      boolean isSpared = holder.possessed && possessed <= floor;
      if (isTooMany && !isSpared) {
        victims.add(holder.worker);
        possessed -= holder.possessed ? 1 : 0;
      }
    }
    return victims;
  }

  /** Without an opinion a replica goes after those that are known to lie badly. */
  private static long micros(Holder holder) {
    double score = holder.score.orElse(-1);
    return Micros.isScore(score) ? Micros.of(score) : Micros.PER_POINT + 1L;
  }
}
