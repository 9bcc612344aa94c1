package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.StorageException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cycle that many workers reported to writes what their reports changed, and no more. */
class ManyReportsTest extends LedFleet {
  private static final String[] NAMES =
      IntStream.range(0, 40).mapToObj(it -> "w" + it).toArray(String[]::new);

  @BeforeEach
  void placeSomething() {
    fleet.join(10_000, NAMES);
    fleet.ingest(chunk("c1", 0), chunk("c2", 100)).pass(1);
    stowage.schedule(fleet.now());
  }

  @Test
  void whatIsStored_isWhatTheLeaderHas_whoeverHeardTheReports() {
    fleet.fetch();
    stowage.publish(fleet.now());
    assertStored();
    try (PostgresChunkStore other = fixture.connect()) {
      for (String name : NAMES) {
        WorkerAssignmentId newest = stowage.fleet().ids().worker();
        PostgresFixture.append(other, new Command.Applied(fleet.header(name), newest, List.of()));
      }
    }
    // One of them changes in the same cycle in what no report says.
    stowage.describe(Worker.of(WorkerId.of(NAMES[7]), 20_000), fleet.now());
    fleet.pass(1);
    stowage.schedule(fleet.now());
    assertStored();
    fleet.settle();
    assertStored();
  }

  private void assertStored() {
    var stored = store.read().state().orElseThrow();
    assertThat(stored.fullDigest()).isEqualTo(stowage.ask(Audit.STATE).digest());
    for (String name : NAMES) {
      int worker = stored.workerPosition(WorkerId.of(name));
      assertThat(stored.workerRow(worker)).isEqualTo(stowage.ask(Audit.STATE).workerRow(worker));
    }
  }

  @Test
  void workerThatAHandDeleted_isMissed_andNothingIsWritten() {
    fleet.fetch();
    long before = store.read().digest();
    fixture.execute("DELETE FROM $.worker WHERE id = 'w5'");
    assertThatThrownBy(() -> stowage.publish(fleet.now()))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("the rows do not fit together")
        .satisfies(
            it -> assertThat(it.getSuppressed()[0]).hasMessageContaining("39 are in table worker"));
    assertThat(TestServer.get().number("SELECT digest FROM " + fixture.schema() + ".fleet"))
        .isEqualTo(before);
  }
}
