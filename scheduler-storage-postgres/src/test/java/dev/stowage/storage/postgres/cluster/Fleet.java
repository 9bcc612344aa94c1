package dev.stowage.storage.postgres.cluster;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.StowageListener.LineageBegun;
import dev.stowage.StowageService;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.ClientMemory;
import dev.stowage.client.Download;
import dev.stowage.client.PortalClient;
import dev.stowage.client.WorkerClient;
import dev.stowage.client.WorkerDisk;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A fleet under observation: two control planes, five workers, three portals, two ingesters of ten
 * chunks a second each, and a probe that writes a row beside them. Threads are daemons.
 */
final class Fleet {
  static final String SCHEMA = "trial";

  private static final int WORKERS = 5;
  private static final int PORTALS = 3;

  /** The number of newest chunks that the bench looks for, more than come in a pause. */
  private static final int LOOKED_AT = 20_000;

  private static final long SECOND = 1_000_000_000L;
  private static final ThreadFactory DAEMONS =
      work -> {
        Thread thread = new Thread(work, "bench");
        thread.setDaemon(true);
        return thread;
      };

  private final Consumer<String> log;
  private final LifecycleConfig config;
  private final String probed;

  /**
   * Has a thread for each request: reports that wait for a commit must not keep portals waiting.
   */
  private final ExecutorService requests = Executors.newCachedThreadPool(DAEMONS);

  private final List<Plane> planes = new CopyOnWriteArrayList<>();
  private final List<WorkerClient> workers = new ArrayList<>();
  private final List<PortalClient> portals = new ArrayList<>();
  private final List<Ack> acks = new ArrayList<>();
  private final Map<ChunkKey, Long> visible = new ConcurrentHashMap<>();
  private final AtomicLong probeGap = new AtomicLong();
  private final AtomicInteger turns = new AtomicInteger();
  private final Set<Lineage> lineages = ConcurrentHashMap.newKeySet();

  /** The plane that led in each epoch, and epochs that two of them led in. */
  private final Map<Long, Plane> epochs = new TreeMap<>();

  private long epochsTwice;
  private long doubleLeaders;
  private long newestEpoch;
  private final long[] darkSince = new long[PORTALS];
  private final long[] longestDark = new long[PORTALS];
  private int checked;

  /** An acknowledged chunk, and the nanoseconds at which the answer came. */
  record Ack(ChunkKey key, long atNanos) {}

  Fleet(
      Supplier<PostgresChunkStore.Builder> stores,
      String probed,
      Duration window,
      Consumer<String> log) {
    long ticks = window.toNanos() / StowageConfig.DEFAULT_TICK_LENGTH.toNanos();
    config = LifecycleConfig.builder().drainWindowTicks(ticks).lineagePauseTicks(ticks).build();
    this.log = log;
    this.probed = probed;
    execute(
        "SET synchronous_commit = local; DROP SCHEMA IF EXISTS "
            + SCHEMA
            + " CASCADE; CREATE TABLE IF NOT EXISTS probe (n bigint)");
    for (int i = 0; i < 2; i++) {
      Plane plane = new Plane("plane-" + i, stores.get().schema(SCHEMA).open());
      planes.add(plane);
      plane.service.start();
      pause(3 * SECOND);
    }
    for (int i = 0; i < WORKERS; i++) {
      workers.add(worker("w" + i));
    }
    for (int i = 0; i < PORTALS; i++) {
      portals.add(
          new PortalClient(
              "video",
              PortalId.of("p" + i),
              (request, route) -> askAny(request),
              ClientConfig.DEFAULT));
    }
    always(this::turnClients, SECOND / 50);
    always(this::look, SECOND / 5);
    DAEMONS.newThread(this::probe).start();
    for (int i = 0; i < planes.size(); i++) {
      int mine = i;
      DAEMONS.newThread(() -> ingest(mine)).start();
    }
  }

  /** A control plane. */
  private final class Plane implements StowageListener {
    private final String name;
    private final PostgresChunkStore store;
    private final Stowage stowage;
    private final StowageService service;
    private final ClientDoor door;
    private volatile long epoch;

    Plane(String name, PostgresChunkStore store) {
      this.name = name;
      this.store = store;
      stowage =
          Stowage.builder(store)
              .config(StowageConfig.defaults().withFleet(config).withHolder(name))
              .clock(InstantSource.system())
              .listener(this)
              .build();
      service =
          new StowageService(
              stowage,
              Executors.newSingleThreadScheduledExecutor(DAEMONS),
              StowageService.Pace.DEFAULT);
      door = ClientDoor.of(stowage, "video");
    }

