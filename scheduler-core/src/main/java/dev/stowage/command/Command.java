package dev.stowage.command;

import dev.stowage.columns.NameRule;
import dev.stowage.columns.NoNulls;
import dev.stowage.columns.Oversized;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.canonical.CanonicalSize;
import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command that changes the state at the tick at which it is executed: the rows of the lifecycle
 * design, section 9, without the lease commands. {@code R} is the type of its answer. Immutable.
 */
public interface Command<R extends Result> {
  /** The expected version that disables the version guard. */
  long ANY_VERSION = -1;

  /**
   * The bounds of fields. Exceeding one is answered {@link ResultCode#TOO_LARGE} and makes nothing
   * durable; exceeding advice throws {@link IllegalArgumentException}.
   */
  final class Bounds {
    /** Characters (UTF-16 units) of a name: of datasets, chunks, workers, zones, labels, disks. */
    public static final int NAME_CHARACTERS = 512;

    /** Labels that a worker offers, or that a chunk or a segment of a dataset requires. */
    public static final int LABELS = dev.stowage.model.Worker.Labels.MOST;

    /** Chunks of one {@code ingest} or {@code offer}, and of each side of a swap. */
    public static final int CHUNKS = 20_000;

    /** Canonical bytes of the chunks of one {@code ingest}, {@code offer} or {@code swap}. */
    public static final int CHUNK_BYTES = 8 << 20;

    /** Chunk numbers in one report or one part of an inventory: missing, lost, or found. */
    public static final int NUMBERS = 500_000;

    /** Parts of one inventory; limits the numbers that wait per worker to fifty million. */
    public static final int PARTS = 100;

    /** Canonical bytes of a configuration, its weight policy included. */
    public static final int CONFIG_BYTES = 4 << 20;

    /** Pins and bans that stand at one time. */
    public static final int WISHES = 100_000;

    /** Bytes of one annex. */
    public static final int ANNEX_BYTES = 12 << 20;

    /** Canonical bytes of the commands that are carried out together. */
    public static final int TOGETHER_BYTES = 12 << 20;

    /** Kinds of annexes kept with the state. */
    public static final int ANNEXES = 64;

    /** Workers whose departure one command confirms. */
    public static final int WORKERS = 5_000;

    /** Ticks from now to the end of an announced absence. */
    public static final long AWAY_TICKS = 1_000_000_000;

    /** Canonical bytes of the advice for one plan. */
    public static final int ADVICE_BYTES = 12 << 20;

    /** Canonical bytes of the workers whose reports wait for the end of a cycle. */
    public static final int WAITING_BYTES = 2 << 20;

    private Bounds() {}
  }

  /** Reports whether this is a scheduling or a visibility cycle. */
  default boolean isCycle() {
    return false;
  }

  /** Keeps compact lists, which have no nulls and are too large to copy. */
  private static List<ChunkNumber> kept(List<ChunkNumber> numbers, String what) {
    if (numbers instanceof ChunkNumbers) {
      return numbers;
    }
    Objects.requireNonNull(numbers, what);
    return Oversized.is(numbers)
        ? Oversized.of(numbers.size())
        : ChunkNumbers.copyOf(NoNulls.in(numbers, what));
  }

  private static void bound(ValueField<?, List<ProposedChunk>> field) {
    field
        .atMost(Bounds.CHUNKS, "chunks", List::size)
        .atMost(
            Bounds.CHUNK_BYTES, "bytes", chunks -> CanonicalSize.of(ProposedChunk.SHAPE, chunks));
  }

  /** Returns this command with every tick in it lowered to at most {@code tick}. */
  default Command<R> notAfter(long tick) {
    return this;
  }

  /**
   * Returns the workers whose waiting reports would be accepted before this cycle: it holds no
   * silence against them. Empty for commands that do not judge silence.
   */
  default List<WorkerId> waiting() {
    return List.of();
  }

  /** Returns this cycle with other workers whose reports wait; other commands unchanged. */
  default Command<R> withWaiting(List<WorkerId> workers) {
    return this;
  }

  /** Replaces the configuration; the answer {@code INVALID} names all violated bounds. */
  record Configure(long expectedVersion, LifecycleConfig config)
      implements Command<Result.Versioned> {
    static final Shape<Configure> SHAPE =
        Shape.derived(
            "configure",
            Configure.class,
            row ->
                row.<LifecycleConfig>value("config")
                    .judgedLater()
                    .atMost(
                        Bounds.CONFIG_BYTES,
                        "bytes",
                        config -> CanonicalSize.of(Shape.of(LifecycleConfig.class), config))
                    .atMost(
                        Bounds.LABELS, "required labels", config -> config.weights().mostLabels()));

    /** Throws {@code NullPointerException} if {@code config} is null. */
    public Configure {
      Objects.requireNonNull(config, "config");
    }
  }

