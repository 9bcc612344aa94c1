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
 * A queue of streams on five levels: higher levels first, round robin within a level. A ready level
 * passed over {@value #BURST} times is due; after every {@value #BURST} other picks the due level
 * passed over most, of equals the higher, gets one. With n ready levels below the highest, each
 * gets a pick in every ({@value #BURST} + 1) n. Confined to one thread at a time.
 */
public final class MultilevelQueue implements Replayable {
  private static final PartKind<NoSettings> KIND =
      new PartKind<>(
          "level-scheduler", StreamRecords.LEVELS, NoSettings.SHAPE, (none, log) -> recording(log));

  /** The number of higher picks after which a ready level is due. */
  public static final int BURST = 8;

  private final LevelQueue[] levels = new LevelQueue[Level.values().length];
  private final long[] passedOver = new long[Level.values().length];
  private final Recorded<StreamRecords.LevelInput, StreamRecords.LevelOutcome> shell;
  private int sinceRelief;

  /** The levels, highest first. */
  public enum Level {
    /** Messages that keep the system running. */
    CONTROL,
    /** Checksums and proofs. */
    PROOF,
    /** Requested content. */
    DATA,
    /** Lost content that is made again. */
    REPAIR,
    /** Metrics and traces. */
    DIAGNOSTICS
  }

  /** A picked stream and its level. */
  public record Pick(Level level, long stream) {}

  private static final class LevelQueue {
    final TreeSet<Long> ready = new TreeSet<>(Long::compareUnsigned);
    long last = -1;

    long next() {
      Long after = ready.higher(last);
      last = after == null ? ready.first() : after;
      return last;
    }
  }

  /** Creates a queue without ready streams. */
  public MultilevelQueue() {
    this(RecordWriter.none());
  }

  private MultilevelQueue(RecordWriter log) {
    shell = new Recorded<>(log, StreamRecords.LEVELS, this::apply);
    Arrays.setAll(levels, i -> new LevelQueue());
  }

  /** Creates a queue that records into {@code log}. */
  public static MultilevelQueue recording(EvidenceLog log) {
    return new MultilevelQueue(RecordWriter.into(log));
  }

  /** Marks a stream as ready to send. */
  public void ready(Level level, long stream) {
    shell.apply(new StreamRecords.LevelReady(level, stream));
  }

  /** Marks a stream as unable to send. */
  public void blocked(Level level, long stream) {
    shell.apply(new StreamRecords.LevelBlocked(level, stream));
  }

  /** Returns the stream that sends next and stays ready; empty if none is ready. */
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

  /** Returns the header of a log from which such a queue is replayed. */
  public static EvidenceHeader header(String libraryVersion) {
    return KIND.header(NoSettings.NONE, libraryVersion);
  }

  /** Returns a factory of queues for replay. */
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
