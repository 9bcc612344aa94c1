package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.store.StorageException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Rows that wait for the leader and that a hand changes: the audit finds each, and whatever it is
 * the leader commits, and the next one loads.
 */
@Tag("deep")
class AheadEditsTest extends HandOnTables {
  /** Each must be found. */
  private static final List<String> EDITS =
      lines(
          """
          UPDATE $.chunk SET size_bytes = size_bytes + 1 WHERE id = 'waits'
          UPDATE $.chunk SET weight = 7 WHERE id = 'waits'
          UPDATE $.chunk SET last_block = last_block + 1 WHERE id = 'waits'
          UPDATE $.chunk SET first_block = first_block + 1 WHERE id = 'waits'
          UPDATE $.chunk SET required_labels = '{x}' WHERE id = 'waits'
          UPDATE $.chunk SET min_version = '3' WHERE id = 'waits'
          UPDATE $.chunk SET admitted_tick = admitted_tick + 1 WHERE id = 'waits'
          UPDATE $.chunk SET state = 3 WHERE id = 'waits'
          UPDATE $.chunk SET state = 0 WHERE id = 'waits'
          UPDATE $.chunk SET end_tick = 5 WHERE id = 'waits'
          UPDATE $.chunk SET established_at = 1 WHERE id = 'waits'
          UPDATE $.chunk SET once_possessed = true WHERE id = 'waits'
          UPDATE $.chunk SET id = 'another' WHERE id = 'waits'
          DELETE FROM $.chunk WHERE id = 'waits'
          UPDATE $.chunk SET size_bytes = size_bytes + 1 WHERE id = 'c1b'
          DELETE FROM $.chunk WHERE id = 'c1b'
          UPDATE $.chunk SET removal_ahead = false WHERE id = 'c2'
          UPDATE $.chunk SET removal_ahead = true WHERE id = 'c1'
          UPDATE $.chunk SET removal_ahead = true WHERE id = 'c3'
          DELETE FROM $.news WHERE mark = (SELECT min(mark) FROM $.news)
          DELETE FROM $.news WHERE mark = (SELECT min(mark) + 2 FROM $.news)
          UPDATE $.swap SET state_ahead = 1 WHERE id = 1
          UPDATE $.swap SET state_ahead = 2 WHERE id = 1
          UPDATE $.swap SET coverage = 1 - coverage
          UPDATE $.swap SET registered_tick = registered_tick + 1
          UPDATE $.swap SET id = id + 9
          DELETE FROM $.swap
          UPDATE $.swap_chunk SET id = 'c3' WHERE side = 0
          UPDATE $.swap_chunk SET id = 'other' WHERE side = 1
          DELETE FROM $.swap_chunk WHERE side = 1
          DELETE FROM $.swap_chunk WHERE side = 0
          INSERT INTO $.swap_chunk SELECT swap, place + 1, dataset, side, pending, 'c3' FROM
            $.swap_chunk WHERE side = 0
          UPDATE $.worker SET capacity_bytes = capacity_bytes + 1 WHERE id = 'b' AND ahead
          UPDATE $.worker SET zone = 'x' WHERE id = 'b' AND ahead
          UPDATE $.worker SET status = 0 WHERE id = 'b' AND ahead
          UPDATE $.worker SET incarnation = incarnation + 1 WHERE id = 'b' AND ahead
          UPDATE $.worker SET disk_id = 'x' WHERE id = 'b' AND ahead
          UPDATE $.worker SET last_applied = last_applied + 1 WHERE id = 'b' AND ahead
          UPDATE $.worker SET owes_inventory = NOT owes_inventory WHERE id = 'b' AND ahead
          UPDATE $.worker SET last_report = last_report + 1 WHERE id = 'b' AND ahead
          UPDATE $.worker SET heard = NOT heard WHERE id = 'b' AND ahead
          UPDATE $.worker SET pending = NULL WHERE id = 'b' AND ahead
          UPDATE $.worker SET slice_sum = 3 WHERE id = 'b' AND ahead
          DELETE FROM $.worker WHERE id = 'b' AND ahead
          UPDATE $.fleet SET digest = 3 WHERE ahead
          UPDATE $.fleet SET evidence_index = 3 WHERE ahead
          UPDATE $.fleet SET config_version = config_version + 1 WHERE ahead
          UPDATE $.fleet SET frozen = NOT frozen WHERE ahead
          UPDATE $.fleet SET wishes_version = wishes_version + 1 WHERE ahead
          UPDATE $.fleet SET last_swap = last_swap + 1 WHERE ahead
          UPDATE $.fleet SET worker_assignment = worker_assignment + 1 WHERE ahead
          UPDATE $.fleet SET watermark = watermark + 1 WHERE ahead
          UPDATE $.fleet SET largest_tick = largest_tick + 5 WHERE ahead
          UPDATE $.fleet SET marks_hash = 3 WHERE ahead
          UPDATE $.fleet SET config = '\\x00' WHERE ahead
          UPDATE $.fleet SET config = (SELECT config FROM $.fleet WHERE NOT ahead) WHERE ahead
          DELETE FROM $.fleet WHERE ahead
          """);

