package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.ResultCode;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.Lease.LeaseAnswer;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two facades whose leases are over before a load, a plan or a commit is: who renews goes on to
 * lead, and epochs do not rise. Nothing here waits for time to pass: the lease runs out on the
 * store's clock while the leader is held at a seam. A backend extends this class, says how its
 * store is opened, and changes nothing else.
 */
public abstract class LeaseContract {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private StoreFixture fixture;
  private FleetStore store;
  private Seam seam;
  private Stowage leader;
  private Stowage standby;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  /** Runs what a test wants once, where the leader is at work. */
  private static final class Seam {
    private Callable<?> onLoad = () -> null;
    private Callable<?> onPlan = () -> null;
    private Callable<?> onCommit = () -> null;

    private static Callable<?> once(Callable<?> event) {
      try {
        event.call();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      return () -> null;
    }

    void plan() {
      onPlan = once(onPlan);
    }

    FleetStore in(FleetStore behind) {
      return new ForwardingStore(behind) {
        @Override
        protected StoreSession session(StoreSession granted) {
          return new ForwardingSession(granted) {
            @Override
            public LoadedFleet load() {
              LoadedFleet loaded = super.load();
              onLoad = once(onLoad);
              return loaded;
            }
          };
        }

        @Override
        protected StoreTransaction transaction(StoreTransaction begun) {
          return new ForwardingTransaction(begun) {
            @Override
            public void commit(Commit commit) {
              onCommit = once(onCommit);
              super.commit(commit);
            }
          };
        }
      };
    }
  }

  @BeforeEach
  void openFleet() {
    fixture = open();
    store = fixture.connect();
    seam = new Seam();
    leader =
        audit.watch(
            Stowage.builder(seam.in(fixture.connect()))
                .config(SmallFleet.config().withHolder("first"))
                .with(
                    (PlacementPlanner)
                        input -> {
                          seam.plan();
                          return PlacementPlanner.sticky().plan(input);
                        })
                .build());
    standby = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    fleet = new SmallFleet(leader);
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  private SmallFleet begun() {
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    return fleet.join(1_000, "a", "b").ingest(chunk("c1", 0));
  }

  /** The lease runs out, the leader renews it, and another process asks for it. */
  private Future<LeaseAnswer> renewedInTime() throws Exception {
    fixture.expireLease();
    elsewhere(
            () -> {
              leader.renew();
              return true;
            })
        .get(1, TimeUnit.MINUTES);
    return claimedByTheStandby();
  }

  private Future<LeaseAnswer> claimedByTheStandby() throws Exception {
    Future<LeaseAnswer> answer = elsewhere(() -> standby.claim(fleet.now()));
    try {
      answer.get(300, TimeUnit.MILLISECONDS);
    } catch (TimeoutException waitsForTheTransaction) {
      return answer;
    }
    return answer;
  }

  private static <T> Future<T> elsewhere(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task).start();
    return task;
  }

  private void assertStillLeads(long epoch, Future<LeaseAnswer> claimed) throws Exception {
    assertThat(claimed.get(1, TimeUnit.MINUTES).granted()).isFalse();
    assertThat(leader.isLeading()).isTrue();
    assertThat(store.lease().orElseThrow().epoch()).isEqualTo(epoch);
    fleet.settle();
    assertThat(leader.status(List.of(key("c1"))).get(0).state()).contains(ChunkState.VISIBLE);
    assertThat(store.lease().orElseThrow().epoch()).isEqualTo(epoch);
    assertThat(store.lease().orElseThrow().holder()).isEqualTo("first");
  }

  @Test
  void loadThatTakesLongerThanTheLease_doesNotLoseIt() throws Exception {
    begun();
    leader.resign();
    List<Future<LeaseAnswer>> claimed = new ArrayList<>();
    seam.onLoad = () -> claimed.add(renewedInTime());
    LeaseAnswer answer = leader.claim(fleet.now());
    assertThat(answer.granted()).isTrue();
    assertThat(claimed).hasSize(1);
    assertStillLeads(answer.lease().epoch(), claimed.get(0));
  }