    @Override
    public void leading(long granted) {
      log.accept(name + " leads in epoch " + granted);
      epoch = granted;
      synchronized (epochs) {
        Plane before = epochs.put(granted, this);
        if (before != null && before != this) {
          epochsTwice++;
        }
        newestEpoch = Math.max(newestEpoch, granted);
      }
    }

    @Override
    public void following(String reason) {
      epoch = 0;
      log.accept(name + " follows: " + reason);
    }

    /**
     * Counts a command of a leader whose epoch was over when another one had led already; those of
     * a claim come before its epoch is told.
     */
    @Override
    public void executed(Tick tick, Command<?> command, Result result) {
      if (CommandKind.kindOf(command).isLeadersOwn() && stowage.isLeading()) {
        synchronized (epochs) {
          doubleLeaders += epoch > 0 && epoch < newestEpoch ? 1 : 0;
        }
      }
    }

    @Override
    public void lineage(LineageBegun begun) {
      log.accept(name + ": " + begun);
      lineages.add(begun.present());
    }

    @Override
    public void failed(Throwable failure) {
      String said = String.valueOf(failure.getMessage());
      log.accept(name + " failed: " + said.substring(0, Math.min(200, said.length())));
    }
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

  private WorkerClient worker(String name) {
    return new WorkerClient(
        "video",
        Worker.of(WorkerId.of(name), 1L << 40),
        (request, route) -> ask(request),
        new Disk(),
        ClientMemory.ofProcess(),
        ClientConfig.DEFAULT);
  }

  /** Asks whichever plane leads, as a load balancer with a health check would. */
  private CompletionStage<byte[]> ask(byte[] request) {
    return CompletableFuture.supplyAsync(
        () -> {
          for (Plane plane : planes) {
            if (plane.stowage.isLeading()) {
              return plane.door.answer(request, plane.stowage.now());
            }
          }
          throw new IllegalStateException("nobody leads");
        },
        requests);
  }

  /** Asks the processes in turn, whether they lead or not. */
  private CompletionStage<byte[]> askAny(byte[] request) {
    Plane plane = planes.get(Math.floorMod(turns.getAndIncrement(), planes.size()));
    return CompletableFuture.supplyAsync(
        () -> plane.door.answer(request, plane.stowage.now()), requests);
  }

  private void always(Runnable work, long everyNanos) {
    DAEMONS
        .newThread(() -> {
          while (true) {
            try {
              work.run();
            } catch (RuntimeException e) {
              // The next turn tries again; a fault is what the bench is for.
              log.accept("a turn failed: " + e.getClass().getSimpleName());
            }
            pause(everyNanos);
          }
        })
        .start();
  }

  private void turnClients() {
    long now = System.nanoTime();
    workers.forEach(it -> it.turn(now));
    for (int i = 0; i < PORTALS; i++) {
      PortalClient portal = portals.get(i);
      portal.turn(now);
      boolean isServing = portal.isServing(now);
      synchronized (darkSince) {
        darkSince[i] = isServing ? 0 : darkSince[i] == 0 ? now : darkSince[i];
        longestDark[i] = Math.max(longestDark[i], isServing ? 0 : now - darkSince[i]);
      }
    }
  }

  private void ingest(int mine) {
    Stowage stowage = planes.get(mine).stowage;
    for (int i = 0; ; i++) {
      ChunkKey key = ChunkKey.of("d" + mine, "c" + i);
      Chunk chunk = Chunk.of(key, BlockRange.of(i, i), 1000);
      boolean isAnswered = false;
      while (!isAnswered) {
        try {
          Result result = stowage.ingest(List.of(chunk), stowage.now());
          isAnswered = true;
          if (result.isAccepted()) {
            synchronized (acks) {
              acks.add(new Ack(key, System.nanoTime()));
            }
          } else {
            log.accept("refused: " + result);
          }
        } catch (RuntimeException e) {
          pause(SECOND / 10);
        }
      }
      pause(SECOND / 10);
    }
  }

