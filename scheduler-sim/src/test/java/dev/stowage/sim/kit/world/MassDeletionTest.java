package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.Deletion;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that is told to delete much asks for a full slice first, and an oracle sees to it. */
class MassDeletionTest {
  private static final WorkerId A = WorkerId.of("a");

  private final WorldFindings findings = new WorldFindings();
  private final MassDeletionOracle oracle = new MassDeletionOracle(findings);
  private final SimulatedWorker worker =
      new SimulatedWorker(Worker.of(A, 10_000), "disk", this::hear);
  private final List<SliceEntry> deleted = new ArrayList<>();
  private Stowage stowage;
  private final Transport links = new Links(1, () -> stowage, Map.of(A, worker));
  private SmallFleet fleet;

  @BeforeEach
  void fill() {
    stowage = SmallFleet.facade(MemoryChunkStore.create(), "leader");
    fleet = new SmallFleet(stowage);
    stowage.claim(fleet.now());
    worker.describe(worker.description());
    worker.start(0);
    fleet.join(10_000, "b");
    fleet.ingest(SmallFleet.chunk("c1", 0), SmallFleet.chunk("c2", 10), SmallFleet.chunk("c3", 20));
    fleet.round();
    hear(List.of());
    obey(slice());
    links.begin(0);
    worker.download(links, entry -> true, 0);
    assertThat(worker.disk().entries()).hasSize(3);
  }

  @AfterEach
  void close() {
    stowage.close();
  }

  @Test
  void deltaThatTakesAlmostAll_againstTheFullSlice_deletesNothing() {
    hear(slice().orElseThrow().entries().subList(0, 2));
    obey(slice());
    assertThat(deleted).isEmpty();
    obey(Optional.empty());
    assertThat(deleted).as("nor where there is no slice to ask for").isEmpty();
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void deltaThatTakesLittle_isObeyedWithoutAsking() {
    hear(slice().orElseThrow().entries().subList(0, 1));
    obey(Optional.empty());
    assertThat(deleted).hasSize(1);
    assertThat(findings.violations()).isEmpty();
  }

  /** Two of three that it has go, and another one comes. */
  private WorkerSlice change() {
    fleet.ingest(SmallFleet.chunk("c4", 40));
    stowage.remove(SmallFleet.key("c1"), fleet.now());
    stowage.remove(SmallFleet.key("c2"), fleet.now());
    fleet.round();
    fleet.round();
    WorkerSlice now = slice().orElseThrow();
    assertThat(now.entries()).hasSize(2);
    return now;
  }

  /** Who was told something wrong knows nothing of what it is right to delete either. */
  @Test
  void fullSliceOfTheSameAssignment_thatSaysSomethingElse_deletesNotEvenWhatNeitherNames() {
    WorkerSlice now = change();
    List<SliceEntry> told =
        now.entries().stream().filter(it -> !worker.holds(it.number())).toList();
    assertThat(told).as("all but what it has and is to keep").hasSize(1);
    worker.hears(full(now, told));
    obey(slice());
    assertThat(deleted).isEmpty();
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void laterFullSlice_keepsWhatItNames() {
    hear(slice().orElseThrow().entries().subList(0, 2));
    fleet.ingest(SmallFleet.chunk("c4", 40));
    fleet.round();
    assertThat(slice().orElseThrow().id().value()).isGreaterThan(worker.holds());
    obey(slice());
    assertThat(deleted).as("the later one names what the delta took away").isEmpty();
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void deletionOfMuch_isDone_onceTheFullSliceAgrees() {
    WorkerSlice now = change();
    worker.hears(full(now));
    obey(slice());
    assertThat(deleted).hasSize(2);
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void oracle_objects_whereMuchGoesUnasked_orIsNamedByTheFullSlice() {
    List<SliceEntry> entries = worker.disk().entries();
    oracle.begins(worker);
    entries.subList(0, 2).forEach(oracle::deletes);
    oracle.ends(A);
    assertThat(findings.violations()).singleElement().asString().contains("fetched no full slice");
    oracle.begins(worker);
    assertThat(oracle.fetches(slice())).isPresent();
    entries.subList(0, 2).forEach(oracle::deletes);
    oracle.ends(A);
    assertThat(findings.violations()).hasSize(2).element(1).asString().contains("it fetched names");
    oracle.begins(worker);
    oracle.deletes(entries.get(0));
    oracle.ends(A);
    assertThat(findings.violations()).hasSize(2);
  }

  @Test
  void documentSaysWhatItDeletes_andHowMuchIsMuch() {
    WorkerSlice slice = slice().orElseThrow();
    SliceDocument full = SliceDocument.of(slice);
    assertThat(full.deletionFrom(slice.entries())).isEqualTo(new Deletion(3, 0, 300, 0));
    SliceDocument emptied = SliceDocument.of(full(slice, slice.entries().subList(0, 1)));
    assertThat(emptied.deletionFrom(slice.entries())).isEqualTo(new Deletion(3, 2, 300, 200));
    SliceDocument delta = SliceDocument.of(removing(slice, slice.entries().subList(0, 1)));
    assertThatThrownBy(() -> delta.deletionFrom(slice.entries()))
        .isInstanceOf(IllegalStateException.class);
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

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Long.MAX_VALUE / 2, Long.MAX_VALUE})
  void deletion_ofMostChunks_isMass_whateverTheirSizes(long bytes) {
    int half = LifecycleConfig.Trust.DEFAULT.massDeletionMillionths();
    List<Integer> disk = IntStream.range(0, 100).boxed().toList();
    assertThat(Deletion.of(disk, each -> bytes, disk.subList(0, 51)).isMass(half)).isTrue();
    List<Integer> most = disk.subList(1, 100);
    assertThat(Deletion.of(disk, each -> each == 0 ? bytes : 0, most).isMass(half)).isTrue();
    assertThat(Deletion.of(disk, each -> bytes, List.of()).isMass(0)).isFalse();
  }

  private Optional<WorkerSlice> slice() {
    return stowage.fleet().slice(A);
  }

  private Result hear(Command<?> said) {
    return stowage.execute(said, fleet.now());
  }

  /** A document that takes these away, whatever the slice says. */
  private void hear(List<SliceEntry> removed) {
    WorkerSlice slice = slice().orElseThrow();
    SliceDelta told = removed.isEmpty() ? full(slice) : removing(slice, removed);
    assertThat(worker.hears(told)).isTrue();
  }

  private static SliceDelta removing(WorkerSlice slice, List<SliceEntry> removed) {
    return new SliceDelta(
        Optional.of(slice.id()),
        slice,
        removed.stream().map(SliceEntry::number).toList(),
        List.of());
  }

  private static SliceDelta full(WorkerSlice slice) {
    return full(slice, slice.entries());
  }

  private static SliceDelta full(WorkerSlice slice, List<SliceEntry> entries) {
    return new SliceDelta(Optional.empty(), slice, List.of(), entries);
  }

  private void obey(Optional<WorkerSlice> full) {
    oracle.begins(worker);
    worker.obey(
        0,
        () -> oracle.fetches(full),
        entry -> {
          oracle.deletes(entry);
          deleted.add(entry);
        });
    oracle.ends(A);
  }
}