  @Test
  void planThatTakesLongerThanTheLease_doesNotLoseIt() throws Exception {
    begun();
    long epoch = store.lease().orElseThrow().epoch();
    List<Future<LeaseAnswer>> claimed = new ArrayList<>();
    seam.onPlan = () -> claimed.add(renewedInTime());
    assertThat(leader.schedule(fleet.now()).minted()).isPresent();
    assertStillLeads(epoch, claimed.get(0));
  }

  @Test
  void commitThatTakesLongerThanTheLease_isNotDeposed_renewedOrNot() throws Exception {
    begun();
    long epoch = store.lease().orElseThrow().epoch();
    List<Future<LeaseAnswer>> claimed = new ArrayList<>();
    seam.onCommit = () -> claimed.add(renewedInTime());
    fleet.ingest(chunk("c2", 10));
    seam.onCommit =
        () -> {
          fixture.expireLease();
          return claimed.add(claimedByTheStandby());
        };
    fleet.ingest(chunk("c3", 20));
    assertThat(claimed.get(1).get(1, TimeUnit.MINUTES).granted()).isFalse();
    assertStillLeads(epoch, claimed.get(0));
  }

  @Test
  void leaderThatGetsSomethingDone_needsNoRenewal() throws Exception {
    begun();
    long epoch = store.lease().orElseThrow().epoch();
    for (int i = 0; i < 15; i++) {
      fixture.expireLease();
      fleet.round();
      assertThat(standby.claim(fleet.now()).granted()).as("after round " + i).isFalse();
    }
    assertStillLeads(epoch, claimedByTheStandby());
  }

  @Test
  void renewal_ofALeaderThatWasDeposed_saysSo_andItFollows() {
    begun();
    fixture.expireLease();
    assertThat(standby.claim(fleet.now()).granted()).isTrue();
    assertThatThrownBy(leader::renew).isInstanceOf(StorageException.Fenced.class);
    assertThat(leader.isLeading()).isFalse();
    assertThat(leader.stats().fenced()).isEqualTo(1);
    assertThatThrownBy(leader::renew)
        .isInstanceOfSatisfying(
            StowageException.class,
            e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.NOT_LEADING));
  }

  /** Another process takes the expired lease, and a renewal of this one learns it. */
  private boolean renewalLearnsOfTheStandby() {
    fixture.expireLease();
    assertThat(standby.claim(fleet.now()).granted()).isTrue();
    assertThatThrownBy(() ->
            elsewhere(
                    () -> {
                      leader.renew();
                      return true;
                    })
                .get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(StorageException.Fenced.class);
    return true;
  }

  @Test
  void renewal_ofALeaderThatIsDeposedAtWork_leavesItToTheWork() {
    begun();
    seam.onLoad = this::renewalLearnsOfTheStandby;
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    assertThat(leader.isLeading()).as("the thread that loads finds out").isTrue();
    assertThat(leader.ingest(List.of(chunk("c9", 90)), fleet.now()).code())
        .isEqualTo(ResultCode.REQUESTED);
    assertThat(leader.isLeading()).isFalse();
  }

  @Test
  void renewal_ofALeaderThatIsDeposedBesideItsPlan_endsItsCycle() {
    begun();
    seam.onPlan = this::renewalLearnsOfTheStandby;
    assertThatThrownBy(() -> leader.schedule(fleet.now()))
        .isInstanceOfSatisfying(
            StowageException.class,
            e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.NOT_LEADING));
    assertThat(leader.isLeading()).isFalse();
  }

  @Test
  void renewal_ofAFacadeThatWasClosed_saysSo() {
    begun();
    leader.close();
    assertThatThrownBy(leader::renew)
        .isInstanceOfSatisfying(
            StowageException.class,
            e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.CLOSED));
  }
}
