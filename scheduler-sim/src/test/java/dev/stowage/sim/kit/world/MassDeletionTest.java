package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.Deletion;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A worker that deletes much has fetched a full slice first, and an oracle sees to it. */
class MassDeletionTest {
  private static final WorkerId A = WorkerId.of("a");
  private static final List<SliceEntry> ENTRIES = List.of(entry(1), entry(2), entry(3));

  private final WorldFindings findings = new WorldFindings();
  private final MassDeletionOracle oracle = new MassDeletionOracle(findings);

  @Test
  void deletionOfMuch_withoutAFullSlice_isAViolation() {
    delete(2, Optional.empty());
    assertThat(findings.violations()).singleElement().asString().contains("fetched no full slice");
    delete(2, Optional.of(delta()));
    assertThat(findings.violations()).hasSize(2).element(1).asString().contains("no full slice");
  }

  @Test
  void deletionOfMuch_thatTheFullSliceNames_isAViolation() {
    delete(2, Optional.of(full(2)));
    assertThat(findings.violations()).singleElement().asString().contains("it fetched names");
  }

  @Test
  void deletionOfMuch_thatTheFullSliceDoesNotName_isFine() {
    delete(2, Optional.of(full(0)));
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void deletionOfLittle_isFine() {
    delete(1, Optional.empty());
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void moreThanTheShare_ofChunksOrOfBytes_isMuch() {
    int half = LifecycleConfig.Trust.DEFAULT.massDeletionMillionths();
    assertThat(new Deletion(9, 0, 300, 150).isMass(half)).isFalse();
    assertThat(new Deletion(9, 0, 300, 151).isMass(half)).isTrue();
    assertThat(new Deletion(9, 4, 0, 0).isMass(half)).as("chunks of 0 bytes").isFalse();
    assertThat(new Deletion(9, 5, 0, 0).isMass(half)).as("chunks of 0 bytes").isTrue();
    assertThat(new Deletion(9, 9, 300, 300).isMass(LifecycleConfig.UNGUARDED)).isFalse();
    assertThat(new Deletion(0, 0, 0, 0).isMass(0)).isFalse();
    assertThat(new Deletion(1, 1, 0, 0).isMass(0)).isTrue();
    assertThat(new Deletion(9, 0, 1, 1).isMass(0)).isTrue();
    assertThat(new Deletion(9, 9, Long.MAX_VALUE, Long.MAX_VALUE).isMass(1_000_000)).isFalse();
    assertThat(new Deletion(9, 0, Long.MAX_VALUE, Long.MAX_VALUE / 2 + 1).isMass(half)).isTrue();
  }

  /** Deletes the first entries of three. */
  private void delete(int count, Optional<SliceDocument> answered) {
    List<SliceEntry> gone = ENTRIES.subList(0, count);
    oracle.deletes(A, new Deletion(3, count, 300, 100L * count), gone, () -> answered);
  }

  private static SliceDocument full(int count) {
    return new SliceDocument(
        header(Optional.empty()), List.of(), List.of(), ENTRIES.subList(0, count));
  }

  private static SliceDocument delta() {
    return new SliceDocument(
        header(Optional.of(WorkerAssignmentId.of(4))),
        List.of(),
        List.of(ENTRIES.get(0).number()),
        List.of());
  }

  private static SliceHeader header(Optional<WorkerAssignmentId> from) {
    return new SliceHeader(
        Lineage.of(1), WorkerAssignmentId.of(5), from, A, Incarnation.of(1), 0, 0, false);
  }

  private static SliceEntry entry(long counter) {
    ChunkNumber number = new ChunkNumber(Lineage.of(1), counter);
    return new SliceEntry(ChunkKey.of("d", "c" + counter), number, 100, 1);
  }
}
