package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;

/** The largest incarnation of purged workers; later ones are above it, so late reports are old. */
public final class PurgedLives {
  private PurgedLives() {}

  /** Returns 0 if no registered worker was purged. */
  public static long largest(FleetRow fleet) {
    return fleet.kept(KeptValue.PURGED_LIVES);
  }

  public static void remember(Tables tables, long incarnation) {
    if (incarnation > largest(tables.fleet)) {
      tables.keep(KeptValue.PURGED_LIVES.with(incarnation));
    }
  }

  public static long oldest(FleetRow fleet, WorkerRow worker) {
    return worker.isRegistered() ? worker.incarnation().value() : largest(fleet) + 1;
  }
}
