package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.IntSet;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Lineage;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Rows that another mirror wrote: what a follower has to look at because of them. */
class RowLoaderTest {
  private final Tables leader = RowDrafts.tables();
  private final Tables follower = RowDrafts.tables();
  private final WorkSets work = follower.work;

  private void lead(Consumer<Journal> write) {
    Journal journal = new Journal(leader);
    write.accept(journal);
    ChangeSet changes = journal.finish();
    journal.seal();
    for (IntSet set : List.of(work.touched, work.unfed, work.dark, work.reporting)) {
      set.clear();
    }
    work.pairs.clear();
    long version = follower.planVersion;
    work.feeder = this;
    RowLoader.apply(follower, changes);
    assertThat(follower.planVersion).isGreaterThan(version);
    assertThat(work.feeder).as("a planner that was told of other rows").isNull();
    assertThat(follower.digest).isEqualTo(leader.digest);
    assertThat(follower.fullDigest()).isEqualTo(leader.digest);
    assertThat(RowDrafts.describe(follower)).isEqualTo(RowDrafts.describe(leader));
  }

  private void fill() {
    lead(journal -> {
      for (int i = 0; i < 4; i++) {
        journal.insertWorker(RowDrafts.worker(i, "w" + i));
        journal.insertChunk(RowDrafts.chunk(i, "d", i * 10L, 5));
      }
      for (int i = 0; i < 4; i++) {
        journal.addReplica(i, i, 1 + i);
      }
    });
  }

  @Test
  void newRows_areLookedAt() {
    fill();
    assertThat(RowDrafts.sorted(work.touched)).containsExactly(0, 1, 2, 3);
    assertThat(work.pairs.sorted())
        .containsExactly(0, (1L << 32) + 1, (2L << 32) + 2, (3L << 32) + 3);
    assertThat(RowDrafts.sorted(work.reporting)).containsExactly(0, 1, 2, 3);
    lead(journal -> journal.insertChunk(RowDrafts.chunk(4, "d", 50, 5)));
    assertThat(work.touched.toArray()).containsExactly(4);
    assertThat(work.dark.toArray()).containsExactly(4);
    assertThat(work.pairs.size()).isZero();
    lead(journal -> journal.addReplica(4, 2, 9));
    assertThat(work.touched.toArray()).containsExactly(4);
    assertThat(work.pairs.sorted()).containsExactly((2L << 32) + 4);
    lead(journal -> journal.worker(3, it -> it.with(WorkerRow.LAST_APPLIED, 7)));
    assertThat(work.reporting.toArray()).containsExactly(3);
    assertThat(work.pairs.size()).as("no slice depends on a worker's row").isZero();
  }

  @Test
  void changedReplica_unsortsItsWorker_andItsChunkIsLookedAt() {
    fill();
    follower.workers.sorted(2, true);
    follower.workers.missing(2, false);
    work.restless.clear();
    lead(journal -> {
      journal.touch(leader.replicas.find(2, 2, leader.chunks));
      leader.replicas.superseded(leader.replicas.find(2, 2, leader.chunks), 6);
    });
    assertThat(follower.workers.isSorted(2)).isFalse();
    assertThat(follower.workers.mayMiss(2)).isTrue();
    assertThat(work.restless.toArray()).containsExactly(2);
    assertThat(work.pairs.size()).as("the entry is the same").isZero();
    lead(journal -> journal.since(leader.replicas.find(2, 2, leader.chunks), 5));
    assertThat(work.pairs.sorted()).containsExactly((2L << 32) + 2);
  }

  @Test
  void replicaThatWent_isLookedAt_andItsPlaceGivenAgain() {
    fill();
    int slot = follower.replicas.find(2, 3, follower.chunks);
    assertThat(slot).isEqualTo(ReplicaTable.NONE);
    int gone = follower.replicas.find(3, 3, follower.chunks);
    lead(journal -> journal.removeReplica(leader.replicas.find(3, 3, leader.chunks)));
    assertThat(work.touched.toArray()).containsExactly(3);
    assertThat(work.pairs.sorted()).containsExactly((3L << 32) + 3);
    lead(journal -> journal.addReplica(2, 3, 5));
    assertThat(follower.replicas.find(2, 3, follower.chunks)).isEqualTo(gone);
    lead(journal -> journal.removeChunk(3));
    assertThat(follower.waitingChunks()).isEqualTo(3);
  }

  @Test
  void newConfiguration_hasEverythingLookedAt_theSameHasNot() {
    fill();
    follower.nextSilence = 40;
    lead(journal -> journal.fleet(it -> it.with(FleetRow.DEBT_BYTES, 5)));
    assertThat(follower.nextSilence).isEqualTo(40);
    assertThat(work.touched.isEmpty()).isTrue();
    LifecycleConfig other = RandomStory.quiet().drainWindowTicks(9).build();
    lead(journal -> journal.fleet(it -> it.with(FleetRow.CONFIG, other)));
    assertThat(follower.nextSilence).isZero();
    assertThat(RowDrafts.sorted(work.touched)).containsExactly(0, 1, 2, 3);
    assertThat(follower.fleet.config().drainWindowTicks()).isEqualTo(9);
  }

  @Test
  void watermarkThatRises_hasWhatWaitedForItLookedAt() {
    fill();
    assertThat(RowDrafts.sorted(work.unconfirmed)).containsExactly(0, 1, 2, 3);
    work.restless.clear();
    work.restless.add(0);
    work.unconfirmed.remove(1);
    lead(journal -> journal.fleet(it -> it.with(FleetRow.WATERMARK, 3)));
    assertThat(RowDrafts.sorted(work.unconfirmed)).containsExactly(3);
    assertThat(RowDrafts.sorted(work.touched)).containsExactly(0, 2, 3);
    work.unconfirmed.remove(3);
    work.restless.clear();
    work.restless.add(1);
    lead(journal -> journal.fleet(it -> it.with(FleetRow.WATERMARK, 4)));
    assertThat(work.touched.toArray()).containsExactly(1);
  }

  @Test
  void lineageThatBegins_isKnownToTheFollower() {
    fill();
    Lineage fresh = Lineage.of(99);
    lead(journal -> {
      leader.chunks.lineage(fresh);
      List<FleetRow.LineageRow> both =
          List.of(leader.fleet.present(), new FleetRow.LineageRow(fresh, 4, 0));
      journal.fleet(it -> it.with(FleetRow.LINEAGES, both));
    });
    assertThat(follower.chunks.lineages()).containsExactly(RowDrafts.LINEAGE, fresh);
    lead(journal -> journal.fleet(it -> it.with(FleetRow.DEBT_BYTES, 5)));
    assertThat(follower.chunks.lineages()).containsExactly(RowDrafts.LINEAGE, fresh);
  }
}
