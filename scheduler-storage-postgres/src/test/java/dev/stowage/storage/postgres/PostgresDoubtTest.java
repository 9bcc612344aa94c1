package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.lifecycle.LineageBegun;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A store that went back while every process of the control plane was stopped, so that only workers
 * know what it lost.
 */
class PostgresDoubtTest {
  private static final long NOW = TimeUnit.SECONDS.toNanos(1_000);
  private static final Lineage UNKNOWN = Lineage.of(99);

  private final PostgresFixture fixture = new PostgresFixture();
  private PostgresChunkStore store;
  private Stowage leader;
  private Lineage first;

  @BeforeEach
  void lead() {
    store = fixture.connect();
    leader = open(store, "leader");
    leader.claim(NOW);
    for (int at = 0; at < 3; at++) {
      leader.describe(Worker.of(worker(at), 1L << 40), NOW);
      leader.register(worker(at), "disk " + at, NOW);
    }
    leader.schedule(NOW);
    first = leader.fleet().lineage();
  }

  @AfterEach
  void close() {
    leader.close();
    fixture.close();
  }

  @Test
  void lineage_namesThePositionOfTheLog_justBeforeTheNewestCommitOfALeader() {
    List<String> kept = new ArrayList<>();
    StowageListener listener =
        new StowageListener() {
          @Override
          public void lineage(LineageBegun begun) {
            kept.add(begun.keptPosition().orElseThrow());
          }
        };
    long before = end();
    leader.describe(Worker.of(worker(0), 2L << 40), NOW);
    long after = end();
    try (PostgresChunkStore other = fixture.connect();
        Stowage next = Stowage.builder(other).config(config("next")).listener(listener).build()) {
      heartbeat(leader, 0, UNKNOWN);
      heartbeat(leader, 1, UNKNOWN);
      fixture.execute("UPDATE $.lease SET expires_nanos = 0");
      next.claim(NOW);
    }
    assertThat(kept).hasSize(1);
    long position = fixture.number("SELECT '" + kept.get(0) + "'::pg_lsn - '0/0'::pg_lsn");
    assertThat(position).isBetween(before, after - 1);
  }

  private long end() {
    return fixture.number("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
  }

  private static Stowage open(PostgresChunkStore store, String holder) {
    return Stowage.builder(store).config(config(holder)).build();
  }

  private static StowageConfig config(String holder) {
    return StowageConfig.defaults()
        .withHolder(holder)
        .withAnswersWithin(Duration.ZERO)
        .withFleet(fleet -> fleet.lineagePause(Duration.ofMinutes(10)));
  }

  private static WorkerId worker(int at) {
    return WorkerId.of("w" + at);
  }

  private static ReportHeader header(int at, Lineage lineage, long number) {
    return new ReportHeader(worker(at), Incarnation.of(1), lineage, number);
  }

  private Result.Answer heartbeat(Stowage door, int at, Lineage lineage) {
    return door.heartbeat(header(at, lineage, 50), NOW);
  }

  private Result.Answer applied(Stowage door, int at, long beyond) {
    long id = leader.fleet().ids().worker().value() + beyond;
    return door.applied(header(at, first, 60), WorkerAssignmentId.of(id), List.of(), NOW);
  }

  private long losses() {
    return fixture.number(
        "SELECT count(*) FROM "
            + fixture.schema()
            + ".loss WHERE lineage = (SELECT lineage FROM "
            + fixture.schema()
            + ".lease)");
  }

  private void assertKept() {
    leader.schedule(NOW);
    assertThat(losses()).isZero();
    assertThat(leader.fleet().lineage()).isEqualTo(first);
  }

  /** Asserts that the leader is fenced, and leads another lineage after its next claim. */
  private Lineage assertLost() {
    assertThat(losses()).isEqualTo(1);
    assertThatThrownBy(() -> leader.schedule(NOW)).isInstanceOf(StorageException.Fenced.class);
    leader.claim(NOW);
    leader.schedule(NOW);
    Lineage next = leader.fleet().lineage();
    assertThat(next).isNotEqualTo(first);
    return next;
  }

  @Test
  void lineageThatTwoWorkersName_andTheStoreDoesNotKnow_beginsAnother() {
    assertThat(heartbeat(leader, 0, UNKNOWN).code()).isEqualTo(ResultCode.FOREIGN_LINEAGE);
    assertKept();
    assertThat(heartbeat(leader, 1, UNKNOWN).code()).isEqualTo(ResultCode.FOREIGN_LINEAGE);
    assertLost();
  }

  @Test
  void assignmentsThatTwoWorkersName_andTheStoreDoesNotKnow_beginAnother() {
    assertThat(applied(leader, 0, 5).code()).isEqualTo(ResultCode.FROM_THE_FUTURE);
    assertKept();
    assertThat(applied(leader, 1, 7).code()).isEqualTo(ResultCode.FROM_THE_FUTURE);
    assertLost();
  }

  @Test
  void followersCountToo() {
    try (PostgresChunkStore other = fixture.connect();
        Stowage follower = open(other, "follower")) {
      assertThat(heartbeat(follower, 0, UNKNOWN).code()).isEqualTo(ResultCode.REQUESTED);
      assertKept();
      assertThat(fixture.number("SELECT count(*) FROM " + fixture.schema() + ".doubt")).isOne();
      assertThat(applied(leader, 1, 7).code()).isEqualTo(ResultCode.FROM_THE_FUTURE);
      assertLost();
    }
  }

  @Test
  void oneWorker_aWorkerOfAnotherFleet_andAnIncredibleAssignment_beginNothing() {
    for (int again = 0; again < 3; again++) {
      heartbeat(leader, 0, UNKNOWN);
      applied(leader, 0, 5);
    }
    assertThat(heartbeat(leader, 7, UNKNOWN).code()).isEqualTo(ResultCode.UNKNOWN_WORKER);
    assertThat(applied(leader, 1, Long.MAX_VALUE / 2).code()).isEqualTo(ResultCode.FROM_THE_FUTURE);
    assertKept();
  }

  @Test
  void reportsFarApart_doNotCountTogether() {
    heartbeat(leader, 0, UNKNOWN);
    fixture.execute("UPDATE $.doubt SET told_nanos = told_nanos - 601000000000");
    heartbeat(leader, 1, UNKNOWN);
    assertKept();
  }

  @Test
  void noLineageBegins_whileThePauseOfOneRuns_norForAWorkerThatComesLate() {
    heartbeat(leader, 0, UNKNOWN);
    heartbeat(leader, 1, UNKNOWN);
    Lineage next = assertLost();
    try (PostgresChunkStore other = fixture.connect();
        Stowage follower = open(other, "follower")) {
      Lineage stranger = Lineage.of(98);
      heartbeat(follower, 0, stranger);
      heartbeat(follower, 1, stranger);
      leader.schedule(NOW);
      assertThat(leader.fleet().lineage()).isEqualTo(next);
      long later = NOW + TimeUnit.SECONDS.toNanos(601);
      leader.schedule(later);
      follower.heartbeat(header(0, UNKNOWN, 70), later);
      follower.heartbeat(header(2, UNKNOWN, 70), later);
      leader.schedule(later);
      assertThat(leader.fleet().lineage()).isEqualTo(next);
      follower.heartbeat(header(0, Lineage.of(97), 80), later);
      follower.heartbeat(header(2, Lineage.of(97), 80), later);
      leader.schedule(later);
      assertThatThrownBy(() -> leader.schedule(later)).isInstanceOf(StorageException.Fenced.class);
    }
  }
}
