package dev.stowage.lifecycle.rows;

import dev.stowage.columns.Mix;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.KeyHash;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored about one worker. The four before the last are marks: they are durable,
 * but no change of the state and not in its digest.
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
    Departure departure) {
  /** {@link #lastSeenTick} of a worker whose last sign of life waits for the next cycle. */
  public static final long NOT_TOLD = -1;

  private static final long UPPER_HALF = -1L << Integer.SIZE;

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
  }

  /** The worker's id. */
  public WorkerId id() {
    return description.id();
  }

  /** The status that rules: the absence, or else what the host said. */
  public WorkerStatus status() {
    return absence == null ? description.status() : absence;
  }

  /** What the checksum of its slice adds to the state digest; 0 where there is none. */
  public long sliceSumHash() {
    return sliceSum == null ? 0 : sliceSumHash(id(), sliceSum);
  }

  /** What this checksum of a worker's slice adds to it. */
  public static long sliceSumHash(WorkerId worker, long sum) {
    return sum == 0 ? 0 : Mix.mix(KeyHash.of(worker) ^ Mix.mix(sum + Long.MIN_VALUE / 3));
  }

  /**
   * A hash of the marks, which the state digest leaves out, and of what a slice says of its worker:
   * a store that keeps it beside the row notices one that was changed by a hand. What parts of
   * inventories found is not in it. The orphans, which may be many, are its lower half.
   */
  public long marksHash() {
    return (headerHash() & UPPER_HALF) | (fold(0, orphans) >>> Integer.SIZE);
  }

  /** Reports whether a hash that was kept beside a row is that of this one. */
  public boolean isMarked(long kept) {
    return kept == marksHash();
  }

  /** The same of a row that was read without its orphans: these are not compared. */
  public boolean isMarkedButForOrphans(long kept) {
    return ((kept ^ headerHash()) & UPPER_HALF) == 0;
  }

  private long headerHash() {
    long hash = Mix.fold(KeyHash.of(id()), lastReport);
    hash = Mix.fold(Mix.fold(hash, lastSeenTick), heard ? 1 : 0);
    for (PendingReport report : pending) {
      hash = Mix.fold(Mix.fold(hash, report.kind().ordinal()), report.number());
      hash = Mix.fold(hash, report.assignment());
      if (!report.isPart()) {
        hash = fold(hash, report.chunks());
      }
    }
    hash = Mix.fold(hash, incarnation.value());
    hash = Mix.fold(Mix.fold(hash, publishedIncarnation), owesInventory ? 1 : 0);
    return Mix.fold(Mix.fold(hash, inventoryReport), status().ordinal());
  }

  private static long fold(long from, Iterable<ChunkNumber> numbers) {
    long hash = from;
    for (ChunkNumber number : numbers) {
      hash = Mix.fold(Mix.fold(hash, number.lineage().token()), number.counter());
    }
    return hash;
  }

  /** Whether a delta of its slice from before another row of this worker is none from after it. */
  public boolean differsInSlice(WorkerRow other) {
    return inventoryReport != other.inventoryReport || !Objects.equals(sliceSum, other.sliceSum);
  }

  /** Whether all but marks, and the checksum of its slice, is as in another row of this worker. */
  public boolean differsInMarksOnly(WorkerRow other) {
    return differsInReportsOnly(other)
        && lastApplied == other.lastApplied
        && caughtUp == other.caughtUp;
  }

  /**
   * Whether all but what its reports change, and the checksum of its slice, is as in another row of
   * this worker.
   */
  public boolean differsInReportsOnly(WorkerRow other) {
    return position == other.position
        && description.equals(other.description)
        && absence == other.absence
        && absentSince == other.absentSince
        && incarnation.equals(other.incarnation)
        && Objects.equals(diskId, other.diskId)
        && owesInventory == other.owesInventory
        && publishedIncarnation == other.publishedIncarnation
        && inventoryReport == other.inventoryReport
        && departure == other.departure
        && orphans.equals(other.orphans);
  }
}
