package dev.stowage.lifecycle;

import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.oneOf;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.columns.NameRule;
import dev.stowage.columns.NoNulls;
import dev.stowage.columns.Oversized;
import dev.stowage.evidence.CanonicalSize;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.rows.NumbersForm;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.RecordShapes.Column;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import dev.stowage.shape.Values;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can change the state: one record per row of the lifecycle design, section 9
 * ({@code claim}, {@code renew} and {@code resign} change a lease, not this state, and belong to
 * the store). Commands are immutable values; the tick they happen at is given to {@link
 * Lifecycle#execute}.
 *
 * @param <R> what answers it
 */
public sealed interface Command<R extends Result> {
  /** Passed where a version guard is not wanted. */
  long ANY_VERSION = -1;

  /**
   * How large the fields of commands may be, the same at every door. What is larger is answered
   * {@link ResultCode#TOO_LARGE}, and nothing of it becomes durable: so what a leader takes in can
   * always be recorded and stored. A cycle has no answer of that kind; its advice is refused with
   * {@link IllegalArgumentException}.
   */
  final class Bounds {
    /** Characters (UTF-16 units) of a name: of datasets, chunks, workers, zones, labels, disks. */
    public static final int NAME_CHARACTERS = 512;

    /** Labels that a worker offers, or that a chunk or a segment of a dataset requires. */
    public static final int LABELS = dev.stowage.model.Labels.MOST;

    /** Chunks of one {@code ingest} or {@code offer}, and of each side of a swap. */
    public static final int CHUNKS = 20_000;

    /** Canonical bytes of the chunks of one {@code ingest}, {@code offer} or {@code swap}. */
    public static final int CHUNK_BYTES = 8 << 20;

    /**
     * Chunk numbers in one report: missing, lost, or found on the disk; and in one part of those.
     */
    public static final int NUMBERS = 500_000;

    /** Parts of one inventory: so no worker keeps more than fifty million numbers waiting. */
    public static final int PARTS = 100;

    /** Canonical bytes of a configuration, its weight policy included. */
    public static final int CONFIG_BYTES = 4 << 20;

    /** Pins and bans that stand at one time. */
    public static final int WISHES = 100_000;

    /** Bytes of what another package keeps with the state under one name. */
    public static final int ANNEX_BYTES = 12 << 20;

    /** Names under which something is kept with the state. */
    public static final int ANNEXES = 64;

    /** Workers whose departure is confirmed at once. */
    public static final int WORKERS = 5_000;

    /** Canonical bytes of what is asked of one plan. */
    public static final int ADVICE_BYTES = 12 << 20;

    private Bounds() {}
  }

  /** The row of the table of commands that says all that holds for every command of this sort. */
  CommandKind<?, R> kind();

  /** A copy. Compact lists have no nulls, and are large. */
  private static List<ChunkNumber> kept(List<ChunkNumber> numbers, String what) {
    if (numbers instanceof ChunkNumbers) {
      return numbers;
    }
    Objects.requireNonNull(numbers, what);
    return Oversized.is(numbers)
        ? Oversized.of(numbers.size())
        : ChunkNumbers.copyOf(NoNulls.in(numbers, what));
  }

  /** A copy. */
  private static <T> List<T> copied(List<T> list, String what) {
    Objects.requireNonNull(list, what);
    return Oversized.is(list) ? Oversized.of(list.size()) : NoNulls.copyOf(list, what);
  }

  private static <C> Column<C, ReportHeader> headerField(Function<C, ReportHeader> get) {
    return nested("header", get, ReportHeader.SHAPE);
  }

  private static <C> Column<C, WorkerId> workerField(Function<C, WorkerId> get) {
    return row -> row.value("worker", get, WorkerId.FORM).subject()::of;
  }

  private static <C> Column<C, String> diskField(Function<C, String> get) {
    return row ->
        row.text("disk_id", get)
                .atMost(Bounds.NAME_CHARACTERS, "characters", String::length)
                .checkedBy(NameRule::unstorable)
            ::of;
  }

  private static <C> Column<C, PlacementWish> wishField(Function<C, PlacementWish> get) {
    return nested("wish", get, PlacementWish.SHAPE);
  }

  private static <C> Column<C, Long> versionField(ToLongFunction<C> get) {
    return number("expected_version", get);
  }

  private static <C> Column<C, LifecycleConfig> configField(Function<C, LifecycleConfig> get) {
    return row ->
        row.nested("config", get, LifecycleConfig.SHAPE)
                .judgedLater()
                .atMost(
                    Bounds.CONFIG_BYTES,
                    "bytes",
                    config -> CanonicalSize.of(LifecycleConfig.SHAPE, config))
                .atMost(Bounds.LABELS, "required labels", config -> config.weights().mostLabels())
            ::of;
  }

  private static <C> Column<C, List<ProposedChunk>> chunksField(
      Function<C, List<ProposedChunk>> get) {
    return row ->
        row.list("chunks", get, Forms.row(ProposedChunk.SHAPE))
                .atMost(Bounds.CHUNKS, "chunks", List::size)
                .atMost(
                    Bounds.CHUNK_BYTES,
                    "bytes",
                    chunks -> CanonicalSize.of(ProposedChunk.SHAPE, chunks))
            ::of;
  }

  private static <C> Column<C, List<ChunkNumber>> numbersField(
      String name, Function<C, List<ChunkNumber>> get) {
    return row ->
        row.value(name, get, NumbersForm.ANY).atMost(Bounds.NUMBERS, "numbers", List::size)::of;
  }

  /** The same command, with no tick in it that lies behind this one. */
  default Command<R> notAfter(long tick) {
    return this;
  }

  /**
   * Replaces the configuration.
   *
   * @param expectedVersion the version that the caller has read, or {@link #ANY_VERSION}
   * @param config the new configuration, whole; may violate bounds, then {@code INVALID} names all
   */
  record Configure(long expectedVersion, LifecycleConfig config)
      implements Command<Result.Versioned> {
    static final Shape<Configure> SHAPE =
        shape(
            "configure",
            versionField(Configure::expectedVersion),
            configField(Configure::config),
            Configure::new);

    /** Refuses null. */
    public Configure {
      Objects.requireNonNull(config, "config");
    }

    @Override
    public CommandKind<Configure, Result.Versioned> kind() {
      return CommandKind.CONFIGURE;
    }
  }

  /**
   * Admits chunks now, one by one, in order.
   *
   * @param chunks the chunks
   */
  record Ingest(List<ProposedChunk> chunks) implements Command<Result.Batch> {
    static final Shape<Ingest> SHAPE = shape("ingest", chunksField(Ingest::chunks), Ingest::new);

    /** Copies the list. */
    public Ingest {
      chunks = NoNulls.copyOf(Oversized.refuse(chunks, "chunks"), "chunks");
    }

    @Override
    public CommandKind<Ingest, Result.Batch> kind() {
      return CommandKind.INGEST;
    }
  }

  /**
   * Offers chunks for the next scheduling cycle to admit.
   *
   * @param chunks the chunks
   */
  record Offer(List<ProposedChunk> chunks) implements Command<Result.Batch> {
    static final Shape<Offer> SHAPE = shape("offer", chunksField(Offer::chunks), Offer::new);

    /** Copies the list. */
    public Offer {
      chunks = NoNulls.copyOf(Oversized.refuse(chunks, "chunks"), "chunks");
    }

    @Override
    public CommandKind<Offer, Result.Batch> kind() {
      return CommandKind.OFFER;
    }
  }

  /**
   * Registers an atomic exchange of chunks.
   *
   * @param dataset the dataset that all of them belong to
   * @param oldChunks the side that portals see until the swap fires
   * @param newChunks the side that they see afterwards, admitted at once
   * @param coverage whether the new side must cover exactly what the old side covers
   */
  record RegisterSwap(
      DatasetId dataset, List<ChunkKey> oldChunks, List<ProposedChunk> newChunks, Coverage coverage)
      implements Command<Result.SwapRegistered> {
    private static final Shape.Builder<RegisterSwap> FIELDS = Shape.named("register_swap");
    private static final ValueField<RegisterSwap, DatasetId> DATASET =
        FIELDS.value("dataset", RegisterSwap::dataset, DatasetId.FORM);
    private static final ValueField<RegisterSwap, List<ChunkKey>> OLD_CHUNKS =
        FIELDS
            .list("old_chunks", RegisterSwap::oldChunks, ChunkKey.FORM)
            .atMost(Bounds.CHUNKS, "chunks", List::size);
    private static final ValueField<RegisterSwap, List<ProposedChunk>> NEW_CHUNKS =
        FIELDS
            .list("new_chunks", RegisterSwap::newChunks, Forms.row(ProposedChunk.SHAPE))
            .atMost(Bounds.CHUNKS, "chunks", List::size)
            .atMost(Bounds.LABELS, "required labels", RegisterSwap::mostLabels);
    private static final ValueField<RegisterSwap, Coverage> COVERAGE =
        FIELDS.oneOf("coverage", Coverage.class, RegisterSwap::coverage);

    static final Shape<RegisterSwap> SHAPE =
        FIELDS
            .atMost(Bounds.CHUNK_BYTES, "bytes", RegisterSwap::chunkBytes)
            .make(v ->
                new RegisterSwap(
                    DATASET.of(v), OLD_CHUNKS.of(v), NEW_CHUNKS.of(v), COVERAGE.of(v)));

    /** Copies the lists. */
    public RegisterSwap {
      Objects.requireNonNull(dataset, "dataset");
      oldChunks = copied(oldChunks, "oldChunks");
      newChunks = copied(newChunks, "newChunks");
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
      return CanonicalSize.of(ChunkKey.SHAPE, oldChunks)
          + CanonicalSize.of(ProposedChunk.SHAPE, newChunks);
    }

    @Override
    public CommandKind<RegisterSwap, Result.SwapRegistered> kind() {
      return CommandKind.REGISTER_SWAP;
    }
  }

  /**
   * Cancels a pending swap and every pending one that rests on it.
   *
   * @param swapId the id that its registration answered, see also {@link LifecycleView#swapOf}
   */
  record CancelSwap(long swapId) implements Command<Result.SwapCancelled> {
    static final Shape<CancelSwap> SHAPE =
        shape("cancel_swap", number("swap_id", CancelSwap::swapId), CancelSwap::new);

    @Override
    public CommandKind<CancelSwap, Result.SwapCancelled> kind() {
      return CommandKind.CANCEL_SWAP;
    }
  }

  /**
   * Sets the removal mark.
   *
   * @param chunk the chunk
   */
  record Remove(ChunkKey chunk) implements Command<Result.Answer> {
    static final Shape<Remove> SHAPE =
        shape("remove", value("chunk", Remove::chunk, ChunkKey.FORM), Remove::new);

    /** Refuses null. */
    public Remove {
      Objects.requireNonNull(chunk, "chunk");
    }

    @Override
    public CommandKind<Remove, Result.Answer> kind() {
      return CommandKind.REMOVE;
    }
  }

  /**
   * A worker begins to work.
   *
   * @param worker the worker
   * @param diskId the random id that it keeps on the disk it stores replicas on
   */
  record Register(WorkerId worker, String diskId) implements Command<Result.Registered> {
    static final Shape<Register> SHAPE =
        shape(
            "register", workerField(Register::worker), diskField(Register::diskId), Register::new);

    /** Refuses nulls. */
    public Register {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(diskId, "diskId");
    }

    @Override
    public CommandKind<Register, Result.Registered> kind() {
      return CommandKind.REGISTER;
    }
  }

  /**
   * A sign of life, and the pressure on the worker if it says so. A component of the pressure that
   * is none between 0 and 1 counts as full strain, and the answer names it; when it was measured
   * counts nowhere.
   *
   * @param header who, and which report
   * @param pressure the pressure on the worker; empty: what it said before stands
   */
  record Heartbeat(ReportHeader header, Optional<PressureSnapshot> pressure)
      implements Command<Result.Answer> {
    static final Shape<Heartbeat> SHAPE =
        shape(
            "heartbeat", headerField(Heartbeat::header), Heartbeat::pressureColumn, Heartbeat::new);

    /** Refuses nulls. */
    public Heartbeat {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(pressure, "pressure");
    }

    /** Makes a sign of life that says nothing of pressure. */
    public Heartbeat(ReportHeader header) {
      this(header, Optional.empty());
    }

    private static Function<Values, Optional<PressureSnapshot>> pressureColumn(
        Shape.Builder<Heartbeat> row) {
      return row.value(
                  "pressure",
                  Heartbeat::pressure,
                  Forms.optional(Forms.row(PressureSnapshot.SHAPE)))
              .orElse(Optional.empty())
          ::of;
    }

    @Override
    public CommandKind<Heartbeat, Result.Answer> kind() {
      return CommandKind.HEARTBEAT;
    }
  }

  /**
   * "Of my newest slice I hold every replica with {@code since} up to {@code id}, but for {@code
   * missing}."
   *
   * @param header who, and which report
   * @param id a published worker assignment
   * @param missing what it has not got; replaces the earlier set
   */
  record Applied(ReportHeader header, WorkerAssignmentId id, List<ChunkNumber> missing)
      implements Command<Result.Answer> {
    static final Shape<Applied> SHAPE =
        shape(
            "applied",
            headerField(Applied::header),
            value(
                "id", Applied::id, Forms.number(WorkerAssignmentId::of, WorkerAssignmentId::value)),
            numbersField("missing", Applied::missing),
            Applied::new);

    /** Copies the list. */
    public Applied {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(id, "id");
      missing = kept(missing, "missing");
    }

    @Override
    public CommandKind<Applied, Result.Answer> kind() {
      return CommandKind.APPLIED;
    }
  }

  /**
   * The bytes of these chunks are gone from the worker's disk. Believed in any lineage.
   *
   * @param header who, and which report
   * @param chunks the chunks
   */
  record Lost(ReportHeader header, List<ChunkNumber> chunks) implements Command<Result.Answer> {
    static final Shape<Lost> SHAPE =
        shape("lost", headerField(Lost::header), numbersField("chunks", Lost::chunks), Lost::new);

    /** Copies the list. */
    public Lost {
      Objects.requireNonNull(header, "header");
      chunks = kept(chunks, "chunks");
    }

    @Override
    public CommandKind<Lost, Result.Answer> kind() {
      return CommandKind.LOST;
    }
  }

  /**
   * All that the worker's disk holds.
   *
   * @param header who, and which report
   * @param chunks the numbers found on the disk
   */
  record Inventory(ReportHeader header, List<ChunkNumber> chunks)
      implements Command<Result.Answer> {
    static final Shape<Inventory> SHAPE =
        shape(
            "inventory",
            headerField(Inventory::header),
            numbersField("chunks", Inventory::chunks),
            Inventory::new);

    /** Copies the list. */
    public Inventory {
      Objects.requireNonNull(header, "header");
      chunks = kept(chunks, "chunks");
    }

    @Override
    public CommandKind<Inventory, Result.Answer> kind() {
      return CommandKind.INVENTORY;
    }
  }

  /**
   * A part of an inventory that is too large for one report. The inventory counts once all its
   * parts were accepted, in whatever order; the number of the header is that of the whole sending,
   * and so the same in each. A part that was accepted may be said again, and changes nothing.
   *
   * <p>The first part of another sending, a whole inventory, a registration and a new lineage drop
   * the parts of a sending that is not complete. With the first part accepted the worker forgets
   * its slice, as with an inventory. A loss that is accepted after a part stands against it.
   *
   * @param header who, and which sending
   * @param place which part this is, 1 to {@code of}
   * @param of how many parts there are, the same in each; {@link Bounds#PARTS} are accepted
   * @param chunks numbers found on the disk; kept in ascending order, none twice. That another part
   *     has them too does no harm
   */
  record InventoryPart(ReportHeader header, int place, int of, List<ChunkNumber> chunks)
      implements Command<Result.Answer> {
    private static final Shape.Builder<InventoryPart> FIELDS = Shape.named("inventory_part");
    private static final ValueField<InventoryPart, ReportHeader> HEADER =
        FIELDS.nested("header", InventoryPart::header, ReportHeader.SHAPE);
    private static final NumberField<InventoryPart> PLACE =
        FIELDS.number("place", InventoryPart::place).narrow();
    private static final ValueField<InventoryPart, Integer> OF =
        FIELDS
            .value("of", InventoryPart::of, Forms.INT)
            .atMost(Bounds.PARTS, "parts", Integer::longValue);
    private static final ValueField<InventoryPart, List<ChunkNumber>> CHUNKS =
        FIELDS
            .value("chunks", InventoryPart::chunks, NumbersForm.ASCENDING)
            .atMost(Bounds.NUMBERS, "numbers", List::size);

    static final Shape<InventoryPart> SHAPE =
        FIELDS.make(v -> new InventoryPart(HEADER.of(v), PLACE.intOf(v), OF.of(v), CHUNKS.of(v)));

    /** Refuses a place outside of 1 to {@code of}, and copies the list. */
    public InventoryPart {
      Objects.requireNonNull(header, "header");
      if (place < 1 || place > of) {
        throw new IllegalArgumentException(
            "place is "
                + place
                + " and of is "
                + of
                + "; of at least 1, and a place of 1 to of, are accepted");
      }
      List<ChunkNumber> kept = kept(chunks, "chunks");
      chunks = kept instanceof Oversized ? kept : ChunkNumbers.of(kept);
    }

    @Override
    public CommandKind<InventoryPart, Result.Answer> kind() {
      return CommandKind.INVENTORY_PART;
    }
  }

  /**
   * The host describes a worker; an unknown one is created, active, and counts once it registers.
   *
   * @param worker the worker
   * @param description what the host says of it
   */
  record Describe(WorkerId worker, Worker.Description description)
      implements Command<Result.Answer> {
    private static final Shape.Builder<Describe> FIELDS = Shape.named("describe");
    private static final ValueField<Describe, WorkerId> WORKER =
        FIELDS.value("worker", Describe::worker, WorkerId.FORM).subject();
    private static final ValueField<Describe, Worker.Description> DESCRIPTION =
        FIELDS.nested("description", Describe::description, Worker.Description.SHAPE);

    static final Shape<Describe> SHAPE =
        FIELDS.rule(Describe::pathless).make(v -> new Describe(WORKER.of(v), DESCRIPTION.of(v)));

    /** Refuses nulls; values are judged when the command is executed. */
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

    /** Returns the command that describes a worker as the record does; its status is not used. */
    public static Describe of(Worker worker) {
      Objects.requireNonNull(worker, "worker");
      return new Describe(worker.id(), worker.description());
    }

    @Override
    public CommandKind<Describe, Result.Answer> kind() {
      return CommandKind.DESCRIBE;
    }
  }

  /**
   * The host says what may be done with a worker.
   *
   * @param worker the worker
   * @param status the status; {@code SUSPECT} and {@code DEPARTED} cover the one it had, which it
   *     has again when it comes back
   */
  record SetStatus(WorkerId worker, WorkerStatus status) implements Command<Result.Answer> {
    static final Shape<SetStatus> SHAPE =
        shape(
            "set_status",
            workerField(SetStatus::worker),
            oneOf("status", WorkerStatus.class, SetStatus::status),
            SetStatus::new);

    /** Refuses nulls. */
    public SetStatus {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(status, "status");
    }

    @Override
    public CommandKind<SetStatus, Result.Answer> kind() {
      return CommandKind.SET_STATUS;
    }
  }

  /**
   * Pins or bans.
   *
   * @param wish the pin or ban
   * @param expectedVersion the version of the wishes that the caller has read, or {@link
   *     #ANY_VERSION}
   */
  record Wish(PlacementWish wish, long expectedVersion) implements Command<Result.Versioned> {
    static final Shape<Wish> SHAPE =
        shape("wish", wishField(Wish::wish), versionField(Wish::expectedVersion), Wish::new);

    /** Refuses null. */
    public Wish {
      Objects.requireNonNull(wish, "wish");
    }

    @Override
    public CommandKind<Wish, Result.Versioned> kind() {
      return CommandKind.WISH;
    }
  }

  /**
   * Takes a pin or a ban back; one that does not stand is taken back already.
   *
   * @param wish the pin or ban
   * @param expectedVersion the version of the wishes that the caller has read, or {@link
   *     #ANY_VERSION}
   */
  record Unwish(PlacementWish wish, long expectedVersion) implements Command<Result.Versioned> {
    static final Shape<Unwish> SHAPE =
        shape(
            "unwish", wishField(Unwish::wish), versionField(Unwish::expectedVersion), Unwish::new);

    /** Refuses null. */
    public Unwish {
      Objects.requireNonNull(wish, "wish");
    }

    @Override
    public CommandKind<Unwish, Result.Versioned> kind() {
      return CommandKind.UNWISH;
    }
  }

  /**
   * No growth and no moves from now on.
   *
   * @param expectedVersion the version of the wishes, or {@link #ANY_VERSION}
   */
  record Freeze(long expectedVersion) implements Command<Result.Versioned> {
    static final Shape<Freeze> SHAPE =
        shape("freeze", versionField(Freeze::expectedVersion), Freeze::new);

    @Override
    public CommandKind<Freeze, Result.Versioned> kind() {
      return CommandKind.FREEZE;
    }
  }

  /**
   * Growth and moves again.
   *
   * @param expectedVersion the version of the wishes, or {@link #ANY_VERSION}
   */
  record Unfreeze(long expectedVersion) implements Command<Result.Versioned> {
    static final Shape<Unfreeze> SHAPE =
        shape("unfreeze", versionField(Unfreeze::expectedVersion), Unfreeze::new);

    @Override
    public CommandKind<Unfreeze, Result.Versioned> kind() {
      return CommandKind.UNFREEZE;
    }
  }

  /**
   * The store may have lost commits: another lineage begins (section 8).
   *
   * @param lineage its token, not one of an earlier lineage
   */
  record BeginLineage(Lineage lineage) implements Command<Result.Answer> {
    static final Shape<BeginLineage> SHAPE =
        shape(
            "begin_lineage",
            value("lineage", BeginLineage::lineage, Lineage.FORM),
            BeginLineage::new);

    /** Refuses null. */
    public BeginLineage {
      Objects.requireNonNull(lineage, "lineage");
    }

    @Override
    public CommandKind<BeginLineage, Result.Answer> kind() {
      return CommandKind.BEGIN_LINEAGE;
    }
  }

  /** Admits what was offered; the first part of a scheduling cycle, for a host that plans apart. */
  record Admit() implements Command<Result.Admitted> {
    static final Shape<Admit> SHAPE = shape("admit", Admit::new);

    @Override
    public CommandKind<Admit, Result.Admitted> kind() {
      return CommandKind.ADMIT;
    }
  }

  /**
   * A scheduling cycle (section 3).
   *
   * @param advice what other packages ask of its plan
   */
  record Schedule(PlanningAdvice advice) implements Command<Result.Scheduled> {
    static final Shape<Schedule> SHAPE = shape("schedule", Schedule::adviceColumn, Schedule::new);

    /** Refuses null. */
    public Schedule {
      Objects.requireNonNull(advice, "advice");
    }

    private static Function<Values, PlanningAdvice> adviceColumn(Shape.Builder<Schedule> row) {
      return row.nested("advice", Schedule::advice, PlanningAdvice.SHAPE)
              .atMost(
                  Bounds.ADVICE_BYTES,
                  "bytes",
                  advice -> CanonicalSize.of(PlanningAdvice.SHAPE, advice))
              .orElse(PlanningAdvice.NONE)
          ::of;
    }

    /** A cycle of which nobody asks anything. */
    public Schedule() {
      this(PlanningAdvice.NONE);
    }

    @Override
    public CommandKind<Schedule, Result.Scheduled> kind() {
      return CommandKind.SCHEDULE;
    }
  }

  /**
   * Keeps something of another package with the state, in the same commit order as all else.
   *
   * @param annex what to keep; replaces what was kept under the same kind
   */
  record Keep(Annex annex) implements Command<Result.Answer> {
    static final Shape<Keep> SHAPE =
        shape("keep", nested("annex", Keep::annex, Annex.SHAPE), Keep::new);

    /** Refuses null. */
    public Keep {
      Objects.requireNonNull(annex, "annex");
    }

    @Override
    public CommandKind<Keep, Result.Answer> kind() {
      return CommandKind.KEEP;
    }
  }

  /**
   * A visibility cycle (section 4).
   *
   * @param commitTick what the host's tick source answered inside the transaction; windows begin at
   *     the larger of it and the cycle's tick; 0 where there is no such source
   */
  record Publish(long commitTick) implements Command<Result.Published> {
    private static final Shape.Builder<Publish> FIELDS = Shape.named("publish");
    private static final NumberField<Publish> COMMIT_TICK =
        FIELDS.number("commit_tick", Publish::commitTick).orElse(0);

    static final Shape<Publish> SHAPE = FIELDS.make(v -> new Publish(COMMIT_TICK.of(v)));

    /** A cycle whose windows begin at its own tick. */
    public static Publish now() {
      return new Publish(0);
    }

    @Override
    public Publish notAfter(long tick) {
      return commitTick > tick ? new Publish(tick) : this;
    }

    @Override
    public CommandKind<Publish, Result.Published> kind() {
      return CommandKind.PUBLISH;
    }
  }

  /**
   * The operator says what time it is, forward or back (section 8): the largest tick becomes it,
   * and what lies ahead of it; every window that still stands in a row begins anew at it, in full.
   *
   * @param now the tick that is the largest from now on
   */
  record ResetTime(Tick now) implements Command<Result.Answer> {
    static final Shape<ResetTime> SHAPE =
        shape("reset_time", value("now", ResetTime::now, Tick.FORM), ResetTime::new);

    /** Refuses null. */
    public ResetTime {
      Objects.requireNonNull(now, "now");
    }

    @Override
    public CommandKind<ResetTime, Result.Answer> kind() {
      return CommandKind.RESET_TIME;
    }
  }

  /**
   * The operator says that silent workers are gone (section 8): those of them that are suspect now,
   * and of which nothing is heard until then, depart with the next scheduling cycle, whatever the
   * departure guard says.
   *
   * @param workers who; of one that is not silent nothing is confirmed
   */
  record ConfirmDepartures(List<WorkerId> workers) implements Command<Result.Answer> {
    static final Shape<ConfirmDepartures> SHAPE =
        shape("confirm_departures", ConfirmDepartures::workersColumn, ConfirmDepartures::new);

    /** Copies the list. */
    public ConfirmDepartures {
      workers = copied(workers, "workers");
    }

    private static Function<Values, List<WorkerId>> workersColumn(
        Shape.Builder<ConfirmDepartures> row) {
      return row.list("workers", ConfirmDepartures::workers, WorkerId.FORM)
              .atMost(Bounds.WORKERS, "workers", List::size)
          ::of;
    }

    @Override
    public CommandKind<ConfirmDepartures, Result.Answer> kind() {
      return CommandKind.CONFIRM_DEPARTURES;
    }
  }

  /**
   * News that no leader can take in is set aside (section 8). What its writer was told stands as
   * far as here said: chunks that were accepted, a disk that was registered. A worker whose report
   * it was owes an inventory.
   *
   * @param about the number of its kind; 0 where that cannot be told
   * @param worker the worker that it is about, if it is about one
   * @param lastReport the number up to which reports of the worker are old
   * @param diskId the disk that was registered with it
   * @param admitted chunks that were accepted with it
   * @param offered chunks that were offered with it
   * @param digest of its bytes
   * @param reason what stood against it
   */
  record SetAside(
      int about,
      Optional<WorkerId> worker,
      long lastReport,
      Optional<String> diskId,
      List<ProposedChunk> admitted,
      List<ProposedChunk> offered,
      Hash256 digest,
      String reason)
      implements Command<Result.Answer> {
    private static final Shape.Builder<SetAside> FIELDS = Shape.named("set_aside");
    private static final NumberField<SetAside> ABOUT =
        FIELDS.number("about", SetAside::about).narrow();
    private static final ValueField<SetAside, Optional<WorkerId>> WORKER =
        FIELDS.value("worker", SetAside::worker, Forms.optional(WorkerId.FORM)).subject();
    private static final NumberField<SetAside> LAST_REPORT =
        FIELDS.number("last_report", SetAside::lastReport);
    private static final ValueField<SetAside, Optional<String>> DISK_ID =
        FIELDS.value("disk_id", SetAside::diskId, Forms.optional(Forms.TEXT));
    private static final ValueField<SetAside, List<ProposedChunk>> ADMITTED =
        FIELDS.list("admitted", SetAside::admitted, Forms.row(ProposedChunk.SHAPE));
    private static final ValueField<SetAside, List<ProposedChunk>> OFFERED =
        FIELDS.list("offered", SetAside::offered, Forms.row(ProposedChunk.SHAPE));
    private static final ValueField<SetAside, Hash256> DIGEST =
        FIELDS.value("digest", SetAside::digest, Hash256.FORM);
    private static final ValueField<SetAside, String> REASON =
        FIELDS.text("reason", SetAside::reason);

    static final Shape<SetAside> SHAPE =
        FIELDS.make(v ->
            new SetAside(
                ABOUT.intOf(v),
                WORKER.of(v),
                LAST_REPORT.of(v),
                DISK_ID.of(v),
                ADMITTED.of(v),
                OFFERED.of(v),
                DIGEST.of(v),
                REASON.of(v)));

    /** Copies the lists, refuses nulls. */
    public SetAside {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(diskId, "diskId");
      admitted = NoNulls.copyOf(admitted, "admitted");
      offered = NoNulls.copyOf(offered, "offered");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(reason, "reason");
    }

    /** Of this nothing stands but that its worker owes an inventory. */
    public SetAside withoutTraces() {
      return new SetAside(
          about, worker, lastReport, Optional.empty(), List.of(), List.of(), digest, reason);
    }

    /** Whether its worker owes an inventory for it: it was a report, or may have been one. */
    public boolean isReport() {
      return about == 0
          || List.of(
                  CommandKind.REGISTER,
                  CommandKind.HEARTBEAT,
                  CommandKind.APPLIED,
                  CommandKind.LOST,
                  CommandKind.INVENTORY,
                  CommandKind.INVENTORY_PART)
              .stream()
              .anyMatch(kind -> kind.number() == about);
    }

    @Override
    public CommandKind<SetAside, Result.Answer> kind() {
      return CommandKind.SET_ASIDE;
    }
  }

  /** Retention (section 7). */
  record Purge() implements Command<Result.Purged> {
    static final Shape<Purge> SHAPE = shape("purge", Purge::new);

    @Override
    public CommandKind<Purge, Result.Purged> kind() {
      return CommandKind.PURGE;
    }
  }
}
