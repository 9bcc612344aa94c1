package dev.stowage;

import dev.stowage.StowageStats.ChunkRefusals;
import dev.stowage.StowageStats.StageTimes;
import dev.stowage.answer.ChunkStatus;
import dev.stowage.answer.Explanation;
import dev.stowage.answer.Head;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.Progress;
import dev.stowage.answer.Question;
import dev.stowage.answer.Violation;
import dev.stowage.answer.WorkerStanding;
import dev.stowage.audit.Audit;
import dev.stowage.columns.Nanos;
import dev.stowage.columns.NoNulls;
import dev.stowage.columns.Oversized;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.engine.BestEffort;
import dev.stowage.engine.Dependencies;
import dev.stowage.engine.Engine;
import dev.stowage.engine.EventLog;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.canonical.CanonicalSize;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.StowageOption;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.rebalance.PassLimit;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.shape.Shape;
import dev.stowage.store.AgedReader;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.CommandId;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease.LeaseAnswer;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The facade of the library: one fleet, led or followed by this process. Thread-safe.
 *
 * <p>Every {@code nowNanos} is nanoseconds since an epoch of the host's choice. Commands are
 * decided one at a time, and each is durable on return. Commands that wait at the same time become
 * durable in one transaction of the store, an operator's before reports, and reports before
 * ingests, within a bound: at most 256 later commands overtake an earlier one. Readings of {@link
 * #fleet} never wait for a command.
 *
 * <p>A cycle makes its plan without that lock: commands and readings of other threads go on beside
 * it, and actions of the plan that no longer fit are struck. Other cycles, a leader's own commands
 * and answers that need a plan of their own ({@link #preview}, {@link #explainPlacement}) wait for
 * the plan under way.
 *
 * <p>A leader ({@link #claim}) decides commands on its mirror of the fleet and may run cycles. A
 * follower appends them to the store's log and waits for the leader's answer; while none comes
 * within {@link StowageConfig#withAnswersWithin} its own is {@link ResultCode#REQUESTED}: the
 * command is durable, not accepted, and decided by the next leader. {@code offer} waits for none.
 * Methods marked <em>leader only</em> throw {@link StowageException} there. A fenced leader ({@link
 * dev.stowage.store.StorageException.Fenced}) follows from then on: the command took no effect and
 * goes to the log, a reading is answered by the store, a cycle throws.
 *
 * <p>An expected refusal is a {@link Result}. A caller's mistake throws {@link
 * IllegalArgumentException}, a failing environment {@link dev.stowage.store.StorageException}, a
 * broken promise of the library {@link dev.stowage.model.InvariantViolation}. Then nothing changed,
 * unless {@code StorageException.Transient} leaves that unknown: the command may be repeated,
 * though the answer may be a duplicate. After {@link #close} every method throws {@link
 * StowageException} unless documented as usable.
 */
public final class Stowage implements AutoCloseable {
  /** The largest number of chunks that one command admits or offers. */
  public static final int MOST_CHUNKS_AT_ONCE = Command.Bounds.CHUNKS;

  private static final int MOST_NUMBERS_AT_ONCE = Command.Bounds.NUMBERS;

  private final Engine engine;
  private final String holder;
  private final TimeBorder time;
  private final @Nullable InstantSource clock;
  private final @Nullable Rebalancing rebalancing;
  private final IngestDoor door;

  private Stowage(Builder builder) {
    this.door = builder.door;
    this.time = TimeBorder.ofTickLength(builder.config.tickLength());
    this.clock = builder.clock;
    LongSupplier commitNanos =
        builder.commitNanos == null && clock != null ? this::now : builder.commitNanos;
    Dependencies dependencies = builder.dependencies();
    this.holder = dependencies.config().lease().holder();
    this.engine =
        new Engine(
            dependencies,
            commitNanos == null ? () -> 0 : () -> time.tickAt(commitNanos.getAsLong()).value());
    RebalanceConfig moves = builder.rebalance;
    this.rebalancing =
        moves == null ? null : new Rebalancing(engine, moves, builder.passLimit, time);
  }

  /** Creates a builder of a facade over {@code store}. */
  public static Builder builder(ChunkStore store) {
    return new Builder(FleetStore.of(store));
  }

  /**
   * Claims the lease and loads the state if it is granted; otherwise the answer names the holder. A
   * new fleet or a new lineage begins at {@code nowNanos}.
   */
  public LeaseAnswer claim(long nowNanos) {
    return engine.claim(time.tickAt(nowNanos));
  }

  /** Returns the configured or drawn name under which this facade claims. Usable after close. */
  public String holder() {
    return holder;
  }

  /** Reports whether this process led at its last check; false after {@link #close}. */
  public boolean isLeading() {
    return engine.isLeading();
  }

  /** Extends the lease, as each command does, but waits for none. Leader only. */
  public void renew() {
    engine.renew();
  }

  Engine engine() {
    return engine;
  }

  /** Returns the configured duration of a claim or renewal. Usable after {@link #close}. */
  public Duration leaseDuration() {
    return engine.leaseDuration();
  }

  /** Gives the lease back; does nothing if this process does not lead. */
  public void resign() {
    engine.resign();
  }

  /**
   * Admits up to ten million chunks and answers each in order, in commands of at most {@value
   * #MOST_CHUNKS_AT_ONCE} chunks and {@link Command.Bounds#CHUNK_BYTES} bytes, each durable.
   */
  public Result.Batch ingest(List<Chunk> chunks, long nowNanos) {
    return inBatches(chunks, Command.Ingest::new, nowNanos);
  }

  /** Offers up to ten million chunks for the next scheduling cycle, split as by {@link #ingest}. */
  public Result.Batch offer(List<Chunk> chunks, long nowNanos) {
    return inBatches(chunks, Command.Offer::new, nowNanos);
  }

  private Result.Batch inBatches(
      List<Chunk> given,
      Function<List<ProposedChunk>, Command<Result.Batch>> command,
      long nowNanos) {
    NoNulls.in(Oversized.refuse(given, "chunks"), "chunks");
    engine.requireOpen();
    List<Chunk> chunks = given instanceof RandomAccess ? given : new ArrayList<>(given);
    List<Result.Item> items = new ArrayList<>(chunks.size());
    long retryAfter = 0;
    int from = 0;
    do {
      int to = endOfBatch(chunks, from);
      List<ProposedChunk> batch = ProposedChunk.listOf(chunks.subList(from, to));
      Command<Result.Batch> asked = command.apply(batch);
      Result.Batch answer =
          door.isGuarded()
              ? door.pass(
                  batch,
                  nowNanos,
                  () -> execute(asked, nowNanos),
                  held -> engine.heldUp(held, batch))
              : engine.execute(asked, time.tickAt(nowNanos));
      items.addAll(answer.items());
      retryAfter = Math.max(retryAfter, answer.retryAfterNanos());
      from = to;
    } while (from < chunks.size());
    return new Result.Batch(items, retryAfter);
  }

  // At least one chunk: a command refuses an oversized one by itself.
  private static int endOfBatch(List<Chunk> chunks, int from) {
    int most = Math.min(chunks.size(), from + MOST_CHUNKS_AT_ONCE);
    long bytes = 0;
    for (int at = from; at < most; at++) {
      bytes += CanonicalSize.of(Shape.of(ProposedChunk.class), ProposedChunk.of(chunks.get(at)));
      if (bytes > Command.Bounds.CHUNK_BYTES && at > from) {
        return at;
      }
    }
    return most;
  }

  /**
   * Registers an exchange over equal blocks: portals lose {@code oldChunks} in the step in which
   * they see {@code newChunks}.
   */
  public Result.SwapRegistered swap(
      DatasetId dataset, List<ChunkKey> oldChunks, List<Chunk> newChunks, long nowNanos) {
    Objects.requireNonNull(newChunks, "newChunks");
    List<ProposedChunk> proposed =
        Oversized.is(newChunks)
            ? Oversized.of(newChunks.size())
            : ProposedChunk.listOf(NoNulls.in(newChunks, "newChunks"));
    return swap(new Command.RegisterSwap(dataset, oldChunks, proposed, Coverage.SAME), nowNanos);
  }

  /** Registers the atomic exchange that {@code swap} describes. */
  public Result.SwapRegistered swap(Command.RegisterSwap swap, long nowNanos) {
    return execute(Objects.requireNonNull(swap, "swap"), nowNanos);
  }

  /** Cancels a pending swap and every pending swap that depends on it. */
  public Result.SwapCancelled cancel(long swapId, long nowNanos) {
    return execute(new Command.CancelSwap(swapId), nowNanos);
  }

  /** Marks a chunk for removal. */
  public Result.Answer remove(ChunkKey chunk, long nowNanos) {
    return execute(new Command.Remove(chunk), nowNanos);
  }

  /** Registers a worker; {@code diskId} is a random id on its disk, and a new one means empty. */
  public Result.Registered register(WorkerId worker, String diskId, long nowNanos) {
    return execute(new Command.Register(worker, diskId), nowNanos);
  }

  private static ReportHeader named(ReportHeader report) {
    return Objects.requireNonNull(report, "report");
  }

  /** Records a sign of life of a worker. */
  public Result.Answer heartbeat(ReportHeader report, long nowNanos) {
    return execute(new Command.Heartbeat(named(report)), nowNanos);
  }

  /**
   * Records a sign of life and a pressure, measured as of the next cycle. From then on plans use
   * the worse of the leader's band ({@link #observe}) and the worst that a quarter of the counted
   * workers reach. The pressure stands until the next one or a registration, and counts as at least
   * elevated once older than {@code pressureStaleAfter}. The answer gives a reason for each value
   * outside 0 to 1, which counts as full strain.
   */
  public Result.Answer heartbeat(ReportHeader report, PressureSnapshot pressure, long nowNanos) {
    Objects.requireNonNull(pressure, "pressure");
    return execute(new Command.Heartbeat(named(report), Optional.of(pressure)), nowNanos);
  }

  /** Reports that a worker holds its newest slice up to {@code id}, except {@code missing}. */
  public Result.Answer applied(
      ReportHeader report, WorkerAssignmentId id, List<ChunkNumber> missing, long nowNanos) {
    return execute(new Command.Applied(named(report), id, missing), nowNanos);
  }

  /** Reports chunks gone from a worker's disk, up to {@link Command.Bounds#NUMBERS} at a time. */
  public Result.Answer lost(ReportHeader report, List<ChunkNumber> chunks, long nowNanos) {
    return execute(new Command.Lost(named(report), chunks), nowNanos);
  }

  /**
   * Reports all that the worker's disk holds, if need be in up to {@link Command.Bounds#PARTS}
   * parts of {@link Command.Bounds#NUMBERS} chunks, each durable by itself, and returns the last or
   * first refusing answer. The list is iterated once and may be lazy; a null throws {@link
   * NullPointerException} after the parts before it. Repeat an interrupted inventory with equal
   * number, list and order.
   */
  public Result.Answer inventory(ReportHeader report, List<ChunkNumber> chunks, long nowNanos) {
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(chunks, "chunks");
    int of = (int) ((chunks.size() + (long) MOST_NUMBERS_AT_ONCE - 1) / MOST_NUMBERS_AT_ONCE);
    if (of <= 1) {
      return execute(new Command.Inventory(report, chunks), nowNanos);
    }
    if (of > Command.Bounds.PARTS) {
      // Too many parts: the command refuses every part, whatever its content.
      return inventoryPart(report, 1, of, List.of(), nowNanos);
    }
    Iterator<ChunkNumber> rest = chunks.iterator();
    Result.Answer answer = Result.Answer.of(ResultCode.ACCEPTED);
    // The log keeps the order of its parts, whenever they are decided.
    for (int place = 1;
        place <= of && (answer.isAccepted() || answer.code() == ResultCode.REQUESTED);
        place++) {
      List<ChunkNumber> part = new ArrayList<>(MOST_NUMBERS_AT_ONCE);
      while (rest.hasNext() && part.size() < MOST_NUMBERS_AT_ONCE) {
        ChunkNumber number = rest.next();
        if (number == null) {
          int at = (place - 1) * MOST_NUMBERS_AT_ONCE + part.size();
          throw new NullPointerException("chunks[" + at + "]");
        }
        part.add(number);
      }
      answer = inventoryPart(report, place, of, part, nowNanos);
    }
    return answer;
  }

  /**
   * Reports part {@code place} (1 to {@code of}, at most {@link Command.Bounds#PARTS}) of an
   * inventory: up to {@link Command.Bounds#NUMBERS} chunks, with equal reports in all parts.
   */
  public Result.Answer inventoryPart(
      ReportHeader report, int place, int of, List<ChunkNumber> chunks, long nowNanos) {
    return execute(new Command.InventoryPart(named(report), place, of, chunks), nowNanos);
  }

  /** Describes a worker, creating an unknown one; ignores the status in {@code worker}. */
  public Result.Answer describe(Worker worker, long nowNanos) {
    return execute(Command.Describe.of(worker), nowNanos);
  }

  /** Sets a worker's status; for one that is to leave, the answer includes {@link #leaving}. */
  public Leaving.StatusSet setStatus(WorkerId worker, WorkerStatus status, long nowNanos) {
    return engine.leave(new Command.SetStatus(worker, status), worker, time.tickAt(nowNanos));
  }

  /**
   * Announces that a worker goes and is back before {@code untilNanos}. Copies are made until each
   * of its chunks has {@code leastCopies} on workers that neither leave nor are away, or a copy on
   * it that a plan gave up has drained; {@link #leaving} says when it may go. It is then neither
   * suspect nor departed, and its replicas wait for it; a chunk that falls below {@code
   * leastCopies} is copied elsewhere. Its first report after a silence of {@code suspectAfter}, its
   * registration, or {@link #back} ends this; at {@code untilNanos} it is silent like any other.
   * Announced again, the new end and number count.
   *
   * <p>Answers {@link ResultCode#TOO_FEW_WORKERS}, naming chunks, if some can never have as many
   * copies elsewhere, {@link ResultCode#INVALID} for an end that is past or more than {@link
   * Command.Bounds#AWAY_TICKS} ahead, or for fewer than 1 copy, and changes nothing then. Leader
   * only.
   */
  public Leaving.StatusSet away(WorkerId worker, long untilNanos, int leastCopies, long nowNanos) {
    if (leastCopies < 1) {
      return new Leaving.StatusSet(
          ResultCode.INVALID,
          List.of("leastCopies is " + leastCopies + "; at least 1 is accepted"),
          Optional.empty());
    }
    Tick until = time.tickAt(Math.max(0, untilNanos));
    return engine.leave(
        new Command.Away(worker, until, leastCopies), worker, time.tickAt(nowNanos));
  }

  /** Ends what {@link #away} announced; a worker that is silent by now is suspect. Leader only. */
  public Result.Answer back(WorkerId worker, long nowNanos) {
    return execute(Command.Away.back(worker), nowNanos);
  }

  /**
   * Tells a worker to leave and {@code by} to take its copies over; see {@link Command.Replace}.
   * Until the worker is empty {@code by} takes these, what a floor finds nowhere else, and nothing
   * more; sooner if one of the two departs, or the worker's status is set to another one. Leader
   * only.
   */
  public Leaving.StatusSet replace(WorkerId worker, WorkerId by, long nowNanos) {
    return engine.leave(new Command.Replace(worker, by, false), worker, time.tickAt(nowNanos));
  }

  /** Does the same if {@code by} is too small: it takes what fits, the rest goes elsewhere. */
  public Leaving.StatusSet replacePartly(WorkerId worker, WorkerId by, long nowNanos) {
    return engine.leave(new Command.Replace(worker, by, true), worker, time.tickAt(nowNanos));
  }

  /**
   * Replaces the configuration of the fleet if its version is {@code expectedVersion}. The reasons
   * of an accepted one are warnings about its weight policy, at most 10 sentences.
   */
  public Result.Versioned configure(long expectedVersion, LifecycleConfig config, long nowNanos) {
    return execute(new Command.Configure(expectedVersion, config), nowNanos);
  }

  /** Pins a chunk to a worker: this replica is placed first and never moved. */
  public Result.Versioned pin(ChunkKey chunk, WorkerId worker, long nowNanos) {
    return wish(PlacementWish.of(PlacementWish.Kind.PIN, chunk, worker), nowNanos);
  }

  /** Removes a pin. */
  public Result.Versioned unpin(ChunkKey chunk, WorkerId worker, long nowNanos) {
    return unwish(PlacementWish.of(PlacementWish.Kind.PIN, chunk, worker), nowNanos);
  }

  /** Bans a chunk from a worker, which then never holds it. */
  public Result.Versioned ban(ChunkKey chunk, WorkerId worker, long nowNanos) {
    return wish(PlacementWish.of(PlacementWish.Kind.BAN, chunk, worker), nowNanos);
  }

  /** Removes a ban. */
  public Result.Versioned unban(ChunkKey chunk, WorkerId worker, long nowNanos) {
    return unwish(PlacementWish.of(PlacementWish.Kind.BAN, chunk, worker), nowNanos);
  }

  /** Sets a pin or ban of any form, whatever the version of the wishes. */
  public Result.Versioned wish(PlacementWish wish, long nowNanos) {
    return execute(new Command.Wish(wish, Command.ANY_VERSION), nowNanos);
  }

  /** Removes a pin or ban of any form, whatever the version of the wishes. */
  public Result.Versioned unwish(PlacementWish wish, long nowNanos) {
    return execute(new Command.Unwish(wish, Command.ANY_VERSION), nowNanos);
  }

  /**
   * Sets the time to {@code nowNanos}, at least 0, after it went wrong in either direction. No
   * recorded time then lies ahead, open windows begin anew, silence counts from it. Leader only.
   */
  public Result.Answer resetTime(long nowNanos) {
    return execute(new Command.ResetTime(time.tickAt(nowNanos)), nowNanos);
  }

  /**
   * Confirms up to {@link Command.Bounds#WORKERS} silent workers as gone, none if one is unknown.
   * Those suspect and still silent depart with the next cycle, however many. Leader only.
   */
  public Result.Answer confirmDepartures(List<WorkerId> workers, long nowNanos) {
    return execute(new Command.ConfirmDepartures(workers), nowNanos);
  }

  /**
   * Records this machine's pressure. From the next cycle on, a plan has the share of the movement
   * budget that {@link LifecycleConfig#feedback} gives to the band of the samples; floors and new
   * chunks never wait. A later leader continues from the samples. A future sample counts as
   * measured now; a repeated one changes nothing. The answer gives a reason for each value outside
   * 0 to 1, which counts as full strain, or is {@link ResultCode#STALE} after a later sample.
   * Leader only.
   */
  public Result.Answer observe(PressureSnapshot sample, long nowNanos) {
    Objects.requireNonNull(sample, "sample");
    Tick now = time.tickAt(nowNanos);
    Tick measured = time.tickAt(Math.min(sample.measuredAtNanos(), nowNanos));
    return engine.observe(sample, measured, now);
  }

  /** Stops growth and moves. */
  public Result.Versioned freeze(long nowNanos) {
    return execute(new Command.Freeze(Command.ANY_VERSION), nowNanos);
  }

  /** Resumes growth and moves. */
  public Result.Versioned unfreeze(long nowNanos) {
    return execute(new Command.Unfreeze(Command.ANY_VERSION), nowNanos);
  }

  /**
   * Runs a scheduling cycle: rebalance (if configured), settle, admit, plan, apply. Leader only. A
   * cycle or purge further ahead than time can be is refused with {@code TIME_JUMP}, without
   * change; a smaller lead counts as the store's time.
   */
  public Result.Scheduled schedule(long nowNanos) {
    Rebalancing first = rebalancing;
    return first == null
        ? execute(new LeaderCommand.Schedule(), nowNanos)
        : first.schedule(time.tickAt(nowNanos));
  }

  /** Runs a visibility cycle: swaps, promotions, drops, releases, recalls. Leader only. */
  public Result.Published publish(long nowNanos) {
    return engine.publish(time.tickAt(nowNanos));
  }

  /** Reports whether both cycles would change nothing but the time; see {@link Engine#rests}. */
  boolean rests(long nowNanos) {
    return rebalancing == null && engine.rests(time.tickAt(nowNanos));
  }

  /** Forgets what ended longer ago than the retention. Leader only. */
  public Result.Purged purge(long nowNanos) {
    return execute(new LeaderCommand.Purge(), nowNanos);
  }

  /** Returns what a scheduling cycle would do now, changing nothing. Leader only. */
  public Result.Scheduled preview(long nowNanos) {
    return engine.preview(time.tickAt(nowNanos));
  }

  /**
   * Returns what these commands and the plan behind them would do, changing and recording nothing.
   * No commands: the next plan, with the advice in force, but without a new pass of the rebalancer.
   * Other threads' commands wait only while the commands are carried out and taken back; the plan
   * is made beside them. Throws {@link IllegalArgumentException} for a leader's own command. Leader
   * only.
   */
  public Preview preview(List<Command<?>> commands, long nowNanos) {
    return engine.preview(NoNulls.copyOf(commands, "commands"), time.tickAt(nowNanos));
  }

  /**
   * Carries out these commands and exactly the plan that {@link #preview(List, long)} showed under
   * {@code planHash}, in one commit; or answers a command's refusal, or {@link
   * ResultCode#PLAN_CHANGED}, which names what differs, and changes nothing. An empty hash: the
   * commands alone, all or none.
   *
   * <p>What another facade asks for waits in the log for a leader without a plan under way; {@link
   * #answer} finds the answer later. Of two requests for one plan the first is carried out, and the
   * other one finds another plan.
   */
  public Result.CarriedOut schedule(List<Command<?>> commands, long nowNanos, String planHash) {
    Objects.requireNonNull(planHash, "planHash");
    return engine.schedule(NoNulls.copyOf(commands, "commands"), planHash, time.tickAt(nowNanos));
  }

  /** Executes a command given as a value. Cycles are leader only. */
  public <R extends Result> R execute(Command<R> command, long nowNanos) {
    Objects.requireNonNull(command, "command");
    return engine.execute(command, time.tickAt(nowNanos));
  }

  /**
   * Queues a command and returns at once; the stage completes with its answer once it is durable,
   * or with the exception that {@link #execute} would throw. Stages complete on the executor of
   * {@link Builder#executor}, or where it takes no task, on another thread. While as many commands
   * wait as {@link StowageConfig.QueueConfig} admits, the stage fails with {@link
   * StowageException.Reason#BACKPRESSURE}; if the executor refuses, with what that throws.
   * Cancelling the stage before the command is decided withdraws the command, later only the
   * answer.
   *
   * <p>Of one caller's commands, those that an operator gives may overtake reports, and both may
   * overtake ingests; commands of one kind are decided in the order of submission. Throws {@link
   * IllegalStateException} without an executor, and {@link IllegalArgumentException} for cycles,
   * retention, what else only a leader decides, and a {@link Command.CarryOut} with one of these or
   * with a plan.
   */
  public <R extends Result> CompletionStage<R> submit(Command<R> command, long nowNanos) {
    Objects.requireNonNull(command, "command");
    return engine.submit(command, time.tickAt(nowNanos));
  }

  /** Reports whether there is an executor for {@link #submit}. */
  public boolean takesSubmissions() {
    return engine.takesSubmissions();
  }

  /**
   * Returns the leader's answer to a command that was appended to the log under the name in the
   * reasons of {@link ResultCode#REQUESTED}, or of a follower's {@link ResultCode#OFFERED}; empty
   * while it waits, and an hour after it.
   */
  public Optional<Result> answer(CommandId id) {
    Objects.requireNonNull(id, "id");
    return Optional.ofNullable(engine.store().inbox().answers(List.of(id)).get(id));
  }

  /**
   * Withdraws a command that waits in the log under the name in the reasons of {@link
   * ResultCode#REQUESTED}, and reports whether it did; otherwise it may have been decided.
   */
  public boolean withdraw(CommandId id) {
    return engine.store().inbox().withdraw(id);
  }

  /**
   * Returns both assignments as of the newest command, without waiting. While this facade follows,
   * {@link ChunkStore#view} reads them from the store, at that store's cost.
   */
  public FleetView fleet() {
    return engine.view();
  }

  /**
   * Returns the answer to a question: a leader's by its own state and plan, a follower's by the
   * store. Waits for commands.
   */
  public <R> R ask(Question<R> question) {
    return engine.ask(Objects.requireNonNull(question, "question"));
  }

  /**
   * Returns the store's answers with their age, also while this process leads: for what tells
   * workers, portals and operators, and may be a moment old.
   */
  public AgedReader agedReader() {
    return engine.store().agedReader();
  }

  /**
   * Runs {@code hint} after new assignments, as {@link ChunkStore#onAssignment} of the store, until
   * the returned handle or the store is closed.
   */
  public AutoCloseable onAssignment(Runnable hint) {
    Objects.requireNonNull(hint, "hint");
    return engine.store().onAssignment(() -> BestEffort.run(hint));
  }

  /** Returns the configuration and its version, to {@link #configure} with. Waits for commands. */
  public LifecycleConfig.InForce config() {
    return ask(Questions.config());
  }

  /** Returns where a resuming ingester continues. Waits for a command in progress. */
  public Head head(DatasetId dataset) {
    return ask(Questions.head(dataset));
  }

  /**
   * Returns state, mark, replicas and winner of up to ten million chunks, one answer to each, in
   * the order of the question. Waits for commands.
   */
  public List<ChunkStatus> status(List<ChunkKey> chunks) {
    return ask(Questions.status(chunks));
  }

  /**
   * Returns what any worker still holds, by the event that each replica waits for; empty if
   * unknown. Waits for a command in progress, and for no plan: a leader answers by its last one, a
   * follower knows none and counts what a plan decides as {@link Leaving#unplanned}.
   */
  public Optional<Leaving> leaving(WorkerId worker) {
    return ask(Questions.leaving(worker));
  }

  /**
   * Returns for each worker whether it may be switched off, in the order given, a duplicate once;
   * all that may, may together. Takes up to {@value Leaving#MOST_WORKERS} names, else throws {@link
   * IllegalArgumentException}. Costs a pass over what the workers hold. Waits for commands.
   */
  public List<Leaving.Verdict> leaving(List<WorkerId> workers) {
    return ask(Questions.leaving(workers));
  }

  /** Returns how each worker stands, in the order of ids. Waits for commands. */
  public List<WorkerStanding> workers() {
    return ask(Questions.workers());
  }

  /**
   * Returns the copies to go, by cause and by worker that is to leave, with what moved and the time
   * left. Costs a pass over all replicas. Waits for commands; a follower knows no plan.
   */
  public Progress progress() {
    return ask(Questions.progress(time.tickLength()));
  }

  /** Returns the progress of a worker that is to leave; empty for others. Costs as the other. */
  public Optional<Progress.Part> progress(WorkerId worker) {
    return Optional.ofNullable(progress().leaving().get(Objects.requireNonNull(worker, "worker")));
  }

  /** Returns counts of this facade and its fleet. Waits for commands. */
  public StowageStats stats() {
    return engine.stats();
  }

  /** Returns the counts of {@link #stats}, or the last ones while a command runs. Never waits. */
  public Optional<StowageStats> recentStats() {
    return engine.recentStats();
  }

  /** Returns stage times by this machine's clock. Never waits. */
  public List<StageTimes> times() {
    engine.requireOpen();
    return engine.book().times();
  }

  /** Returns nanoseconds since the last claim or renewal, -1 in a follower. Never waits. */
  public long leaseAgeNanos() {
    engine.requireOpen();
    return engine.leaseAgeNanos();
  }

  /** Returns this leader's last cycle that was not refused, if any. Never waits. */
  public Optional<Result.Scheduled> lastCycle() {
    engine.requireOpen();
    return engine.book().lastCycle();
  }

  /** Returns the chunks refused since this facade was built, by dataset. Never waits. */
  public ChunkRefusals refusals() {
    engine.requireOpen();
    return engine.book().refusals();
  }

  /**
   * Returns a census up to {@code maxAge} old, or the last one while a command runs; empty before
   * the first and in a follower. Never waits.
   */
  public Optional<FleetCensus> census(Duration maxAge) {
    return engine.census(Nanos.of(maxAge, "maxAge"));
  }

  /** Returns the last failure counted by {@link StowageStats#hostFailures}. Usable after close. */
  public Optional<Throwable> lastHostFailure() {
    return engine.book().lastHostFailure();
  }

  /** Checks every state invariant now and returns the violations. Leader only. */
  public List<Violation> audit() {
    return Audit.check(engine.ask(leader -> leader.mirror().snapshot()));
  }

  /**
   * Returns up to {@code most} (at least 1) pieces of news that leaders set aside, with marks above
   * {@code afterMark} (-1 for all), by mark. Reads the store, on any process.
   */
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most is " + most + "; at least 1 is accepted");
    }
    return engine.store().quarantine(afterMark, most);
  }

  /** Explains a chunk's placement by a plan made now; empty if nothing is planned. Leader only. */
  public Optional<Explanation> explainPlacement(ChunkKey chunk, long nowNanos) {
    Objects.requireNonNull(chunk, "chunk");
    return engine.cycle(
        leader -> leader.foresight().explainPlacement(chunk, time.tickAt(nowNanos)));
  }

  /** Explains by a plan made now a worker's fill; empty if it is unknown. Leader only. */
  public Optional<Explanation> explainPlacement(WorkerId worker, long nowNanos) {
    Objects.requireNonNull(worker, "worker");
    return engine.cycle(
        leader -> leader.foresight().explainPlacement(worker, time.tickAt(nowNanos)));
  }

  /** Explains why portals do not see a chunk, by what a leader has taken in. */
  public Explanation whyNotVisible(ChunkKey chunk) {
    return ask(Questions.whyNotVisible(chunk));
  }

  /** Explains why a swap has not fired, by what a leader has taken in. */
  public Explanation whySwapWaits(long swapId) {
    return ask(Questions.whySwapWaits(swapId));
  }

  /**
   * Explains why a worker holds a replica: the worker assignment with which it came, the cause, the
   * replica in whose place it came, and why it is still there.
   */
  public Explanation whyHere(ChunkKey chunk, WorkerId worker) {
    return ask(Questions.whyHere(chunk, worker));
  }

  /** Explains why a draining replica remains; a leader knows what its last cycle found stuck. */
  public Explanation whyDrainHeld(ChunkKey chunk, WorkerId worker) {
    return ask(Questions.whyDrainHeld(chunk, worker));
  }

  /**
   * Returns the time of {@link Builder#clock} in nanoseconds since 1970, for every {@code nowNanos}
   * of this facade: {@code stowage.ingest(chunks, stowage.now())}. Throws {@link
   * IllegalStateException} if built without one. Usable after {@link #close}.
   */
  public long now() {
    InstantSource source = clock;
    if (source == null) {
      throw new IllegalStateException("the facade was built without Builder.clock");
    }
    return TimeBorder.nanosOf(source.instant());
  }

  Engine openEngine() {
    engine.requireOpen();
    return engine;
  }

  @Nullable Rebalancing rebalancer() {
    return rebalancing;
  }

  /** Returns the converter of nanoseconds and ticks. Usable after {@link #close}. */
  public TimeBorder time() {
    return time;
  }

  /** Closes like a crash: without {@link #resign} the lease lasts until it expires. Idempotent. */
  @Override
  public void close() {
    engine.close();
  }

  /** Settings of a facade; only the store has no default. Not thread-safe. */
  public static final class Builder {
    private final FleetStore store;
    private StowageConfig config = StowageConfig.defaults();
    private StowageListener listener = StowageListener.NONE;
    private Logger events = LoggerFactory.getLogger(EventLog.NAME);
    private PlacementPlanner planner = PlacementPlanner.sticky();
    private EvidenceSink recorder = EvidenceSink.NONE;
    private PassLimit passLimit = PassLimit.NONE;
    private @Nullable LongSupplier commitNanos;
    private @Nullable InstantSource clock;
    private @Nullable RebalanceConfig rebalance;
    private IngestDoor door = IngestDoor.OPEN;
    private @Nullable Executor executor;

    private Builder(FleetStore store) {
      this.store = store;
    }

    /** Sets the configuration; {@link StowageConfig#defaults} by default. */
    public Builder config(StowageConfig settings) {
      this.config = Objects.requireNonNull(settings, "config");
      return this;
    }

    Builder events(Logger log) {
      this.events = log;
      return this;
    }

    /** Sets the listener; none by default. */
    public Builder listener(StowageListener hears) {
      this.listener = Objects.requireNonNull(hears, "listener");
      return this;
    }

    /**
     * Sets the clock that {@link Stowage#now} reads, that a {@link StowageService} without one of
     * its own turns by, and that commits go by unless {@link #commitClock} is set; none by default.
     * No decision reads it: callers of a method pass its time.
     */
    public Builder clock(InstantSource source) {
      this.clock = Objects.requireNonNull(source, "clock");
      return this;
    }

    /**
     * Sets the clock of commits, in host nanoseconds: drain windows begin at its time or that of
     * the cycle, the default, whichever is later.
     */
    public Builder commitClock(LongSupplier nanos) {
      this.commitNanos = Objects.requireNonNull(nanos, "commitClock");
      return this;
    }

    /**
     * Sets where {@link Stowage#submit} decides commands and completes stages; none by default.
     * Commands of threads that wait do not need it. The caller shuts it down, after the facade.
     */
    public Builder executor(Executor runs) {
      this.executor = Objects.requireNonNull(runs, "executor");
      return this;
    }

    /**
     * Sets a part that replaces a default:
     *
     * <ul>
     *   <li>a {@link PlacementPlanner}; the sticky planner by default;
     *   <li>an {@link EvidenceSink}, which gets every evidence record once durable; none by
     *       default. If it refuses more than {@link
     *       EvidenceSink.SinkPolicy#DEFAULT_BACKLOG_RECORDS}, commands throw {@link
     *       dev.stowage.evidence.EvidenceException.SinkFailed}, deciding nothing, until it accepts.
     *       Records refused until the lead ends are a gap ({@link Stowage#lastHostFailure}). Its
     *       chain must end where the store's does. The caller closes it, after the facade;
     *   <li>a {@link LoadGovernor} of {@link Stowage#ingest} and {@link Stowage#offer}, acting in
     *       {@link LoadGovernor.Mode#ENFORCE} only; none by default. Under backpressure chunks come
     *       in with a wait, {@link Result.Batch#retryAfterNanos}. If it rejects, or {@value
     *       LoadGovernor#MOST_AT_ONCE} batches are under way, chunks are answered {@link
     *       ResultCode#BACKPRESSURE} and not recorded. Ingesting threads ask it one at a time, and
     *       nothing else may use it;
     *   <li>a {@link RebalanceConfig}, which begins a {@link Rebalancing}; none by default;
     *   <li>a {@link PassLimit}, the time that a pass of the rebalancer may ask its scorer; none by
     *       default.
     * </ul>
     *
     * <p>Throws {@link IllegalArgumentException} for another kind.
     */
    public Builder with(StowageOption option) {
      Objects.requireNonNull(option, "option");
      if (option instanceof PlacementPlanner plans) {
        planner = plans;
      } else if (option instanceof EvidenceSink sink) {
        recorder = sink;
      } else if (option instanceof LoadGovernor governor) {
        door = new IngestDoor(governor);
      } else if (option instanceof RebalanceConfig when) {
        rebalance = when;
      } else if (option instanceof PassLimit lasts) {
        passLimit = lasts;
      } else {
        throw new IllegalArgumentException(option.getClass().getName() + " configures no facade");
      }
      return this;
    }

    private Dependencies dependencies() {
      return new Dependencies(store, config.named(), planner, recorder, listener, events, executor);
    }

    /** Creates the facade; throws {@link IllegalArgumentException} naming each violated bound. */
    public Stowage build() {
      List<String> violations = config.violations();
      if (!violations.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", violations));
      }
      return new Stowage(this);
    }
  }
}
