package example;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A fleet of worker processes that is filled to the full, and the command line tool beside it. */
final class FilledFleet {
  static final Duration PATIENCE = Duration.ofMinutes(15);
  static final Duration QUIET = Duration.ofSeconds(10);
  private static final int ZONES = 3;
  static final int COPIES = 2;
  private static final int INGESTERS = 8;

  final LocalFleet fleet;
  final int chunks;
  final List<Integer> ports = new ArrayList<>();
  private final String database;
  private final String schema;
  private final String tool;

  /** Takes the number of chunks, where the fleet is, and {@code stowage.jar}. */
  FilledFleet(LocalFleet fleet, int chunks, String database, String schema, String tool) {
    this.fleet = fleet;
    this.chunks = chunks;
    this.database = database;
    this.schema = schema;
    this.tool = tool;
  }

  /** Starts so many workers, where no ports are given on free ones, ingests all chunks, and waits until the fleet is at rest. */
  void fill(int workers, long capacityBytes, String downlink) throws Exception {
    System.out.println("logs and disks are in " + fleet.folder());
    fleet.startPlane(0);
    fleet.awaitLeader(-1, Duration.ofMinutes(2));
    for (int i = 0; i < workers; i++) {
      if (ports.size() == i) {
        ports.add(LocalFleet.port());
      }
      fleet.startWorker(ports.get(i), "zone-" + i % ZONES, capacityBytes, downlink);
    }
    await("workers", () -> meter("stowage_workers") == workers, Duration.ZERO);
    ingest();
    await("replicas", () -> meter("stowage_replicas") == COPIES * (double) chunks, Duration.ZERO);
    await("rest", this::isAtRest, QUIET);
  }

  private void ingest() throws Exception {
    ExecutorService ingesters = Executors.newFixedThreadPool(INGESTERS);
    List<Future<Boolean>> taken = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      int chunk = i;
      taken.add(ingesters.submit(() -> fleet.ingest(0, chunk, size(chunk))));
    }
    for (Future<Boolean> each : taken) {
      if (!each.get()) {
        throw new IllegalStateException("a chunk was refused; logs are in " + fleet.folder());
      }
    }
    ingesters.shutdown();
    System.out.println(chunks + " chunks ingested");
  }

  /** Returns the size of a chunk, from half the mean to one and a half. */
  private int size(int chunk) {
    return fleet.chunkBytes / 2 + (int) (chunk * 7_919L % (fleet.chunkBytes + 1));
  }

  boolean isAtRest() {
    return meter("stowage_bytes_to_go_bytes") == 0 && meter("stowage_replicas_draining") == 0;
  }

  /** Returns the sum of a meter's values; not a number if it has none. */
  double meter(String name) {
    Pattern value = Pattern.compile("(?m)^" + name + "(?:\\{.*})? (\\S+)$");
    return value.matcher(fleet.get(fleet.planeUri(0) + "/metrics")).results()
        .map(found -> Double.valueOf(found.group(1)))
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  interface Condition {
    boolean holds();
  }

  /** Waits until a condition has held for so long. */
  void await(String what, Condition condition, Duration quiet) {
    long began = System.nanoTime();
    long since = began;
    boolean holds = false;
    while (!holds || System.nanoTime() - since < quiet.toNanos()) {
      boolean held = holds;
      holds = condition.holds();
      since = held ? since : System.nanoTime();
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IllegalStateException("no " + what + "; logs are in " + fleet.folder());
      }
      LocalFleet.pause(200);
    }
    System.out.printf(
        Locale.ROOT, "%s after %.0f s%n", what, (System.nanoTime() - began) / 1e9);
  }

  /** Reports whether all of these workers may be switched off. */
  boolean maySwitchOff(List<String> leaving) {
    String question = fleet.planeUri(0) + "/leaving?workers=" + String.join(",", leaving);
    return fleet.get(question).split("\"safe\": true", -1).length > leaving.size();
  }

  /** Asks the live fleet by the command line tool. */
  Path live(String... args) throws IOException, InterruptedException {
    return stowage(onLive(args));
  }

  /** Runs the command line tool and returns the file with what it printed. */
  Path stowage(String... args) throws IOException, InterruptedException {
    int code = run(args);
    if (code != 0) {
      throw new IllegalStateException("stowage " + args[0] + " ended with " + code);
    }
    return printed(args[0]);
  }

  /** Runs a command on the live fleet and returns its exit code. */
  int code(String... args) throws IOException, InterruptedException {
    return run(onLive(args));
  }

  private String[] onLive(String... args) {
    Stream<String> where = Stream.of("--jdbc-url", database, "--schema", schema);
    return Stream.concat(Stream.of(args), where).toArray(String[]::new);
  }

  /** Returns the file with what a command printed last. */
  Path printed(String command) {
    return fleet.folder().resolve(command + ".out");
  }

  private int run(String... args) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        Stream.concat(Stream.of(java, "-jar", tool), Stream.of(args)).toList();
    return new ProcessBuilder(command)
        .directory(fleet.folder().toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(printed(args[0]).toFile())
        .start()
        .waitFor();
  }
}
