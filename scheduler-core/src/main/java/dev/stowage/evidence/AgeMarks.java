package dev.stowage.evidence;

import java.util.ArrayDeque;

/** Finds the oldest record that is young enough, by one mark per tick with a change. */
final class AgeMarks {
  private final long maxAgeTicks;
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();
  private long now;
  private long expiredBefore;

  /** Records from {@code index} up to the next mark were appended at {@code tick}. */
  private record Mark(long index, long tick) {}

  AgeMarks(long maxAgeTicks, long startIndex) {
    this.maxAgeTicks = maxAgeTicks;
    this.expiredBefore = startIndex;
    marks.add(new Mark(startIndex, 0));
  }

  void advance(long tick, long nextIndex) {
    if (tick < now) {
      throw new IllegalArgumentException("tick is " + tick + "; at least " + now + " is accepted");
    }
    now = tick;
    if (maxAgeTicks == Long.MAX_VALUE) {
      return;
    }
    if (marks.getLast().index() == nextIndex) {
      marks.removeLast();
    }
    marks.add(new Mark(nextIndex, tick));
    while (marks.getFirst().tick() < tick - maxAgeTicks) {
      marks.removeFirst();
    }
    expiredBefore = Math.max(expiredBefore, marks.getFirst().index());
  }

  long expiredBefore() {
    return expiredBefore;
  }
}
