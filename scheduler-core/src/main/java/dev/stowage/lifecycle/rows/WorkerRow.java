package dev.stowage.lifecycle.rows;

import dev.stowage.columns.Mix;
import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.pressure.PressureSnapshot.Resource;
import dev.stowage.shape.Field;
import dev.stowage.shape.FlagField;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored row of one worker. Marks of its {@link #SHAPE} are durable, but not in the digest.
 *
 * @param position its stable dense position, at least 0
 * @param description the host's description, with the status beneath any absence
 * @param absence {@code SUSPECT}, {@code DEPARTED}, {@code AWAY} once it is silent, or null
 * @param absentSince the tick at which the absence began, 0 without one
 * @param incarnation the incarnation of its disk, 0 before it registered
 * @param diskId the id on its disk; null before it registered
 * @param lastApplied the newest assignment it applied, as consumed by cycles; -1 for none
 * @param caughtUp whether it has caught up with the watermark since it joined
 * @param owesInventory whether its inventory is missing, so that it is neither counted nor
 *     placeable
 * @param publishedIncarnation the incarnation that the newest assignment names, 0 for none
 * @param inventoryReport the number of the report with the last consumed inventory, 0 for none
 * @param orphans numbers in its inventory that the store does not know
 * @param sliceSum the sum of {@code SliceEntry.checksum}, 0 for none; null if read without replicas
 * @param lastSeenTick the tick of the cycle that consumed its last sign of life, {@link #NOT_TOLD}
 *     before
 * @param pending accepted reports that no cycle has consumed, in order
 * @param toldZone the {@link Worker#path} that the newest portal assignment tells; null if it is
 *     that of the description
 * @param awayUntil the tick at which an announced absence is over; after its end, while the worker
 *     is still silent, the tick from which its silence counts; 0 otherwise
 * @param leastCopies the copies that each of its chunks keeps elsewhere during an announced
 *     absence; 0 if none is announced
 */
@SuppressWarnings("exports") // fields are for our own stores
public record WorkerRow(
    int position,
    Worker description,
    @Nullable WorkerStatus absence,
    long absentSince,
    Incarnation incarnation,
    @Nullable String diskId,
    long lastApplied,
    boolean caughtUp,
    boolean owesInventory,
    long publishedIncarnation,
    long inventoryReport,
    List<ChunkNumber> orphans,
    @Nullable Long sliceSum,
    long lastReport,
    long lastSeenTick,
    boolean heard,
    List<PendingReport> pending,
    Departure departure,
    ObservedPressure pressure,
    @Nullable String toldZone,
    long awayUntil,
    int leastCopies) {
  /** The {@link #lastSeenTick} of a worker whose last sign of life waits for the next cycle. */
  public static final long NOT_TOLD = -1;

  /** The {@link #lastApplied} of a worker that applied no assignment. */
  public static final long NOTHING_APPLIED = -1;

  private static final long UPPER_HALF = -1L << Integer.SIZE;

  private static final Shape.Builder<WorkerRow> FIELDS = Shape.named("worker");

  /** The dense position of a worker. */
  public static final NumberField<WorkerRow> POSITION =
      FIELDS.number("position", WorkerRow::position).narrow().atLeast(0).mark();

  public static final ValueField<WorkerRow, Worker> DESCRIPTION =
      FIELDS.nested("description", WorkerRow::description, Shape.of(Worker.class));
  public static final ValueField<WorkerRow, WorkerStatus> ABSENCE =
      FIELDS.oneOf("absence", WorkerStatus.class, WorkerRow::absence).orNone();
  public static final NumberField<WorkerRow> ABSENT_SINCE =
      FIELDS.number("absent_since", WorkerRow::absentSince);
  public static final ValueField<WorkerRow, Incarnation> INCARNATION =
      FIELDS.value("incarnation", WorkerRow::incarnation, Form.of(Incarnation.class));
  public static final ValueField<WorkerRow, String> DISK_ID =
      FIELDS.text("disk_id", WorkerRow::diskId).orNone();
  public static final NumberField<WorkerRow> LAST_APPLIED =
      FIELDS.number("last_applied", WorkerRow::lastApplied);
  public static final FlagField<WorkerRow> CAUGHT_UP =
      FIELDS.flag("caught_up", WorkerRow::caughtUp);
  public static final FlagField<WorkerRow> OWES_INVENTORY =
      FIELDS.flag("owes_inventory", WorkerRow::owesInventory);
  public static final NumberField<WorkerRow> PUBLISHED_INCARNATION =
      FIELDS.number("published_incarnation", WorkerRow::publishedIncarnation);
  public static final NumberField<WorkerRow> INVENTORY_REPORT =
      FIELDS.number("inventory_report", WorkerRow::inventoryReport);

  /** The numbers in a worker's inventory that the store does not know. */
  public static final ValueField<WorkerRow, List<ChunkNumber>> ORPHANS =
      FIELDS
          .value("orphans", WorkerRow::orphans, NumbersForm.ANY)
          .hashedBy(WorkerRow::countersOf)
          .orElse(List.of());

  /** The checksum of a worker's slice. */
  public static final ValueField<WorkerRow, Long> SLICE_SUM =
      FIELDS
          .value("slice_sum", WorkerRow::sliceSum, Forms.number(Long::valueOf, Long::longValue))
          .mark()
          .orNone();

  public static final NumberField<WorkerRow> LAST_REPORT =
      FIELDS.number("last_report", WorkerRow::lastReport).mark();
  public static final NumberField<WorkerRow> LAST_SEEN_TICK =
      FIELDS.number("last_seen_tick", WorkerRow::lastSeenTick).mark();
  public static final FlagField<WorkerRow> HEARD = FIELDS.flag("heard", WorkerRow::heard).mark();

  /** The accepted reports that no cycle has consumed. */
  public static final ValueField<WorkerRow, List<PendingReport>> PENDING =
      FIELDS
          .list("pending", WorkerRow::pending, Forms.row(PendingReport.SHAPE))
          .mark()
          .orElse(List.of());

  public static final ValueField<WorkerRow, Departure> DEPARTURE =
      FIELDS.oneOf("departure", Departure.class, WorkerRow::departure).orElse(Departure.NONE);
  private static final ValueField<WorkerRow, PressureBand> PRESSURE =
      FIELDS
          .oneOf("pressure", PressureBand.class, it -> it.pressure.band())
          .mark()
          .orElse(ObservedPressure.NONE.band());
  private static final ValueField<WorkerRow, Resource> STRAINED =
      FIELDS
          .oneOf("strained", Resource.class, it -> it.pressure.strained())
          .mark()
          .orElse(ObservedPressure.NONE.strained());
  private static final NumberField<WorkerRow> STRAIN_PERCENT =
      FIELDS
          .number("strain_percent", it -> it.pressure.percent())
          .narrow()
          .mark()
          .orElse(ObservedPressure.NONE.percent());
  private static final NumberField<WorkerRow> PRESSURE_TICK =
      FIELDS
          .number("pressure_tick", it -> it.pressure.measuredTick())
          .mark()
          .orElse(ObservedPressure.NONE.measuredTick());

  public static final ValueField<WorkerRow, String> TOLD_ZONE =
      FIELDS.text("told_zone", WorkerRow::toldZone).orNone();
  public static final NumberField<WorkerRow> AWAY_UNTIL =
      FIELDS.number("away_until", WorkerRow::awayUntil).orElse(0);
  public static final NumberField<WorkerRow> LEAST_COPIES =
      FIELDS.number("least_copies", WorkerRow::leastCopies).narrow().atLeast(0).orElse(0);

  /** The fields of a row. */
  static final Shape<WorkerRow> SHAPE =
      FIELDS.make(v ->
          new WorkerRow(
              POSITION.intOf(v),
              DESCRIPTION.of(v),
              ABSENCE.orNull(v),
              ABSENT_SINCE.of(v),
              INCARNATION.of(v),
              DISK_ID.orNull(v),
              LAST_APPLIED.of(v),
              CAUGHT_UP.of(v),
              OWES_INVENTORY.of(v),
              PUBLISHED_INCARNATION.of(v),
              INVENTORY_REPORT.of(v),
              ORPHANS.of(v),
              SLICE_SUM.orNull(v),
              LAST_REPORT.of(v),
              LAST_SEEN_TICK.of(v),
              HEARD.of(v),
              PENDING.of(v),
              DEPARTURE.of(v),
              new ObservedPressure(
                  PRESSURE.of(v), STRAINED.of(v), STRAIN_PERCENT.intOf(v), PRESSURE_TICK.of(v)),
              TOLD_ZONE.orNull(v),
              AWAY_UNTIL.of(v),
              LEAST_COPIES.intOf(v)));

  private static final long MARKED =
      (SHAPE.mask(Field::isMark) & ~SLICE_SUM.bit() & ~POSITION.bit())
          | INCARNATION.bit()
          | PUBLISHED_INCARNATION.bit()
          | OWES_INVENTORY.bit()
          | INVENTORY_REPORT.bit()
          | ABSENCE.bit();

  /** The mask of the fields that the state digest leaves out, except the position. */
  public static final long MARKS = SHAPE.mask(Field::isMark) & ~POSITION.bit();

  /** The mask of the fields whose change makes deltas from the earlier slice useless. */
  public static final long SLICE = INVENTORY_REPORT.bit() | SLICE_SUM.bit();

  /** The mask of the fields that a report changes; the checksum follows from the replicas. */
  public static final long REPORTED = MARKS | LAST_APPLIED.bit() | CAUGHT_UP.bit();

  /** The states of a departure by silence. */
  public enum Departure {
    /** Not departed, or departed because the host said so. */
    NONE,
    /** Confirmed by the operator: the next scheduling cycle carries it out. */
    CONFIRMED,
    /** Departed by silence, or because that was confirmed, and not back. */
    BY_SILENCE
  }

  /** Copies the lists; throws {@code NullPointerException} for nulls. */
  public WorkerRow {
    orphans = ChunkNumbers.copyOf(orphans);
    pending = List.copyOf(pending);
  }

  /** Returns the row of a worker that was described at a tick. */
  public static WorkerRow described(int position, Worker description, long tick) {
    return SHAPE
        .draft()
        .with(POSITION, position)
        .with(DESCRIPTION, description)
        .with(INCARNATION, Incarnation.of(0))
        .with(LAST_APPLIED, NOTHING_APPLIED)
        .with(LAST_SEEN_TICK, tick)
        .row();
  }

  /** Returns a draft of a row with other fields. */
  public Shape.Draft<WorkerRow> draft() {
    return SHAPE.draft(this);
  }

  /** Sets the fields of a pressure. */
  public static Shape.Draft<WorkerRow> pressed(
      Shape.Draft<WorkerRow> draft, ObservedPressure pressure) {
    return draft
        .with(PRESSURE, pressure.band())
        .with(STRAINED, pressure.strained())
        .with(STRAIN_PERCENT, pressure.percent())
        .with(PRESSURE_TICK, pressure.measuredTick());
  }

  /** Sets the fields that end an absence and its announcement. */
  public static Shape.Draft<WorkerRow> back(Shape.Draft<WorkerRow> draft) {
    return draft
        .with(ABSENCE, null)
        .with(ABSENT_SINCE, 0)
        .with(DEPARTURE, Departure.NONE)
        .with(AWAY_UNTIL, 0)
        .with(LEAST_COPIES, 0);
  }

  /** Returns the worker's id. */
  public WorkerId id() {
    return description.id();
  }

  /** Returns the path that the newest portal assignment tells of the worker, if it names it. */
  public String zoneInRoutes() {
    return toldZone == null ? description.path() : toldZone;
  }

  /** Returns the effective status: the absence, or {@code AWAY}, or else the host's. */
  public WorkerStatus status() {
    if (absence != null) {
      return absence;
    }
    return isAway() ? WorkerStatus.AWAY : description.status();
  }

  /** Reports whether the host told it to leave, even if it is silent or gone now. */
  public boolean isToLeave() {
    return description.status() == WorkerStatus.LEAVING;
  }

  /** Reports whether its absence was announced and is not over. */
  public boolean isAway() {
    return leastCopies > 0;
  }

  /** Reports whether it was told to leave, or announced its absence: it may be switched off. */
  public boolean mayStop() {
    return isToLeave() || isAway();
  }

  /** Reports whether it ever registered. */
  public boolean isRegistered() {
    return incarnation.value() > 0;
  }

  /** Reports whether it was found departed, or said to be. */
  public boolean isDeparted() {
    return absence == WorkerStatus.DEPARTED;
  }

  /** Reports whether portals may be routed to it. */
  public boolean isPresent() {
    return status().isPresent();
  }

  /** Reports whether it counts for gates and deletions. */
  public boolean isCounted() {
    return isRegistered() && !owesInventory && status().isCounted();
  }

  /** Reports whether it takes new replicas. */
  public boolean isPlaceable() {
    return isRegistered() && !owesInventory && status().isPlaceable();
  }

  /** Reports whether its last sign of life waits for the next cycle. */
  public boolean isNotTold() {
    return lastSeenTick == NOT_TOLD;
  }

  /** Returns the hash of the row in the state digest, without marks. */
  public long digest() {
    return SHAPE.digest(this) + sliceSumHash();
  }

  /** Returns the hash of the checksum of its slice in the state digest; 0 without one. */
  public long sliceSumHash() {
    return sliceSum == null ? 0 : sliceSumHash(id(), sliceSum);
  }

  /** Returns the hash of a checksum of a worker's slice in the state digest; 0 for 0. */
  public static long sliceSumHash(WorkerId worker, long sum) {
    return sum == 0 ? 0 : Mix.mix(KeyHash.of(worker) ^ Mix.mix(sum + Long.MIN_VALUE / 3));
  }

  /** Returns a hash of the marks and the slice's header, the lower half of it of the orphans. */
  public long marksHash() {
    return (headerHash() & UPPER_HALF) | (NumbersForm.ANY.hash(orphans) >>> Integer.SIZE);
  }

  /** Reports whether {@link #marksHash} equals {@code kept}. */
  public boolean isMarked(long kept) {
    return kept == marksHash();
  }

  /** Reports whether the half of {@link #marksHash} without orphans equals that of {@code kept}. */
  public boolean isMarkedButForOrphans(long kept) {
    return ((kept ^ headerHash()) & UPPER_HALF) == 0;
  }

  private long headerHash() {
    return Mix.fold(SHAPE.digest(this, MARKED), Mix.fold(KeyHash.of(id()), status().ordinal()));
  }

  /** Hashes only counters, because two backends draw different lineages. */
  private static long countersOf(List<ChunkNumber> numbers) {
    long[] hash = {numbers.size()};
    if (numbers instanceof ChunkNumbers runs) {
      runs.forEachRun((lineage, first, length) -> {
        for (int at = 0; at < length; at++) {
          hash[0] = Mix.fold(hash[0], first + at);
        }
      });
    } else {
      numbers.forEach(number -> hash[0] = Mix.fold(hash[0], number.counter()));
    }
    return hash[0];
  }

  /**
   * An accepted report that a cycle is to consume, with the numbers missing, lost or found. A part
   * has the number of its sending, and {@link #of} and {@link #place} as upper and lower 32 bits of
   * its assignment.
   */
  public record PendingReport(Kind kind, long number, long assignment, List<ChunkNumber> chunks) {
    /** The kinds of reports. */
    public enum Kind {
      /** The worker applied an assignment, except for missing chunks. */
      APPLIED,
      /** The bytes of chunks are gone. */
      LOST,
      /** The inventory of the disk. */
      INVENTORY,
      /** A part of the inventory of the disk. */
      PART
    }

    private static final Shape.Builder<PendingReport> FIELDS = Shape.named("pending_report");

    private static final ValueField<PendingReport, Kind> KIND =
        FIELDS.oneOf("kind", Kind.class, PendingReport::kind);
    private static final NumberField<PendingReport> NUMBER =
        FIELDS.number("number", PendingReport::number);
    private static final NumberField<PendingReport> ASSIGNMENT =
        FIELDS.number("assignment", PendingReport::assignment);

    /** Leaves out the numbers of a part, which may be many: a store keeps them beside the row. */
    private static final ValueField<PendingReport, List<ChunkNumber>> CHUNKS =
        FIELDS
            .value(
                "chunks",
                report -> report.isPart() ? List.<ChunkNumber>of() : report.chunks(),
                NumbersForm.ANY)
            .orElse(List.of());

    /** The fields of a report in the row of its worker; a part is without its numbers. */
    static final Shape<PendingReport> SHAPE =
        FIELDS.make(
            v -> new PendingReport(KIND.of(v), NUMBER.of(v), ASSIGNMENT.of(v), CHUNKS.of(v)));

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public PendingReport {
      chunks = ChunkNumbers.copyOf(chunks);
    }

    /** Returns a part of an inventory; {@code place} is 1 to {@code of}. */
    public static PendingReport part(long sending, int place, int of, List<ChunkNumber> chunks) {
      return new PendingReport(Kind.PART, sending, (long) of << 32 | place, chunks);
    }

    /** Reports whether it is a part of an inventory. */
    public boolean isPart() {
      return kind == Kind.PART;
    }

    /** Reports whether it is a part of this sending. */
    public boolean isPartOf(long sending) {
      return isPart() && number == sending;
    }

    /** Returns the place of a part, from 1 on. */
    public int place() {
      return (int) assignment;
    }

    /** Returns the number of parts of its sending. */
    public int of() {
      return (int) (assignment >>> 32);
    }
  }
}
