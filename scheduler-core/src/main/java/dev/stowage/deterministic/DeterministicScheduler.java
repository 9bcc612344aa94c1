package dev.stowage.deterministic;

import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.SchedulerEvent.Enqueued;
import dev.stowage.deterministic.Task.TaskOutcome;
import dev.stowage.deterministic.TaskContext.InvalidCore;
import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.crew.CoreState;
import dev.stowage.deterministic.crew.Effect;
import dev.stowage.deterministic.crew.EventRecorder;
import dev.stowage.deterministic.crew.Execution;
import dev.stowage.deterministic.crew.Machine;
import dev.stowage.deterministic.crew.RoundCrew;
import dev.stowage.deterministic.crew.RoundJob;
import dev.stowage.deterministic.crew.RoundTally;
import dev.stowage.deterministic.crew.RoundView;
import dev.stowage.deterministic.crew.SharedState;
import dev.stowage.deterministic.crew.TaskRunner;
import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Hash256;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on logical cores; equal inputs give byte-identical logs for any number of threads.
 * {@link #runRound} runs up to {@code quantum} tasks of every core in parallel against the state at
 * its start; then the calling thread merges in (core, sequence) order and assigns timestamps.
 *
 * <p>One driving thread at a time; any thread may call {@link #submit}; calls from tasks throw. A
 * task costs about two log records of 80 to 110 bytes; a round wakes at most {@code threads - 1}
 * helpers.
 *
 * <p>Methods throw {@code IllegalArgumentException} for an unknown guard or program or a timestamp
 * that leaves the clock no room, {@link InvalidCore} for an unknown core, {@link ClockExhausted},
 * before any change, if the clock might lack ticks, and {@link SchedulerStopped} after closing or a
 * failure outside a task.
 */
public final class DeterministicScheduler implements AutoCloseable {
  /** The most submitted tasks that may wait, in order of arrival, for the driver's next call. */
  public static final int INBOX_CAPACITY = 4096;

  private static final OptionalInt ANY_CORE = OptionalInt.empty();

  private final Machine machine;
  private final TaskRunner runner;
  private final RoundCrew crew;
  private final MpscVarHandleArrayQueue<Task> inbox = new MpscVarHandleArrayQueue<>(INBOX_CAPACITY);
  private boolean running;
  private volatile @Nullable SchedulerStopped stopped;

  private DeterministicScheduler(Builder builder, EvidenceLog log) {
    this.runner = new TaskRunner(builder.config, builder.guards, builder.programs);
    this.machine = new Machine(builder.config, new EventRecorder(log));
    this.crew =
        builder.executor == null
            ? RoundCrew.ofOwnThreads(builder.threads)
            : RoundCrew.of(builder.executor, builder.threads);
  }

  /** Returns a builder for a scheduler of {@code config}. */
  public static Builder builder(SchedulerConfig config) {
    return new Builder(config);
  }

  /** Ticks the clock and enqueues a task on its id's core, or logs the refusal of a full queue. */
  public Enqueued enqueue(Task task) {
    requireIdle();
    runner.requireKnown(task);
    machine.clock().requireHeadroom(1);
    return machine.place(task, SchedulerEvent.Origin.HOST);
  }

  /** Hands over a task from any thread; returns false if {@value #INBOX_CAPACITY} tasks wait. */
  public boolean submit(Task task) {
    requireNotStopped();
    runner.requireKnown(task);
    return inbox.offer(task);
  }

  /** Enqueues a task for a timestamp, on its id's core; the clock does not tick. */
  public Enqueued enqueueOrdered(Task task, Timestamp timestamp) {
    return enqueueOrdered(task, timestamp, ANY_CORE);
  }

  /** Enqueues a task for a timestamp, on {@code core}; the clock does not tick. */
  public Enqueued enqueueOrdered(Task task, Timestamp timestamp, int core) {
    runner.requireCore(core);
    return enqueueOrdered(task, timestamp, OptionalInt.of(core));
  }

  Enqueued enqueueOrdered(Task task, Timestamp timestamp, OptionalInt core) {
    requireIdle();
    runner.requireKnown(task);
    runner.requireRunnable(timestamp);
    return machine.placeOrdered(task, timestamp, core, SchedulerEvent.Origin.HOST);
  }

  /** Writes an external value under a name of 1 to 512 characters, seen from the next round on. */
  public InputResult externalInput(String name, Payload value) {
    requireIdle();
    SharedState.requireName(name);
    machine.clock().requireHeadroom(1);
    return machine.input(new Effect.Write(name, Objects.requireNonNull(value, "value")));
  }

  /** Runs one task of a core on the calling thread. */
  public StepResult stepCore(int core) {
    requireIdle();
    runner.requireCore(core);
    drainInbox();
    CoreState state = machine.core(core);
    if (state.queue().size() == 0) {
      return new StepResult.NoWork(core);
    }
    machine.clock().requireHeadroom(runner.ticksPerTask());
    running = true;
    try {
      RoundView view = machine.stepView();
      machine.journal().stepStarted(core);
      Task task = state.queue().take();
      machine.taken(1);
      Execution execution = state.runNow(runner, task, view);
      long timestamp = machine.commit(execution, core, new RoundTally());
      Optional<Receipt> receipt = Optional.ofNullable(execution.receipt());
      return new StepResult.Ran(execution.outcome(core, new Timestamp(timestamp)), receipt);
    } catch (Throwable broken) {
      throw stop(broken);
    } finally {
      running = false;
    }
  }

  /**
   * Runs the ordered tasks that wait at the call, in key order, raising the clock to each; a task
   * for which the clock has no room stays queued. Tasks ordered meanwhile do not raise the number
   * of runs.
   */
  public RoundResult runOrdered() {
    requireIdle();
    drainInbox();
    RoundTally tally = new RoundTally();
    drainOrdered(Timestamp.MAX.bits(), machine.ordered().size(), tally);
    return tally.result(machine.round(), machine.clock().now());
  }

  /**
   * Runs the due ordered tasks, then all cores in parallel, then merges. If no core has work, the
   * clock first advances to the next ordered timestamp.
   */
  public RoundResult runRound() {
    requireIdle();
    drainInbox();
    RoundTally tally = new RoundTally();
    drainOrdered(orderedLimit(), machine.ordered().size(), tally);
    if (tally.ran() > 0 || machine.queued() > 0) {
      runCores(tally);
      return tally.result(machine.round() - 1, machine.clock().now());
    }
    return tally.result(machine.round(), machine.clock().now());
  }

  private long orderedLimit() {
    long clock = machine.clock().nowBits();
    OptionalLong first = machine.ordered().firstTimestamp();
    boolean jumps =
        machine.queued() == 0
            && first.isPresent()
            && Long.compareUnsigned(first.getAsLong(), clock) > 0;
    return jumps ? first.getAsLong() : clock;
  }

  void drainOrdered(long limit, long most, RoundTally tally) {
    if (!isDue(limit) || most <= 0) {
      return;
    }
    requireOrderedHeadroom();
    running = true;
    try {
      machine.journal().orderedStarted(limit, most);
      for (long ran = 0; ran < most && isDue(limit); ran++) {
        if (ran > 0) {
          requireOrderedHeadroom();
        }
        runFirstOrdered(tally);
      }
    } catch (ClockExhausted exhausted) {
      throw exhausted;
    } catch (Throwable broken) {
      throw stop(broken);
    } finally {
      running = false;
    }
  }

  private boolean isDue(long limit) {
    OptionalLong first = machine.ordered().firstTimestamp();
    return first.isPresent() && Long.compareUnsigned(first.getAsLong(), limit) <= 0;
  }

  private void requireOrderedHeadroom() {
    machine.clock().requireHeadroom(runner.ticksPerTask());
  }

  private void runFirstOrdered(RoundTally tally) {
    long timestamp = machine.ordered().firstTimestamp().orElseThrow();
    machine.clock().fastForwardBits(timestamp);
    RoundView view = machine.stepView();
    Machine.OrderedTask next = Objects.requireNonNull(machine.ordered().poll());
    int core = next.core().orElse(machine.config().coreOf(next.task().id()));
    machine.commit(machine.core(core).runNow(runner, next.task(), view), core, tally);
  }

  void runCores(RoundTally tally) {
    CoreState[] active = beginRound();
    running = true;
    try {
      long clockAtStart = machine.clock().nowBits();
      RoundJob job = new RoundJob(runner, machine.view(), active, machine.config().quantum());
      if (active.length > 0) {
        crew.run(job);
      }
      Throwable broken = job.broken();
      if (broken != null) {
        throw broken;
      }
      machine.journal().roundStarted(machine.round(), clockAtStart);
      long before = tally.ran();
      merge(active, tally);
      long ran = tally.ran() - before;
      machine.journal().roundEnded(machine.round(), machine.clock().nowBits(), ran);
      machine.roundCompleted();
    } catch (Throwable broken) {
      throw stop(broken);
    } finally {
      running = false;
    }
  }

  private CoreState[] beginRound() {
    int cores = machine.config().cores();
    CoreState[] active = new CoreState[cores];
    int count = 0;
    long tasks = 0;
    for (int core = 0; core < cores; core++) {
      CoreState state = machine.core(core);
      if (state.queue().size() > 0) {
        active[count++] = state;
        tasks += Math.min(machine.config().quantum(), state.queue().size());
      }
    }
    machine.clock().requireHeadroom(tasks * runner.ticksPerTask());
    return Arrays.copyOf(active, count);
  }

  private void merge(CoreState[] active, RoundTally tally) {
    for (CoreState state : active) {
      machine.taken(state.outbox().size());
    }
    for (CoreState state : active) {
      List<Execution> outbox = state.outbox();
      for (int i = 0; i < outbox.size(); i++) {
        machine.commit(outbox.get(i), state.core(), tally);
      }
      outbox.clear();
    }
  }

  /** Returns the logical clock. */
  public Timestamp now() {
    return machine.clock().now();
  }

  /** Returns the number of completed rounds. */
  public long round() {
    return machine.round();
  }

  /** Returns the configuration. */
  public SchedulerConfig config() {
    return machine.config();
  }

  /** Returns the log, to which nobody else may append while the scheduler runs. */
  public EvidenceLog log() {
    return machine.journal().log();
  }

  /** Returns the head of the log's chain, up to the last record. */
  public Hash256 head() {
    return log().head();
  }

  /** Returns an immutable copy of the shared state, sorted by name. */
  public Map<String, Payload> state() {
    return machine.state().view();
  }

  /** Returns the tasks in a core's queue; throws {@link InvalidCore} if there is no such core. */
  public int queuedOn(int core) {
    runner.requireCore(core);
    return machine.core(core).queue().size();
  }

  /** Returns the tasks in the queues of all cores, without ordered tasks. */
  public int queued() {
    return machine.queued();
  }

  /** Returns the tasks that wait for their timestamp. */
  public int queuedOrdered() {
    return machine.ordered().size();
  }

  /** Logs submitted tasks while the clock has room and ends own threads; the log stays open. */
  @Override
  public void close() {
    try {
      if (stopped == null) {
        stopped = new SchedulerStopped("the scheduler is closed", null);
        drainInbox();
      }
    } catch (ClockExhausted exhausted) {
      // the driver has been told by every call since the clock ran out
      return;
    } finally {
      crew.close();
    }
  }

  private void drainInbox() {
    for (Task task = inbox.peek(); task != null; task = inbox.peek()) {
      machine.clock().requireHeadroom(1);
      machine.place(task, SchedulerEvent.Origin.HOST);
      inbox.poll();
    }
  }

  private void requireIdle() {
    if (running) {
      throw new IllegalStateException("a task called its own scheduler");
    }
    requireNotStopped();
  }

  private void requireNotStopped() {
    SchedulerStopped why = stopped;
    if (why != null) {
      throw new SchedulerStopped(String.valueOf(why.getMessage()), why);
    }
  }

  private SchedulerStopped stop(Throwable broken) {
    SchedulerStopped why =
        new SchedulerStopped("stopped in round " + machine.round() + " by " + broken, broken);
    stopped = why;
    return why;
  }

  /** Collects the parts of a scheduler. Not thread-safe. */
  public static final class Builder {
    private final SchedulerConfig config;
    private ProgramTable programs = ProgramTable.empty();
    private GuardTable guards = GuardTable.empty();
    private int threads = 1;
    private @Nullable Executor executor;
    private @Nullable EvidenceLog log;

    private Builder(SchedulerConfig config) {
      this.config = Objects.requireNonNull(config, "config");
    }

    /** Sets the programs that calls may run; none by default. */
    public Builder programs(ProgramTable table) {
      this.programs = Objects.requireNonNull(table, "programs");
      return this;
    }

    /** Sets the guards that tasks may name; none by default. */
    public Builder guards(GuardTable table) {
      this.guards = Objects.requireNonNull(table, "guards");
      return this;
    }

    /** Sets the threads of a round, driver included, 1 to 256; 1 by default. No log shows them. */
    public Builder threads(int count) {
      this.threads = Bounds.between(count, 1, SchedulerConfig.MAX_CORES, "threads");
      return this;
    }

    /** Sets the threads of a round, 1 to 256, run on an executor that the host keeps and closes. */
    public Builder threads(int count, Executor hosted) {
      this.executor = Objects.requireNonNull(hosted, "executor");
      return threads(count);
    }

    /** Sets the log; by default a new one under {@link SchedulerConfig#header}. */
    public Builder log(EvidenceLog destination) {
      this.log = Objects.requireNonNull(destination, "log");
      return this;
    }

    /** Creates a scheduler; throws {@link EvidenceException.Mismatch} for a foreign log. */
    public DeterministicScheduler build() {
      EvidenceLog destination = log == null ? EvidenceLog.of(config.header()) : log;
      config.requireDescribedBy(destination.header());
      return new DeterministicScheduler(this, destination);
    }
  }

  /** The result of an external input, logged in either case. */
  public sealed interface InputResult {
    /** A write into the state; {@code timestamp} is the clock after its tick. */
    record Applied(Timestamp timestamp) implements InputResult {}

    /** A refusal of a new name by a state that holds {@code capacity} names. */
    record StateFull(int capacity) implements InputResult {}
  }

  /** Reports a scheduler that is closed or failed outside a task. */
  public static final class SchedulerStopped extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    SchedulerStopped(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The result of a step. */
  public sealed interface StepResult {
    /** A task that was run; an observation has a receipt if its guards could be evaluated. */
    record Ran(TaskOutcome outcome, Optional<Receipt> receipt) implements StepResult {}

    /** An empty queue of {@code core}; nothing was logged. */
    record NoWork(int core) implements StepResult {}
  }
}
