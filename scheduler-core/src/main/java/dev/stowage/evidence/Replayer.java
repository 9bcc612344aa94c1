package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceRecord.RecordType.RecordStream;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Replayer.ReplayComparison.RecordDifference;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Feeds recorded inputs to a fresh engine, whose log must equal the recording hash by hash. The
 * recording is read once, in bounded memory. One replayer serves one run.
 */
public final class Replayer {
  /** Records between two comparisons. */
  private static final int STRIDE = 1024;

  private final ArrayDeque<EvidenceRecord> expected = new ArrayDeque<>();
  private final ArrayDeque<EvidenceRecord> produced = new ArrayDeque<>();
  private final EvidenceLog log;
  private final Replayable engine;
  private long nextIndex;
  private long inputs;

  private Replayer(EvidenceHeader header, ChainPoint start, Replayable.Factory factory) {
    this.log =
        EvidenceLog.builder(header)
            .continuing(start)
            .sink(batch -> produced.addAll(batch.records()), SinkPolicy.block())
            .build();
    this.engine = factory.fresh(header, log);
    this.nextIndex = start.index();
  }

  /** Runs a recording; throws {@code UnknownType}, or {@code Broken} for a missing record. */
  public static ReplayResult run(
      EvidenceHeader header, Iterable<EvidenceRecord> recorded, Replayable.Factory factory) {
    return run(header, ChainPoint.originOf(header), recorded, factory);
  }

  /** Runs a recording from {@code start} on, with engines in the state there, from a snapshot. */
  public static ReplayResult run(
      EvidenceHeader header,
      ChainPoint start,
      Iterable<EvidenceRecord> recorded,
      Replayable.Factory factory) {
    return new Replayer(header, start, factory).run(recorded);
  }

  private ReplayResult run(Iterable<EvidenceRecord> recorded) {
    for (EvidenceRecord record : recorded) {
      if (record.index() != nextIndex) {
        throw new EvidenceException.Broken(
            nextIndex, "the recording continues with record " + record.index());
      }
      nextIndex++;
      expected.add(record);
      if (record.stream() == RecordStream.INPUT) {
        Optional<RecordDifference> difference = feed(record);
        if (difference.isPresent()) {
          return new ReplayResult.Differs(difference.get());
        }
      } else {
        engine.heard(record);
      }
    }
    Optional<RecordDifference> difference = match().or(this::missing).or(this::extra);
    if (difference.isPresent()) {
      return new ReplayResult.Differs(difference.get());
    }
    long replayed = log.stats().appendedRecords();
    return new ReplayResult.Same(log.point(), inputs, replayed - inputs);
  }

  private Optional<RecordDifference> feed(EvidenceRecord input) {
    inputs++;
    try {
      engine.replay(input);
    } catch (RuntimeException e) {
      // an engine that already diverged may fail here: then the divergence is the answer
      Optional<RecordDifference> earlier = match();
      if (earlier.isPresent()) {
        return earlier;
      }
      throw e;
    }
    // every record up to this input must have been appended by now
    return expected.size() < STRIDE ? Optional.empty() : match().or(this::missing);
  }

  private Optional<RecordDifference> match() {
    log.flush();
    while (!expected.isEmpty() && !produced.isEmpty()) {
      EvidenceRecord recorded = expected.remove();
      EvidenceRecord replayed = produced.remove();
      if (!isSame(recorded, replayed)) {
        return Optional.of(new RecordDifference(recorded.index(), recorded, replayed));
      }
    }
    return Optional.empty();
  }

  private Optional<RecordDifference> missing() {
    return Optional.ofNullable(expected.peek())
        .map(recorded -> new RecordDifference(recorded.index(), recorded, null));
  }

  private Optional<RecordDifference> extra() {
    return Optional.ofNullable(produced.peek())
        .map(replayed -> new RecordDifference(replayed.index(), null, replayed));
  }

  /** Compares contents alone for a recording without a chain. */
  private static boolean isSame(EvidenceRecord recorded, EvidenceRecord replayed) {
    return recorded.sameContent(replayed)
        && (recorded.hash().equals(Hash256.ZERO) || recorded.hash().equals(replayed.hash()));
  }

  /** The result of a replay. */
  public sealed interface ReplayResult {
    /** An identical replay: the common head, the inputs fed and the outcomes reproduced. */
    record Same(ChainPoint head, long inputs, long outcomes) implements ReplayResult {}

    /** A different replay, with the first difference. */
    record Differs(RecordDifference difference) implements ReplayResult {}

    /** Returns this, or throws {@link EvidenceException.NotExact} with the difference. */
    default Same requireSame() {
      if (this instanceof Same same) {
        return same;
      }
      Differs differs = (Differs) this;
      throw new EvidenceException.NotExact(differs.difference().describe(RecordCatalog.empty()));
    }
  }

