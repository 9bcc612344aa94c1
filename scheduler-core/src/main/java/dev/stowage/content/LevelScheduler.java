package dev.stowage.content;

import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Streams on five levels, higher levels first, round robin within a level, with relief for
 * <em>every</em> lower level that is ready.
 *
 * <p>A level that was passed over {@value #BURST} times while it was ready is due, and after every
 * {@value #BURST} other picks one goes to a level that is due: the one that was passed over most,
 * of equals the higher. So with n ready levels below the highest one, each of them gets a pick in
 * every ({@value #BURST} + 1) n. Belongs to one thread at a time.
 */
public final class LevelScheduler {
  /** Picks from higher levels after which a ready level is due. */
  public static final int BURST = 8;

  private final LevelQueue[] levels = new LevelQueue[Level.values().length];
  private final long[] passedOver = new long[Level.values().length];
  private int sinceRelief;

  /** The levels, the first one first. */
  public enum Level {
    /** What keeps the system going. */
    CONTROL,
    /** Checksums and proofs. */
    PROOF,
    /** What was asked for. */
    DATA,
    /** What was lost and must be made again. */
    REPAIR,
    /** Metrics and traces. */
    DIAGNOSTICS
  }

  /**
   * A pick.
   *
   * @param level the level
   * @param stream the stream
   */
  public record Pick(Level level, long stream) {}

  private static final class LevelQueue {
    final TreeSet<Long> ready = new TreeSet<>(Long::compareUnsigned);
    long last = -1;

    /** The next stream after the last one picked, around the end. */
    long next() {
      Long after = ready.higher(last);
      last = after == null ? ready.first() : after;
      return last;
    }
  }

  /** Nothing is ready. */
  public LevelScheduler() {
    Arrays.setAll(levels, i -> new LevelQueue());
  }

  /** A stream has something to send. */
  public void ready(Level level, long stream) {
    levels[level.ordinal()].ready.add(stream);
  }

  /** A stream has nothing to send, or cannot. */
  public void blocked(Level level, long stream) {
    levels[level.ordinal()].ready.remove(stream);
    if (levels[level.ordinal()].ready.isEmpty()) {
      passedOver[level.ordinal()] = 0;
    }
  }

  /** The stream that sends next; it stays ready. Empty if none is. */
  public Optional<Pick> pick() {
    int first = highestReady();
    if (first < 0) {
      return Optional.empty();
    }
    int relieved = sinceRelief >= BURST ? mostPassedOver() : -1;
    int level = relieved < 0 ? first : relieved;
    sinceRelief = relieved < 0 ? Math.min(sinceRelief + 1, BURST) : 0;
    for (int lower = level + 1; lower < levels.length; lower++) {
      passedOver[lower] += levels[lower].ready.isEmpty() ? 0 : 1;
    }
    passedOver[level] = 0;
    return Optional.of(new Pick(Level.values()[level], levels[level].next()));
  }

  private int highestReady() {
    for (int i = 0; i < levels.length; i++) {
      if (!levels[i].ready.isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  private int mostPassedOver() {
    int most = -1;
    for (int i = 0; i < levels.length; i++) {
      boolean due = passedOver[i] >= BURST && !levels[i].ready.isEmpty();
      most = due && (most < 0 || passedOver[i] > passedOver[most]) ? i : most;
    }
    return most;
  }
}
