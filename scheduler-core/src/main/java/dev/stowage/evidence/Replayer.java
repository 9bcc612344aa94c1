package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.RecordType.RecordStream;
import dev.stowage.evidence.ReplayComparison.RecordDifference;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;

/**
 * Runs a recording again: a fresh engine gets the recorded inputs, and nothing else, and must
 * append the records that the recording holds, hash by hash.
 *
 * <p>The recording is read once, front to back; memory does not grow with it. One replayer serves
 * one run.
 */
public final class Replayer {
  /** Records after which recording and replay are compared. */
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

  /**
   * Runs a recording from its very first record.
   *
   * @param header what the recorded chain begins with
   * @param recorded every record, inputs and outcomes, in order
   * @throws EvidenceException.UnknownType if the engine does not know an input's type
   * @throws EvidenceException.Broken if a record is missing from the sequence
   */
  public static ReplayResult run(
      EvidenceHeader header, Iterable<EvidenceRecord> recorded, Replayable.Factory factory) {
    return run(header, ChainPoint.originOf(header), recorded, factory);
  }

  /**
   * Runs the rest of a recording.
   *
   * @param start the point of the chain where {@code recorded} begins
   * @param factory makes engines in the state that the recorded one had there, from a snapshot
   */
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
            nextIndex, "the recording goes on with record " + record.index());
      }
      nextIndex++;
      expected.add(record);
      if (record.stream() == RecordStream.INPUT) {
        Optional<RecordDifference> difference = feed(record);
        if (difference.isPresent()) {
          return new ReplayResult.Differs(difference.get());
        }
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
      // an engine that already went another way may fail here: then that way is the answer
      Optional<RecordDifference> earlier = match();
      if (earlier.isPresent()) {
        return earlier;
      }
      throw e;
    }
    // every record up to this input must have been appended by now
    return expected.size() < STRIDE ? Optional.empty() : match().or(this::missing);
  }

  /** Compares what both sides have; returns the first pair that differs. */
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

  /** A recording without a chain has nothing but its contents to be compared by. */
  private static boolean isSame(EvidenceRecord recorded, EvidenceRecord replayed) {
    return recorded.sameContent(replayed)
        && (recorded.hash().equals(Hash256.ZERO) || recorded.hash().equals(replayed.hash()));
  }

  /** What came of running a recording again. */
  public sealed interface ReplayResult {
    /**
     * The engine did the same again, to the last bit.
     *
     * @param head the head that recording and replay share
     * @param inputs records fed
     * @param outcomes records reproduced
     */
    record Same(ChainPoint head, long inputs, long outcomes) implements ReplayResult {
      /** Refuses null. */
      public Same {
        Objects.requireNonNull(head, "head");
      }
    }

    /**
     * The engine did something else.
     *
     * @param difference the first record that differs, in both forms
     */
    record Differs(RecordDifference difference) implements ReplayResult {
      /** Refuses null. */
      public Differs {
        Objects.requireNonNull(difference, "difference");
      }
    }

    /**
     * Requires that the engine did the same.
     *
     * @throws EvidenceException.NotExact naming the first record that differs, its bytes undecoded
     */
    default Same requireSame() {
      if (this instanceof Same same) {
        return same;
      }
      Differs differs = (Differs) this;
      throw new EvidenceException.NotExact(differs.difference().describe(RecordCatalog.empty()));
    }
  }
}
