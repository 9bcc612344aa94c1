package dev.stowage.deterministic;

import dev.stowage.deterministic.RoundJob.Share;
import dev.stowage.deterministic.SchedulerEvent.Call;
import dev.stowage.deterministic.SchedulerEvent.Effect;
import dev.stowage.deterministic.SchedulerEvent.Enqueue;
import dev.stowage.deterministic.SchedulerEvent.EnqueueOrdered;
import dev.stowage.deterministic.SchedulerEvent.Enqueued;
import dev.stowage.deterministic.SchedulerEvent.OrderedRun;
import dev.stowage.deterministic.SchedulerEvent.Outcome;
import dev.stowage.deterministic.SchedulerEvent.Refusal;
import dev.stowage.deterministic.SchedulerEvent.Round;
import dev.stowage.deterministic.SchedulerEvent.RoundEnded;
import dev.stowage.deterministic.SchedulerEvent.StateChange;
import dev.stowage.deterministic.SchedulerEvent.StateWrite;
import dev.stowage.deterministic.SchedulerEvent.Step;
import dev.stowage.deterministic.SchedulerEvent.TaskEnqueued;
import dev.stowage.deterministic.SchedulerEvent.TaskOutcome;
import dev.stowage.deterministic.SchedulerEvent.TaskRefused;
import dev.stowage.deterministic.TaskContext.Execution;
import dev.stowage.deterministic.TaskContext.View;
import dev.stowage.deterministic.queues.LogicalClock;
import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.evidence.parts.Records;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on logical cores; equal inputs give byte-identical logs for any number of threads. A
 * round is bulk-synchronous: {@link #runRound} runs up to a quantum of tasks of every core in
 * parallel against the state at its start; then the calling thread merges in (core, sequence) order
 * and assigns timestamps.
 *
 * <p>Belongs to one driving thread at a time; calls from tasks throw. Methods throw {@code
 * IllegalArgumentException} for what this scheduler cannot run and {@link ClockExhausted} if the
 * clock might lack ticks for one task, both before any change, and {@link SchedulerStopped} after a
 * failure outside a task, such as of the log. Tasks for which the clock has no room stay queued.
 */
public final class DeterministicScheduler {
  static final Records<Call, Outcome> RECORDS =
      Records.of(Call.class, Outcome.class)
          .input(0x0120, "enqueue", Enqueue.class)
          .input(0x0121, "enqueue_ordered", EnqueueOrdered.class)
          .input(0x0122, "external_input", StateWrite.class)
          .input(0x0123, "step", Step.class)
          .input(0x0124, "ordered_run", OrderedRun.class)
          .input(0x0125, "round", Round.class)
          .outcome(0x0130, "task_enqueued", TaskEnqueued.class)
          .outcome(0x0131, "task_refused", TaskRefused.class)
          .outcome(0x0132, "task_executed", SchedulerEvent.TaskExecuted.class)
          .outcome(0x0133, "task_failed", SchedulerEvent.TaskFailed.class)
          .outcome(0x0134, "task_rejected", SchedulerEvent.TaskRejected.class)
          .outcome(0x0135, "state_change", StateChange.class)
          .outcome(0x0136, "round_ended", RoundEnded.class)
          .build();

  private final SchedulerConfig config;
  private final TaskTable table;
  private final Executor helpers;
  private final Recorded<Call, Outcome> shell;
  private final LogicalClock clock;
  private final List<Core> cores = new ArrayList<>();
  private final OrderedQueue<EnqueueOrdered> ordered;
  private TreeMap<String, Payload> state = new TreeMap<>();
  private boolean isStateSeen;
  private long round;
  private long ran;
  private @Nullable TaskOutcome lastRun;
  private boolean isRunning;
  private @Nullable Throwable broken;

  private DeterministicScheduler(
      SchedulerConfig config, TaskTable table, Executor helpers, @Nullable EvidenceLog log) {
    this.config = config;
    this.table = table;
    this.helpers = helpers;
    shell = new Recorded<>(log, RECORDS, this::apply);
    clock = LogicalClock.startingAt(config.start().initialTimestamp());
    ordered = OrderedQueue.ofCapacity(config.orderedCapacity());
    for (int core = 0; core < config.cores(); core++) {
      cores.add(new Core(core, config.queueCapacity()));
    }
  }

  /** Creates a scheduler that keeps no log. */
  public static DeterministicScheduler of(
      SchedulerConfig config, TaskTable table, Executor helpers) {
    return new DeterministicScheduler(config, table, helpers, null);
  }

  /**
   * Creates a scheduler with a log; throws {@link EvidenceException.Mismatch} for a foreign one.
   */
  public static DeterministicScheduler recording(
      SchedulerConfig config, TaskTable table, Executor helpers, EvidenceLog log) {
    header(config, log.header().libraryVersion()).requireSame(log.header());
    return new DeterministicScheduler(config, table, helpers, log);
  }

  /** Returns the header of the log of a scheduler. */
  public static EvidenceHeader header(SchedulerConfig config, String libraryVersion) {
    return kind(TaskTable.EMPTY).header(config, libraryVersion);
  }

  /** Returns a factory of schedulers that repeat recorded calls, for replay. */
  public static Replayable.Factory factory(TaskTable table) {
    return kind(table);
  }

  /** The name changes with the rules of this package, because logs of other rules differ. */
  private static PartKind<SchedulerConfig> kind(TaskTable table) {
    return new PartKind<>(
        "deterministic-2",
        RECORDS,
        SchedulerConfig.SHAPE,
        (config, log) -> new DeterministicScheduler(config, table, Runnable::run, log)::replay);
  }

  /** Ticks the clock and enqueues a task on its id's core; a full queue refuses it. */
  public Enqueued enqueue(Task task) {
    return (Enqueued) call(new Enqueue(task));
  }

  /** Enqueues a task for a timestamp, on {@code core} or its id's; the clock does not tick. */
  public Enqueued enqueueOrdered(Task task, Timestamp timestamp, OptionalInt core) {
    return (Enqueued) call(new EnqueueOrdered(task, timestamp, core));
  }

  /** Writes an external value under a name of 1 to 512 characters, seen from the next run on. */
  public StateChange externalInput(String name, Payload value) {
    return (StateChange) call(new StateWrite(name, value));
  }

  /** Runs one task of a core on the calling thread; empty if the core has none. */
  public Optional<TaskOutcome> stepCore(int core) {
    requireIdle();
    if (queuedOn(core) == 0) {
      return Optional.empty();
    }
    call(new Step(core));
    return Optional.ofNullable(lastRun);
  }

  /**
   * Runs the ordered tasks that wait at the call, in key order, raising the clock to each. Tasks
   * ordered meanwhile do not raise the number of runs.
   */
  public RoundEnded runOrdered() {
    requireIdle();
    return ordered.isEmpty() ? idle() : (RoundEnded) call(new OrderedRun());
  }

  /**
   * Runs the due ordered tasks, then all cores in parallel, then merges. If no core has work, the
   * clock first advances to the next ordered timestamp.
   */
  public RoundEnded runRound() {
    requireIdle();
    return queued() == 0 && ordered.isEmpty() ? idle() : (RoundEnded) call(new Round());
  }

  private RoundEnded idle() {
    return new RoundEnded(round, clock.now(), 0);
  }

  private Outcome call(Call call) {
    requireIdle();
    check(call);
    isRunning = true;
    try {
      return shell.answer(call);
    } catch (Throwable thrown) {
      broken = thrown;
      throw new SchedulerStopped(thrown);
    } finally {
      isRunning = false;
    }
  }

  private void replay(EvidenceRecord record) {
    Call call = RECORDS.input(record);
    try {
      call(call);
    } catch (IllegalArgumentException | ClockExhausted foreign) {
      throw new EvidenceException.Mismatch(
          List.of(
              new HeaderDifference(
                  "record " + record.index(),
                  "an input that can be run here",
                  String.valueOf(foreign.getMessage()))));
    }
  }

  private void check(Call call) {
    if (call instanceof Effect effect) {
      effect.check(config, table);
      clock.requireHeadroom(effect instanceof EnqueueOrdered ? 0 : 1);
    } else {
      clock.requireHeadroom(SchedulerConfig.TICKS_PER_TASK);
    }
    if (call instanceof Step step) {
      Bounds.atLeast(queuedOn(step.core()), 1, "queue of core " + step.core());
    }
  }

  private void apply(Call call, Consumer<Outcome> to) {
    ran = 0;
    if (call instanceof Effect effect) {
      to.accept(carryOut(effect));
    } else if (call instanceof Step step) {
      Core core = cores.get(step.core());
      core.run(1, view());
      merge(core, to);
    } else if (call instanceof OrderedRun) {
      runOrdered(Timestamp.MAX.bits(), to);
      to.accept(new RoundEnded(round, clock.now(), ran));
    } else if (call instanceof Round) {
      runOrdered(orderedLimit(), to);
      runCores(to);
      to.accept(new RoundEnded(round++, clock.now(), ran));
    }
  }

  private long orderedLimit() {
    long now = clock.now().bits();
    long first = ordered.firstTimestamp().orElse(now);
    return queued() == 0 && Long.compareUnsigned(first, now) > 0 ? first : now;
  }

  private void runOrdered(long limit, Consumer<Outcome> to) {
    for (int left = ordered.size(); left > 0 && isDue(limit) && room() > 0; left--) {
      EnqueueOrdered next = Objects.requireNonNull(ordered.poll());
      clock.fastForward(next.timestamp());
      int core = next.core().orElse(config.coreOf(next.task().id()));
      cores.get(core).run(next.task(), 0, view());
      merge(cores.get(core), to);
    }
  }

  private boolean isDue(long limit) {
    OptionalLong first = ordered.firstTimestamp();
    return first.isPresent() && Long.compareUnsigned(first.getAsLong(), limit) <= 0;
  }

  /** Returns the tasks for which the clock has room. */
  private long room() {
    return Long.divideUnsigned(
        Timestamp.MAX.bits() - clock.now().bits(), SchedulerConfig.TICKS_PER_TASK);
  }

  private void runCores(Consumer<Outcome> to) {
    List<Share> shares = new ArrayList<>();
    long room = room();
    for (Core core : cores) {
      int most = Math.min(config.quantum(), core.size());
      int tasks = (int) Math.min(most, room);
      room -= tasks;
      if (tasks > 0) {
        shares.add(new Share(core, tasks));
      }
    }
    Throwable thrown = shares.isEmpty() ? null : new RoundJob(shares, view()).run(helpers);
    if (thrown != null) {
      throw new IllegalStateException(thrown);
    }
    shares.forEach(share -> merge(share.core(), to));
  }

  private View view() {
    return new View(config, table, round, clock.now(), state());
  }

  private void merge(Core core, Consumer<Outcome> to) {
    for (Execution execution : core.outbox()) {
      ran++;
      lastRun = execution.outcome(core.number(), clock.tick());
      to.accept(lastRun);
      execution.effects().forEach(effect -> to.accept(carryOut(effect)));
    }
    core.outbox().clear();
  }

  private Outcome carryOut(Effect effect) {
    if (effect instanceof Enqueue plain) {
      return place(plain.task());
    }
    return effect instanceof EnqueueOrdered later ? place(later) : write((StateWrite) effect);
  }

  private Enqueued place(Task task) {
    int core = config.coreOf(task.id());
    return cores.get(core).offer(task)
        ? new TaskEnqueued(task, OptionalInt.of(core), clock.tick())
        : new TaskRefused(task, Refusal.QUEUE_FULL);
  }

  private Enqueued place(EnqueueOrdered later) {
    long handle = ordered.offer(later.timestamp().bits(), later.core().orElse(0), later);
    return handle == OrderedQueue.FULL
        ? new TaskRefused(later.task(), Refusal.ORDERED_FULL)
        : new TaskEnqueued(later.task(), later.core(), later.timestamp());
  }

  private StateChange write(StateWrite write) {
    if (isStateSeen) {
      state = new TreeMap<>(state);
      isStateSeen = false;
    }
    state.put(write.name(), write.payload());
    return new StateChange(write.name(), write.payload().hash(), clock.tick());
  }

  /** Returns the logical clock. */
  public Timestamp now() {
    return clock.now();
  }

  /** Returns an unmodifiable view of the shared state, sorted by name, which never changes. */
  public Map<String, Payload> state() {
    isStateSeen = true;
    return Collections.unmodifiableMap(state);
  }

  private int queuedOn(int core) {
    config.requireCore(core);
    return cores.get(core).size();
  }

  /** Returns the tasks in the queues of all cores, without ordered tasks. */
  public int queued() {
    return cores.stream().mapToInt(Core::size).sum();
  }

  private void requireIdle() {
    if (isRunning) {
      throw new IllegalStateException("a task called its own scheduler");
    }
    if (broken != null) {
      throw new SchedulerStopped(broken);
    }
  }

  /** Reports that the scheduler has stopped after a failure outside a task. */
  public static final class SchedulerStopped extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    SchedulerStopped(Throwable broken) {
      super("stopped by " + broken, broken);
    }
  }
}
