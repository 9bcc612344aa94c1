package dev.stowage.deterministic;

import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.SchedulerConfig.StallPolicy;
import dev.stowage.deterministic.SchedulerConfig.Stealing;
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
import dev.stowage.deterministic.crew.SnapshotCodec;
import dev.stowage.deterministic.crew.TaskOwnership;
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
 * Runs tasks on logical cores so that equal inputs give a byte-identical log, for any number of
 * threads, on any machine, whatever the timing.
 *
 * <p>Two drivers share one model. {@link #stepCore} runs one task of one core on the calling
 * thread. {@link #runRound} runs all cores in parallel: each takes up to {@code quantum} tasks of
 * its own queue and keeps what happens to itself; behind the barrier the calling thread merges
 * everything in (core, sequence) order, and only there timestamps and log positions are given out.
 * Tasks see the world as it was when the round began.
 *
 * <p>The log is an {@link EvidenceLog}: every enqueue, refusal, outcome, steal, external input,
 * state change, round and snapshot is one record of its chain. Calls that change anything are
 * inputs, what follows from them are outcomes, so {@link SchedulerReplay} can do it all again.
 *
 * <p>Belongs to one driving thread at a time; {@link #submit} alone may be called by any thread. A
 * task must not call its own scheduler: that throws.
 *
 * <p>Cost: a task costs about two records of 80 to 110 bytes in the log. A round wakes at most
 * {@code threads - 1} helpers and allocates a few objects per task; memory is bounded by the
 * capacities of the configuration and the retention of the log.
 */
public final class DeterministicScheduler implements AutoCloseable {
  /** Tasks that {@link #submit} holds until the next call of the driver. */
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
            ? RoundCrew.ofOwnThreads(builder.threads, builder.stallPolicy)
            : RoundCrew.of(builder.executor, builder.threads, builder.stallPolicy);
  }

  /** Parts of a scheduler of this configuration, to be changed and built. */
  public static Builder builder(SchedulerConfig config) {
    return new Builder(config);
  }

  /**
   * Puts a task into the queue of the core that its id maps to: ticks the clock and logs it, or
   * logs the refusal of a full queue and leaves the clock.
   *
   * @throws IllegalArgumentException if a guard or program of it is unknown
   * @throws ClockExhausted if the clock cannot tick; nothing has changed then
   */
  public Enqueued enqueue(Task task) {
    requireIdle();
    runner.requireKnown(task);
    machine.clock().requireHeadroom(1);
    return machine.place(task, SchedulerEvent.Origin.HOST);
  }

  /**
   * Hands over a task from any thread. It is enqueued, in the order of arrival, when the driver is
   * called next; that order is what the log records.
   *
   * @return false if {@value #INBOX_CAPACITY} tasks wait already
   * @throws IllegalArgumentException if a guard or program of it is unknown
   * @throws SchedulerStopped if the scheduler has stopped or is closed
   */
  public boolean submit(Task task) {
    requireNotStopped();
    runner.requireKnown(task);
    return inbox.offer(task);
  }

  /**
   * Lets a task wait for a timestamp; it will run on the core its id maps to. The clock stays.
   *
   * @throws IllegalArgumentException if a guard or program of it is unknown, or the timestamp is
   *     too close to the end of time to be run
   */
  public Enqueued enqueueOrdered(Task task, Timestamp timestamp) {
    return enqueueOrdered(task, timestamp, ANY_CORE);
  }

  /**
   * Like {@link #enqueueOrdered(Task, Timestamp)}, on a given core.
   *
   * @throws InvalidCore if there is no such core
   */
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

  /**
   * Writes something of the outside world into the shared state, where guards and tasks see it from
   * the next round or step on.
   *
   * @param name 1 to 512 characters
   * @throws ClockExhausted if the clock cannot tick; nothing has changed then
   */
  public InputResult externalInput(String name, Payload value) {
    requireIdle();
    SharedState.requireName(name);
    machine.clock().requireHeadroom(1);
    return machine.input(new Effect.Write(name, Objects.requireNonNull(value, "value")));
  }

  /**
   * Runs one task of one core on the calling thread.
   *
   * @throws InvalidCore if there is no such core
   * @throws ClockExhausted if the clock might not reach the end of the step; nothing has run then
   */
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
      RoundView view = machine.view();
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
   * Runs every ordered task that waits now, in key order, on the calling thread; the clock is
   * raised to each one's timestamp first. What they let wait in turn takes its place in that order,
   * but no more tasks run than waited at the beginning.
   *
   * @throws ClockExhausted if the clock might not reach the end of a task; that task stays queued
   */
  public RoundResult runOrdered() {
    requireIdle();
    drainInbox();
    RoundTally tally = new RoundTally();
    drainOrdered(Timestamp.MAX.bits(), machine.ordered().size(), tally);
    return tally.result(machine.round(), machine.clock().now());
  }

  /**
   * Runs one round: first the ordered tasks that are due (if no core has work, the clock goes on to
   * the next ordered timestamp), then all cores in parallel, then the merge, then stealing.
   *
   * @throws ClockExhausted if the clock might not reach the end of the round; no core has run then
   */
  public RoundResult runRound() {
    requireIdle();
    drainInbox();
    RoundTally tally = new RoundTally();
    drainOrdered(orderedLimit(), machine.ordered().size(), tally);
    if (tally.ran() > 0 || machine.queued() > 0) {
      runCores(List.of(), tally);
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

  /** Runs up to {@code most} ordered tasks whose timestamps do not exceed {@code limit}. */
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
    RoundView view = machine.view();
    Machine.OrderedTask next = Objects.requireNonNull(machine.ordered().poll());
    int core = next.core().orElse(machine.config().coreOf(next.task().id()));
    machine.commit(machine.core(core).runNow(runner, next.task(), view), core, tally);
  }

  /**
   * Runs all cores and merges; {@code replayed} are the tasks to take for blocked without running
   * them.
   */
  void runCores(List<SchedulerEvent.Abandoned> replayed, RoundTally tally) {
    CoreState[] active = beginRound(replayed);
    running = true;
    try {
      long clockAtStart = machine.clock().nowBits();
      RoundJob job = new RoundJob(runner, machine.view(), active, machine.config().quantum());
      List<SchedulerEvent.Abandoned> abandoned = active.length == 0 ? List.of() : crew.run(job);
      Throwable broken = job.broken();
      if (broken != null) {
        throw broken;
      }
      machine
          .journal()
          .roundStarted(machine.round(), clockAtStart, replayed.isEmpty() ? abandoned : replayed);
      long before = tally.ran();
      merge(active, tally);
      long ran = tally.ran() - before;
      if (machine.config().stealing() == Stealing.AT_BARRIER && machine.queued() > 0) {
        machine.steal(tally);
      }
      machine.journal().roundEnded(machine.round(), machine.clock().nowBits(), ran);
      machine.roundCompleted();
    } catch (Throwable broken) {
      throw stop(broken);
    } finally {
      running = false;
    }
  }

  private CoreState[] beginRound(List<SchedulerEvent.Abandoned> replayed) {
    int cores = machine.config().cores();
    CoreState[] active = new CoreState[cores];
    int count = 0;
    long tasks = 0;
    for (int core = 0; core < cores; core++) {
      CoreState state = machine.core(core);
      if (state.queue().size() > 0) {
        state.beginRound(crew.isWatching() ? new TaskOwnership() : null, -1);
        active[count++] = state;
        tasks += Math.min(machine.config().quantum(), state.queue().size());
      }
    }
    machine.clock().requireHeadroom(tasks * runner.ticksPerTask());
    for (SchedulerEvent.Abandoned each : replayed) {
      runner.requireCore(each.core());
      machine.core(each.core()).beginRound(null, each.position());
    }
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

  /**
   * Takes a snapshot between two rounds and chains its state's hash into the log, so that the log
   * may be cut there: {@link Builder#restore} continues behind it.
   *
   * @throws ClockExhausted if submitted tasks wait for which the clock cannot tick
   */
  public SchedulerSnapshot snapshot() {
    requireIdle();
    drainInbox();
    return SnapshotCodec.take(machine);
  }

  /** The logical clock. */
  public Timestamp now() {
    return machine.clock().now();
  }

  /** Rounds completed. */
  public long round() {
    return machine.round();
  }

  /** The configuration. */
  public SchedulerConfig config() {
    return machine.config();
  }

  /** The log. Append nothing to it while the scheduler runs. */
  public EvidenceLog log() {
    return machine.journal().log();
  }

  /** The head of the log's chain, everything so far included. */
  public Hash256 head() {
    return log().head();
  }

  /** The shared state now, sorted by name; never changes afterwards. */
  public Map<String, Payload> state() {
    return machine.state().view();
  }

  /**
   * Tasks in a core's queue.
   *
   * @throws InvalidCore if there is no such core
   */
  public int queuedOn(int core) {
    runner.requireCore(core);
    return machine.core(core).queue().size();
  }

  /** Tasks in all cores' queues, without those that wait for a timestamp. */
  public int queued() {
    return machine.queued();
  }

  /** Tasks that wait for their timestamp. */
  public int queuedOrdered() {
    return machine.ordered().size();
  }

  /**
   * Logs what {@link #submit} still holds, as far as the clock has room, then ends the threads of
   * the rounds that are the scheduler's own. The log stays open; close it after the scheduler.
   */
  @Override
  public void close() {
    try {
      if (stopped == null) {
        stopped = new SchedulerStopped("the scheduler is closed", null);
        drainInbox();
      }
    } catch (ClockExhausted exhausted) {
      // such a clock has refused every call of the driver since: nothing new to tell
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
      throw new IllegalStateException("a task or the stall policy called its own scheduler");
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

  /** Parts of a scheduler. Not thread-safe. */
  public static final class Builder {
    private final SchedulerConfig config;
    private ProgramTable programs = ProgramTable.empty();
    private GuardTable guards = GuardTable.empty();
    private StallPolicy stallPolicy = StallPolicy.NEVER;
    private int threads = 1;
    private @Nullable Executor executor;
    private @Nullable EvidenceLog log;

    private Builder(SchedulerConfig config) {
      this.config = Objects.requireNonNull(config, "config");
    }

    /** What calls may run; nothing unless set. */
    public Builder programs(ProgramTable table) {
      this.programs = Objects.requireNonNull(table, "programs");
      return this;
    }

    /** What may guard tasks; nothing unless set. */
    public Builder guards(GuardTable table) {
      this.guards = Objects.requireNonNull(table, "guards");
      return this;
    }

    /**
     * Threads of a round, the driving one included, 1 to 256; 1 unless set. Leaves no trace in the
     * log. They end with {@link DeterministicScheduler#close}.
     */
    public Builder threads(int count) {
      this.threads = Bounds.between(count, 1, SchedulerConfig.MAX_CORES, "threads");
      return this;
    }

    /** Like {@link #threads(int)}, on the host's executor, which stays the host's. */
    public Builder threads(int count, Executor hosted) {
      this.executor = Objects.requireNonNull(hosted, "executor");
      return threads(count);
    }

    /** When to give up tasks that do not return; never unless set. */
    public Builder stallPolicy(StallPolicy policy) {
      this.stallPolicy = Objects.requireNonNull(policy, "stallPolicy");
      return this;
    }

    /** Where to log; a log with every default under {@link SchedulerConfig#header} unless set. */
    public Builder log(EvidenceLog destination) {
      this.log = Objects.requireNonNull(destination, "log");
      return this;
    }

    /**
     * The scheduler, with empty queues.
     *
     * @throws EvidenceException.Mismatch if the log's header describes another configuration
     */
    public DeterministicScheduler build() {
      EvidenceLog destination = log == null ? EvidenceLog.of(config.header()) : log;
      config.requireDescribedBy(destination.header());
      return new DeterministicScheduler(this, destination);
    }

    /**
     * The scheduler of a snapshot. Its log must continue at the snapshot's point of the chain; the
     * default log does.
     *
     * @throws EvidenceException.Mismatch if the snapshot or the log is of another configuration
     * @throws IllegalArgumentException if the log stands at another point of the chain, or a queued
     *     task names a guard or program that this scheduler does not know
     */
    public DeterministicScheduler restore(SchedulerSnapshot snapshot) {
      config.requireDescribedBy(snapshot.config().header());
      EvidenceLog destination =
          log == null
              ? EvidenceLog.builder(config.header()).continuing(snapshot.point()).build()
              : log;
      config.requireDescribedBy(destination.header());
      snapshot.requireAt(destination.point());
      DeterministicScheduler restored = new DeterministicScheduler(this, destination);
      snapshot.tasks().forEach(restored.runner::requireKnown);
      SnapshotCodec.restore(snapshot, restored.machine);
      return restored;
    }
  }

  /** The answer to an external input. Either way it is in the log. */
  public sealed interface InputResult {
    /**
     * The state has it; tasks see it from the next round or step on.
     *
     * @param timestamp the clock after its tick
     */
    record Applied(Timestamp timestamp) implements InputResult {}

    /**
     * The state has no room for a new name.
     *
     * @param capacity names it holds
     */
    record StateFull(int capacity) implements InputResult {}
  }

  /**
   * Refuses to go on with a scheduler that cannot keep its promises any more: it is closed, or an
   * error that no task answers for (out of memory, a broken invariant, a failing evidence sink)
   * left a round half done. Restore a snapshot into a new one.
   */
  public static final class SchedulerStopped extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    SchedulerStopped(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The answer of a step. */
  public sealed interface StepResult {
    /**
     * A task was taken from the core's queue.
     *
     * @param outcome what became of it
     * @param receipt what it handed back, if it was an observation whose guards could be evaluated
     */
    record Ran(TaskOutcome outcome, Optional<Receipt> receipt) implements StepResult {}

    /**
     * The core's queue is empty; nothing was logged.
     *
     * @param core which
     */
    record NoWork(int core) implements StepResult {}
  }
}
