package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.Tick;
import org.jspecify.annotations.Nullable;

/** The key of a known chunk: taken for as long as the chunk lives, or until retention frees it. */
final class TakenKey {
  private TakenKey() {}

  /** Reports whether the chunk was rejected, marked for removal, dropped or has gone. */
  static boolean isOver(Tables tables, int chunk) {
    return tables.chunks.stateOf(chunk) != ChunkState.OFFERED && !tables.chunks.isLive(chunk);
  }

  /** Returns the earliest tick at which a purge can free the key of a chunk that is over. */
  static @Nullable Tick freeFrom(Tables tables, int chunk) {
    FleetRow fleet = tables.fleet;
    long gone =
        switch (tables.chunks.stateOf(chunk)) {
          case VISIBLE -> fleet.windowEnd(fleet.largestTick());
          case DROPPED -> Math.max(tables.chunks.end(chunk), fleet.largestTick());
          case REJECTED, TOMBSTONE -> tables.chunks.end(chunk);
          case OFFERED, ADMITTED -> fleet.largestTick();
        };
    long free = SaturatedSum.of(gone, fleet.config().retention().chunkTicks());
    return free == LifecycleConfig.NEVER ? null : Tick.of(free);
  }

  static String why(Tables tables, int chunk) {
    Tick from = freeFrom(tables, chunk);
    String what =
        switch (tables.chunks.stateOf(chunk)) {
          case REJECTED -> "was rejected";
          case TOMBSTONE -> "has gone";
          case OFFERED, ADMITTED, VISIBLE, DROPPED -> "is being removed";
        };
    return "its chunk "
        + what
        + "; retention "
        + (from == null ? "never frees the key" : "frees the key at tick " + from + " or later");
  }
}
