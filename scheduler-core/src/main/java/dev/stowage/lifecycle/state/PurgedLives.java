package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.KeptValue;

/** The largest incarnation of purged workers; later ones are above it, so late reports are old. */
public final class PurgedLives {
  private PurgedLives() {}

  /** Returns 0 if no registered worker was purged. */
  public static long largest(FleetFields fleet) {
    return fleet.kept(KeptValue.PURGED_LIVES);
  }

  public static void remember(FleetFields fleet, long incarnation) {
    if (incarnation > largest(fleet)) {
      fleet.keep(KeptValue.PURGED_LIVES.with(incarnation));
    }
  }

  public static long oldest(FleetFields fleet, WorkerEntry worker) {
    return worker.isRegistered() ? worker.incarnation : largest(fleet) + 1;
  }
}
