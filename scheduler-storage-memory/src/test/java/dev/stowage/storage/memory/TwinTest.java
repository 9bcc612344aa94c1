package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The store keeps the leader's own state; a twin proves the change sets complete. */
class TwinTest {
  private static final Tick NOW = Tick.of(0);
  private static final ChainPoint NO_EVIDENCE = new ChainPoint(0, Hash256.ZERO);

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private long sequence;

  @Test
  void committedState_isTheOneThatTheLeaderGave() {
    MemoryChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
    StoreSession session = founded(store);
    LifecycleState mirror = session.load().state().orElseThrow();
    ChangeSet changes = ingested(mirror, "a", 0);
    LifecycleSnapshot given = mirror.snapshot();
    commit(session, mirror, List.of(changes), given);
    assertThat(store.checkpoint().base.get()).isSameAs(given);
    assertThat(session.verify()).isEqualTo(mirror.digest());
  }

  @Test
  void commitWithoutState_isApplied_andSoAreThoseAfterIt() {
    MemoryChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
    StoreSession session = founded(store);
    LifecycleState mirror = session.load().state().orElseThrow();
    commit(session, mirror, List.of(ingested(mirror, "a", 0)), null);
    commit(session, mirror, List.of(ingested(mirror, "b", 10)), mirror.snapshot());
    commit(session, mirror, List.of(ingested(mirror, "c", 20)), null);
    assertThat(session.verify()).isEqualTo(mirror.digest());
    assertThat(session.load().state().orElseThrow().fullDigest()).isEqualTo(mirror.fullDigest());
  }

  @Test
  void changeSetsThatLackOne_areRefusedByTheTwin_andTheFormerStateIsServed() {
    MemoryChunkStore store = MemoryChunkStore.builder().twin().fixedLineages().build();
    StoreSession session = founded(store);
    LifecycleState mirror = session.load().state().orElseThrow();
    commit(session, mirror, List.of(ingested(mirror, "a", 0)), mirror.snapshot());
    long before = mirror.digest();
    ChangeSet lacking = ingested(mirror, "b", 10);
    ChangeSet last = ingested(mirror, "c", 20);
    assertThatThrownBy(() -> commit(session, mirror, List.of(lacking), mirror.snapshot()))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("the rows have digest");
    assertThat(session.verify()).isEqualTo(before);
    assertThat(store.ask(Questions.status(List.of(SmallFleet.key("b")))).get(0).state()).isEmpty();
    commit(session, mirror, List.of(lacking, last), mirror.snapshot());
    assertThat(session.verify()).isEqualTo(mirror.digest());
  }

  @Test
  void stateOfAnotherDigest_isRefused() {
    MemoryChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
    StoreSession session = founded(store);
    LifecycleState mirror = session.load().state().orElseThrow();
    LifecycleSnapshot former = mirror.snapshot();
    ChangeSet changes = ingested(mirror, "a", 0);
    assertThatThrownBy(() -> commit(session, mirror, List.of(changes), former))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("the snapshot has digest");
  }

  private static StoreSession founded(MemoryChunkStore store) {
    Claim claim = store.claim(new LeaseRequest("me", Duration.ofSeconds(9)));
    StoreSession session = ((Claim.Granted) claim).session();
    session.found(SmallFleet.config().fleet());
    return session;
  }

  private ChangeSet ingested(LifecycleState mirror, String id, long first) {
    List<ProposedChunk> chunks = ProposedChunk.listOf(List.of(SmallFleet.chunk(id, first)));
    ChangeSet changes = lifecycle.execute(mirror, new Command.Ingest(chunks), NOW).changes();
    mirror.settle();
    return changes;
  }

  private void commit(
      StoreSession session,
      LifecycleState mirror,
      List<ChangeSet> changes,
      @Nullable LifecycleSnapshot state) {
    try (StoreTransaction transaction = session.begin()) {
      transaction.commit(
          new Commit(
              new CommitKey(session.lease().epoch(), ++sequence),
              new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment()),
              NOW,
              List.of(),
              changes,
              mirror.digest(),
              List.of(),
              NO_EVIDENCE,
              state == null ? null : () -> state));
    }
  }
}
