package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The pressure band of plans: the leader's, or the worst that a quarter of the workers reach. */
final class RefPressure {
  private RefPressure() {}

  static PressureBand of(RefFleet fleet, ObservedPressure observed) {
    long staleAfter = fleet.config.feedback().staleAfterTicks();
    PressureBand leader = observed.bandAt(fleet.largestTick, staleAfter);
    List<PressureBand> bands = new ArrayList<>();
    for (RefWorker worker : fleet.workers.values()) {
      if (worker.isCounted()) {
        bands.add(of(worker, RefFleet.plus(worker.pressureTick, staleAfter) < fleet.largestTick));
      }
    }
    bands.sort(Comparator.reverseOrder());
    return bands.isEmpty() ? leader : leader.orWorse(bands.get((bands.size() + 3) / 4 - 1));
  }

  private static PressureBand of(RefWorker worker, boolean isOld) {
    boolean isOver = worker.pressureTick != RefWorkers.NOT_TOLD && isOld;
    return isOver ? PressureBand.NORMAL : worker.pressure;
  }
}
