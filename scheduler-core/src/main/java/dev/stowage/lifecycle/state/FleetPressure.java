package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.pressure.PressureSnapshot.PressureBand;

public final class FleetPressure {
  private static final int ONE_IN = 4;

  private FleetPressure() {}

  /**
   * Returns the worse of two bands: the leader's ({@link ObservedPressure#bandAt}), and the worst
   * that a quarter of the counted workers reach, so that one strained worker does not hold back
   * all. Workers with a stale report or none count as {@link PressureBand#NORMAL}.
   */
  public static PressureBand bandAt(Tables tables, long tick) {
    long staleAfter = tables.fleet.config().feedback().staleAfterTicks();
    return tables
        .fleet
        .kept(KeptValue.OBSERVED_PRESSURE)
        .bandAt(tick, staleAfter)
        .orWorse(ofWorkers(tables, tick, staleAfter));
  }

  private static PressureBand ofWorkers(Tables tables, long tick, long staleAfter) {
    PressureBand[] bands = PressureBand.values();
    int[] workers = new int[bands.length];
    int counted = 0;
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      if (entry.isCounted()) {
        ObservedPressure said = entry.pressure();
        boolean isOver = said.isStaleAt(tick, staleAfter);
        workers[(isOver ? PressureBand.NORMAL : said.band()).ordinal()]++;
        counted++;
      }
    }
    int band = bands.length - 1;
    for (int strained = workers[band]; band > 0 && ONE_IN * strained < counted; ) {
      band--;
      strained += workers[band];
    }
    return counted == 0 ? PressureBand.NORMAL : bands[band];
  }
}