  /** Admits chunks now, one by one, in order. */
  record Ingest(List<ProposedChunk> chunks) implements Command<Result.Batch> {
    static final Shape<Ingest> SHAPE =
        Shape.derived("ingest", Ingest.class, row -> bound(row.value("chunks")));

    /** Copies the list; throws {@code NullPointerException} if it or a chunk is null. */
    public Ingest {
      chunks = NoNulls.copyOf(Oversized.refuse(chunks, "chunks"), "chunks");
    }
  }

  /** Offers chunks for admission by the next scheduling cycle. */
  record Offer(List<ProposedChunk> chunks) implements Command<Result.Batch> {
    static final Shape<Offer> SHAPE =
        Shape.derived("offer", Offer.class, row -> bound(row.value("chunks")));

    /** Copies the list; throws {@code NullPointerException} if it or a chunk is null. */
    public Offer {
      chunks = NoNulls.copyOf(Oversized.refuse(chunks, "chunks"), "chunks");
    }
  }

  /** Registers a swap: admits the new side at once; portals see the old side until it fires. */
  record RegisterSwap(
      DatasetId dataset,
      @Declare(most = Bounds.CHUNKS, unit = "chunks") List<ChunkKey> oldChunks,
      @Declare(most = Bounds.CHUNKS, unit = "chunks") List<ProposedChunk> newChunks,
      Coverage coverage)
      implements Command<Result.SwapRegistered> {
    static final Shape<RegisterSwap> SHAPE =
        Shape.derived(
            "register_swap",
            RegisterSwap.class,
            row -> {
              row.<List<ProposedChunk>>value("new_chunks")
                  .atMost(Bounds.LABELS, "required labels", RegisterSwap::mostLabels);
              row.atMost(Bounds.CHUNK_BYTES, "bytes", RegisterSwap::chunkBytes);
            });

    /** Copies the lists; throws {@code NullPointerException} for nulls. */
    public RegisterSwap {
      Objects.requireNonNull(dataset, "dataset");
      oldChunks = Oversized.copyOf(oldChunks, "oldChunks");
      newChunks = Oversized.copyOf(newChunks, "newChunks");
      Objects.requireNonNull(coverage, "coverage");
    }

    private static long mostLabels(List<ProposedChunk> chunks) {
      long most = 0;
      for (ProposedChunk chunk : chunks) {
        most = Math.max(most, chunk.eligibility().requiredLabels().sorted().size());
      }
      return most;
    }

    private long chunkBytes() {
      return CanonicalSize.of(Shape.of(ChunkKey.class), oldChunks)
          + CanonicalSize.of(ProposedChunk.SHAPE, newChunks);
    }
  }

  /** Cancels the pending swap with this id and every pending swap that depends on it. */
  record CancelSwap(long swapId) implements Command<Result.SwapCancelled> {
    static final Shape<CancelSwap> SHAPE = Shape.derived("cancel_swap", CancelSwap.class);
  }

  /** Sets the removal mark of a chunk. */
  record Remove(ChunkKey chunk) implements Command<Result.Answer> {
    static final Shape<Remove> SHAPE = Shape.derived("remove", Remove.class);

    /** Throws {@code NullPointerException} if {@code chunk} is null. */
    public Remove {
      Objects.requireNonNull(chunk, "chunk");
    }
  }

  /** Registers a worker that begins to work, with the random id kept on its disk. */
  record Register(
      @Declare(subject = true) WorkerId worker,
      @Declare(most = Bounds.NAME_CHARACTERS, unit = "characters") String diskId)
      implements Command<Result.Registered> {
    static final Shape<Register> SHAPE =
        Shape.derived(
            "register",
            Register.class,
            row -> row.<String>value("disk_id").checkedBy(NameRule::unstorable));

    /** Throws {@code NullPointerException} if a component is null. */
    public Register {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(diskId, "diskId");
    }
  }

  /** A report of a registered worker. */
  sealed interface Report {
    /** Returns what each report names of its worker. */
    ReportHeader header();
  }

  /**
   * Reports life and pressure. Pressure components outside of 0 to 1 count as full strain, which
   * the answer names; an empty pressure leaves the earlier value.
   */
  record Heartbeat(
      ReportHeader header, @Declare(orEmpty = true) Optional<PressureSnapshot> pressure)
      implements Command<Result.Answer>, Report {
    static final Shape<Heartbeat> SHAPE = Shape.derived("heartbeat", Heartbeat.class);

    /** Throws {@code NullPointerException} if a component is null. */
    public Heartbeat {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(pressure, "pressure");
    }

    /** Creates a heartbeat without pressure. */
    public Heartbeat(ReportHeader header) {
      this(header, Optional.empty());
    }
  }

