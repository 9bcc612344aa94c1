package dev.stowage.sim.kit.scenario;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.model.Tick;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The code of the host around every scheduler of one world: its listener and its recorder. It
 * forwards each call, then throws once where the story says so. It checks the consequences: the
 * host is told of each throw once, and the recorder is offered again the batch it refused. Not
 * thread-safe.
 */
final class HostCode {
  enum Trouble {
    /** The listener throws an exception. */
    EXCEPTION,
    /** The listener throws an error. */
    ERROR,
    /** The recorder refuses a batch. */
    REFUSAL
  }

  private boolean isListenerDue;
  private boolean isError;
  private boolean isRefusalDue;
  private long thrown;
  private long told;
  private long lostRecords;

  StepOutcome next(Trouble trouble) {
    if (trouble == Trouble.REFUSAL) {
      isRefusalDue = true;
    } else {
      isListenerDue = true;
      isError = trouble == Trouble.ERROR;
    }
    return StepOutcome.DONE;
  }

  /** Returns a missing consequence of the failures; empty if there is none. */
  Optional<Finding> broken() {
    if (thrown != told) {
      return found(
          "the host's code threw " + thrown + " times, and it was told so " + told + " times");
    }
    return lostRecords == 0
        ? Optional.empty()
        : found("the recorder was never given " + lostRecords + " records that it had refused");
  }

  /** Flushes the evidence, and again if the recorder refuses, as a well-behaved host does. */
  static void flush(EvidenceLog evidence) {
    try {
      evidence.flush();
    } catch (EvidenceException.SinkFailed refused) {
      evidence.flush();
    }
  }

  /**
   * Closes a scheduler. A leading one hands its remaining evidence to the recorder first; a fenced
   * one did so when it learnt of it, and has none left.
   */
  static void end(Stowage scheduler) {
    if (scheduler.isLeading()) {
      flush(Evidence.of(scheduler));
    }
    scheduler.close();
  }

  private static Optional<Finding> found(String text) {
    return Optional.of(new Finding("after the commit", text));
  }

  /** Returns the listener of one scheduler; {@code onChange} runs first for each command. */
  StowageListener around(StowageListener inner, BiConsumer<Command<?>, Result> onChange) {
    return new Listening(inner, onChange);
  }

  EvidenceSink around(EvidenceSink inner) {
    return new Recording(inner);
  }

  private static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1;

    Thrown() {
      super("thrown because the scenario says so");
    }
  }

  private static final class ThrownError extends Error {
    private static final long serialVersionUID = 1;

    ThrownError() {
      super("thrown because the scenario says so");
    }
  }

  private final class Listening implements StowageListener {
    private final StowageListener inner;
    private final BiConsumer<Command<?>, Result> onChange;

    Listening(StowageListener inner, BiConsumer<Command<?>, Result> onChange) {
      this.inner = inner;
      this.onChange = onChange;
    }

    @Override
    public void executed(Tick tick, Command<?> command, Result result) {
      onChange.accept(command, result);
      inner.executed(tick, command, result);
      if (isListenerDue) {
        isListenerDue = false;
        thrown++;
        if (isError) {
          throw new ThrownError();
        }
        throw new Thrown();
      }
    }

    @Override
    public void failed(Throwable failure) {
      if (failure instanceof Thrown || failure instanceof ThrownError) {
        told++;
      } else if (!(failure.getCause() instanceof Thrown)) {
        inner.failed(failure); // who listens there takes a failure for a finding
      }
    }
  }

  private final class Recording implements EvidenceSink {
    private final EvidenceSink inner;
    private long end;

    Recording(EvidenceSink inner) {
      this.inner = inner;
    }

    @Override
    public void begin(EvidenceHeader header, ChainPoint start) {
      end = start.index();
      inner.begin(header, start);
    }

    @Override
    public void accept(RecordBatch batch) {
      if (isRefusalDue) {
        isRefusalDue = false;
        thrown++;
        throw new Thrown();
      }
      lostRecords += Math.max(0, batch.firstIndex() - end);
      end = Math.max(end, batch.endIndex());
      inner.accept(batch);
    }

    @Override
    public void flush() {
      inner.flush();
    }

    @Override
    public boolean holdsEverything() {
      return inner.holdsEverything();
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
