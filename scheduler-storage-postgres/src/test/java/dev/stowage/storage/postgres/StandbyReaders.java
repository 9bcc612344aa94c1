package dev.stowage.storage.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageService;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.ClientMemory;
import dev.stowage.client.Download;
import dev.stowage.client.PortalClient;
import dev.stowage.client.WorkerClient;
import dev.stowage.client.WorkerDisk;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.questions.Question;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Aged;
import dev.stowage.store.AgedReader;
import dev.stowage.store.ForwardingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what portals behind a follower cost the primary, with and without a hot standby, how old
 * their answers are, and what they see of a failover. Prints a row of a table for each phase.
 *
 * <pre>java -cp ... dev.stowage.storage.postgres.StandbyReaders PORTALS SECONDS</pre>
 */
final class StandbyReaders {
  private static final int CHUNKS = 1_000;
  private static final int WORKERS = 10;
  private static final String FLEET = "readers";
  private static final ThreadFactory DAEMONS =
      work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
      };

  private final ConcurrentLinkedQueue<Aged<?>> read = new ConcurrentLinkedQueue<>();
  private final ExecutorService answering = Executors.newFixedThreadPool(16, DAEMONS);
  private final List<PortalClient> portals = new CopyOnWriteArrayList<>();
  private final List<WorkerClient> workers = new ArrayList<>();
  private final ReplicatedServer servers;
  private final int count;
  private final int seconds;
  private volatile boolean isAsking;
  private volatile ClientDoor followers;
  private Stowage follower;

  private StandbyReaders(ReplicatedServer servers, int count, int seconds) {
    this.servers = servers;
    this.count = count;
    this.seconds = seconds;
  }

  /** Runs the phases; the arguments are the number of portals and the seconds of a phase. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("stowage-readers");
    new StandbyReaders(
            new ReplicatedServer(folder),
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]))
        .run();
    System.exit(0);
  }

  private static StowageConfig config(String holder) {
    return SmallFleet.config()
        .withFleet(it -> it.drainWindowTicks(60).lineagePauseTicks(60).allowedSkewTicks(0))
        .withAudit(AuditLevel.OFF)
        .withHolder(holder);
  }

  private void run() throws Exception {
    String both = servers.bothUrl();
    PostgresChunkStore store = PostgresChunkStore.builder(both).open();
    Stowage leader =
        Stowage.builder(store).config(config("leader")).clock(InstantSource.system()).build();
    StowageService service =
        new StowageService(
            leader,
            Executors.newSingleThreadScheduledExecutor(DAEMONS),
            StowageService.Pace.DEFAULT);
    service.start();
    ClientDoor leaders = ClientDoor.of(leader, FLEET);
    ReplicatedServer.await(leader::isLeading);
    for (int i = 0; i < WORKERS; i++) {
      workers.add(worker("w" + i, leaders, leader));
    }
    ingest(leader, 0, CHUNKS);
    DAEMONS.newThread(this::turn).start();
    long[] next = {CHUNKS};
    DAEMONS
        .newThread(() -> {
          while (true) {
            try {
              ingest(leader, next[0], 1);
              next[0]++;
            } catch (RuntimeException e) {
              System.err.println("an ingest failed: " + e.getClass().getSimpleName());
            }
            pause(1);
          }
        })
        .start();
    ReplicatedServer.await(() -> leader.fleet().portalAssignment().full().put().size() >= CHUNKS);
    System.out.println(
        "| readers | primary: transactions/s | primary: cores | standby: cores | readings/s |"
            + " of the primary | age, ms: median | 99 % | longest | portals serving |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    phase("none");
    for (boolean hasStandby : new boolean[] {false, true}) {
      begin(hasStandby);
      phase(count + " portals, " + (hasStandby ? "standby" : "primary"));
    }
    servers.killPrimary();
    long killed = OwnProcess.nanos();
    read.clear();
    pause(5);
    row("primary killed, 5 s", 5, 0, 0, 0);
    servers.onStandby("SELECT pg_promote()");
    read.clear();
    int least = count;
    while (OwnProcess.nanos() - killed < TimeUnit.SECONDS.toNanos(40)) {
      pause(1);
      least = Math.min(least, serving());
    }
    row("standby promoted after 5 s, next 35 s", 35, 0, 0, 0);
    System.out.println("fewest portals serving meanwhile: " + least);
    System.out.println("leads again: " + leader.isLeading());
  }

  private void begin(boolean hasStandby) {
    portals.clear();
    PostgresChunkStore.Builder builder = PostgresChunkStore.builder(servers.bothUrl());
    if (hasStandby) {
      HikariConfig pool = new HikariConfig();
      pool.setJdbcUrl(servers.standbyUrl() + "&connectTimeout=2&socketTimeout=10");
      pool.setConnectionTimeout(3_000);
      pool.setMaximumPoolSize(4);
      builder.standby(new HikariDataSource(pool));
    }
    follower =
        Stowage.builder(new Noting(builder.open()))
            .config(config("follower"))
            .clock(InstantSource.system())
            .build();
    followers = ClientDoor.of(follower, FLEET);
    isAsking = true;
    for (int i = 0; i < count; i++) {
      if (i % 50 == 49) {
        // A fleet of portals does not start in one moment.
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      }
      portals.add(
          new PortalClient(
              FLEET,
              PortalId.of("p" + i),
              (request, route) ->
                  CompletableFuture.supplyAsync(
                      () -> followers.answer(request, follower.now()), answering),
              ClientConfig.DEFAULT));
    }
    for (int asked = 0; serving() < count && asked < 90; asked++) {
      pause(1);
    }
    if (serving() < count) {
      portals.stream()
          .map(it -> it.status(OwnProcess.nanos()))
          .filter(it -> !it.isServing())
          .findFirst()
          .ifPresent(it -> System.out.println(serving() + " serve; one that does not: " + it));
    }
  }

  private int serving() {
    long now = OwnProcess.nanos();
    return (int) portals.stream().filter(it -> it.isServing(now)).count();
  }

  private void phase(String name) throws IOException {
    pause(3);
    read.clear();
    long began = OwnProcess.nanos();
    long committed = committed();
    double primary = servers.primaryCpuSeconds();
    double standby = servers.standbyCpuSeconds();
    pause(seconds);
    double took = (OwnProcess.nanos() - began) / 1e9;
    row(
        name,
        took,
        (committed() - committed) / took,
        (servers.primaryCpuSeconds() - primary) / took,
        (servers.standbyCpuSeconds() - standby) / took);
  }

  private long committed() {
    return Long.parseLong(
        ReplicatedServer.text(
            servers.primaryUrl(),
            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"));
  }

  private void row(String name, double took, double perSecond, double primary, double standby) {
    long[] ages = read.stream().mapToLong(Aged::ageNanos).sorted().toArray();
    long ofPrimary = read.stream().filter(it -> !it.isFromStandby()).count();
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %.0f | %.2f | %.2f | %.0f | %d | %d | %d | %d | %d |",
            name,
            perSecond,
            primary,
            standby,
            ages.length / took,
            ofPrimary,
            at(ages, 0.5),
            at(ages, 0.99),
            at(ages, 1),
            serving()));
  }

  private static long at(long[] ages, double share) {
    int place = (int) Math.ceil(share * ages.length) - 1;
    return ages.length == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(ages[Math.max(0, place)]);
  }

  private static void pause(long seconds) {
    long until = OwnProcess.nanos() + TimeUnit.SECONDS.toNanos(seconds);
    while (OwnProcess.nanos() < until) {
      LockSupport.parkNanos(until - OwnProcess.nanos());
    }
  }

  private static void ingest(Stowage leader, long from, int chunks) {
    List<Chunk> all = new ArrayList<>();
    for (long at = from; at < from + chunks; at++) {
      all.add(Chunk.of(ChunkKey.of("d", "c" + at), BlockRange.of(at, at), 1));
    }
    leader.ingest(all, leader.now());
  }

  private void turn() {
    while (true) {
      long now = OwnProcess.nanos();
      workers.forEach(it -> it.turn(now));
      if (isAsking) {
        portals.forEach(it -> it.turn(OwnProcess.nanos()));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private WorkerClient worker(String name, ClientDoor door, Stowage leader) {
    return new WorkerClient(
        FLEET,
        Worker.of(WorkerId.of(name), 1L << 30),
        (request, route) ->
            CompletableFuture.supplyAsync(() -> door.answer(request, leader.now()), answering),
        new Disk(),
        ClientMemory.ofProcess(),
        ClientConfig.DEFAULT);
  }

  /** A disk without bytes. */
  private static final class Disk implements WorkerDisk {
    private final Map<ChunkNumber, Long> held = new ConcurrentHashMap<>();

    @Override
    public List<Held> held() {
      return held.entrySet().stream().map(it -> new Held(it.getKey(), it.getValue())).toList();
    }

    @Override
    public void delete(ChunkNumber number) {
      held.remove(number);
    }

    @Override
    public CompletionStage<?> fetch(Download download) {
      held.put(download.entry().number(), download.entry().sizeBytes());
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Notes each answer about routes. */
  private final class Noting extends ForwardingStore {
    Noting(PostgresChunkStore store) {
      super(store);
    }

    @Override
    public AgedReader agedReader() {
      AgedReader reader = super.agedReader();
      return new AgedReader() {
        @Override
        public <R> Aged<R> ask(Question<R> question) {
          return reader.ask(question);
        }

        @Override
        public Aged<Optional<SliceDocument>> slice(WorkerId worker) {
          return reader.slice(worker);
        }

        @Override
        public Aged<Optional<SliceDocument>> slice(
            WorkerId worker, Lineage lineage, WorkerAssignmentId atLeast) {
          return reader.slice(worker, lineage, atLeast);
        }

        @Override
        public Aged<Optional<SliceDocument>> sliceSince(
            WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
          return reader.sliceSince(worker, lineage, known);
        }

        @Override
        public Aged<RoutesDocument> routes() {
          return noted(reader.routes());
        }

        @Override
        public Aged<RoutesDocument> routes(Lineage lineage, PortalAssignmentId atLeast) {
          return noted(reader.routes(lineage, atLeast));
        }

        @Override
        public Aged<RoutesDocument> routesSince(Lineage lineage, PortalAssignmentId known) {
          return noted(reader.routesSince(lineage, known));
        }
      };
    }

    private Aged<RoutesDocument> noted(Aged<RoutesDocument> answer) {
      read.add(answer);
      return answer;
    }
  }
}
