package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.DeterministicScheduler.InputResult;
import dev.stowage.deterministic.SchedulerConfig;
import dev.stowage.deterministic.SchedulerEvent.Enqueued;
import dev.stowage.deterministic.SchedulerEvent;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.queues.LogicalClock;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.List;
import java.util.OptionalInt;

/** The state of a scheduler and its logged changes, for the driving thread alone. */
public final class Machine {
  private final SchedulerConfig config;
  private final EventRecorder journal;
  private final LogicalClock clock;
  private final SharedState state;
  private final CoreState[] cores;
  private final OrderedQueue<OrderedTask> ordered;
  private long round;
  private int queued;

  public record OrderedTask(Task task, OptionalInt core) {}

  public Machine(SchedulerConfig config, EventRecorder journal) {
    this.config = config;
    this.journal = journal;
    this.clock = LogicalClock.startingAt(config.initialClock());
    this.state = new SharedState(config.stateCapacity());
    this.ordered = OrderedQueue.ofCapacity(config.orderedCapacity());
    this.cores = new CoreState[config.cores()];
    for (int core = 0; core < cores.length; core++) {
      cores[core] =
          new CoreState(core, new CoreQueue(config.queueCapacity(), config.starvationBound()));
    }
  }

  public SchedulerConfig config() {
    return config;
  }

  public EventRecorder journal() {
    return journal;
  }

  public LogicalClock clock() {
    return clock;
  }

  public SharedState state() {
    return state;
  }

  public OrderedQueue<OrderedTask> ordered() {
    return ordered;
  }

  public CoreState core(int core) {
    return cores[core];
  }

  public long round() {
    return round;
  }

  public void roundCompleted() {
    round++;
  }

  public int queued() {
    return queued;
  }

  public void taken(int tasks) {
    queued -= tasks;
  }

  public RoundView view() {
    return new RoundView(round, clock.nowBits(), state.view());
  }

  /** Returns a view for one task on the driving thread, after which its effects are applied. */
  public RoundView stepView() {
    return new RoundView(round, clock.nowBits(), state);
  }

  /** Logs first, so that a refusing log leaves no change. The clock must have room for a tick. */
  public Enqueued place(Task task, SchedulerEvent.Origin origin) {
    int core = config.coreOf(task.id());
    CoreQueue queue = cores[core].queue();
    if (queue.isFull()) {
      SchedulerEvent.Refusal why = SchedulerEvent.Refusal.QUEUE_FULL;
      OptionalInt on = OptionalInt.of(core);
      journal.refused(new SchedulerEvent.TaskRefused(task, on, clock.now(), why, origin));
      return new Enqueued.Refused(why, config.queueCapacity());
    }
    long timestamp = clock.nowBits() + 1;
    journal.enqueued(task, core, timestamp, origin);
    clock.tickBits();
    queue.offer(task);
    queued++;
    return new Enqueued.Accepted(core, new Timestamp(timestamp));
  }

  public Enqueued placeOrdered(
      Task task, Timestamp timestamp, OptionalInt core, SchedulerEvent.Origin origin) {
    if (ordered.size() == ordered.capacity()) {
      SchedulerEvent.Refusal why = SchedulerEvent.Refusal.ORDERED_FULL;
      journal.refused(new SchedulerEvent.TaskRefused(task, core, timestamp, why, origin));
      return new Enqueued.Refused(why, config.orderedCapacity());
    }
    journal.enqueuedOrdered(task, core, timestamp.bits(), origin);
    ordered.offer(timestamp.bits(), core.orElse(0), new OrderedTask(task, core));
    return new Enqueued.Accepted(core.orElse(config.coreOf(task.id())), timestamp);
  }

  public long commit(Execution execution, int core, RoundTally tally) {
    long timestamp = clock.tickBits();
    journal.outcome(execution, core, timestamp);
    tally.count(execution);
    List<Effect> effects = execution.effects();
    for (int i = 0; i < effects.size(); i++) {
      apply(effects.get(i), tally);
    }
    return timestamp;
  }

  private void apply(Effect effect, RoundTally tally) {
    SchedulerEvent.Origin emitted = SchedulerEvent.Origin.EMITTED;
    if (effect instanceof Effect.Emit emit) {
      tally.count(place(emit.task(), emitted));
    } else if (effect instanceof Effect.EmitOrdered emit) {
      tally.count(placeOrdered(emit.task(), emit.timestamp(), emit.core(), emitted));
    } else if (effect instanceof Effect.Write write) {
      SharedState.Outcome outcome = state.outcomeFor(write.name());
      journal.stateChange(timestampOf(outcome), write, outcome);
      applyWrite(write, outcome);
    }
  }

  public InputResult input(Effect.Write write) {
    SharedState.Outcome outcome = state.outcomeFor(write.name());
    long timestamp = timestampOf(outcome);
    journal.externalInput(timestamp, write, outcome);
    applyWrite(write, outcome);
    return outcome == SharedState.Outcome.APPLIED
        ? new InputResult.Applied(new Timestamp(timestamp))
        : new InputResult.StateFull(config.stateCapacity());
  }

  private long timestampOf(SharedState.Outcome outcome) {
    return outcome == SharedState.Outcome.APPLIED ? clock.nowBits() + 1 : clock.nowBits();
  }

  private void applyWrite(Effect.Write write, SharedState.Outcome outcome) {
    if (outcome == SharedState.Outcome.APPLIED) {
      clock.tickBits();
      state.write(write.name(), write.value());
    }
  }
}
