package dev.stowage.benchmarks.postgres;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageFleets;
import dev.stowage.StowageFleets.Listing;
import dev.stowage.StowageService.State;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures many fleets in a few processes on one PostgreSQL, with the defaults of {@link
 * StowageFleets} and {@link PostgresServer}: the time to open them, processor time while nothing
 * happens, soon after the opening and in the steady state, connections, threads, heap, and the time
 * until the fleets of a killed process are led again. First fills the fleets: four workers each,
 * two copies of each chunk.
 *
 * <p>Arguments: fleets, chunks of each (1,000 by default), processes (2), seconds without work
 * (60), and seconds between two signs of life of each worker (0, the default, for none; workers
 * then never count as silent). A sixth argument is the address of a server on this machine; fleets
 * that an earlier run filled there stay, and 0 processes fill only.
 */
public final class ManyFleets {
  private static final int WORKERS = 4;
  private static final long PATIENCE_NANOS = Duration.ofMinutes(5).toNanos();

  private static final Duration YOUNG = Duration.ofSeconds(20);

  /** The looks at the history end two minutes after the last commit. */
  private static final Duration SETTLED = Duration.ofSeconds(140);

  private static final int TICKS_PER_SECOND = 100;

  private final String url;
  private final int count;
  private final long postmaster;

  private ManyFleets(String url, int count, long postmaster) {
    this.url = url;
    this.count = count;
    this.postmaster = postmaster;
  }

