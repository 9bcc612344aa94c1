package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.Tick;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import dev.stowage.store.spi.StoreTransaction;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The contract of leases on every {@link FleetStore}: a lease lasts while its holder renews it or
 * commits. A backend extends this class, opens its store, and changes nothing else.
 */
public abstract class StoreLeaseContract extends StoreContract {
  @Test
  void renewal_neverShortensTheLease() {
    StoreSession session = founded("a");
    Lease longer = session.renew(LEASE.multipliedBy(3));
    assertThat(session.renew(LEASE).expiresAtNanos()).isEqualTo(longer.expiresAtNanos());
    assertThat(store.lease()).contains(session.lease());
  }

  @Test
  void renewal_besideAnOpenTransaction_doesNotWaitForIt() throws Exception {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    AssignmentIds expected = ids(mirror);
    try (StoreTransaction transaction = session.begin()) {
      ChangeSet changes = lifecycle.execute(mirror, describe("w"), NOW).changes();
      Lease renewed =
          elsewhere(() -> session.renew(LEASE.multipliedBy(2))).get(1, TimeUnit.MINUTES);
      assertThat(renewed.expiresAtNanos() - store.clockNanos()).isGreaterThan(LEASE.toNanos());
      transaction.commit(commitOf(session, expected, List.of(), List.of(changes), mirror.digest()));
    }
    assertThat(load(session).workerCount()).isEqualTo(1);
  }

  @Test
  void renewal_ofALeaderThatWasDeposed_extendsNothing() {
    StoreSession first = founded("a");
    fixture.expireLease();
    StoreSession second = claim("b");
    assertThatThrownBy(() -> first.renew(LEASE.multipliedBy(9)))
        .isInstanceOf(StorageException.Fenced.class);
    assertThat(store.lease()).contains(second.lease());
  }

  @Test
  void everythingThatIsDoneUnderTheLease_extendsIt() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    assertExtends("load", session::load);
    assertExtends("verify", session::verify);
    assertExtends("retention", () -> session.trimHistory(new HistoryHorizon(0, 0), 1));
    assertExtends("commit", () -> commit(session, mirror, describe("w")));
    assertExtends(
        "cycle that leaves its tick",
        () -> inTransaction(session, it -> it.advance(ids(mirror), Tick.of(7), 0)));
    assertExtends(
        "cycle that leaves nothing",
        () -> inTransaction(session, it -> it.verifyLease(ids(mirror))));
    assertThat(session.load().state().orElseThrow().largestTick()).isEqualTo(Tick.of(7));
  }

  private void assertExtends(String what, Runnable work) {
    fixture.expireLease();
    assertThat(store.lease().orElseThrow().expiresAtNanos())
        .as("before " + what)
        .isLessThanOrEqualTo(store.clockNanos());
    long before = store.clockNanos();
    work.run();
    assertThat(store.lease().orElseThrow().expiresAtNanos())
        .as("after " + what)
        .isGreaterThanOrEqualTo(before + LEASE.toNanos());
    assertThat(fixture.connect().claim(new LeaseRequest("b", LEASE)))
        .isInstanceOf(Claim.Held.class);
  }

  @Test
  void whatIsDoneAfterARenewal_extendsTheLeaseByAsMuch() {
    StoreSession session = founded("a");
    session.renew(LEASE.multipliedBy(3));
    fixture.expireLease();
    long before = store.clockNanos();
    commit(session, load(session), describe("w"));
    assertThat(store.lease().orElseThrow().expiresAtNanos())
        .isGreaterThanOrEqualTo(before + LEASE.multipliedBy(3).toNanos());
  }

  @Test
  void claim_whileTheHolderIsInATransaction_waitsOrGivesWay_andDeposesNobody() throws Exception {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    AssignmentIds expected = ids(mirror);
    FleetStore other = fixture.connect();
    Future<Claim> answer;
    try (StoreTransaction transaction = session.begin()) {
      ChangeSet changes = lifecycle.execute(mirror, describe("w"), NOW).changes();
      fixture.expireLease();
      answer = elsewhere(() -> other.claim(new LeaseRequest("b", LEASE)));
      graceFor(answer);
      transaction.commit(commitOf(session, expected, List.of(), List.of(changes), mirror.digest()));
    }
    assertThat(answer.get(1, TimeUnit.MINUTES)).isInstanceOf(Claim.Held.class);
    assertThat(store.lease().orElseThrow().epoch()).isEqualTo(session.lease().epoch());
    assertThat(load(session).workerCount()).isEqualTo(1);
  }

  /** A store that deposes answers meanwhile; one that waits cannot be waited for. */
  private static void graceFor(Future<?> answer) throws Exception {
    try {
      answer.get(300, TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillWaiting) {
      return;
    }
  }

  private static <T> Future<T> elsewhere(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task).start();
    return task;
  }

  private static void inTransaction(StoreSession session, Consumer<StoreTransaction> work) {
    try (StoreTransaction transaction = session.begin()) {
      work.accept(transaction);
    }
  }
}