  /** Reports that the worker holds its newest slice up to {@code id}, except {@code missing}. */
  record Applied(
      ReportHeader header,
      WorkerAssignmentId id,
      @Declare(form = "ANY", forms = NumbersForm.class, most = Bounds.NUMBERS, unit = "numbers")
          List<ChunkNumber> missing)
      implements Command<Result.Answer>, Report {
    static final Shape<Applied> SHAPE = Shape.derived("applied", Applied.class);

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public Applied {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(id, "id");
      missing = kept(missing, "missing");
    }
  }

  /** Reports that the bytes of chunks are gone from the disk. Accepted in any lineage. */
  record Lost(
      ReportHeader header,
      @Declare(form = "ANY", forms = NumbersForm.class, most = Bounds.NUMBERS, unit = "numbers")
          List<ChunkNumber> chunks)
      implements Command<Result.Answer>, Report {
    static final Shape<Lost> SHAPE = Shape.derived("lost", Lost.class);

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public Lost {
      Objects.requireNonNull(header, "header");
      chunks = kept(chunks, "chunks");
    }
  }

  /** Reports the numbers of all chunks on the worker's disk. */
  record Inventory(
      ReportHeader header,
      @Declare(form = "ANY", forms = NumbersForm.class, most = Bounds.NUMBERS, unit = "numbers")
          List<ChunkNumber> chunks)
      implements Command<Result.Answer>, Report {
    static final Shape<Inventory> SHAPE = Shape.derived("inventory", Inventory.class);

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public Inventory {
      Objects.requireNonNull(header, "header");
      chunks = kept(chunks, "chunks");
    }
  }

  /**
   * Reports one of several parts of a large inventory; the parts have equal report numbers and
   * {@code of}, at most {@link Bounds#PARTS}, and {@code place} is 1 to {@code of}. It counts once
   * all parts were accepted, in any order; parts may overlap. Repeating a part changes nothing.
   *
   * <p>Another sending, a whole inventory, a registration and a new lineage drop an incomplete
   * sending. The first accepted part makes the worker forget its slice. A later loss overrides a
   * part. Numbers are kept ascending and distinct.
   */
  record InventoryPart(
      ReportHeader header,
      int place,
      @Declare(form = "INT") int of,
      @Declare(
              form = "ASCENDING",
              forms = NumbersForm.class,
              most = Bounds.NUMBERS,
              unit = "numbers")
          List<ChunkNumber> chunks)
      implements Command<Result.Answer>, Report {
    static final Shape<InventoryPart> SHAPE =
        Shape.derived(
            "inventory_part",
            InventoryPart.class,
            row -> row.<Integer>value("of").atMost(Bounds.PARTS, "parts", Integer::longValue));

    /** Copies the list; throws {@code IllegalArgumentException} for a place out of range. */
    public InventoryPart {
      Objects.requireNonNull(header, "header");
      if (place < 1 || place > of) {
        throw new IllegalArgumentException(
            "place is " + place + " and of is " + of + "; a place from 1 to of is accepted");
      }
      List<ChunkNumber> kept = kept(chunks, "chunks");
      chunks = kept instanceof Oversized ? kept : ChunkNumbers.of(kept);
    }
  }

  /** Describes a worker. An unknown worker is created active, and counts once it registers. */
  record Describe(@Declare(subject = true) WorkerId worker, Worker.Description description)
      implements Command<Result.Answer> {
    static final Shape<Describe> SHAPE =
        Shape.derived("describe", Describe.class, row -> row.rule(Describe::pathless));

    /** Throws {@code NullPointerException} if a component is null; execution checks the values. */
    public Describe {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(description, "description");
    }

    private @Nullable String pathless() {
      String zone = description.zone();
      return Worker.isPath(zone) || zone.equals(worker.value())
          ? null
          : "zone is a path with an empty part: " + zone;
    }

    /** Returns the command that describes {@code worker}, without its status. */
    public static Describe of(Worker worker) {
      Objects.requireNonNull(worker, "worker");
      return new Describe(worker.id(), worker.description());
    }
  }

  /** Sets the status of a worker; absences cover the earlier status until it comes back. */
  record SetStatus(@Declare(subject = true) WorkerId worker, WorkerStatus status)
      implements Command<Result.Answer> {
    static final Shape<SetStatus> SHAPE =
        Shape.derived(
            "set_status",
            SetStatus.class,
            row ->
                row.<WorkerStatus>value("status")
                    .checkedBy((status, field) ->
                        status == WorkerStatus.AWAY
                            ? field
                                + " is AWAY, which is announced with its end and the least copies"
                            : null));

    /** Throws {@code NullPointerException} if a component is null. */
    public SetStatus {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(status, "status");
    }
  }