  /** Prints the figures. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args[0].equals("child")) {
      child(args[1], args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
      return;
    }
    int count = Integer.parseInt(args[0]);
    int chunks = number(args, 1, 1_000);
    int processes = number(args, 2, 2);
    int seconds = number(args, 3, 60);
    int reports = number(args, 4, 0);
    if (args.length > 5) {
      ManyFleets bench = new ManyFleets(args[5], count, postmaster(args[5]));
      bench.fill(chunks);
      if (processes > 0) {
        bench.measure(processes, seconds, reports);
      }
      return;
    }
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofMinutes(2))
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_connections", "100")
            .start()) {
      String url = server.getJdbcUrl("postgres", "postgres");
      ManyFleets bench = new ManyFleets(url, count, postmaster(url));
      bench.fill(chunks);
      bench.measure(processes, seconds, reports);
    }
  }

  private static int number(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }

  private static void say(String format, Object... with) {
    System.out.println(String.format(Locale.ROOT, format, with));
  }

  // ---- a process of fleets ----

  private static StowageFleets fleets(
      PostgresServer server, String holder, int count, ExecutorService executor, boolean silent) {
    LifecycleConfig.Builder fleet = LifecycleConfig.builder().minReplication(2).maxReplication(2);
    if (silent) {
      fleet.suspectAfterTicks(LifecycleConfig.NEVER).departAfterTicks(LifecycleConfig.NEVER);
    }
    StowageConfig config = StowageConfig.defaults().withFleet(fleet.build()).withHolder(holder);
    StowageFleets fleets =
        StowageFleets.builder(executor, InstantSource.system())
            .facade((name, facade) -> facade.config(config))
            .build();
    for (int number = 0; number < count; number++) {
      fleets.add(new Listing("fleet" + number, server, "fleet" + number));
    }
    fleets.start();
    return fleets;
  }

  private static long leading(StowageFleets fleets) {
    return fleets.statuses().stream().filter(it -> it.status().state() == State.LEADING).count();
  }

  /** Answers each line on its input with one line of figures. */
  private static void child(String url, String name, int count, int reports) throws IOException {
    ExecutorService executor = Executors.newFixedThreadPool(8);
    PostgresServer server = PostgresServer.builder(url, name, "").build();
    StowageFleets fleets = fleets(server, name, count, executor, reports == 0);
    if (reports > 0) {
      Thread thread = new Thread(() -> report(fleets, count, reports), "reports");
      thread.setDaemon(true);
      thread.start();
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("heap")) {
        System.gc();
      }
      Runtime memory = Runtime.getRuntime();
      say(
          "%d %d %d %d %d",
          leading(fleets),
          processor(),
          ManagementFactory.getThreadMXBean().getThreadCount(),
          memory.totalMemory() - memory.freeMemory(),
          fleets.statuses().stream().mapToLong(it -> it.status().turns()).sum());
    }
    Runtime.getRuntime().halt(0);
  }

  private static long processor() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** Has the workers of the fleets led here give signs of life in turn. */
  private static void report(StowageFleets fleets, int count, int everySeconds) {
    long pause = Duration.ofSeconds(everySeconds).toNanos() / count;
    long next = System.nanoTime();
    for (long number = 0; ; number++) {
      String fleet = "fleet" + number % count;
      long round = number / count;
      fleets
          .stowage(fleet)
          .filter(Stowage::isLeading)
          .ifPresent(led -> IntStream.range(0, WORKERS).forEach(it -> heartbeat(led, it, round)));
      next += pause;
      while (System.nanoTime() < next) {
        java.util.concurrent.locks.LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  private static void heartbeat(Stowage led, int worker, long round) {
    WorkerId id = worker(worker);
    Result.Registered life = led.register(id, "disk of " + worker, led.now());
    led.heartbeat(
        new ReportHeader(id, life.incarnation(), life.lineage(), 1_000 + round), led.now());
  }

  private static WorkerId worker(int number) {
    return WorkerId.of("worker" + number);
  }

  // ---- before: fleets with chunks that everybody sees ----

  private void fill(int chunks) throws InterruptedException {
    if (isFilled(chunks)) {
      say("an earlier run filled %d fleets with %d chunks each", count, chunks);
      return;
    }
    long begun = System.nanoTime();
    ExecutorService executor = Executors.newFixedThreadPool(8);
    try (PostgresServer server = PostgresServer.builder(url, "", "").build();
        StowageFleets fleets = fleets(server, "filler", count, executor, true)) {
      until("filled fleets are led", () -> leading(fleets) == count);
      say("made %d schemas in %.1f s", count, since(begun));
      for (int number = 0; number < count; number++) {
        if (number("SELECT count(*) FROM fleet" + number + ".chunk") == 0) {
          fill(fleets.stowage("fleet" + number).orElseThrow(), chunks);
        }
      }
    } finally {
      executor.shutdownNow();
    }
    say("filled them with %d chunks each after %.1f s", chunks, since(begun));
    if (!isFilled(chunks)) {
      throw new IllegalStateException("a fleet lacks chunks");
    }
    execute("CHECKPOINT; VACUUM ANALYZE");
  }

  private boolean isFilled(int chunks) {
    String made = "SELECT count(*) FROM pg_tables WHERE schemaname ~ '^fleet[0-9]+$'";
    return number(made + " AND tablename = 'replica'") >= count
        && IntStream.range(0, count)
            .allMatch(it -> number("SELECT count(*) FROM fleet" + it + ".chunk") == chunks);
  }

  private static void fill(Stowage stowage, int chunks) {
    List<Result.Registered> lives = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      stowage.describe(Worker.of(worker(worker), 1L << 40), stowage.now());
      lives.add(stowage.register(worker(worker), "disk of " + worker, stowage.now()));
    }
    stowage.ingest(
        IntStream.range(0, chunks)
            .mapToObj(it ->
                Chunk.of(
                    ChunkKey.of("d", "c" + (1_000_000 + it)),
                    BlockRange.of(10L * it, 10L * it + 9),
                    1 << 20))
            .toList(),
        stowage.now());
    stowage.schedule(stowage.now());
    for (int worker = 0; worker < WORKERS; worker++) {
      Result.Registered life = lives.get(worker);
      Lineage lineage = life.lineage();
      stowage.applied(
          new ReportHeader(worker(worker), life.incarnation(), lineage, 1),
          stowage.fleet().ids().worker(),
          List.of(),
          stowage.now());
    }
    stowage.publish(stowage.now());
    if (stowage.fleet().portalAssignment().routes().size() != chunks) {
      throw new IllegalStateException("not every chunk is visible");
    }
  }

  // ---- the measure ----

  private record Figures(long leading, long processor, long threads, long heap, long turns) {}

  private static final class Child {
    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;

    Child(Process process) {
      this.process = process;
      to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      from =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    Figures ask(String what) {
      to.println(what);
      try {
        String[] told = from.readLine().split(" ");
        return new Figures(
            Long.parseLong(told[0]),
            Long.parseLong(told[1]),
            Long.parseLong(told[2]),
            Long.parseLong(told[3]),
            Long.parseLong(told[4]));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void measure(int processes, int seconds, int reports)
      throws IOException, InterruptedException {
    List<Child> children = new ArrayList<>();
    try {
      long begun = System.nanoTime();
      double before = serverSeconds();
      for (int number = 0; number < processes; number++) {
        String user = "host" + number;
        if (number("SELECT count(*) FROM pg_roles WHERE rolname = '" + user + "'") == 0) {
          execute("CREATE ROLE " + user + " SUPERUSER LOGIN");
        }
        children.add(new Child(start(user, reports)));
      }
      until("all are led", () -> led(children) == count);
      say("all led %.1f s after the start of %d processes", since(begun), processes);
      say(
          "processor time of the opening: processes %.1f s, server %.1f s",
          children.stream().mapToLong(it -> it.ask("state").processor()).sum() / 1e9,
          serverSeconds() - before);
      say("leads of each: %s", children.stream().map(it -> it.ask("state").leading()).toList());
      pause(YOUNG);
      idle(children, seconds);
      pause(SETTLED.minus(YOUNG).minusSeconds(seconds));
      idle(children, seconds);
      for (int number = 0; number < processes; number++) {
        Figures figures = children.get(number).ask("heap");
        say(
            "process %d: leads %d, %d connections, %d threads, heap %.0f MB",
            number,
            figures.leading(),
            number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'host" + number + "'"),
            figures.threads(),
            figures.heap() / 1e6);
      }
      if (processes > 1) {
        kill(children);
      }
    } finally {
      children.forEach(it -> it.process.destroyForcibly());
    }
  }

  private void idle(List<Child> children, int seconds) throws InterruptedException {
    List<Figures> before = children.stream().map(it -> it.ask("state")).toList();
    double server = serverSeconds();
    long from = System.nanoTime();
    pause(Duration.ofSeconds(seconds));
    double passed = since(from);
    double ofServer = (serverSeconds() - server) / passed;
    double ofClients = 0;
    long turns = 0;
    for (int number = 0; number < children.size(); number++) {
      Figures after = children.get(number).ask("state");
      ofClients += (after.processor() - before.get(number).processor()) / 1e9 / passed;
      turns += after.turns() - before.get(number).turns();
    }
    say(
        "idle for %.0f s: %.1f %% of a core: processes %.1f, server %.1f; %.1f turns a second",
        passed, 100 * (ofClients + ofServer), 100 * ofClients, 100 * ofServer, turns / passed);
  }

  private void kill(List<Child> children) throws InterruptedException {
    Child first = children.remove(0);
    long lost = first.ask("state").leading();
    first.process.destroyForcibly().waitFor();
    long begun = System.nanoTime();
    double leases = leaseSeconds("host0");
    until("the rest leads all", () -> led(children) == count);
    double led = since(begun);
    say(
        "killed a process that led %d: all led %.1f s later, %.1f s after the last of its leases",
        lost, led, led - leases);
  }

  private double leaseSeconds(String holder) {
    String all =
        IntStream.range(0, count)
            .mapToObj(it -> "SELECT holder, expires_nanos FROM fleet" + it + ".lease")
            .reduce((one, other) -> one + " UNION ALL " + other)
            .orElseThrow();
    return number(
            "SELECT (max(expires_nanos) / 1000000 - extract(epoch FROM clock_timestamp()) *"
                + " 1000)::bigint FROM ("
                + all
                + ") AS leases WHERE holder = '"
                + holder
                + "'")
        / 1e3;
  }

  private Process start(String user, int reports) throws IOException {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx1g",
            "-cp",
            ManagementFactory.getRuntimeMXBean().getClassPath(),
            ManyFleets.class.getName(),
            "child",
            url.substring(0, url.indexOf('?')),
            user,
            String.valueOf(count),
            String.valueOf(reports));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static long led(List<Child> children) {
    return children.stream().mapToLong(it -> it.ask("state").leading()).sum();
  }

  private interface Check {
    boolean isDone();
  }

  private static void until(String what, Check check) throws InterruptedException {
    long begun = System.nanoTime();
    while (!check.isDone()) {
      if (System.nanoTime() - begun > PATIENCE_NANOS) {
        throw new IllegalStateException("not within five minutes: " + what);
      }
      pause(Duration.ofMillis(100));
    }
  }

  private static void pause(Duration time) throws InterruptedException {
    new java.util.concurrent.CountDownLatch(1)
        .await(time.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  // ---- the server ----

  private static long postmaster(String url) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return ProcessHandle.of(row.getLong(1)).flatMap(ProcessHandle::parent).orElseThrow().pid();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the processor time of the server: its main process, those that ended, and those there.
   */
  private double serverSeconds() {
    ProcessHandle main = ProcessHandle.of(postmaster).orElseThrow();
    long ticks =
        Stream.concat(Stream.of(main), main.children())
            .mapToLong(it -> ticks(it.pid(), it.pid() == postmaster))
            .sum();
    return ticks / (double) TICKS_PER_SECOND;
  }

  private static long ticks(long pid, boolean withEnded) {
    try {
      String stat = Files.readString(new File("/proc/" + pid + "/stat").toPath());
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long own = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      return withEnded ? own + Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : own;
    } catch (IOException ended) {
      return 0;
    }
  }

  private long number(String query) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String each : sql.split("; ")) {
        statement.execute(each);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
