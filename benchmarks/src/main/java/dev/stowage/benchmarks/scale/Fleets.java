package dev.stowage.benchmarks.scale;

import dev.stowage.StowageFleets;
import dev.stowage.StowageFleets.Listing;
import dev.stowage.StowageService.State;
import dev.stowage.benchmarks.scale.Scale.Figures;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.storage.postgres.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The phase of many fleets on one PostgreSQL: fills them, has two processes lead them with the
 * defaults of {@link StowageFleets} and {@link PostgresServer}, watches them idle, and kills one
 * process. Workers never count as silent.
 */
final class Fleets {
  private static final int PROCESSES = 2;
  private static final int OPENING = 20;
  private static final long PATIENCE_NANOS = Duration.ofMinutes(10).toNanos();

  private final ScaleServer server;
  private final ScaleOptions options;

  private Fleets(ScaleServer server, ScaleOptions options) {
    this.server = server;
    this.options = options;
  }

  static Figures measure(Run run) throws IOException, InterruptedException {
    ScaleServer server =
        run.server()
            .orElseThrow(
                () -> new IllegalArgumentException("fleets is a phase of --jdbc-url only"));
    Fleets fleets = new Fleets(server, run.options());
    fleets.fill();
    return fleets.lead();
  }

  private static StowageFleets open(
      PostgresServer server, int count, int copies, ExecutorService executor) {
    StowageFleets fleets =
        StowageFleets.builder(executor, InstantSource.system())
            .facade((name, facade) ->
                facade.config(
                    Run.config(copies)
                        .withFleet(fleet ->
                            fleet
                                .minReplication(copies)
                                .suspectAfterTicks(LifecycleConfig.NEVER)
                                .departAfterTicks(LifecycleConfig.NEVER))))
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

  private void fill() throws InterruptedException {
    for (int number = 0; number < options.fleets(); number++) {
      server.execute("DROP SCHEMA IF EXISTS fleet" + number + " CASCADE");
    }
    ExecutorService executor = Executors.newFixedThreadPool(8);
    try (PostgresServer opened = PostgresServer.builder(server.url(), "", "").build();
        StowageFleets fleets = open(opened, options.fleets(), options.copies(), executor)) {
      until("filled fleets are led", () -> leading(fleets) == options.fleets());
      for (int number = 0; number < options.fleets(); number++) {
        Crew crew = Crew.of(fleets.stowage("fleet" + number).orElseThrow(), options.workers());
        crew.ingest(options.chunks());
        crew.schedule();
        crew.reportAll();
        crew.publish();
      }
    } finally {
      executor.shutdownNow();
    }
    server.execute("CHECKPOINT; VACUUM ANALYZE");
  }

  private Figures lead() throws IOException, InterruptedException {
    List<Child> children = new ArrayList<>();
    try {
      long begun = System.nanoTime();
      for (int number = 0; number < PROCESSES; number++) {
        children.add(new Child(start(number)));
      }
      until("all fleets are led", () -> led(children) == options.fleets());
      Figures figures =
          new Figures()
              .add(
                  "%d fleets led %.1f s after the start of %d processes, processor %.1f s",
                  options.fleets(), since(begun), PROCESSES, sum(children, 1) / 1e9);
      pause(Duration.ofSeconds(OPENING));
      double busy = sum(children, 1);
      double turns = sum(children, 3);
      pause(Duration.ofSeconds(options.seconds()));
      figures.add(
          "idle %.1f %% of a core, %.1f turns/s",
          (sum(children, 1) - busy) / 1e7 / options.seconds(),
          (sum(children, 3) - turns) / options.seconds());
      long[] last = children.get(PROCESSES - 1).ask();
      figures.add("a process: %d threads, heap %.0f MB", last[2], last[4] / 1e6);
      Child killed = children.remove(0);
      long lost = killed.ask()[0];
      killed.process.destroyForcibly().waitFor();
      begun = System.nanoTime();
      until("the rest leads all", () -> led(children) == options.fleets());
      return figures.add(
          "%d fleets of a killed process led after %.1f s, its leases included",
          lost, since(begun));
    } finally {
      children.forEach(it -> it.process.destroyForcibly());
    }
  }

  private Process start(int number) throws IOException {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx1g",
            "-cp",
            ManagementFactory.getRuntimeMXBean().getClassPath(),
            Fleets.class.getName(),
            server.url(),
            "process-" + number,
            String.valueOf(options.fleets()),
            String.valueOf(options.copies()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Leads fleets until killed, as a child; answers each line of input with one of figures. */
  public static void main(String[] arguments) throws IOException {
    ExecutorService executor = Executors.newFixedThreadPool(8);
    PostgresServer server = PostgresServer.builder(arguments[0], "", "").build();
    StowageFleets fleets =
        open(server, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), executor);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      long turns = fleets.statuses().stream().mapToLong(it -> it.status().turns()).sum();
      int threads = ManagementFactory.getThreadMXBean().getThreadCount();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      long[] all = {leading(fleets), Meter.processNanos(), threads, turns, heap};
      System.out.println(
          Arrays.stream(all).mapToObj(Long::toString).collect(Collectors.joining(" ")));
    }
    Runtime.getRuntime().halt(0);
  }

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

    /** Returns led fleets, processor nanoseconds, threads, turns and bytes of heap. */
    long[] ask() {
      to.println("figures");
      try {
        String line = from.readLine();
        if (line == null) {
          throw new IllegalStateException("a process of fleets ended");
        }
        return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static long led(List<Child> children) {
    return (long) sum(children, 0);
  }

  private static double sum(List<Child> children, int figure) {
    return children.stream().mapToDouble(it -> it.ask()[figure]).sum();
  }

  private static void until(String what, BooleanSupplier check) throws InterruptedException {
    long begun = System.nanoTime();
    while (!check.getAsBoolean()) {
      if (System.nanoTime() - begun > PATIENCE_NANOS) {
        throw new IllegalStateException("not within ten minutes: " + what);
      }
      pause(Duration.ofMillis(100));
    }
  }

  private static void pause(Duration time) throws InterruptedException {
    new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
