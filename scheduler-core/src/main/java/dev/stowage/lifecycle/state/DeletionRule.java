package dev.stowage.lifecycle.state;

import java.util.HashMap;
import java.util.Map;

/**
 * The deletion rule of section 2 for one cycle: each allowed deletion counts for the next. Copies
 * on workers that are to leave do not make up for copies on others, because a worker that is to
 * leave may be switched off at any time once it was permitted.
 */
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
    standings.forEach((chunk, at) ->
        copy.standings.put(
            chunk, new Standing(at.counted, at.present, at.staying, at.stayingBefore)));
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
    int floor = tables.rules.floor(chunk);
    if (possessed && left < Math.min(floor, standing.present)) {
      return false;
    }
    int stayingLeft = standing.staying - (possessed && tables.rules.stays(slot) ? 1 : 0);
    if (stayingLeft < standing.staying && stayingLeft < Math.min(floor, standing.stayingBefore)) {
      return false;
    }
    standing.counted = left;
    standing.staying = stayingLeft;
    return true;
  }

  private Standing standing(int chunk) {
    int staying = tables.rules.possessedOnStaying(chunk);
    return new Standing(
        tables.rules.possessedOnCounted(chunk),
        tables.rules.possessedOnPresent(chunk),
        staying,
        staying);
  }

  private static final class Standing {
    private int counted;
    private int staying;
    private final int present;
    private final int stayingBefore;

    Standing(int counted, int present, int staying, int stayingBefore) {
      this.counted = counted;
      this.present = present;
      this.staying = staying;
      this.stayingBefore = stayingBefore;
    }
  }
}
