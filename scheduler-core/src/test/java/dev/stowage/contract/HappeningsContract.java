package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.dataset;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.StowageListener.LineageBegun;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The happenings that a listener hears of: once each, after the commit, from the leader alone. A
 * backend extends this class, opens its store, and changes nothing else.
 */
public abstract class HappeningsContract {
  private static final WorkerId B = WorkerId.of("b");
  private static final WorkerId C = WorkerId.of("c");

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final List<String> told = new ArrayList<>();
  private StoreFixture fixture;
  private Stowage leader;
  private Stowage follower;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    leader = facade(fixture.connect(), "first");
    follower = facade(fixture.connect(), "second");
    fleet = new SmallFleet(leader);
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  private Stowage facade(FleetStore store, String holder) {
    return audit.watch(
        Stowage.builder(store)
            .config(SmallFleet.config().withHolder(holder))
            .listener(listener(holder))
            .build());
  }

  private StowageListener listener(String holder) {
    return new StowageListener() {
      @Override
      public void departed(Tick tick, List<WorkerId> workers) {
        told.add(holder + " departed " + workers);
      }

      @Override
      public void left(Tick tick, List<WorkerId> workers) {
        told.add(holder + " left " + workers);
      }

      @Override
      public void atRisk(Tick tick, int chunks, List<ChunkKey> named) {
        told.add(holder + " atRisk " + chunks + " " + named);
      }

      @Override
      public void swapFired(
          Tick tick, long swapId, List<ChunkKey> oldChunks, List<ChunkKey> newChunks) {
        told.add(holder + " swapFired " + swapId + " " + oldChunks + " " + newChunks);
      }

      @Override
      public void lineage(LineageBegun begun) {
        told.add(
            holder
                + " lineage "
                + !begun.former().equals(begun.present())
                + " owed "
                + begun.inventoriesOwed()
                + " paused "
                + (begun.pauseUntil().compareTo(begun.keptTick()) > 0));
      }
    };
  }

  /** What happens to a settled fleet, and what the listeners hear of it. */
  record Happening(String name, Consumer<HappeningsContract> story, List<String> told) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Happening happening(
      String name, Consumer<HappeningsContract> story, String... told) {
    return new Happening(name, story, List.of(told));
  }

  static Stream<Happening> happenings() {
    return Stream.of(
        happening("nothing", it -> {}),
        happening("a worker with replicas departs", it -> it.stop(C), "first departed [c]"),
        happening(
            "an emptied worker that was to leave stops",
            HappeningsContract::empty,
            "first left [c]"),
        happening(
            "an empty worker departs without an order to leave",
            it -> {
              it.fleet.join(1_000, "e");
              it.stop(WorkerId.of("e"));
            },
            "first departed [e]"),
        happening(
            "a worker departs, returns and departs",
            it -> {
              it.stop(C);
              it.fleet.register("c");
              it.leader.inventory(it.fleet.header("c"), List.of(), it.fleet.now());
              it.fleet.settle();
              it.stop(C);
            },
            "first departed [c]",
            "first departed [c]"),
        happening(
            "a chunk is left with one copy",
            it -> {
              it.stop(C);
              it.lose();
            },
            "first departed [c]",
            "first atRisk 1 [d/c1]"),
        happening(
            "a chunk is twice left with one copy",
            it -> {
              it.stop(C);
              it.lose();
              it.fleet.settle();
              it.lose();
            },
            "first departed [c]",
            "first atRisk 1 [d/c1]",
            "first atRisk 1 [d/c1]"),
        happening(
            "workers of a chunk are silent",
            it -> {
              for (WorkerId silent : List.of(B, C)) {
                it.leader.setStatus(silent, WorkerStatus.SUSPECT, it.fleet.now());
              }
              it.leader.publish(it.fleet.pass(1).now());
              it.leader.schedule(it.fleet.pass(1).now());
            },
            "first atRisk 1 [d/c1]"),
        happening(
            "the floor is raised, and none of its copies lost",
            it ->
                it.leader.configure(
                    1,
                    SmallFleet.config().fleet().toBuilder().minReplication(7).build(),
                    it.fleet.now())),
        happening(
            "a new chunk has one copy of three",
            it -> {
              it.fleet.ingest(chunk("n1", 100));
              it.leader.schedule(it.fleet.pass(1).now());
              it.fleet.fetch("a");
              it.leader.publish(it.fleet.now());
              it.leader.schedule(it.fleet.pass(1).now());
            }),
        happening(
            "a swap fires",
            it ->
                it.leader.swap(
                    dataset(), List.of(key("c1")), List.of(chunk("n1", 0)), it.fleet.now()),
            "first swapFired 1 [d/c1] [d/n1]"));
  }

  private void stop(WorkerId worker) {
    leader.setStatus(worker, WorkerStatus.DEPARTED, fleet.now());
    leader.schedule(fleet.pass(1).now());
  }

  private void empty() {
    leader.setStatus(C, WorkerStatus.LEAVING, fleet.now());
    fleet.settle();
    stop(C);
  }

  private void lose() {
    leader.lost(fleet.header("b"), List.copyOf(fleet.disk("b")), fleet.now());
    leader.schedule(fleet.pass(1).now());
  }

  @ParameterizedTest
  @MethodSource("happenings")
  void happening_isToldOnce_byTheLeader(Happening happening) {
    fleet.join(1_000, "a", "b", "c").ingest(chunk("c1", 0)).settle();
    assertThat(told).isEmpty();
    happening.story().accept(this);
    for (int round = 0; round < 8; round++) {
      fleet.round();
    }
    assertThat(told).isEqualTo(happening.told());
    fixture.expireLease();
    assertThat(follower.claim(fleet.now()).granted()).isTrue();
    fleet.through(follower).round();
    assertThat(told).as("the next leader repeats nothing").isEqualTo(happening.told());
  }

  @Test
  void lineage_isToldByWhoeverBeginsIt() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    assumeTrue(fixture.losesCommits(), "the store of this fixture cannot lose commits");
    assertThat(follower.claim(fleet.now()).granted()).isTrue();
    assertThat(told).containsExactly("second lineage true owed 2 paused true");
    follower.schedule(fleet.pass(1).now());
    follower.publish(fleet.now());
    assertThat(told)
        .as("no disk is trusted before its inventory")
        .containsExactly("second lineage true owed 2 paused true", "second atRisk 1 [d/c1]");
  }

  @Test
  void happening_isNotToldBeforeItIsDurable() {
    boolean[] failing = {false};
    FleetStore failingStore =
        new ForwardingStore(fixture.connect()) {
          @Override
          protected StoreTransaction transaction(StoreTransaction begun) {
            return new ForwardingTransaction(begun) {
              @Override
              public void commit(Commit commit) {
                if (failing[0]) {
                  throw new StorageException.Transient(
                      "not now", StorageException.Outcome.NOT_COMMITTED, null);
                }
                super.commit(commit);
              }
            };
          }
        };
    fixture.expireLease();
    Stowage unlucky = facade(failingStore, "unlucky");
    assertThat(unlucky.claim(fleet.now()).granted()).isTrue();
    fleet.through(unlucky).join(1_000, "a", "b", "c").ingest(chunk("c1", 0)).settle();
    failing[0] = true;
    assertThat(catchThrowable(() -> unlucky.setStatus(C, WorkerStatus.DEPARTED, fleet.now())))
        .isInstanceOf(StorageException.Transient.class);
    assertThat(told).isEmpty();
    failing[0] = false;
    unlucky.setStatus(C, WorkerStatus.DEPARTED, fleet.now());
    assertThat(told).containsExactly("unlucky departed [c]");
  }
}
