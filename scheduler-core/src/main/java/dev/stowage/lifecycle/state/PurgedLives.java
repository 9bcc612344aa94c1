package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.Annex;
import dev.stowage.lifecycle.KeptValue;
import java.nio.ByteBuffer;
import java.util.TreeMap;

/** The largest incarnation of purged workers; later ones are above it, so late reports are old. */
public final class PurgedLives {
  private PurgedLives() {}

  /** Returns 0 if no registered worker was purged. */
  public static long largest(FleetFields fleet) {
    Annex kept = fleet.annexes.get(KeptValue.PURGED_LIVES.kind());
    return kept == null ? 0 : ByteBuffer.wrap(kept.content()).getLong();
  }

  public static void remember(FleetFields fleet, long incarnation) {
    if (incarnation > largest(fleet)) {
      TreeMap<String, Annex> annexes = new TreeMap<>(fleet.annexes);
      byte[] content = ByteBuffer.allocate(Long.BYTES).putLong(incarnation).array();
      annexes.put(KeptValue.PURGED_LIVES.kind(), KeptValue.PURGED_LIVES.with(content));
      fleet.annexes = annexes;
    }
  }

  public static long oldest(FleetFields fleet, WorkerEntry worker) {
    return worker.isRegistered() ? worker.incarnation : largest(fleet) + 1;
  }
}
