package dev.stowage.lifecycle.state;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The deletion rule of section 2 for one cycle: each allowed deletion counts for the next. A copy
 * that does not last ({@link Rules#lasts}) makes up for no deletion of one that does, because its
 * worker may have been told that it may be switched off.
 */
public final class DeletionRule {
  private final Tables tables;
  private final IntUnaryOperator floors;
  private final long tick;
  private final boolean isPaused;
  private final Map<Integer, Standing> standings = new HashMap<>();

  public DeletionRule(Tables tables, long tick) {
    this(tables, tables.rules::floor, tick);
  }

  /** Takes the floor of a chunk from {@code floors}, by its position. */
  public DeletionRule(Tables tables, IntUnaryOperator floors, long tick) {
    this.tables = tables;
    this.floors = floors;
    this.tick = tick;
    isPaused = tables.fleet.isPaused(tick);
  }

  public DeletionRule copy() {
    DeletionRule copy = new DeletionRule(tables, floors, tick);
    standings.forEach((chunk, at) -> copy.standings.put(chunk, new Standing(at)));
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
    int floor = floors.applyAsInt(chunk);
    if (possessed && left < Math.min(floor, standing.present)) {
      return false;
    }
    if (possessed && tables.rules.lasts(slot, tick)) {
      if (standing.lasting - 1 < Math.max(floor, tables.rules.leastElsewhere(chunk))) {
        return false;
      }
      standing.lasting--;
    }
    standing.counted = left;
    return true;
  }

  private Standing standing(int chunk) {
    return new Standing(
        tables.rules.possessedOnCounted(chunk),
        tables.rules.possessedOnPresent(chunk),
        tables.rules.possessedAndLasting(chunk, tick));
  }

  private static final class Standing {
    private final int present;
    private int counted;
    private int lasting;

    Standing(int counted, int present, int lasting) {
      this.counted = counted;
      this.present = present;
      this.lasting = lasting;
    }

    Standing(Standing other) {
      counted = other.counted;
      present = other.present;
      lasting = other.lasting;
    }
  }
}
