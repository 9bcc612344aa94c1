package dev.stowage.deterministic;

import dev.stowage.deterministic.SchedulerEvent.TaskRun;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.Hash256;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The naive truth about a scheduler of pure and spawning tasks: lists, one thread, no log but the
 * events it expects.
 */
final class NaiveScheduler {
  private final SchedulerConfig config;
  private final List<List<Task>> queues = new ArrayList<>();
  private final int[][] passedOver;
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<SchedulerEvent> events = new ArrayList<>();
  private long clock;
  private long round;

  private record Waiting(Task task, long timestamp) {}

  private record Done(Task task, int core) {}

  NaiveScheduler(SchedulerConfig config) {
    this.config = config;
    this.clock = config.start().initialTimestamp().bits();
    this.passedOver = new int[config.cores()][3];
    for (int i = 0; i < config.cores(); i++) {
      queues.add(new ArrayList<>());
    }
  }

  int cores() {
    return queues.size();
  }

  List<SchedulerEvent> events() {
    return events;
  }

  void enqueue(Task task) {
    events.add(new SchedulerEvent.Enqueue(task));
    place(task);
  }

  private void place(Task task) {
    int core = (int) Long.remainderUnsigned(task.id(), config.cores());
    if (queues.get(core).size() == config.queueCapacity()) {
      events.add(new SchedulerEvent.TaskRefused(task, SchedulerEvent.Refusal.QUEUE_FULL));
      return;
    }
    queues.get(core).add(task);
    clock++;
    events.add(new SchedulerEvent.TaskEnqueued(task, OptionalInt.of(core), new Timestamp(clock)));
  }

  void enqueueOrdered(Task task, long timestamp) {
    Timestamp at = new Timestamp(timestamp);
    events.add(new SchedulerEvent.EnqueueOrdered(task, at, OptionalInt.empty()));
    if (waiting.size() == config.orderedCapacity()) {
      events.add(new SchedulerEvent.TaskRefused(task, SchedulerEvent.Refusal.ORDERED_FULL));
      return;
    }
    waiting.add(new Waiting(task, timestamp));
    events.add(new SchedulerEvent.TaskEnqueued(task, OptionalInt.empty(), at));
  }

  void step(int core) {
    if (!queues.get(core).isEmpty()) {
      events.add(new SchedulerEvent.Step(core));
      finish(take(core), core);
    }
  }

  void runOrdered() {
    if (!waiting.isEmpty()) {
      events.add(new SchedulerEvent.OrderedRun());
      long ran = drain(-1L);
      events.add(new SchedulerEvent.RoundEnded(round, new Timestamp(clock), ran));
    }
  }

  void runRound() {
    boolean idle = queues.stream().allMatch(List::isEmpty);
    if (idle && waiting.isEmpty()) {
      return;
    }
    events.add(new SchedulerEvent.Round());
    long limit = clock;
    if (idle && Long.compareUnsigned(first().timestamp, clock) > 0) {
      limit = first().timestamp;
    }
    long ran = drain(limit);
    List<Done> done = new ArrayList<>();
    for (int core = 0; core < config.cores(); core++) {
      for (int i = 0; i < config.quantum() && !queues.get(core).isEmpty(); i++) {
        done.add(new Done(take(core), core));
      }
    }
    done.forEach(each -> finish(each.task, each.core));
    events.add(new SchedulerEvent.RoundEnded(round++, new Timestamp(clock), ran + done.size()));
  }

  private Waiting first() {
    Waiting first = waiting.get(0);
    for (Waiting each : waiting) {
      if (Long.compareUnsigned(each.timestamp, first.timestamp) < 0) {
        first = each;
      }
    }
    return first;
  }

  private long drain(long limit) {
    long most = waiting.size();
    long ran = 0;
    while (ran < most && Long.compareUnsigned(first().timestamp, limit) <= 0) {
      Waiting next = first();
      waiting.remove(next);
      if (Long.compareUnsigned(next.timestamp, clock) > 0) {
        clock = next.timestamp;
      }
      finish(next.task, (int) Long.remainderUnsigned(next.task.id(), config.cores()));
      ran++;
    }
    return ran;
  }

  private Task take(int core) {
    List<Task> queue = queues.get(core);
    int pick = -1;
    for (int level = 2; level > 0 && pick < 0; level--) {
      if (passedOver[core][level] >= SchedulerConfig.STARVATION_BOUND && has(queue, level)) {
        pick = level;
      }
    }
    for (int level = 0; pick < 0; level++) {
      pick = has(queue, level) ? level : -1;
    }
    int picked = pick;
    passedOver[core][picked] = 0;
    for (int level = picked + 1; level < 3; level++) {
      passedOver[core][level] = has(queue, level) ? passedOver[core][level] + 1 : 0;
    }
    Task task =
        queue.stream().filter(t -> t.priority().ordinal() == picked).findFirst().orElseThrow();
    queue.remove(task);
    return task;
  }

  private static boolean has(List<Task> queue, int level) {
    return queue.stream().anyMatch(t -> t.priority().ordinal() == level);
  }

  private void finish(Task task, int core) {
    clock++;
    boolean isPure = task.program() == Task.PURE;
    TaskRun run = new TaskRun(task.id(), core, new Timestamp(clock), isPure ? 2 : 1);
    long value = task.argument().asLong();
    if (run.ticks() > task.budgetTicks()) {
      events.add(new SchedulerEvent.TaskFailed(run, SchedulerEvent.Failure.BUDGET, ""));
      return;
    }
    Hash256 output =
        isPure ? new Hash256(value, value, value, value) : new Hash256(task.id(), value, 0, 0);
    events.add(new SchedulerEvent.TaskExecuted(run, output));
    Programs.children(task).forEach(this::place);
  }
}
