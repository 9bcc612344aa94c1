package dev.stowage.lifecycle.state;

import java.util.HashMap;
import java.util.Map;

/** The deletion rule of section 2 for one cycle: each allowed deletion counts for the next. */
public final class DeletionRule {
  private final Tables tables;
  private final boolean isPaused;
  private final Map<Integer, Standing> standings = new HashMap<>();

  public DeletionRule(Tables tables, long tick) {
    this(tables, tables.fleet.isPaused(tick));
  }

  private DeletionRule(Tables tables, boolean isPaused) {
    this.tables = tables;
    this.isPaused = isPaused;
  }

  public DeletionRule copy() {
    DeletionRule copy = new DeletionRule(tables, isPaused);
    standings.forEach(
        (chunk, at) -> copy.standings.put(chunk, new Standing(at.counted, at.present)));
    return copy;
  }

  public boolean allows(int slot) {
    if (isPaused) {
      return false;
    }
    if (tables.replicas.isDiskGone(slot)) {
      return true;
    }
    int chunk = tables.replicas.chunk(slot);
    Standing standing = standings.computeIfAbsent(chunk, this::standing);
    boolean possessed = tables.rules.possessed(slot);
    int left = standing.counted - (possessed && tables.rules.counted(slot) ? 1 : 0);
    boolean guarded = tables.chunks.isEstablished(chunk) && tables.chunks.isOncePossessed(chunk);
    if (guarded && left == 0) {
      return false;
    }
    if (possessed && left < Math.min(tables.rules.floor(chunk), standing.present)) {
      return false;
    }
    standing.counted = left;
    return true;
  }

  private Standing standing(int chunk) {
    return new Standing(
        tables.rules.possessedOnCounted(chunk), tables.rules.possessedOnPresent(chunk));
  }

  private static final class Standing {
    private int counted;
    private final int present;

    Standing(int counted, int present) {
      this.counted = counted;
      this.present = present;
    }
  }
}
