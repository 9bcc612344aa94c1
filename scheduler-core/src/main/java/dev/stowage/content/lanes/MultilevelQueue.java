package dev.stowage.content.lanes;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.PartHeader;
import dev.stowage.evidence.parts.RecordWriter;
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
public final class MultilevelQueue implements Replayable {
  static final String PART = "level-scheduler";

  /** Picks from higher levels after which a ready level is due. */
  public static final int BURST = 8;

  private final LevelQueue[] levels = new LevelQueue[Level.values().length];
  private final long[] passedOver = new long[Level.values().length];
  private final RecordWriter records;
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
  public MultilevelQueue() {
    this(RecordWriter.none());
  }

  private MultilevelQueue(RecordWriter records) {
    this.records = records;
    Arrays.setAll(levels, i -> new LevelQueue());
  }

  /** Nothing is ready; everything is recorded. */
  public static MultilevelQueue recording(EvidenceLog log) {
    return new MultilevelQueue(RecordWriter.into(log));
  }

  /** A stream has something to send. */
  public void ready(Level level, long stream) {
    if (records.isOn()) {
      records.begin().u8(level.ordinal()).u64(stream);
      records.end(StreamRecords.LEVEL_READY);
    }
    levels[level.ordinal()].ready.add(stream);
  }

  /** A stream has nothing to send, or cannot. */
  public void blocked(Level level, long stream) {
    if (records.isOn()) {
      records.begin().u8(level.ordinal()).u64(stream);
      records.end(StreamRecords.LEVEL_BLOCKED);
    }
    levels[level.ordinal()].ready.remove(stream);
    if (levels[level.ordinal()].ready.isEmpty()) {
      passedOver[level.ordinal()] = 0;
    }
  }

  /** The stream that sends next; it stays ready. Empty if none is. */
  public Optional<Pick> pick() {
    if (records.isOn()) {
      records.begin();
      records.end(StreamRecords.LEVEL_ASKED);
    }
    Optional<Pick> pick = next();
    if (records.isOn()) {
      records
          .begin()
          .optional(pick.orElse(null), (to, p) -> to.u8(p.level().ordinal()).u64(p.stream()));
      records.end(StreamRecords.LEVEL_PICKED);
    }
    return pick;
  }

  private Optional<Pick> next() {
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

  /** What a log must begin with for such a scheduler to be run again. */
  public static EvidenceHeader header(String libraryVersion) {
    return PartHeader.of(PART, new CanonicalWriter(), libraryVersion);
  }

  /** Makes fresh schedulers, for replay. */
  public static Factory factory() {
    return (header, log) -> {
      PartHeader.settingsOf(header, PART).end();
      return recording(log);
    };
  }

  @Override
  public void replay(EvidenceRecord input) {
    CanonicalReader in = input.reader();
    if (input.is(StreamRecords.LEVEL_READY)) {
      ready(StreamRecords.level(in), in.u64());
    } else if (input.is(StreamRecords.LEVEL_BLOCKED)) {
      blocked(StreamRecords.level(in), in.u64());
    } else if (input.is(StreamRecords.LEVEL_ASKED)) {
      pick();
    } else {
      throw new EvidenceException.UnknownType(input.index(), input.wire());
    }
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
