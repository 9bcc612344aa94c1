package dev.stowage.lifecycle.rows;

import dev.stowage.columns.Mix;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.KeyHash;
import dev.stowage.pressure.PressureBand;
import dev.stowage.shape.Field;
import dev.stowage.shape.FlagField;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored about one worker. Marks of its {@link #SHAPE} are durable, but no
 * change of the state and not in its digest.
 *
 * @param position its dense position, at least 0, kept while the row lives
 * @param description what the host says of it; its status is the one beneath any absence ({@code
 *     ACTIVE}, {@code CORDONED} or {@code LEAVING})
 * @param absence {@code SUSPECT} or {@code DEPARTED} while it is one of them, else null
 * @param absentSince the tick at which the absence began, 0 without one
 * @param incarnation the life of its disk, 0 before it registered
 * @param diskId what it keeps on its disk; null before it registered
 * @param lastApplied the newest assignment it applied, as consumed by cycles; -1 for none
 * @param caughtUp whether it has caught up with the watermark since it joined
 * @param owesInventory whether it is neither counted nor placeable until its inventory is consumed
 * @param publishedIncarnation the incarnation that the newest assignment names, 0 for none
 * @param inventoryReport the number of the report with the last consumed inventory, 0 for none
 * @param orphans numbers that its inventory showed and the store does not know
 * @param sliceSum the checksum of its slice: the sum of {@code SliceEntry.checksum} over all
 *     replicas on it, 0 for none; null in a row that is read without all its replicas: then nothing
 *     is compared
 * @param lastReport the number of the last accepted report
 * @param lastSeenTick the tick of the cycle that was told of its last sign of life; {@link
 *     #NOT_TOLD} while no cycle has been told of it
 * @param heard whether it was heard of since the last cycle
 * @param pending accepted reports that no cycle has consumed, in order
 * @param departure how a departure by silence stands with it
 * @param pressure the pressure on it, as its heartbeats say
 */
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
    ObservedPressure pressure) {
  /** {@link #lastSeenTick} of a worker whose last sign of life waits for the next cycle. */
  public static final long NOT_TOLD = -1;

  private static final long UPPER_HALF = -1L << Integer.SIZE;

  private static final Shape.Builder<WorkerRow> FIELDS = Shape.named("worker");

  /** The dense position of a worker. */
  public static final NumberField<WorkerRow> POSITION =
      FIELDS.number("position", WorkerRow::position).narrow().atLeast(0).mark();

  private static final ValueField<WorkerRow, Worker> DESCRIPTION =
      FIELDS.nested("description", WorkerRow::description, Worker.SHAPE);
  private static final ValueField<WorkerRow, WorkerStatus> ABSENCE =
      FIELDS.oneOf("absence", WorkerStatus.class, WorkerRow::absence).orNone();
  private static final NumberField<WorkerRow> ABSENT_SINCE =
      FIELDS.number("absent_since", WorkerRow::absentSince);
  private static final ValueField<WorkerRow, Incarnation> INCARNATION =
      FIELDS.value("incarnation", WorkerRow::incarnation, Incarnation.FORM);
  private static final ValueField<WorkerRow, String> DISK_ID =
      FIELDS.text("disk_id", WorkerRow::diskId).orNone();
  private static final NumberField<WorkerRow> LAST_APPLIED =
      FIELDS.number("last_applied", WorkerRow::lastApplied);
  private static final FlagField<WorkerRow> CAUGHT_UP =
      FIELDS.flag("caught_up", WorkerRow::caughtUp);
  private static final FlagField<WorkerRow> OWES_INVENTORY =
      FIELDS.flag("owes_inventory", WorkerRow::owesInventory);
  private static final NumberField<WorkerRow> PUBLISHED_INCARNATION =
      FIELDS.number("published_incarnation", WorkerRow::publishedIncarnation);
  private static final NumberField<WorkerRow> INVENTORY_REPORT =
      FIELDS.number("inventory_report", WorkerRow::inventoryReport);

  /** The numbers that a worker's inventory showed and the store does not know. */
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

  private static final NumberField<WorkerRow> LAST_REPORT =
      FIELDS.number("last_report", WorkerRow::lastReport).mark();
  private static final NumberField<WorkerRow> LAST_SEEN_TICK =
      FIELDS.number("last_seen_tick", WorkerRow::lastSeenTick).mark();
  private static final FlagField<WorkerRow> HEARD = FIELDS.flag("heard", WorkerRow::heard).mark();

  /** The accepted reports that no cycle has consumed. */
  public static final ValueField<WorkerRow, List<PendingReport>> PENDING =
      FIELDS
          .list("pending", WorkerRow::pending, Forms.row(PendingReport.SHAPE))
          .mark()
          .orElse(List.of());

  private static final ValueField<WorkerRow, Departure> DEPARTURE =
      FIELDS.oneOf("departure", Departure.class, WorkerRow::departure).orElse(Departure.NONE);
  private static final ValueField<WorkerRow, PressureBand> PRESSURE =
      FIELDS
          .oneOf("pressure", PressureBand.class, it -> it.pressure.band())
          .mark()
          .orElse(ObservedPressure.NONE.band());
  private static final NumberField<WorkerRow> PRESSURE_TICK =
      FIELDS
          .number("pressure_tick", it -> it.pressure.measuredTick())
          .mark()
          .orElse(ObservedPressure.NONE.measuredTick());

  /** The fields of a row. */
  public static final Shape<WorkerRow> SHAPE =
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
              new ObservedPressure(PRESSURE.of(v), PRESSURE_TICK.of(v))));

  /** Holds the fields that the hash of the marks covers beside the orphans. */
  private static final long MARKED =
      (SHAPE.mask(Field::isMark) & ~SLICE_SUM.bit() & ~POSITION.bit())
          | INCARNATION.bit()
          | PUBLISHED_INCARNATION.bit()
          | OWES_INVENTORY.bit()
          | INVENTORY_REPORT.bit()
          | ABSENCE.bit();

  /** Holds the fields that the state digest leaves out; the place of the row is not one. */
  public static final long MARKS = SHAPE.mask(Field::isMark) & ~POSITION.bit();

  /** Holds the fields after whose change a delta of the slice from before reaches nobody. */
  public static final long SLICE = INVENTORY_REPORT.bit() | SLICE_SUM.bit();

  /** Holds the fields that a report changes; the checksum follows from the replicas. */
  public static final long REPORTED = MARKS | LAST_APPLIED.bit() | CAUGHT_UP.bit();

  /**
   * Holds the fields that a writer knows who is not the leader: nothing of unknown bytes, of slices
   * and of times that go on while no row is written.
   */
  public static final long DECIDED =
      ~(POSITION.bit()
          | ORPHANS.bit()
          | SLICE_SUM.bit()
          | LAST_SEEN_TICK.bit()
          | HEARD.bit()
          | PRESSURE_TICK.bit());

  /** How a departure by silence stands with a worker. */
  public enum Departure {
    /** It is none, or it departed because the host said so. */
    NONE,
    /** The operator has confirmed it: the next scheduling cycle carries it out. */
    CONFIRMED,
    /** It departed by silence, or because that was confirmed, and is not back. */
    BY_SILENCE
  }

  /** Copies the lists. */
  public WorkerRow {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(incarnation, "incarnation");
    orphans = ChunkNumbers.copyOf(orphans);
    pending = List.copyOf(pending);
    Objects.requireNonNull(departure, "departure");
    Objects.requireNonNull(pressure, "pressure");
  }

  /** The worker's id. */
  public WorkerId id() {
    return description.id();
  }

  /** The status that rules: the absence, or else what the host said. */
  public WorkerStatus status() {
    return absence == null ? description.status() : absence;
  }

  /** Returns the hash of the row that the state digest adds up; marks are not in it. */
  public long digest() {
    return SHAPE.digest(this) + sliceSumHash();
  }

  /** Returns what the checksum of its slice adds to the state digest; 0 where there is none. */
  public long sliceSumHash() {
    return sliceSum == null ? 0 : sliceSumHash(id(), sliceSum);
  }

  /** Returns what this checksum of a worker's slice adds to the digest; 0 where there is none. */
  public static long sliceSumHash(WorkerId worker, long sum) {
    return sum == 0 ? 0 : Mix.mix(KeyHash.of(worker) ^ Mix.mix(sum + Long.MIN_VALUE / 3));
  }

  /**
   * Returns a hash of the marks, which the state digest leaves out, and of what a slice says of its
   * worker: a store that keeps it beside the row notices one that was changed by a hand. What parts
   * of inventories found is not in it. The orphans, which may be many, are its lower half.
   */
  public long marksHash() {
    return (headerHash() & UPPER_HALF) | (NumbersForm.ANY.hash(orphans) >>> Integer.SIZE);
  }

  /** Reports whether a hash that was kept beside a row is that of this one. */
  public boolean isMarked(long kept) {
    return kept == marksHash();
  }

  /** Reports the same of a row that was read without its orphans: these are not compared. */
  public boolean isMarkedButForOrphans(long kept) {
    return ((kept ^ headerHash()) & UPPER_HALF) == 0;
  }

  private long headerHash() {
    return Mix.fold(SHAPE.digest(this, MARKED), Mix.fold(KeyHash.of(id()), status().ordinal()));
  }

  /** Two backends draw lineages of their own, so that only counters are in the digest. */
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
}
