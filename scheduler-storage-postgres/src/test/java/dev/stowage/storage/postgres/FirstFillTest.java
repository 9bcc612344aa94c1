package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.FleetCensus;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.answer.ChunkStatus;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.audit.Audit;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.AuditExtension;
import dev.stowage.engine.Censuses;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The first fill of a fleet as a newcomer writes it, in threads: a service, one that ingests, and
 * thirty workers that come meanwhile, the first ones after cycles without any. Some of the workers
 * speak to a process that does not lead, which reads their slices from the store.
 */
@Tag("deep")
class FirstFillTest {
  /** The seconds in a row in which nothing is to go in a fleet at rest. */
  private static final int QUIET = 5;

  private static final int CHUNKS = 20_000;
  private static final int BATCH = 500;
  private static final int BATCHES_A_SECOND = 8;
  private static final int WORKERS = 30;
  private static final int FLOOR = 2;
  private static final long CHUNK_BYTES = 1_000;

  /** Three times what each must hold. */
  private static final long CAPACITY_BYTES = 3 * FLOOR * CHUNKS * CHUNK_BYTES / WORKERS;

  private static final List<ChunkKey> KEYS =
      IntStream.range(0, CHUNKS).mapToObj(at -> ChunkKey.of("d", "c" + at)).toList();

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final PostgresFixture fixture = new PostgresFixture();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final List<Future<?>> workers = new ArrayList<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private volatile boolean isOver;

  /** A second ends when each thread has passed it, so that a slow machine has long seconds. */
  private static final class Seconds {
    private long now = 1_000_000;
    private volatile int length = 1;
    private volatile long seen = now;
    private final Phaser all =
        new Phaser() {
          @Override
          protected boolean onAdvance(int phase, int parties) {
            now += length;
            seen = now;
            return false;
          }
        };

    /** Lets seconds pass several at a time. */
    void inStepsOf(int seconds) {
      length = seconds;
    }

    long nowNanos() {
      return TimeUnit.SECONDS.toNanos(seen);
    }

    /** Announces a thread that passes seconds. */
    void join() {
      all.register();
    }

    void pass() {
      all.arriveAndAwaitAdvance();
    }

    void leave() {
      all.arriveAndDeregister();
    }

    /** Lets all threads go on without seconds. */
    void end() {
      all.forceTermination();
    }
  }

  @AfterEach
  void close() {
    isOver = true;
    threads.shutdownNow();
    executor.shutdownNow();
    fixture.close();
  }

  private static StowageConfig config(String holder) {
    return StowageConfig.defaults()
        .withHolder(holder)
        .withFleet(
            fleet -> fleet.suspectAfter(Duration.ofSeconds(5)).departAfter(Duration.ofSeconds(15)));
  }

  // The table knows each absence that was ever durable, however short.
  private void watchAbsences() {
    fixture.execute("CREATE TABLE $.absences (worker text)");
    fixture.execute(
        "CREATE FUNCTION $.note_absence() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO "
            + fixture.schema()
            + ".absences VALUES (NEW.id); RETURN NEW; END'");
    fixture.execute(
        "CREATE TRIGGER note_absence AFTER INSERT OR UPDATE ON $.worker FOR EACH ROW WHEN"
            + " (NEW.absence IS NOT NULL) EXECUTE FUNCTION "
            + fixture.schema()
            + ".note_absence()");
  }

  private long absences() {
    return fixture.number("SELECT count(*) FROM " + fixture.schema() + ".absences");
  }

  @Test
  void absenceOfAWorker_isWatched() {
    try (PostgresChunkStore store = fixture.connect();
        Stowage leader = leader(store)) {
      watchAbsences();
      leader.claim(0);
      leader.describe(Worker.of(WorkerId.of("silent"), CAPACITY_BYTES), 0);
      leader.register(WorkerId.of("silent"), "disk", 0);
      for (int second = 1; second < 5; second++) {
        leader.schedule(TimeUnit.SECONDS.toNanos(second));
      }
      assertThat(absences()).isZero();
      for (int second = 5; second < 10; second++) {
        leader.schedule(TimeUnit.SECONDS.toNanos(second));
      }
      assertThat(absences()).isPositive();
    }
  }

  @Test
  void workersThatComeDuringTheFill_areNeverSuspect_andTheFleetSettles() throws Exception {
    // More than suspect_after at a time: nobody is silent while nobody listens.
    fillAndSettle(100);
  }

