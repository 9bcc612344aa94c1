package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Result;
import dev.stowage.model.Chunk;
import dev.stowage.store.StorageException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas of very many chunks that come to say the same are changed by runs, and only they. */
class ManyReplicasTest extends LedFleet {
  private static final String COMMIT = "replicas that change";

  private static final int CHUNKS = 1_500;

  @BeforeEach
  void placeEverything() {
    fleet.join(1_000_000, "a", "b");
    Chunk[] chunks =
        IntStream.range(0, CHUNKS).mapToObj(it -> chunk("c" + it, 100L * it)).toArray(Chunk[]::new);
    fleet.ingest(chunks).pass(1);
    stowage.schedule(fleet.now());
  }

  private void assertShownAndStored() {
    Result.Published cycle = stowage.publish(fleet.now());
    assertThat(cycle.promoted()).hasSize(CHUNKS);
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void everyReplicaOfEveryChunk_isNamed() {
    fleet.fetch();
    assertShownAndStored();
    fleet.settle();
    assertThat(store.audit().problems()).isEmpty();
  }

  /** A chunk in the middle has a replica less than its neighbours that is named. */
  @Test
  void replicaAmongThem_thatSaysSomethingElse_keepsWhatItSays() {
    fleet.fetch();
    stowage.lost(fleet.header("b"), List.of(fleet.disk("b").iterator().next()), fleet.now());
    stowage.publish(fleet.now());
    assertThat(store.audit().problems()).isEmpty();
    fleet.settle();
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void replicaThatAHandDeleted_stopsTheCommit() {
    fleet.fetch();
    fixture.execute(
        "DELETE FROM $.replica WHERE chunk = 700 AND worker = (SELECT min(worker)"
            + " FROM $.replica WHERE chunk = 700)");
    assertThatThrownBy(() -> stowage.publish(fleet.now()))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("the rows do not fit together")
        .satisfies(it -> assertThat(it.getSuppressed()[0]).hasMessageContaining(COMMIT));
  }

  /** As many as there were: their keys tell. */
  @Test
  void replicaThatAHandMoved_stopsTheCommit() {
    fleet.fetch();
    fixture.execute(
        "UPDATE $.replica SET worker = 77 WHERE chunk = 700 AND worker ="
            + " (SELECT min(worker) FROM $.replica WHERE chunk = 700)");
    assertThatThrownBy(() -> stowage.publish(fleet.now()))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("the rows do not fit together")
        .satisfies(it -> assertThat(it.getSuppressed()[0]).hasMessageContaining(COMMIT));
  }
}
