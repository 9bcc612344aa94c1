package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.pressure.PressureBand;

/** The band of pressure that plans work with, from the leader's machine and its workers. */
public final class FleetPressure {
  /** One in so many of the workers that count has to be under a pressure. */
  private static final int ONE_IN = 4;

  private FleetPressure() {}

  /**
   * Returns the worse of two bands at a tick: that of the leader's machine, and the worst one that
   * a quarter of the workers that count are in, or in a worse one. So one strained worker of many
   * holds back nobody else. A worker that never reported a pressure is in {@link
   * PressureBand#NORMAL}, and so is one whose report is older than {@link
   * LifecycleConfig.Feedback#staleAfterTicks}. The leader's sample ages as {@link
   * ObservedPressure#bandAt} says.
   */
  public static PressureBand bandAt(Tables tables, long tick) {
    long staleAfter = tables.fleet.config.feedback().staleAfterTicks();
    return ObservedPressure.of(tables.fleet.annexes.get(ObservedPressure.ANNEX))
        .bandAt(tick, staleAfter)
        .orWorse(ofWorkers(tables, tick, staleAfter));
  }

  private static PressureBand ofWorkers(Tables tables, long tick, long staleAfter) {
    PressureBand[] bands = PressureBand.values();
    int[] workers = new int[bands.length];
    int counted = 0;
    for (int position : tables.workers.order()) {
      WorkerEntry entry = tables.workers.entry(position);
      if (entry.isCounted()) {
        ObservedPressure said = entry.pressure;
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