  /** An engine that can repeat its recorded inputs into an {@link EvidenceLog}. */
  @FunctionalInterface
  public interface Replayable {
    /**
     * Repeats an input: appends an equal record and all outcomes before the next input. Throws
     * {@link EvidenceException} for an unknown type or an unreadable payload.
     */
    void replay(EvidenceRecord input);

    /**
     * Hears of a recorded outcome, before the next input. An engine appends an equal record here
     * only if it did not repeat the input, which is then told and not verified; by default it does
     * not.
     */
    default void heard(EvidenceRecord outcome) {}

    /** Makes engines without inputs so far. */
    @FunctionalInterface
    interface Factory {
      /**
       * Creates an engine; throws {@link EvidenceException.Mismatch} if this host cannot run it.
       */
      Replayable fresh(EvidenceHeader header, EvidenceLog log);
    }
  }

  /**
   * The agreement of two runs by type and payload of their records (evidence design, section 5).
   */
  public sealed interface ReplayComparison {
    /** The most differing records of a minor difference. */
    int MINOR_MOST = 10;

    /** All records are equal. */
    record ExactMatch() implements ReplayComparison {}

    /** Runs of one length, of which 1 to {@value #MINOR_MOST} records differ. */
    record MinorDifference(int count) implements ReplayComparison {
      /** Throws {@code IllegalArgumentException} if {@code count} is out of range. */
      public MinorDifference {
        if (count < 1 || count > MINOR_MOST) {
          throw new IllegalArgumentException(
              "count is " + count + "; 1 to " + MINOR_MOST + " is accepted");
        }
      }
    }

    /** Runs with more differences, or of two lengths: the first index, or the shorter length. */
    record Diverged(long firstIndex) implements ReplayComparison {}

    /** Compares two runs record by record, from their first ones on. */
    static ReplayComparison of(Iterable<EvidenceRecord> left, Iterable<EvidenceRecord> right) {
      Iterator<EvidenceRecord> a = left.iterator();
      Iterator<EvidenceRecord> b = right.iterator();
      long position = 0;
      long differing = 0;
      long first = 0;
      while (a.hasNext() && b.hasNext()) {
        if (!a.next().sameContent(b.next()) && differing++ == 0) {
          first = position;
        }
        position++;
      }
      if (a.hasNext() || b.hasNext()) {
        return new Diverged(position);
      }
      if (differing == 0) {
        return new ExactMatch();
      }
      return differing <= MINOR_MOST ? new MinorDifference((int) differing) : new Diverged(first);
    }

    /** Returns the first difference in type, payload or length, with both records. */
    static Optional<RecordDifference> firstDifference(
        Iterable<EvidenceRecord> left, Iterable<EvidenceRecord> right) {
      Iterator<EvidenceRecord> a = left.iterator();
      Iterator<EvidenceRecord> b = right.iterator();
      long index = 0;
      while (a.hasNext() || b.hasNext()) {
        EvidenceRecord expected = a.hasNext() ? a.next() : null;
        EvidenceRecord found = b.hasNext() ? b.next() : null;
        index = expected != null ? expected.index() : index;
        if (expected == null || found == null || !expected.sameContent(found)) {
          return Optional.of(new RecordDifference(index, expected, found));
        }
        index++;
      }
      return Optional.empty();
    }

    /** Reports whether all records are equal. */
    default boolean isExact() {
      return this instanceof ExactMatch;
    }

    /** Throws {@link EvidenceException.NotExact} unless all records are equal. */
    default void requireExact() {
      if (!isExact()) {
        throw new EvidenceException.NotExact("the runs are not equal: " + this);
      }
    }

    /** The first difference of two runs, or of recording and replay; a missing record is null. */
    public record RecordDifference(
        long index, @Nullable EvidenceRecord expected, @Nullable EvidenceRecord found) {
      /** Throws {@code IllegalArgumentException} if both records are null. */
      public RecordDifference {
        if (expected == null && found == null) {
          throw new IllegalArgumentException("neither run has a record at " + index);
        }
      }

      /** Returns the record of the first run or of the recording, if any. */
      public Optional<EvidenceRecord> expectedRecord() {
        return Optional.ofNullable(expected);
      }

      /** Returns the record of the second run or of the replay, if any. */
      public Optional<EvidenceRecord> foundRecord() {
        return Optional.ofNullable(found);
      }

      /** Returns both records in words, on three lines. */
      public String describe(RecordCatalog catalog) {
        Objects.requireNonNull(catalog, "catalog");
        return "first difference at record "
            + index
            + "\n  expected "
            + inWords(expectedRecord(), catalog)
            + "\n  found    "
            + inWords(foundRecord(), catalog);
      }

      private static String inWords(Optional<EvidenceRecord> record, RecordCatalog catalog) {
        return record.map(it -> catalog.explain(it).toString()).orElse("no record");
      }
    }
  }
}
