package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.RecordType.RecordStream;
import dev.stowage.evidence.ReplayComparison.RecordDifference;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;

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
    record Same(ChainPoint head, long inputs, long outcomes) implements ReplayResult {
      /** Throws {@code NullPointerException} if the head is null. */
      public Same {
        Objects.requireNonNull(head, "head");
      }
    }

    /** A different replay, with the first difference. */
    record Differs(RecordDifference difference) implements ReplayResult {
      /** Throws {@code NullPointerException} if the difference is null. */
      public Differs {
        Objects.requireNonNull(difference, "difference");
      }
    }

    /** Returns this, or throws {@link EvidenceException.NotExact} with the difference. */
    default Same requireSame() {
      if (this instanceof Same same) {
        return same;
      }
      Differs differs = (Differs) this;
      throw new EvidenceException.NotExact(differs.difference().describe(RecordCatalog.empty()));
    }
  }
}
