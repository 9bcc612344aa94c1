package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.StowageListener;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.Retention;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Two chunks that portals see share their blocks: no command could do that, so the rows are forged.
 */
class BrokenPromiseTest {
  private static final Lineage LINEAGE = Lineage.of(1);

  private final MemoryChunkStore store = MemoryChunkStore.builder().twin().fixedLineages().build();
  private final List<Violation> heard = new ArrayList<>();
  private boolean throwsOnHearing;
  private final StowageListener listener =
      new StowageListener() {
        @Override
        public void violated(Tick tick, Command<?> command, List<Violation> violations) {
          heard.addAll(violations);
          if (throwsOnHearing) {
            throw new IllegalStateException("of the host");
          }
        }
      };

  private Stowage lead(AuditLevel level) {
    Stowage facade =
        Stowage.builder(store)
            .config(SmallFleet.config().withAudit(level))
            .listener(listener)
            .build();
    facade.claim(0);
    return facade;
  }

  @Test
  void cycle_thatFindsABrokenPromise_isStoppedBeforeItIsDurable() {
    forge();
    Stowage stowage = lead(AuditLevel.STATE);
    long before = stowage.stats().digest();
    assertThatThrownBy(() -> stowage.publish(0))
        .isInstanceOfSatisfying(
            InvariantViolation.class, e -> assertThat(e.invariant()).isEqualTo("no overlap"));
    assertThat(heard).extracting(Violation::invariant).containsExactly(Invariant.NO_OVERLAP);
    assertThat(stowage.stats().digest()).isEqualTo(before);
    assertThat(stowage.audit()).hasSize(1);
  }

  @Test
  void brokenPromise_isToldAsOne_whateverTheListenerThrows() {
    forge();
    throwsOnHearing = true;
    Stowage stowage = lead(AuditLevel.STATE);
    assertThatThrownBy(() -> stowage.publish(0)).isInstanceOf(InvariantViolation.class);
    assertThat(heard).isNotEmpty();
  }

  @Test
  void facade_thatDoesNotAudit_goesOn_butTellsWhenAsked() {
    forge();
    Stowage stowage = lead(AuditLevel.OFF);
    stowage.schedule(0);
    stowage.publish(0);
    assertThat(stowage.audit())
        .extracting(Violation::invariant)
        .containsExactly(Invariant.NO_OVERLAP);
    assertThat(heard).isEmpty();
  }

  @Test
  void commandOfAGroup_thatBreaksAPromise_isUndoneAlone() {
    forge();
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    Stowage stowage =
        Stowage.builder(store)
            .config(SmallFleet.config().withAudit(AuditLevel.CHANGES))
            .executor(tasks::add)
            .build();
    stowage.claim(0);
    var first = stowage.submit(ingest("x", 100), 0).toCompletableFuture();
    var broken = stowage.submit(new Command.Remove(ChunkKey.of("d", "a")), 0).toCompletableFuture();
    var last = stowage.submit(ingest("y", 200), 0).toCompletableFuture();
    tasks.remove().run();
    assertThat(first.getNow(null).isAccepted()).isTrue();
    assertThat(last.getNow(null).isAccepted()).isTrue();
    assertThatThrownBy(() -> broken.getNow(null)).hasCauseInstanceOf(InvariantViolation.class);
    long digest = stowage.stats().digest();
    stowage.close();
    assertThat(lead(AuditLevel.OFF).stats().digest()).isEqualTo(digest);
  }

  private static Command.Ingest ingest(String id, long first) {
    return new Command.Ingest(ProposedChunk.listOf(List.of(SmallFleet.chunk(id, first))));
  }

  private void forge() {
    LifecycleState state = LifecycleState.empty(SmallFleet.config().fleet(), LINEAGE);
    ChangeSet.Parts rows = new ChangeSet.Parts().chunks(List.of(visible(0, "a"), visible(1, "b")));
    store.restore(
        new Checkpoint(
            () -> LifecycleState.load(state.fleetRow(), rows).snapshot(),
            new DurableState.Waiting(state.largestTick(), List.of(), List.of(), new TreeMap<>(), 0),
            Map.of(),
            new History(Retention.unlimited())));
  }

  private static ChunkRow visible(int position, String id) {
    return new ChunkRow(
        position,
        ChunkKey.of("d", id),
        BlockRange.of(0, 9),
        100,
        0,
        Eligibility.ANY,
        ChunkState.VISIBLE,
        false,
        new ChunkNumber(LINEAGE, position + 1),
        false,
        false,
        1,
        0,
        0,
        null,
        List.of(),
        List.of());
  }
}
