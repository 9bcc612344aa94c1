package dev.stowage.lifecycle.rows;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored about one worker. The last four components are marks: they are durable,
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
 * @param lastReport the number of the last accepted report
 * @param lastSeenTick when it was last heard of
 * @param heard whether it was heard of since the last cycle
 * @param pending accepted reports that no cycle has consumed, in order
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
    long lastReport,
    long lastSeenTick,
    boolean heard,
    List<PendingReport> pending) {
  /** Copies the lists. */
  public WorkerRow {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(incarnation, "incarnation");
    orphans = ChunkNumbers.copyOf(orphans);
    pending = List.copyOf(pending);
  }

  /** The worker's id. */
  public WorkerId id() {
    return description.id();
  }

  /** The status that rules: the absence, or else what the host said. */
  public WorkerStatus status() {
    return absence == null ? description.status() : absence;
  }

  /** Whether all but what its reports change is as in another row of this worker. */
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
        && orphans.equals(other.orphans);
  }
}
