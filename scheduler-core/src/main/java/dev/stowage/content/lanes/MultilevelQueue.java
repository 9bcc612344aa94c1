package dev.stowage.content.lanes;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.PartKind.NoSettings;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
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
  private static final PartKind<NoSettings> KIND =
      new PartKind<>(
          "level-scheduler", StreamRecords.LEVELS, NoSettings.SHAPE, (none, log) -> recording(log));

  /** Picks from higher levels after which a ready level is due. */
  public static final int BURST = 8;

  private final LevelQueue[] levels = new LevelQueue[Level.values().length];
  private final long[] passedOver = new long[Level.values().length];
  private final Recorded<StreamRecords.LevelInput, StreamRecords.LevelOutcome> shell;
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

  private MultilevelQueue(RecordWriter log) {
    shell = new Recorded<>(log, StreamRecords.LEVELS, this::apply);
    Arrays.setAll(levels, i -> new LevelQueue());
  }

  /** Nothing is ready; everything is recorded. */
  public static MultilevelQueue recording(EvidenceLog log) {
    return new MultilevelQueue(RecordWriter.into(log));
  }

  /** A stream has something to send. */
  public void ready(Level level, long stream) {
    shell.apply(new StreamRecords.LevelReady(level, stream));
  }

  /** A stream has nothing to send, or cannot. */
  public void blocked(Level level, long stream) {
    shell.apply(new StreamRecords.LevelBlocked(level, stream));
  }

  /** The stream that sends next; it stays ready. Empty if none is. */
  public Optional<Pick> pick() {
    return ((StreamRecords.LevelPicked) shell.answer(new StreamRecords.LevelAsked())).pick();
  }

  private void apply(StreamRecords.LevelInput input, Outcomes<StreamRecords.LevelOutcome> to) {
    if (input instanceof StreamRecords.LevelReady it) {
      levels[it.level().ordinal()].ready.add(it.stream());
    } else if (input instanceof StreamRecords.LevelBlocked it) {
      int level = it.level().ordinal();
      levels[level].ready.remove(it.stream());
      if (levels[level].ready.isEmpty()) {
        passedOver[level] = 0;
      }
    } else if (input instanceof StreamRecords.LevelAsked) {
      to.add(new StreamRecords.LevelPicked(next()));
    }
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
    return KIND.header(NoSettings.NONE, libraryVersion);
  }

  /** Makes fresh schedulers, for replay. */
  public static Factory factory() {
    return KIND;
  }

  @Override
  public void replay(EvidenceRecord input) {
    shell.replay(input);
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
