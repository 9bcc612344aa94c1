package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.documents.SliceDocument.Deletion;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An oracle of mass deletion: before more than half of a worker's chunks or bytes are deleted, the
 * worker has fetched a full slice, and that slice does not name the deleted chunks. Deltas alone do
 * not suffice. Watches one worker at a time.
 */
final class MassDeletionOracle {
  private static final String NAME = "world: no mass deletion without a full slice";

  private final WorldFindings findings;
  private @Nullable WorkerSlice fetched;
  private final Set<ChunkNumber> deleted = new HashSet<>();
  private long deletedBytes;
  private int heldChunks;
  private long heldBytes;

  MassDeletionOracle(WorldFindings findings) {
    this.findings = findings;
  }

  void begins(SimulatedWorker worker) {
    fetched = null;
    deleted.clear();
    deletedBytes = 0;
    heldChunks = worker.disk().count();
    heldBytes = worker.disk().usedBytes();
  }

  Optional<WorkerSlice> fetches(Optional<WorkerSlice> slice) {
    fetched = slice.orElse(null);
    return slice;
  }

  void deletes(SliceEntry entry) {
    if (deleted.add(entry.number())) {
      deletedBytes += entry.sizeBytes();
    }
  }

  void ends(WorkerId worker) {
    findings.checked(1);
    Deletion all = new Deletion(heldChunks, deleted.size(), heldBytes, deletedBytes);
    if (!all.isMass(LifecycleConfig.Trust.DEFAULT.massDeletionMillionths())) {
      return;
    }
    WorkerSlice full = fetched;
    boolean isNamed =
        full != null && full.entries().stream().anyMatch(entry -> deleted.contains(entry.number()));
    if (full == null || isNamed) {
      findings.violated(
          NAME,
          worker
              + " deletes "
              + all.deletedChunks()
              + " of "
              + all.heldChunks()
              + " chunks, "
              + all.deletedBytes()
              + " of "
              + all.heldBytes()
              + " bytes, "
              + (full == null
                  ? "and fetched no full slice"
                  : "although the full slice that it fetched names some of their chunks"));
    }
  }
}