  /**
   * The edits that cannot be read, and a row edited into the range of a waiting chunk: the leader
   * goes on only once they are reverted, and names the row.
   */
  private static final List<String> STOPPING =
      lines(
          """
          UPDATE $.chunk SET id = 'another' WHERE id = 'waits'
          UPDATE $.fleet SET largest_tick = largest_tick + 5 WHERE ahead
          UPDATE $.fleet SET marks_hash = 3 WHERE ahead
          UPDATE $.fleet SET config = '\\x00' WHERE ahead
          """);

  @Override
  void live(Stowage stowage, SmallFleet fleet) {
    fleet.join(10_000, "a", "b", "c");
    fleet.ingest(chunk("c1", 0), chunk("c2", 10), chunk("c3", 20)).settle();
    stowage.resign();
    fleet.ingest(chunk("waits", 60));
    stowage.swap(SmallFleet.dataset(), List.of(key("c1")), List.of(chunk("c1b", 0)), fleet.now());
    stowage.remove(key("c2"), fleet.now());
    long other =
        stowage
            .swap(SmallFleet.dataset(), List.of(key("c3")), List.of(chunk("c3b", 20)), fleet.now())
            .swapId();
    stowage.cancel(other, fleet.now());
    WorkerId b = WorkerId.of("b");
    stowage.describe(Worker.of(b, 20_000), fleet.now());
    stowage.setStatus(b, WorkerStatus.CORDONED, fleet.now());
    stowage.lost(fleet.header("b"), List.of(), fleet.now());
    stowage.configure(
        Command.ANY_VERSION,
        SmallFleet.config().fleet().toBuilder().drainWindowTicks(4).build(),
        fleet.now());
  }

  @Test
  void eachEdit_isFoundByTheAudit() {
    eachIsFound(EDITS);
  }

  /** The leader decides on its own rows and the news: what writers left it writes over. */
  @Test
  void noEdit_stopsTheLeader_orTheNextOne() {
    backUp();
    List<String> stopped = new ArrayList<>();
    for (String edit : EDITS) {
      edit(edit);
      try {
        leadTwice();
      } catch (RuntimeException e) {
        if (!STOPPING.contains(edit) || !(e instanceof StorageException.Corrupt)) {
          stopped.add(edit + ": " + e);
        }
      }
      restore();
    }
    assertThat(stopped).isEmpty();
  }

  private void leadTwice() {
    for (String leader : List.of("next", "one more")) {
      try (Stowage stowage = SmallFleet.facade(store, leader)) {
        SmallFleet fleet = new SmallFleet(stowage);
        fleet.pass(now / 1_000_000_000L);
        stowage.claim(fleet.now());
        stowage.schedule(fleet.now());
        stowage.publish(fleet.pass(1).now());
        stowage.resign();
      }
    }
  }

  @Test
  void swapThatWaits_andWasEdited_isWhatTheLeaderTookIn() {
    edit("UPDATE $.swap SET state_ahead = 1 WHERE id = 1");
    edit("UPDATE $.swap_chunk SET place = place + 7");
    leadTwice();
    assertThat(store.audit().problems()).isEmpty();
    assertThat(store.read().state().orElseThrow().swaps())
        .first()
        .satisfies(swap -> {
          assertThat(swap.state()).isEqualTo(SwapState.PENDING);
          assertThat(swap.oldChunks()).containsExactly(key("c1"));
          assertThat(swap.newChunks()).containsExactly(key("c1b"));
        });
    try (Stowage writer = SmallFleet.facade(store, "writer")) {
      long swap = store.read().state().orElseThrow().swaps().get(0).id();
      assertThat(writer.cancel(swap, now).isAccepted()).isTrue();
      assertThat(store.audit().problems()).isEmpty();
    }
  }
}