  @Test
  void workersThatComeDuringTheFill_areNeverSuspect_whileTheirMovesDrain() throws Exception {
    fillAndSettle(4);
  }

  private void fillAndSettle(int drainSeconds) throws Exception {
    Seconds seconds = new Seconds();
    try (PostgresChunkStore store = fixture.connect();
        PostgresChunkStore other = fixture.connect();
        Stowage follower =
            Stowage.builder(other)
                .config(config("follower").withAnswersWithin(Duration.ofMillis(20)))
                .build();
        Stowage leader = leader(store)) {
      watchAbsences();
      // A turn begins with each second, and takes as long as it takes.
      Pace pace = new Pace(Duration.ofMillis(1), Duration.ofSeconds(10), Duration.ofHours(1));
      StowageService service =
          new StowageService(
              leader,
              executor,
              () -> {
                seconds.pass();
                return seconds.nowNanos();
              },
              pace);
      try {
        fillAndSettle(drainSeconds, seconds, leader, follower, service);
      } finally {
        // A turn that waits for a second that never ends would hold the service open.
        isOver = true;
        seconds.end();
        service.close();
      }
    }
  }

  private void fillAndSettle(
      int drainSeconds, Seconds seconds, Stowage leader, Stowage follower, StowageService service)
      throws Exception {
    // Of the turns, and of this thread.
    seconds.join();
    seconds.join();
    Future<?> ingester = begin(seconds, () -> ingest(leader, seconds));
    come(leader, follower, seconds);
    service.start();
    int waited = 0;
    while (!ingester.isDone() || !areVisible(leader)) {
      assertThat(waited++).as(() -> said(leader, service)).isLessThan(60);
      seconds.pass();
    }
    ingester.get();
    // What moved to late workers is kept for the drain window where it was.
    seconds.inStepsOf(drainSeconds);
    // Between the end of one plan's moves and the next plan nothing is to go either, and what the
    // leader says of itself follows a turn later: a fleet at rest changes in nothing.
    AssignmentIds settled = leader.fleet().ids();
    long digest = leader.stats().digest();
    for (int quiet = 0; quiet < 2 * QUIET; quiet++) {
      assertThat(waited++).as(() -> said(leader, service)).isLessThan(300);
      seconds.pass();
      if (!isAtRest(leader)
          || !leader.fleet().ids().equals(settled)
          || leader.stats().digest() != digest) {
        quiet = -1;
        settled = leader.fleet().ids();
        digest = leader.stats().digest();
      }
    }
    assertThat(areVisible(leader)).isTrue();
    assertShares(leader.ask(Audit.STATE));
    assertThat(service.status().state()).isEqualTo(State.LEADING);
    assertThat(service.status().failedTurns()).isZero();
    seconds.leave();
    service.close();
    assertThat(absences()).isZero();
    seconds.leave();
    end();
    assertThat(complaints).isEmpty();
    audit.watch(leader.ask(Audit.STATE));
  }

  private String said(Stowage leader, StowageService service) {
    String chunk =
        leader.status(KEYS).stream()
            .filter(each -> !isShown(each))
            .findFirst()
            .map(each -> each + " " + leader.whyNotVisible(each.key()))
            .orElse("all are visible");
    return service.status() + "; " + chunk + "; " + leader.census(Duration.ZERO) + complaints;
  }

  private Stowage leader(PostgresChunkStore store) {
    StowageListener listener =
        new StowageListener() {
          @Override
          public void failed(Throwable failure) {
            complaints.add(failure.toString());
          }
        };
    return Stowage.builder(store).config(config("leader")).listener(listener).build();
  }

  private Future<?> begin(Seconds seconds, Runnable life) {
    seconds.join();
    return threads.submit(() -> {
      try {
        life.run();
      } finally {
        seconds.leave();
      }
    });
  }

  // The first cycles find no worker, and the last chunks fewer than all.
  private void come(Stowage leader, Stowage follower, Seconds seconds) {
    int fillSeconds = CHUNKS / BATCH / BATCHES_A_SECOND;
    for (int at = 0; at < WORKERS; at++) {
      Newcomer worker = new Newcomer(at % 5 == 0 ? follower : leader, name(at), seconds);
      int after = 2 + at * fillSeconds / WORKERS;
      workers.add(begin(seconds, () -> worker.live(after)));
    }
  }