  /**
   * Announces that a worker goes and is back before {@code until}, at most {@link
   * Bounds#AWAY_TICKS} ahead, during which each of its chunks keeps {@code leastCopies} elsewhere,
   * at least 1. Repeated, it replaces both. The answer is {@code TOO_FEW_WORKERS} if chunks can
   * never have as many copies elsewhere.
   */
  record Away(
      @Declare(subject = true) WorkerId worker, Tick until, @Declare(least = 0) int leastCopies)
      implements Command<Result.Answer> {
    static final Shape<Away> SHAPE = Shape.derived("away", Away.class);

    /** Throws {@code NullPointerException} if a component is null. */
    public Away {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(until, "until");
    }

    /** Returns the command that ends the announcement. */
    public static Away back(WorkerId worker) {
      return new Away(worker, Tick.of(0), 0);
    }

    /** Reports whether the command ends the announcement. */
    public boolean isBack() {
      return until.value() == 0 && leastCopies == 0;
    }
  }

  /**
   * Tells {@code worker} to leave and {@code by} to take its copies over: until the former is empty
   * the latter takes these, what a floor needs, and nothing else. The answer is {@code INVALID} if
   * {@code by} is the worker itself, takes nothing new, or has less room than these copies ask for
   * and not {@code isPartly}; with it, the rest goes elsewhere. Repeated, it replaces {@code by}.
   */
  record Replace(@Declare(subject = true) WorkerId worker, WorkerId by, boolean isPartly)
      implements Command<Result.Answer> {
    static final Shape<Replace> SHAPE = Shape.derived("replace", Replace.class);

    /** Throws {@code NullPointerException} if a component is null. */
    public Replace {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(by, "by");
    }
  }

  /** Adds a pin or a ban if the version of the wishes is {@code expectedVersion}. */
  record Wish(PlacementWish wish, long expectedVersion) implements Command<Result.Versioned> {
    static final Shape<Wish> SHAPE = Shape.derived("wish", Wish.class);

    /** Throws {@code NullPointerException} if {@code wish} is null. */
    public Wish {
      Objects.requireNonNull(wish, "wish");
    }
  }

  /** Removes a pin or a ban; removing one that does not stand succeeds. */
  record Unwish(PlacementWish wish, long expectedVersion) implements Command<Result.Versioned> {
    static final Shape<Unwish> SHAPE = Shape.derived("unwish", Unwish.class);

    /** Throws {@code NullPointerException} if {@code wish} is null. */
    public Unwish {
      Objects.requireNonNull(wish, "wish");
    }
  }

  /** Stops growth and moves if the version of the wishes is {@code expectedVersion}. */
  record Freeze(long expectedVersion) implements Command<Result.Versioned> {
    static final Shape<Freeze> SHAPE = Shape.derived("freeze", Freeze.class);
  }

  /** Resumes growth and moves if the version of the wishes is {@code expectedVersion}. */
  record Unfreeze(long expectedVersion) implements Command<Result.Versioned> {
    static final Shape<Unfreeze> SHAPE = Shape.derived("unfreeze", Unfreeze.class);
  }

  /** Sets the largest tick, forward or back, and restarts every window there (section 8). */
  record ResetTime(Tick now) implements Command<Result.Answer> {
    static final Shape<ResetTime> SHAPE = Shape.derived("reset_time", ResetTime.class);

    /** Throws {@code NullPointerException} if {@code now} is null. */
    public ResetTime {
      Objects.requireNonNull(now, "now");
    }
  }

  /** Confirms suspects as gone: if still silent, they depart despite the guard (section 8). */
  record ConfirmDepartures(@Declare(most = Bounds.WORKERS, unit = "workers") List<WorkerId> workers)
      implements Command<Result.Answer> {
    static final Shape<ConfirmDepartures> SHAPE =
        Shape.derived("confirm_departures", ConfirmDepartures.class);

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public ConfirmDepartures {
      workers = Oversized.copyOf(workers, "workers");
    }
  }

  /**
   * Carries out commands and exactly the plan of a hash, in one commit, or nothing. Decided by
   * leaders, not by the lifecycle.
   *
   * @param commands the commands, in order; no cycle, no retention, no lineage, and none of this
   *     kind
   * @param planHash the hash of the reviewed plan that follows them; empty for the commands alone
   * @param by who asks for it, as {@code Stowage.history} is to tell; may be empty
   */
  record CarryOut(List<Command<?>> commands, String planHash, String by)
      implements Command<Result.CarriedOut> {
    /** Creates a command that nobody is named for. */
    public CarryOut(List<Command<?>> commands, String planHash) {
      this(commands, planHash, "");
    }

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public CarryOut {
      commands = NoNulls.copyOf(commands, "commands");
      Objects.requireNonNull(planHash, "planHash");
      Objects.requireNonNull(by, "by");
    }
  }

  /** The blocks that the new side of a swap must cover. */
  public enum Coverage {
    /** Exactly the blocks of the old side. */
    SAME,
    /** Any blocks. */
    CHANGE
  }
}
