package dev.stowage.deterministic;

import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.SchedulerConfig.ReplaySeed;
import dev.stowage.deterministic.SchedulerEvent.TaskOutcome;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** A scheduler of the tests' programs with its log. */
final class Trial {
  final EvidenceLog log;
  final DeterministicScheduler scheduler;

  Trial(SchedulerConfig config, TaskTable table, Executor helpers) {
    log = EvidenceLog.of(header(config));
    scheduler = DeterministicScheduler.recording(config, table, helpers, log);
  }

  Trial(SchedulerConfig config) {
    this(config, Programs.TABLE, Runnable::run);
  }

  static Trial ofCores(int cores) {
    return new Trial(SchedulerConfig.ofCores(cores));
  }

  /** One core whose clock starts just before its end. */
  static Trial startingAt(long clock) {
    return new Trial(SchedulerConfig.of(new ReplaySeed(0, new Timestamp(clock), 1)));
  }

  static EvidenceHeader header(SchedulerConfig config) {
    return DeterministicScheduler.header(config, "test");
  }

  static SchedulerConfig config(int cores, long seed, Mapping mapping, int quantum) {
    return new SchedulerConfig(
        new ReplaySeed(seed, Timestamp.ZERO, cores), mapping, quantum, 64, 4096);
  }

  void enqueue(Task... tasks) {
    Stream.of(tasks).forEach(scheduler::enqueue);
  }

  void enqueueAt(long timestamp, Task task) {
    scheduler.enqueueOrdered(task, new Timestamp(timestamp), OptionalInt.empty());
  }

  List<EvidenceRecord> records() {
    List<EvidenceRecord> records = new ArrayList<>();
    log.records().forEach(records::add);
    return records;
  }

  List<SchedulerEvent> events() {
    return records().stream().map(SchedulerEvent::of).toList();
  }

  <E extends SchedulerEvent> List<E> events(Class<E> type) {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  List<Long> ran() {
    return events(TaskOutcome.class).stream().map(outcome -> outcome.run().taskId()).toList();
  }
}
