package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.dataset;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.WorkerStanding;
import dev.stowage.lifecycle.questions.AsOf;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlanChanges;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetStore;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The contract of questions: a leader without a plan, a facade that follows and the store itself
 * give equal answers. A backend extends this class, opens its store, and changes nothing else.
 */
public abstract class QuestionsContract {
  private static final EveryQuestion EVERY =
      new EveryQuestion(
          Stream.of("c1", "c2", "old", "new", "nowhere").map(SmallFleet::key).toList(),
          Stream.of("a", "b", "c", "nobody").map(WorkerId::of).toList(),
          List.of(dataset(), DatasetId.of("nothing")),
          List.of(1L, 7L));

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private StoreFixture fixture;
  private FleetStore store;
  private Stowage leader;
  private Stowage follower;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    store = fixture.connect();
    leader = audit.watch(SmallFleet.facade(fixture.connect(), "first"));
    follower = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    fleet = new SmallFleet(leader);
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  private void lead() {
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
  }

  /** The leader forgets its plan, which others do not know. */
  private void allAgree() {
    leader.resign();
    lead();
    for (EveryQuestion.Asked each : EVERY.all()) {
      Object said = leader.ask(each.question());
      assertThat(follower.ask(each.question())).as("follower: %s", each).isEqualTo(said);
      assertThat(store.ask(each.question())).as("store: %s", each).isEqualTo(said);
    }
  }

  @Test
  void question_ofAFleetWithoutChunks_isAnsweredAlike() {
    lead();
    allAgree();
    fleet.join(1_000, "a", "b");
    allAgree();
  }

  @Test
  void question_isAnsweredAlike_whileChunksComeAndWorkersGo() {
    lead();
    fleet.join(1_000, "a", "b", "c").ingest(chunk("c1", 0), chunk("c2", 20), chunk("old", 10));
    allAgree();
    leader.schedule(fleet.pass(1).now());
    fleet.fetch("a");
    allAgree();
    fleet.settle();
    allAgree();
    leader.setStatus(WorkerId.of("a"), WorkerStatus.LEAVING, fleet.now());
    leader.remove(key("c2"), fleet.now());
    leader.schedule(fleet.now());
    allAgree();
    fleet.fetch();
    leader.publish(fleet.now());
    allAgree();
    fleet.settle();
    allAgree();
  }

  private LeaderStanding standing() {
    return store.ask(Questions.leader()).value();
  }

  @Test
  void leadersStanding_isThatOfItsNewestCycle_toAllReaders() {
    lead();
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    assertThat(standing().isUp()).isTrue();
    leader.lost(fleet.header("b"), List.copyOf(fleet.disk("b")), fleet.now());
    assertThat(standing().underFloor()).as("no cycle has counted it").isZero();
    leader.publish(fleet.now());
    assertThat(standing().underFloor()).isOne();
    assertThat(standing().atRisk()).isOne();
    assertThat(standing().isUp()).isFalse();
    assertThat(standing().reasons()).containsExactly("1 chunk is at risk");
    allAgree();
  }

  @Test
  void levels_areThoseOfThePlan_forAllReaders() {
    lead();
    fleet.join(1_000, "a").join(3_000, "b", "c");
    assertThat(follower.workers()).allMatch(it -> it.levelMillionths().isEmpty());
    fleet.ingest(chunk("c1", 0), chunk("c2", 10), chunk("new", 20)).settle();
    leader.setStatus(WorkerId.of("c"), WorkerStatus.CORDONED, fleet.now());
    leader.schedule(fleet.now());
    Map<WorkerId, OptionalLong> planned = new TreeMap<>();
    for (PlanChanges.Share each : leader.preview(List.of(), fleet.now()).changes().workers()) {
      OptionalLong level = each.levelBytes();
      planned.put(
          each.worker(),
          level.isEmpty()
              ? level
              : OptionalLong.of(level.getAsLong() * 1_000_000 / each.capacityBytes()));
    }
    assertThat(planned.get(WorkerId.of("c"))).as("it takes nothing").isEmpty();
    for (WorkerStanding each : follower.workers()) {
      assertThat(each.levelMillionths()).isEqualTo(planned.get(each.worker()));
    }
    allAgree();
  }

  @Test
  void idleCycle_keepsTheStanding_andMovesItsTick() {
    lead();
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    AsOf<LeaderStanding> before = store.ask(Questions.leader());
    long digest = SmallFleet.state(leader).digest();
    assertThat(leader.schedule(fleet.pass(5).now()).changed()).isFalse();
    AsOf<LeaderStanding> after = store.ask(Questions.leader());
    assertThat(after.value()).isEqualTo(before.value());
    assertThat(after.tick()).isGreaterThan(before.tick());
    assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
  }

  @Test
  void question_isAnsweredAlike_whileASwapWaits() {
    lead();
    fleet.join(1_000, "a", "b", "c").ingest(chunk("old", 0)).settle();
    leader.swap(dataset(), List.of(key("old")), List.of(chunk("new", 0)), fleet.now());
    allAgree();
    leader.schedule(fleet.pass(1).now());
    fleet.fetch("b");
    allAgree();
    fleet.settle();
    allAgree();
  }

  @Test
  void question_beforeTheFleetHasBegun_isRefused() {
    for (EveryQuestion.Asked each : EVERY.all()) {
      assertThatThrownBy(() -> store.ask(each.question()))
          .as("%s", each)
          .isInstanceOf(StorageException.Transient.class);
    }
  }

  @Test
  void question_afterTheClose_isRefused() {
    lead();
    leader.close();
    follower.close();
    for (EveryQuestion.Asked each : EVERY.all()) {
      for (Stowage facade : List.of(leader, follower)) {
        assertThatThrownBy(() -> facade.ask(each.question()))
            .as("%s", each)
            .isInstanceOfSatisfying(
                StowageException.class,
                e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.CLOSED));
      }
    }
  }

  @Test
  void question_ofNull_isRefused() {
    lead();
    assertThatThrownBy(() -> store.ask(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> leader.ask(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Questions.status(java.util.Collections.singletonList(null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("chunks[0]");
  }

  @Test
  void missingChunks_areThoseThatTheFleetDoesNotKnow_inTheirOrder() {
    lead();
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0), chunk("c2", 10));
    List<ChunkKey> asked = List.of(key("z"), key("c2"), key("c1"), key("b"));
    assertThat(follower.ask(Questions.missing(asked))).containsExactly(key("z"), key("b"));
    assertThat(store.ask(Questions.missing(asked))).containsExactly(key("z"), key("b"));
    assertThat(leader.ask(Questions.missing(List.of()))).isEmpty();
  }
}
