package dev.stowage.deterministic;

import dev.stowage.deterministic.crew.RoundTally;
import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordType.RecordStream;
import dev.stowage.evidence.Replayable;
import java.util.List;

/** Repeats a scheduler's run from its inputs; {@link dev.stowage.evidence.Replayer} compares it. */
public final class SchedulerReplay implements Replayable {
  private final DeterministicScheduler scheduler;

  private SchedulerReplay(DeterministicScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Returns a factory of schedulers at the start that a header describes. */
  public static Replayable.Factory factory(ProgramTable programs, GuardTable guards) {
    return (header, log) -> new SchedulerReplay(fresh(header, log, programs, guards));
  }

  /** Rebuilds a run from inputs; {@link EvidenceException.Mismatch} reports a foreign header. */
  public static DeterministicScheduler rebuild(
      EvidenceHeader header,
      Iterable<EvidenceRecord> records,
      ProgramTable programs,
      GuardTable guards) {
    SchedulerReplay replay =
        new SchedulerReplay(fresh(header, EvidenceLog.of(header), programs, guards));
    for (EvidenceRecord record : records) {
      if (record.stream() == RecordStream.INPUT) {
        replay.replay(record);
      }
    }
    return replay.scheduler;
  }

  private static DeterministicScheduler fresh(
      EvidenceHeader header, EvidenceLog log, ProgramTable programs, GuardTable guards) {
    return DeterministicScheduler.builder(configOf(header))
        .programs(programs)
        .guards(guards)
        .log(log)
        .build();
  }

  private static SchedulerConfig configOf(EvidenceHeader header) {
    try {
      return SchedulerConfig.from(header);
    } catch (IllegalArgumentException e) {
      throw new EvidenceException.Mismatch(
          List.of(
              new HeaderDifference(
                  "runtime",
                  "a configuration of " + SchedulerConfig.RULES,
                  String.valueOf(e.getMessage()))));
    }
  }

  /** Repeats an input; throws {@link EvidenceException.Mismatch} if it cannot be run here. */
  @Override
  public void replay(EvidenceRecord input) {
    SchedulerEvent event = SchedulerRecords.decode(input);
    try {
      replay(input, event);
    } catch (IllegalArgumentException | ClockExhausted e) {
      throw new EvidenceException.Mismatch(
          List.of(
              new HeaderDifference(
                  "record " + input.index(),
                  "an input that can be run here",
                  String.valueOf(e.getMessage()))));
    }
  }

  private void drainAsRecorded(SchedulerEvent.OrderedStarted ordered) {
    try {
      scheduler.drainOrdered(ordered.limit().bits(), ordered.most(), new RoundTally());
    } catch (ClockExhausted exhausted) {
      // the recorded run ended behind the same tasks, and its host was told
      return;
    }
  }

  private void replay(EvidenceRecord input, SchedulerEvent event) {
    if (event instanceof SchedulerEvent.TaskEnqueued enqueued) {
      if (enqueued.ordered()) {
        scheduler.enqueueOrdered(enqueued.task(), enqueued.timestamp(), enqueued.core());
      } else {
        scheduler.enqueue(enqueued.task());
      }
    } else if (event instanceof SchedulerEvent.TaskRefused refused) {
      if (refused.refusal() == SchedulerEvent.Refusal.ORDERED_FULL) {
        scheduler.enqueueOrdered(refused.task(), refused.timestamp(), refused.core());
      } else {
        scheduler.enqueue(refused.task());
      }
    } else if (event instanceof SchedulerEvent.ExternalInput external) {
      scheduler.externalInput(external.name(), external.value());
    } else if (event instanceof SchedulerEvent.RoundStarted) {
      scheduler.runCores(new RoundTally());
    } else if (event instanceof SchedulerEvent.StepStarted step) {
      scheduler.stepCore(step.core());
    } else if (event instanceof SchedulerEvent.OrderedStarted ordered) {
      drainAsRecorded(ordered);
    } else {
      throw new EvidenceException.UnknownType(input.index(), input.wire());
    }
  }
}