  private void probe() {
    long last = System.nanoTime();
    while (true) {
      try (Connection connection =
              DriverManager.getConnection(probed + "&socketTimeout=3&connectTimeout=2");
          Statement statement = connection.createStatement()) {
        while (true) {
          statement.execute("INSERT INTO probe VALUES (1)");
          long now = System.nanoTime();
          probeGap.accumulateAndGet(now - last, Math::max);
          last = now;
          pause(SECOND / 20);
        }
      } catch (SQLException e) {
        pause(SECOND / 20);
      }
    }
  }

  /** Notes which of the newest chunks a portal finds with a worker. */
  private void look() {
    List<Ack> newest;
    synchronized (acks) {
      newest = List.copyOf(acks.subList(Math.max(0, acks.size() - LOOKED_AT), acks.size()));
    }
    long now = System.nanoTime();
    for (Ack ack : newest) {
      if (!visible.containsKey(ack.key())
          && portals.get(0).of(ack.key(), now) instanceof PortalClient.Sight.Found found
          && !found.route().workers().isEmpty()) {
        visible.put(ack.key(), now);
      }
    }
  }

  /** Returns when a chunk was readable through a portal, in nanoseconds, or 0. */
  long readableAt(ChunkKey key) {
    return visible.getOrDefault(key, 0L);
  }

  List<Ack> acknowledgedSince(int from) {
    synchronized (acks) {
      return List.copyOf(acks.subList(from, acks.size()));
    }
  }

  int acknowledged() {
    synchronized (acks) {
      return acks.size();
    }
  }

  /** Figures that grow. */
  record Counts(long lineages, long epochsTwice, long doubleLeaders) {
    Counts since(Counts before) {
      return new Counts(
          lineages - before.lineages,
          epochsTwice - before.epochsTwice,
          doubleLeaders - before.doubleLeaders);
    }
  }

  Counts counts() {
    synchronized (epochs) {
      return new Counts(lineages.size(), epochsTwice, doubleLeaders);
    }
  }

  /** Begins to measure the probe's silence and the darkness of portals anew. */
  void beginRound() {
    probeGap.set(0);
    synchronized (darkSince) {
      Arrays.fill(longestDark, 0);
    }
  }

  double databaseGapSeconds() {
    return probeGap.get() / (double) SECOND;
  }

  /** Returns the number of portals that were without routes for longer than their window. */
  long darkPortals() {
    long windowNanos =
        (config.drainWindowTicks() - config.trust().allowedSkewTicks())
            * StowageConfig.DEFAULT_TICK_LENGTH.toNanos();
    synchronized (darkSince) {
      return Arrays.stream(longestDark).filter(it -> it > windowNanos).count();
    }
  }

  /** Returns the longest time for which a portal answered nothing. */
  double darkSeconds() {
    synchronized (darkSince) {
      return Arrays.stream(longestDark).max().orElse(0) / (double) SECOND;
    }
  }

  /** Waits for a minute at most until a plane leads. */
  void awaitLeader() {
    for (int tries = 0; tries < 60; tries++) {
      if (planes.stream().anyMatch(it -> it.stowage.isLeading())) {
        return;
      }
      pause(SECOND);
    }
  }

  /** Returns how many chunks that were acknowledged since the last call the store lacks. */
  long lost() {
    List<ChunkKey> keys = acknowledgedSince(checked).stream().map(Ack::key).toList();
    for (int tries = 0; tries < 60; tries++) {
      try {
        long lost =
            planes.get(0).store.ask(Questions.status(keys)).stream()
                .filter(it -> it.state().isEmpty())
                .count();
        checked += keys.size();
        return lost;
      } catch (RuntimeException e) {
        pause(SECOND);
      }
    }
    throw new IllegalStateException("the store does not say what became of acknowledged chunks");
  }

  /**
   * Waits until ingesters go on, portals answer, and a chunk of the last ten seconds is readable.
   */
  boolean isSettled(Duration within) {
    long end = System.nanoTime() + within.toNanos();
    while (System.nanoTime() < end) {
      int before = acknowledged();
      pause(2 * SECOND);
      long now = System.nanoTime();
      if (acknowledged() - before >= 10
          && portals.stream().allMatch(it -> it.isServing(now))
          && acknowledgedSince(Math.max(0, before - 200)).stream()
              .anyMatch(it -> now - it.atNanos() < 10 * SECOND && readableAt(it.key()) > 0)) {
        return true;
      }
    }
    return false;
  }

  private void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(probed);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Parks for the whole time: another thread's answer may leave a permit behind. */
  static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
