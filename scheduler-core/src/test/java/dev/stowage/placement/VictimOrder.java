package dev.stowage.placement;

import dev.stowage.columns.Micros;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The victim order as the two design pages state it: the replicas of an overfull chunk that go
 * first where zones and the status of workers make no difference (rebalance design, section 7;
 * placement design, section 3). Unpossessed replicas go first, then those with the lowest score, or
 * the lowest id without scores; never one whose removal would leave fewer possessed replicas than
 * the floor. The planner is compared with it.
 */
final class VictimOrder {
  private static final Comparator<Holder> WORST_FIRST =
      Comparator.comparing(Holder::possessed)
          .thenComparingLong(VictimOrder::micros)
          .thenComparing(Holder::worker);

  private VictimOrder() {}

  /** A replica that may have to go; no score, or one out of range, is no opinion. */
  record Holder(WorkerId worker, boolean possessed, OptionalDouble score) {}

  /** Returns the replicas to give up, in order, of a chunk whose target is its floor. */
  static List<WorkerId> victims(List<Holder> holders, int floor) {
    List<Holder> order = new ArrayList<>(holders);
    order.sort(WORST_FIRST);
    long possessed = order.stream().filter(Holder::possessed).count();
    List<WorkerId> victims = new ArrayList<>();
    for (Holder holder : order) {
      boolean isTooMany = holders.size() - victims.size() > floor;
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
