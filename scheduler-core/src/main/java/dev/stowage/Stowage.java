package dev.stowage;

import dev.stowage.audit.Audit;
import dev.stowage.audit.FleetSnapshot;
import dev.stowage.audit.Violation;
import dev.stowage.columns.NoNulls;
import dev.stowage.columns.Oversized;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.lanes.ContentLanes;
import dev.stowage.engine.Desk;
import dev.stowage.engine.EventLog;
import dev.stowage.engine.Seams;
import dev.stowage.engine.Standing;
import dev.stowage.evidence.CanonicalSize;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleExplanation;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.Explanation;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.EnvelopeAdmission;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.LoadSource;
import dev.stowage.pressure.Nanos;
import dev.stowage.pressure.PeerHints;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.ScoringExecutor;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.FleetView;
import dev.stowage.store.QuarantinedNews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front door: one fleet, led or followed by this process.
 *
 * <p>Every command takes {@code nowNanos}, nanoseconds since an epoch of the host's choice; nothing
 * in here reads a clock. Commands are executed one after the other in the order in which they take
 * the facade's lock, whatever thread they come from; each is durable when its method returns.
 * Readings ({@link #fleet} and what hangs on it) never wait for a command.
 *
 * <p>While this process holds the lease ({@link #claim}), commands are decided on its mirror of the
 * fleet and cycles may be run. While it does not, commands go through the store's inbox, where they
 * are as durable and as binding, and cycles are refused. A leader that learns from a command or a
 * reading that somebody else leads by now ({@link dev.stowage.store.StorageException.Fenced})
 * follows from then on: the command, which did not take effect, goes through the inbox at once, the
 * reading is answered by the store, and cycles throw.
 *
 * <p>A refusal that the lifecycle design expects is a {@link Result}; the caller's mistakes are
 * {@link IllegalArgumentException}; the environment's are {@link
 * dev.stowage.store.StorageException}; a broken promise of ours is {@link
 * dev.stowage.model.InvariantViolation}. In all of them nothing was changed, unless a {@code
 * StorageException.Transient} says that this is not known: to give the command again is safe then,
 * though it may be answered as a duplicate. After {@link #close} every method throws {@link
 * StowageException} but those that say otherwise.
 */
public final class Stowage implements AutoCloseable {
  /** How many chunks one command admits or offers. */
  public static final int MOST_CHUNKS_AT_ONCE = Command.Bounds.CHUNKS;

  /** How many chunk numbers one report has. */
  private static final int MOST_NUMBERS_AT_ONCE = Command.Bounds.NUMBERS;

  private final Desk desk;
  private final String holder;
  private final TimeBorder time;
  private final @Nullable Rebalancing rebalancing;
  private final IngestDoor door;
  private final CensusKeeper censuses = new CensusKeeper();

  private Stowage(Builder builder) {
    this.door = builder.door;
    this.time = TimeBorder.ofTickLength(builder.config.tickLength());
    LongSupplier commitNanos = builder.commitNanos;
    Seams seams = builder.seams();
    this.holder = seams.config().lease().holder();
    this.desk =
        new Desk(
            seams,
            commitNanos == null ? () -> 0 : () -> time.tickAt(commitNanos.getAsLong()).value());
    RebalanceConfig moves = builder.rebalance;
    this.rebalancing =
        moves == null ? null : new Rebalancing(desk, moves, builder.scoringExecutor, time);
  }

  /** Begins a facade over a store. */
  public static Builder builder(ChunkStore store) {
    return new Builder(store);
  }

  boolean isOf(Transfers transfers) {
    return transfers.belongTo(desk);
  }

  // ---- leading ----

  /**
   * Claims the lease and, if it is granted, loads the state.
   *
   * @param nowNanos the host's time; a new fleet or a new lineage begins at it
   * @return granted, or who holds it until when
   */
  public LeaseAnswer claim(long nowNanos) {
    return desk.claim(time.tickAt(nowNanos));
  }

  /**
   * Under which name this facade claims the lease: the one that it was configured with, or one that
   * was drawn for it ({@link StowageConfig.LeaseConfig#DRAWN}). Harmless after {@link #close}.
   */
  public String holder() {
    return holder;
  }

  /**
   * Whether this process led when it last looked; the store alone knows for certain. False after
   * {@link #close}.
   */
  public boolean isLeading() {
    return desk.isLeading();
  }

  /**
   * Extends the lease; to be called well before it ends. Waits for no command: a thread of its own
   * may call it while another claims and loads, plans or commits. Whatever is executed extends the
   * lease as well, so who has commands or cycles within each lease renews only beside what takes
   * longer.
   *
   * @throws StowageException if this process does not lead
   */
  public void renew() {
    desk.renew();
  }

  /** Extends the lease if there is one, while the state is still loaded too. */
  boolean renewIfHeld() {
    return desk.renewIfHeld();
  }

  /**
   * Returns how long a claim or a renewal of the lease lasts, as configured. Harmless after {@link
   * #close}.
   */
  public Duration leaseDuration() {
    return desk.leaseDuration();
  }

  /** Gives the lease back; does nothing if this process does not lead. */
  public void resign() {
    desk.resign();
  }

  // ---- ingesters ----

  /**
   * Admits chunks now: accepted, duplicate, overlap, invalid or backpressure, one by one and in
   * order. A long list is given as several commands, of at most {@value #MOST_CHUNKS_AT_ONCE}
   * chunks and {@link Command.Bounds#CHUNK_BYTES} each, each durable by itself.
   *
   * @throws IllegalArgumentException if there are more than ten million chunks
   */
  public Result.Batch ingest(List<Chunk> chunks, long nowNanos) {
    return inBatches(chunks, Command.Ingest::new, nowNanos);
  }

  /**
   * Offers chunks for the next scheduling cycle to admit; long lists as {@link #ingest} does.
   *
   * @throws IllegalArgumentException if there are more than ten million chunks
   */
  public Result.Batch offer(List<Chunk> chunks, long nowNanos) {
    return inBatches(chunks, Command.Offer::new, nowNanos);
  }

  private Result.Batch inBatches(
      List<Chunk> given,
      Function<List<ProposedChunk>, Command<Result.Batch>> command,
      long nowNanos) {
    NoNulls.in(Oversized.refuse(given, "chunks"), "chunks");
    desk.requireOpen();
    List<Chunk> chunks = given instanceof RandomAccess ? given : new ArrayList<>(given);
    List<Result.Item> items = new ArrayList<>(chunks.size());
    long retryAfter = 0;
    int from = 0;
    do {
      int to = endOfBatch(chunks, from);
      List<ProposedChunk> batch = ProposedChunk.listOf(chunks.subList(from, to));
      Result.Batch answer =
          door.pass(
              batch,
              nowNanos,
              () -> execute(command.apply(batch), nowNanos),
              held -> desk.heldUp(held, batch.size()));
      items.addAll(answer.items());
      retryAfter = Math.max(retryAfter, answer.retryAfterNanos());
      from = to;
    } while (from < chunks.size());
    return new Result.Batch(items, retryAfter);
  }

  /** As many as one command takes; one at least, which is answered by itself if it is too large. */
  private static int endOfBatch(List<Chunk> chunks, int from) {
    int most = Math.min(chunks.size(), from + MOST_CHUNKS_AT_ONCE);
    long bytes = 0;
    for (int at = from; at < most; at++) {
      bytes += CanonicalSize.of(ProposedChunk.SHAPE, ProposedChunk.of(chunks.get(at)));
      if (bytes > Command.Bounds.CHUNK_BYTES && at > from) {
        return at;
      }
    }
    return most;
  }

  /**
   * Registers an atomic exchange that covers the same blocks: {@code oldChunks} leave the sight of
   * portals in the same step in which {@code newChunks} appear.
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

  /** Registers an atomic exchange as {@code swap} says it. */
  public Result.SwapRegistered swap(Command.RegisterSwap swap, long nowNanos) {
    return execute(Objects.requireNonNull(swap, "swap"), nowNanos);
  }

  /** Cancels a pending swap, and every pending one that rests on it. */
  public Result.SwapCancelled cancel(long swapId, long nowNanos) {
    return execute(new Command.CancelSwap(swapId), nowNanos);
  }

  /** Marks a chunk for removal. */
  public Result.Answer remove(ChunkKey chunk, long nowNanos) {
    return execute(new Command.Remove(chunk), nowNanos);
  }

  // ---- workers ----

  /**
   * A worker begins to work.
   *
   * @param diskId a random id that it keeps on the disk it stores replicas on; another one means an
   *     empty disk
   */
  public Result.Registered register(WorkerId worker, String diskId, long nowNanos) {
    return execute(new Command.Register(worker, diskId), nowNanos);
  }

  private static ReportHeader named(ReportHeader report) {
    return Objects.requireNonNull(report, "report");
  }

  /** A sign of life. */
  public Result.Answer heartbeat(ReportHeader report, long nowNanos) {
    return execute(new Command.Heartbeat(named(report)), nowNanos);
  }

  /**
   * A sign of life that says which pressure the worker is under. From the next cycle on plans work
   * with the worse of the leader's band ({@link #observe}) and the worst one that a quarter of the
   * workers that count have reached. A heartbeat without a pressure leaves the one before standing;
   * once that is older than {@code pressureStaleAfter} it counts as at least elevated. A
   * registration ends it.
   *
   * @param pressure what the worker measured; the time of the cycle that takes it in counts as the
   *     time of the measurement
   * @return accepted, with a reason for each value that is none between 0 and 1 and counts as full
   *     strain; or what any report is refused for
   */
  public Result.Answer heartbeat(ReportHeader report, PressureSnapshot pressure, long nowNanos) {
    Objects.requireNonNull(pressure, "pressure");
    return execute(new Command.Heartbeat(named(report), Optional.of(pressure)), nowNanos);
  }

  /**
   * The worker holds every replica of its newest slice up to {@code id}, but for {@code missing}.
   */
  public Result.Answer applied(
      ReportHeader report, WorkerAssignmentId id, List<ChunkNumber> missing, long nowNanos) {
    return execute(new Command.Applied(named(report), id, missing), nowNanos);
  }

  /**
   * The bytes of these chunks are gone from the worker's disk. Of more chunks than {@link
   * Command.Bounds#NUMBERS} it says so in several reports.
   */
  public Result.Answer lost(ReportHeader report, List<ChunkNumber> chunks, long nowNanos) {
    return execute(new Command.Lost(named(report), chunks), nowNanos);
  }

  /**
   * All that the worker's disk holds. More than {@link Command.Bounds#NUMBERS} chunks are given as
   * an inventory in parts, each durable by itself, up to {@link Command.Bounds#PARTS} of them; so
   * the list may make its numbers as they are asked for, and is gone through once; if one is null,
   * the parts before it were said. What stopped midway is said again under the same number, with
   * the same list in the same order.
   *
   * @return the answer to the last part, or to the first one that was refused
   */
  public Result.Answer inventory(ReportHeader report, List<ChunkNumber> chunks, long nowNanos) {
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(chunks, "chunks");
    int of = (int) ((chunks.size() + (long) MOST_NUMBERS_AT_ONCE - 1) / MOST_NUMBERS_AT_ONCE);
    if (of <= 1) {
      return execute(new Command.Inventory(report, chunks), nowNanos);
    }
    if (of > Command.Bounds.PARTS) {
      // Refused, whatever is in them.
      return inventoryPart(report, 1, of, List.of(), nowNanos);
    }
    Iterator<ChunkNumber> rest = chunks.iterator();
    Result.Answer answer = Result.Answer.of(ResultCode.ACCEPTED);
    for (int place = 1; place <= of && answer.isAccepted(); place++) {
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
   * A part of what the worker's disk holds, for a worker that says so as it finds it; in the end
   * all parts make one inventory ({@link Command.InventoryPart}).
   *
   * @param report who, and which sending: the same in all its parts
   * @param place which part, 1 to {@code of}
   * @param of how many parts there are, at most {@link Command.Bounds#PARTS}
   * @param chunks at most {@link Command.Bounds#NUMBERS}
   */
  public Result.Answer inventoryPart(
      ReportHeader report, int place, int of, List<ChunkNumber> chunks, long nowNanos) {
    return execute(new Command.InventoryPart(named(report), place, of, chunks), nowNanos);
  }

  // ---- host and operator ----

  /** Describes a worker; an unknown one is created. Its status is not looked at. */
  public Result.Answer describe(Worker worker, long nowNanos) {
    return execute(Command.Describe.of(worker), nowNanos);
  }

  /**
   * Says what may be done with a worker. Of one that is to leave the answer says at once what
   * {@link #leaving} would: how much there is to go, and what is stuck.
   */
  public Leaving.StatusSet setStatus(WorkerId worker, WorkerStatus status, long nowNanos) {
    return desk.setStatus(new Command.SetStatus(worker, status), time.tickAt(nowNanos));
  }

  /** Replaces the configuration of the fleet, if its version is still {@code expectedVersion}. */
  public Result.Versioned configure(long expectedVersion, LifecycleConfig config, long nowNanos) {
    return execute(new Command.Configure(expectedVersion, config), nowNanos);
  }

  /** A replica of this chunk on this worker comes first and is never moved. */
  public Result.Versioned pin(ChunkKey chunk, WorkerId worker, long nowNanos) {
    return wish(PlacementWish.of(PlacementWish.Kind.PIN, chunk, worker), nowNanos);
  }

  /** Takes a pin back. */
  public Result.Versioned unpin(ChunkKey chunk, WorkerId worker, long nowNanos) {
    return unwish(PlacementWish.of(PlacementWish.Kind.PIN, chunk, worker), nowNanos);
  }

  /** This worker never holds this chunk. */
  public Result.Versioned ban(ChunkKey chunk, WorkerId worker, long nowNanos) {
    return wish(PlacementWish.of(PlacementWish.Kind.BAN, chunk, worker), nowNanos);
  }

  /** Takes a ban back. */
  public Result.Versioned unban(ChunkKey chunk, WorkerId worker, long nowNanos) {
    return unwish(PlacementWish.of(PlacementWish.Kind.BAN, chunk, worker), nowNanos);
  }

  /** Sets a pin or a ban of any form, whatever the version of the wishes. */
  public Result.Versioned wish(PlacementWish wish, long nowNanos) {
    return execute(new Command.Wish(wish, Command.ANY_VERSION), nowNanos);
  }

  /** Takes a pin or a ban of any form back, whatever the version of the wishes. */
  public Result.Versioned unwish(PlacementWish wish, long nowNanos) {
    return execute(new Command.Unwish(wish, Command.ANY_VERSION), nowNanos);
  }

  /**
   * Says what time it is, where it went wrong: forward or back. Nothing lies ahead of it any more,
   * every window that still stands begins anew in full, and silence counts from it on.
   *
   * @param nowNanos the host's time that is the largest from now on, at least 0
   * @throws StowageException if this process does not lead
   */
  public Result.Answer resetTime(long nowNanos) {
    return execute(new Command.ResetTime(time.tickAt(nowNanos)), nowNanos);
  }

  /**
   * Says that silent workers are gone: those that are suspect, and of which nothing is heard until
   * then, depart with the next scheduling cycle, however many they are ({@link
   * Result.Scheduled#guarded} names whom a cycle kept). Of a worker that is not silent nothing is
   * confirmed.
   *
   * @param workers at most {@link Command.Bounds#WORKERS}; if one is unknown, nothing is confirmed
   * @throws StowageException if this process does not lead
   */
  public Result.Answer confirmDepartures(List<WorkerId> workers, long nowNanos) {
    return execute(new Command.ConfirmDepartures(workers), nowNanos);
  }

  /**
   * Takes in the pressure on the machine of this process. From the next cycle on a plan has the
   * share of the movement budget that {@link LifecycleConfig#feedback} gives to the band of the
   * samples so far: growth and moves wait, floors and new chunks never do. The sample is recorded,
   * and a later leader goes on from it. {@link Result.Scheduled#pressure} names the band that a
   * cycle worked with.
   *
   * <p>A sample that claims to come from the future counts as measured now. One that is given twice
   * changes nothing.
   *
   * @return accepted, with a reason for each value that is none between 0 and 1 and counts as full
   *     strain; or {@link ResultCode#STALE} if a sample measured later was taken in before
   * @throws StowageException if this process does not lead
   */
  public Result.Answer observe(PressureSnapshot sample, long nowNanos) {
    Objects.requireNonNull(sample, "sample");
    Tick now = time.tickAt(nowNanos);
    Tick measured = time.tickAt(Math.min(sample.measuredAtNanos(), nowNanos));
    return desk.observe(sample, measured, now);
  }

  /** No growth and no moves from now on. */
  public Result.Versioned freeze(long nowNanos) {
    return execute(new Command.Freeze(Command.ANY_VERSION), nowNanos);
  }

  /** Growth and moves again. */
  public Result.Versioned unfreeze(long nowNanos) {
    return execute(new Command.Unfreeze(Command.ANY_VERSION), nowNanos);
  }

  // ---- cycles ----

  /**
   * A scheduling cycle: settle, admit, plan, apply; a pass of the rebalancer, if there is one,
   * comes first.
   *
   * <p>A cycle of either kind, and retention, that is called further ahead than time can be is
   * refused ({@code TIME_JUMP}), and nothing is changed; what lies ahead by less counts as what the
   * clock of the store shows.
   *
   * @throws StowageException if this process does not lead
   */
  public Result.Scheduled schedule(long nowNanos) {
    Rebalancing first = rebalancing;
    return first == null
        ? execute(new Command.Schedule(), nowNanos)
        : first.schedule(time.tickAt(nowNanos));
  }

  /**
   * A visibility cycle: swaps, promotions, drops, releases, recalls.
   *
   * @throws StowageException if this process does not lead
   */
  public Result.Published publish(long nowNanos) {
    return desk.publish(time.tickAt(nowNanos));
  }

  /**
   * Retention: forgets what has been over for long enough.
   *
   * @throws StowageException if this process does not lead
   */
  public Result.Purged purge(long nowNanos) {
    return execute(new Command.Purge(), nowNanos);
  }

  /**
   * What a scheduling cycle would do now; nothing is changed and nothing recorded.
   *
   * @throws StowageException if this process does not lead
   */
  public Result.Scheduled preview(long nowNanos) {
    return desk.preview(time.tickAt(nowNanos));
  }

  /**
   * Any command, as a value; what the typed methods call.
   *
   * @throws StowageException if it is a cycle and this process does not lead
   */
  public <R extends Result> R execute(Command<R> command, long nowNanos) {
    Objects.requireNonNull(command, "command");
    return desk.execute(command, time.tickAt(nowNanos));
  }

  // ---- readers ----

  /** Both assignments, as of the newest command; never waits for one. */
  public FleetView fleet() {
    return desk.view();
  }

  /** Where an ingester that resumes goes on. Waits for a command in progress. */
  public Head head(DatasetId dataset) {
    return desk.head(Objects.requireNonNull(dataset, "dataset"));
  }

  /**
   * State, mark, replicas and winner of chunks. Waits for a command in progress.
   *
   * @throws IllegalArgumentException if there are more than ten million chunks
   */
  public List<ChunkStatus> status(List<ChunkKey> chunks) {
    return desk.status(NoNulls.in(Oversized.refuse(chunks, "chunks"), "chunks"));
  }

  /**
   * What a worker still holds, by what has to happen before it is gone, and whether it may be
   * switched off before that; of any worker, leaving or not. Waits for a command in progress.
   *
   * <p>A leader answers as a plan made now would say, and makes one unless the last one says it
   * still. A follower knows of no plan: what none has given up counts as {@link Leaving#wanted}
   * there, and nothing as stuck.
   *
   * @return empty if the worker is unknown
   */
  public Optional<Leaving> leaving(WorkerId worker, long nowNanos) {
    return desk.leaving(Objects.requireNonNull(worker, "worker"), time.tickAt(nowNanos));
  }

  /** What is not well with this facade, though it goes on. Harmless after {@link #close}. */
  Standing standing() {
    return desk.standing();
  }

  /**
   * Counts of what this facade has done and, while it leads, of its fleet. Waits for a command in
   * progress.
   */
  public StowageStats stats() {
    return desk.stats();
  }

  /**
   * Returns how long each stage of the work of this facade took so far, by the time of this
   * machine. Waits for a command in progress.
   */
  public List<StageTimes> times() {
    desk.requireOpen();
    return desk.times();
  }

  /**
   * Returns how many nanoseconds ago, by the time of this machine, the lease was claimed or renewed
   * last; -1 while this process follows. Never waits.
   */
  public long leaseAgeNanos() {
    desk.requireOpen();
    return desk.leaseAgeNanos();
  }

  /**
   * Returns the last scheduling cycle of this leader that was not refused; empty before it and
   * while this process follows. Waits for a command in progress.
   */
  public Optional<Result.Scheduled> lastCycle() {
    desk.requireOpen();
    return desk.lastCycle();
  }

  /**
   * Returns how well the fleet is; empty while this process follows. Waits for a command in
   * progress.
   *
   * @param maxAge how old a census that was taken before may be, to be returned instead of a new
   *     one, which takes a pass over all replicas
   */
  public Optional<FleetCensus> census(Duration maxAge) {
    long most = Nanos.of(maxAge, "maxAge");
    return desk.ask(leader -> Optional.of(censuses.of(leader, most)), Optional::empty);
  }

  /**
   * What the recorder or the listener threw last, after a command was durable and answered, or a
   * service's sender or courier; empty if none ever has. {@link StowageStats#hostFailures} counts
   * them. Harmless after {@link #close}.
   */
  public Optional<Throwable> lastHostFailure() {
    return desk.lastHostFailure();
  }

  /**
   * A copy of the whole state, for audits and reports; costs in proportion to all that is stored.
   *
   * @throws StowageException if this process does not lead
   */
  public LifecycleSnapshot snapshot() {
    return desk.snapshot();
  }

  /**
   * Every state invariant, judged now; empty where all hold.
   *
   * @throws StowageException if this process does not lead
   */
  public List<Violation> audit() {
    return Audit.check(FleetSnapshot.of(snapshot()));
  }

  /**
   * Every record in memory that touches a chunk or a worker, in order, in words: what was asked,
   * and what was answered.
   *
   * @throws StowageException if this process does not lead
   */
  public List<Explained> explain(Subject subject) {
    return desk.explain(Objects.requireNonNull(subject, "subject"));
  }

  /**
   * News that a leader could not take in and set aside, in the order of its marks: it counts
   * nowhere, and whoever wants it repeats it. Asked of the store, whoever leads.
   *
   * @param afterMark what has this mark or a smaller one is left out; -1 for none
   * @param most how many at most, at least 1
   */
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most is " + most + "; at least 1 is accepted");
    }
    return desk.quarantine(afterMark, most);
  }

  /**
   * Why a chunk is held where it is, or is deferred, as a plan made now would say.
   *
   * @return empty if nothing is planned for the chunk: it is unknown, rejected or a tombstone
   * @throws StowageException if this process does not lead
   */
  public Optional<Explanation> explainPlacement(ChunkKey chunk, long nowNanos) {
    Objects.requireNonNull(chunk, "chunk");
    return desk.ask(leader -> leader.foresight().explainPlacement(chunk, time.tickAt(nowNanos)));
  }

  /**
   * Why a worker is as full as it is, as a plan made now would say.
   *
   * @return empty if the worker is unknown
   * @throws StowageException if this process does not lead
   */
  public Optional<Explanation> explainPlacement(WorkerId worker, long nowNanos) {
    Objects.requireNonNull(worker, "worker");
    return desk.ask(leader -> leader.foresight().explainPlacement(worker, time.tickAt(nowNanos)));
  }

  /** Why portals do not see a chunk; the lead is needed, as everywhere below. */
  public LifecycleExplanation whyNotVisible(ChunkKey chunk) {
    Objects.requireNonNull(chunk, "chunk");
    return desk.ask(leader -> LifecycleExplanation.whyNotVisible(leader.mirror(), chunk));
  }

  /** Why a swap has not fired. */
  public LifecycleExplanation whySwapWaits(long swapId) {
    return desk.ask(leader -> LifecycleExplanation.whySwapWaits(leader.mirror(), swapId));
  }

  /**
   * Why a replica that should go is still there; what is stuck is so as the last scheduling cycle
   * of this leader says it.
   */
  public LifecycleExplanation whyDrainHeld(ChunkKey chunk, WorkerId worker) {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(worker, "worker");
    return desk.ask(leader -> leader.foresight().whyDrainHeld(chunk, worker));
  }

  /**
   * The evidence of this facade, to be read while no command is given.
   *
   * @throws StowageException if this process does not lead
   */
  public EvidenceLog evidence() {
    return desk.evidence();
  }

  /**
   * The transfers that the assignments of this facade ask for, in the order of a scheduler: nothing
   * is queued before the first {@link Transfers#follow}.
   *
   * @param scheduler an empty one; a host may queue items of its own into it, with ids below {@link
   *     Transfers#FIRST_ID}
   * @param cost what a transfer takes
   */
  public Transfers transfers(ContentScheduler scheduler, Transfers.PathCost cost) {
    Objects.requireNonNull(scheduler, "scheduler");
    return transfers(TransferOutbox.of(scheduler), cost);
  }

  /**
   * The same, over lanes: each worker is a stream of its own, so there are best as many lanes as
   * workers. Transfers to a worker without one wait until one is given back.
   *
   * @param lanes empty ones; a host may queue items of its own into them, with ids below {@link
   *     Transfers#FIRST_ID}
   * @param cost what a transfer takes
   */
  public Transfers transfers(ContentLanes lanes, Transfers.PathCost cost) {
    Objects.requireNonNull(lanes, "lanes");
    return transfers(TransferOutbox.of(lanes), cost);
  }

  private Transfers transfers(TransferOutbox outbox, Transfers.PathCost cost) {
    Objects.requireNonNull(cost, "cost");
    desk.requireOpen();
    return new Transfers(desk, outbox, cost, rebalancing);
  }

  /**
   * The rebalancer.
   *
   * @throws IllegalStateException if the facade was built without one
   */
  public Rebalancing rebalancing() {
    desk.requireOpen();
    Rebalancing built = rebalancing;
    if (built == null) {
      throw new IllegalStateException("the facade was built without Builder.rebalancing");
    }
    return built;
  }

  /**
   * Who hears of the assignments of this facade, when, and how fully: nobody before somebody is
   * registered. It may be asked whether this process leads or not, until the facade is closed; one
   * that records is made with {@link AssignmentPropagation#recording}.
   *
   * @param budgets what each recipient may be sent
   */
  public AssignmentPropagation propagation(PropagationConfig budgets) {
    Objects.requireNonNull(budgets, "budgets");
    desk.requireOpen();
    return AssignmentPropagation.of(this::fleet, budgets);
  }

  /** The border between the host's nanoseconds and ticks. Harmless after {@link #close}. */
  public TimeBorder time() {
    return time;
  }

  /**
   * Ends this facade as a crash would: the lease runs on until it expires, unless it was given back
   * ({@link #resign}). A command in progress ends first. To close it again changes nothing.
   */
  @Override
  public void close() {
    desk.close();
  }

  boolean isClosed() {
    return desk.isClosed();
  }

  /** Counts and tells what host code threw at a service. Harmless after {@link #close}. */
  void hostFailed(Throwable failure) {
    desk.hostFailed(failure);
  }

  /** Settings of a facade; only the store has no default. Not thread-safe. */
  public static final class Builder {
    private final ChunkStore store;
    private StowageConfig config = StowageConfig.defaults();
    private StowageListener listener = StowageListener.NONE;
    private Logger events = LoggerFactory.getLogger(EventLog.NAME);
    private PlacementPlanner planner = PlacementPlanner.sticky();
    private EvidenceSink recorder = EvidenceSink.NONE;
    private ScoringExecutor scoringExecutor = ScoringExecutor.DIRECT;
    private @Nullable LongSupplier commitNanos;
    private @Nullable RebalanceConfig rebalance;
    private IngestDoor door = IngestDoor.OPEN;

    private Builder(ChunkStore store) {
      this.store = Objects.requireNonNull(store, "store");
    }

    /** How it works; {@link StowageConfig#defaults} unless set. */
    public Builder config(StowageConfig settings) {
      this.config = Objects.requireNonNull(settings, "config");
      return this;
    }

    /** Sets another log of events. */
    Builder events(Logger log) {
      this.events = log;
      return this;
    }

    /** Who hears what it does; nobody unless set. */
    public Builder listener(StowageListener hears) {
      this.listener = Objects.requireNonNull(hears, "listener");
      return this;
    }

    /** Who plans; the sticky planner unless set. */
    public Builder planner(PlacementPlanner plans) {
      this.planner = Objects.requireNonNull(plans, "planner");
      return this;
    }

    /**
     * Who is given every record of evidence, beside the bounded memory, once it is durable in the
     * store; nobody unless set. A recorder that refuses holds up the records behind it, and after
     * {@link dev.stowage.evidence.EvidenceSink.SinkPolicy#DEFAULT_BACKLOG_RECORDS} of them the
     * commands too: they are refused with {@link dev.stowage.evidence.EvidenceException.SinkFailed}
     * before anything is decided, until it takes records again. What it still refuses when the
     * facade ceases to lead is a gap, and reported ({@link Stowage#lastHostFailure}). Its chain
     * must end where the store's does. The caller closes it, after the facade.
     */
    public Builder recorder(EvidenceSink sink) {
      this.recorder = Objects.requireNonNull(sink, "recorder");
      return this;
    }

    /**
     * The host's time at the moment of a commit, in its nanoseconds: drain windows begin at it
     * where it is later than the time that the cycle was called with. That time itself unless set.
     */
    public Builder commitClock(LongSupplier nanos) {
      this.commitNanos = Objects.requireNonNull(nanos, "commitClock");
      return this;
    }

    /**
     * Asks a governor of this process before each command of {@link Stowage#ingest} and {@link
     * Stowage#offer}, whether the process leads or not; none is asked unless set, nor unless the
     * mode is {@link LoadGovernor.Mode#ENFORCE}. Under backpressure chunks come in and {@link
     * Result.Batch#retryAfterNanos} says how long their sender should wait; where the governor
     * rejects, or grants of 4 GiB are held by batches that come in at once, each chunk is answered
     * {@link ResultCode#BACKPRESSURE} with the reason and the same time, and nothing is recorded
     * with the fleet. What was accepted before stays accepted. {@link StowageListener#admission}
     * hears of either, and {@link StowageStats} counts them.
     *
     * @param source where the load is read, at most once in the period that {@code config} sets;
     *     called by threads that ingest, one at a time
     */
    public Builder governor(LoadGovernor.Config config, LoadSource source) {
      this.door =
          new IngestDoor(
              config,
              new EnvelopeAdmission(
                  new LoadGovernor(config, Objects.requireNonNull(source, "source")),
                  new PeerHints()));
      return this;
    }

    /**
     * Does the same, and records every sample, question, grant and answer into a log of the
     * governor's own, from which {@link PartReplay} runs it again: a follower has no evidence of
     * the fleet.
     *
     * @param log begins with {@link EnvelopeAdmission#header} of this configuration; written by the
     *     threads that ingest, one at a time, and used by nobody else meanwhile
     */
    public Builder governor(LoadGovernor.Config config, LoadSource source, EvidenceLog log) {
      this.door =
          new IngestDoor(
              Objects.requireNonNull(config, "config"),
              EnvelopeAdmission.recording(
                  config,
                  Objects.requireNonNull(source, "source"),
                  Objects.requireNonNull(log, "log")));
      return this;
    }

    /** Watches scores, and moves what is worth it; no rebalancing unless set. */
    public Builder rebalancing(RebalanceConfig when) {
      this.rebalance = Objects.requireNonNull(when, "rebalancing");
      return this;
    }

    /** Where scorers run and how long they may; on the thread of the cycle unless set. */
    public Builder scoringExecutor(ScoringExecutor runs) {
      this.scoringExecutor = Objects.requireNonNull(runs, "scoringExecutor");
      return this;
    }

    private Seams seams() {
      return new Seams(store, config.named(), planner, recorder, listener, events);
    }

    /**
     * The facade; it does not lead yet.
     *
     * @throws IllegalArgumentException naming every bound that the configuration violates
     */
    public Stowage build() {
      List<String> violations = config.violations();
      if (!violations.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", violations));
      }
      return new Stowage(this);
    }
  }
}
