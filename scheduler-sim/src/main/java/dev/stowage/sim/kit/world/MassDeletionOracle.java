package dev.stowage.sim.kit.world;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.Deletion;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An oracle of mass deletion: before more than half of a worker's chunks or bytes are deleted, the
 * worker has fetched a full slice, and that slice does not name the deleted chunks. Deltas alone do
 * not suffice.
 */
final class MassDeletionOracle {
  private static final String NAME = "world: no mass deletion without a full slice";

  private final WorldFindings findings;

  MassDeletionOracle(WorldFindings findings) {
    this.findings = findings;
    findings.checked(NAME, 0);
  }

  /**
   * Judges what a worker deleted at once.
   *
   * @param answered returns the slice, full or not, that the worker's last question was answered by
   */
  void deletes(
      WorkerId worker,
      Deletion all,
      List<SliceEntry> deleted,
      Supplier<Optional<SliceDocument>> answered) {
    findings.checked(NAME, 1);
    if (!all.isMass(LifecycleConfig.Trust.DEFAULT.massDeletionMillionths())) {
      return;
    }
    SliceDocument full = answered.get().filter(SliceDocument::isFull).orElse(null);
    Set<ChunkNumber> gone = new HashSet<>();
    deleted.forEach(entry -> gone.add(entry.number()));
    boolean isNamed =
        full != null && full.put().stream().anyMatch(entry -> gone.contains(entry.number()));
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
