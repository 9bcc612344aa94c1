package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.Annex;
import java.nio.ByteBuffer;
import java.util.TreeMap;

/**
 * The largest incarnation of any worker whose row was purged: one number for the whole fleet, so
 * that it does not grow. A worker that is described again begins its next life above it, so that a
 * late report of a life that nobody remembers is an old one, and never passes for proof. Kept as an
 * annex of the fleet's row.
 */
public final class PurgedLives {
  static final String KIND = "lifecycle/purged-incarnations";

  private PurgedLives() {}

  /** 0 where no worker that had ever registered was purged: then lives are counted from 1. */
  public static long largest(FleetFields fleet) {
    Annex kept = fleet.annexes.get(KIND);
    return kept == null ? 0 : ByteBuffer.wrap(kept.content()).getLong();
  }

  public static void remember(FleetFields fleet, long incarnation) {
    if (incarnation > largest(fleet)) {
      TreeMap<String, Annex> annexes = new TreeMap<>(fleet.annexes);
      byte[] content = ByteBuffer.allocate(Long.BYTES).putLong(incarnation).array();
      annexes.put(KIND, new Annex(KIND, content));
      fleet.annexes = annexes;
    }
  }

  /** The incarnation below which every report of a worker is of a former life. */
  public static long oldest(FleetFields fleet, WorkerEntry worker) {
    return worker.isRegistered() ? worker.incarnation : largest(fleet) + 1;
  }
}