  private static WorkerId name(int at) {
    return WorkerId.of("w" + at);
  }

  private void end() throws InterruptedException, ExecutionException, TimeoutException {
    isOver = true;
    for (Future<?> each : workers) {
      each.get(1, TimeUnit.MINUTES);
    }
  }

  private void ingest(Stowage leader, Seconds seconds) {
    for (int from = 0; from < CHUNKS; from += BATCH) {
      List<Chunk> batch = new ArrayList<>();
      for (int at = from; at < from + BATCH; at++) {
        BlockRange blocks = BlockRange.of(at * 10L, at * 10L + 9);
        batch.add(Chunk.of(KEYS.get(at), blocks, CHUNK_BYTES));
      }
      hear(patiently(seconds, () -> leader.ingest(batch, seconds.nowNanos())));
      if ((from / BATCH + 1) % BATCHES_A_SECOND == 0) {
        seconds.pass();
      }
    }
  }

  // Until the first claim nobody can answer.
  private static <R extends @Nullable Object> R patiently(Seconds seconds, Supplier<R> asked) {
    while (true) {
      try {
        return asked.get();
      } catch (StorageException.Transient again) {
        seconds.pass();
      }
    }
  }

  private void hear(Result answer) {
    if (!answer.isAccepted() && answer.code() != ResultCode.REQUESTED) {
      complaints.add(answer.toString());
    }
  }

  private static boolean areVisible(Stowage leader) {
    return leader.status(KEYS).stream().allMatch(FirstFillTest::isShown);
  }

  private static boolean isShown(ChunkStatus chunk) {
    return chunk.state().equals(Optional.of(ChunkState.VISIBLE))
        && chunk.possessed() >= FLOOR
        && chunk.routed() >= FLOOR;
  }

  // The facade's own census may be of any age while workers report.
  private static boolean isAtRest(Stowage leader) {
    FleetCensus census =
        Censuses.of(
            leader.ask(Audit.STATE),
            LeaderStanding.NONE,
            Forecast.NONE,
            leader.time().tickLength());
    return census.draining() == 0 && !census.progress().isToGo();
  }

  private static void assertShares(LifecycleSnapshot settled) {
    int share = FLOOR * CHUNKS / WORKERS;
    int held = 0;
    for (int at = 0; at < WORKERS; at++) {
      int replicas = settled.replicasOn(settled.workerPosition(name(at)));
      held += replicas;
      assertThat(replicas).as(name(at).value()).isBetween(share * 3 / 4, share * 5 / 4);
    }
    assertThat(held).isEqualTo(FLOOR * CHUNKS);
  }

  /** A worker that downloads at once, as its slice says, and reports each second. */
  private final class Newcomer {
    private final Stowage door;
    private final WorkerId id;
    private final Seconds seconds;
    private Result.@Nullable Registered life;
    private long reports;
    private WorkerAssignmentId applied = WorkerAssignmentId.of(0);

    Newcomer(Stowage door, WorkerId id, Seconds seconds) {
      this.door = door;
      this.id = id;
      this.seconds = seconds;
    }

    void live(int after) {
      for (int waited = 0; waited < after; waited++) {
        seconds.pass();
      }
      while (!isOver) {
        if (life == null) {
          life = patiently(seconds, this::join);
        } else {
          report(life);
        }
        seconds.pass();
      }
    }

    // A follower's is decided in the seconds that come, and then answered again.
    private Result.@Nullable Registered join() {
      hear(door.describe(Worker.of(id, CAPACITY_BYTES), seconds.nowNanos()));
      Result.Registered answer = door.register(id, "disk of " + id, seconds.nowNanos());
      hear(answer);
      reports = answer.lastReport();
      return answer.isAccepted() ? answer : null;
    }

    private void report(Result.Registered registered) {
      ReportHeader header =
          new ReportHeader(id, registered.incarnation(), registered.lineage(), ++reports);
      FleetView fleet = door.fleet();
      WorkerAssignmentId newest = fleet.ids().worker();
      if (newest.equals(applied)) {
        hear(door.heartbeat(header, seconds.nowNanos()));
      } else {
        // In a real worker, downloads of what the slice names stand here.
        newest = fleet.slice(id).orElseThrow().id();
        hear(door.applied(header, newest, List.of(), seconds.nowNanos()));
        applied = newest;
      }
    }
  }
}
