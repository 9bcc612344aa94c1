package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.StowageListener.LineageBegun;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.ResultCode;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what begins a lineage, and what does not. */
class PostgresLineageTest {
  private static final long NOW = TimeUnit.SECONDS.toNanos(1_000);

  private final PostgresFixture fixture = new PostgresFixture();
  private PostgresChunkStore store;
  private Stowage leader;

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
      assertThat(fixture.losesCommits()).isTrue();
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

  /** Workers may be forged, so what they name ends neither a term nor a lineage. */
  @Test
  void reports_thatNameAnUnknownHistory_areRefused_andFenceNobody() {
    Lineage present = leader.fleet().lineage();
    WorkerAssignmentId later = WorkerAssignmentId.of(leader.fleet().ids().worker().value() + 5);
    for (int at = 0; at < 3; at++) {
      assertThat(leader.heartbeat(header(at, Lineage.of(99)), NOW).code())
          .isEqualTo(ResultCode.FOREIGN_LINEAGE);
      assertThat(leader.applied(header(at, present), later, List.of(), NOW).code())
          .isEqualTo(ResultCode.FROM_THE_FUTURE);
    }
    leader.schedule(NOW);
    assertThat(leader.fleet().lineage()).isEqualTo(present);
  }

  private static ReportHeader header(int at, Lineage lineage) {
    return new ReportHeader(worker(at), Incarnation.of(1), lineage, 50);
  }
}
