package example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares a simulated drain with a real one. Fills worker processes whose links are of limited
 * width, exports the fleet, simulates the drain of three workers from the exported files, drains
 * them, and prints bytes and seconds of both. Exits with 1 if bytes differ by more than 10 % or
 * seconds by more than 25 %.
 */
public final class DrainTrial {
  private static final int LEAVING = 3;
  private static final int ZONES = 3;
  private static final int COPIES = 2;
  private static final int INGESTERS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final LocalFleet fleet;
  private final int chunks;
  private final String downlink;
  private final String database;
  private final String schema;
  private final String tool;
  private final List<Integer> ports = new ArrayList<>();

  /** Holds the cost of a drain: bytes, seconds until the last of them, and until all may stop. */
  private record Drain(long bytes, double copied, double seconds) {
    void print(String name) {
      System.out.printf(
          Locale.ROOT, "%-10s %,14d bytes, copied after %.1f s, safe to stop after %.1f s%n",
          name, bytes, copied, seconds);
    }
  }

  private DrainTrial(LocalFleet fleet, String[] args) {
    this.fleet = fleet;
    chunks = Integer.parseInt(args[1]);
    downlink = args[3];
    database = args[4];
    schema = args[5];
    tool = args[6];
  }

  /**
   * Takes the numbers of workers and chunks, the mean size of a chunk and the bytes that a worker's
   * link receives in a second, the address of a database, the name of a schema to be created, and
   * {@code stowage.jar}.
   */
  public static void main(String[] args) throws Exception {
    boolean isGood;
    try (LocalFleet fleet = new LocalFleet(args[4], args[5], Integer.parseInt(args[2]))) {
      isGood = new DrainTrial(fleet, args).run(Integer.parseInt(args[0]));
    }
    System.exit(isGood ? 0 : 1);
  }

  private boolean run(int workers) throws Exception {
    System.out.println("logs and disks are in " + fleet.folder());
    fleet.startPlane(0);
    fleet.awaitLeader(-1, Duration.ofMinutes(2));
    for (int i = 0; i < workers; i++) {
      ports.add(LocalFleet.port());
      fleet.startWorker(ports.get(i), "zone-" + i % ZONES, 1L << 40, downlink);
    }
    await("workers", () -> meter("stowage_workers") == workers, Duration.ZERO);
    ingest();
    await("replicas", () -> meter("stowage_replicas") == COPIES * (double) chunks, Duration.ZERO);
    await("rest", this::isAtRest, QUIET);
    List<String> leaving = new ArrayList<>();
    ports.subList(0, LEAVING).forEach(port -> leaving.add("localhost:" + port));
    Drain simulated = simulate(leaving);
    simulated.print("simulated");
    Drain real = drain(leaving);
    real.print("drained");
    double bytes = (double) simulated.bytes / real.bytes;
    double seconds = simulated.seconds / real.seconds;
    System.out.printf(
        Locale.ROOT, "simulated over drained: bytes %.3f, seconds %.3f%n", bytes, seconds);
    return Math.abs(bytes - 1) <= 0.1 && Math.abs(seconds - 1) <= 0.25;
  }

  // ---- the fleet ----

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

  private boolean isAtRest() {
    return meter("stowage_bytes_to_go_bytes") == 0 && meter("stowage_replicas_draining") == 0;
  }

  /** Returns the sum of a meter's values; not a number if it has none. */
  private double meter(String name) {
    Pattern value = Pattern.compile("(?m)^" + name + "(?:\\{.*})? (\\S+)$");
    return value.matcher(fleet.get(fleet.planeUri(0) + "/metrics")).results()
        .map(found -> Double.valueOf(found.group(1)))
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  private interface Condition {
    boolean holds();
  }

  /** Waits until a condition has held for so long. */
  private void await(String what, Condition condition, Duration quiet) {
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

  // ---- simulated ----

  private Drain simulate(List<String> leaving) throws IOException, InterruptedException {
    Path exported = fleet.folder().resolve("fleet");
    stowage("export", "--jdbc-url", database, "--schema", schema, "--out", exported.toString());
    requireVisible(exported.resolve("chunks.csv"));
    List<String> lines = new ArrayList<>(List.of("steps: " + steps(), "step: 1", "events:"));
    leaving.forEach(worker -> lines.add("  - \"at 1: drain " + worker + "\""));
    Path profile = Files.write(fleet.folder().resolve("drain.yaml"), lines);
    String[] simulation = {
      "simulate", "--from", exported.toString(), "--profile", profile.toString(), "--json"
    };
    String json = Files.readString(stowage(simulation));
    List<Long> steps =
        Pattern.compile("\"downloaded\" : (\\d+)").matcher(json).results()
            .map(found -> Long.valueOf(found.group(1)))
            .toList();
    int last = 0;
    for (int i = 0; i < steps.size(); i++) {
      last = steps.get(i) > 0 ? i + 1 : last;
    }
    return new Drain((long) figure(json, "moved_bytes"), last, figure(json, "leaving_seconds"));
  }

  /** Returns seconds that are enough: twice those that the links take, and the drain window's. */
  private long steps() {
    double moved = (double) COPIES * chunks * fleet.chunkBytes * LEAVING / ports.size();
    return 120 + (long) (2 * moved / (ports.size() - LEAVING) / Long.parseLong(downlink));
  }

  private static double figure(String json, String name) {
    return Pattern.compile("\"" + name + "\" : ([0-9.E]+)").matcher(json).results()
        .mapToDouble((MatchResult found) -> Double.parseDouble(found.group(1)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no figure " + name));
  }

  private void requireVisible(Path file) throws IOException {
    List<String> rows = Files.readAllLines(file);
    int at = Arrays.asList(rows.get(0).split(",")).indexOf("visible");
    long visible = rows.stream().filter(row -> row.split(",")[at].equals("true")).count();
    if (visible != chunks) {
      throw new IllegalStateException(visible + " chunks are visible; " + chunks + " expected");
    }
  }

  /** Runs the command line tool and returns the file with what it printed. */
  private Path stowage(String... args) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path printed = fleet.folder().resolve(args[0] + ".out");
    List<String> command =
        Stream.concat(Stream.of(java, "-jar", tool), Stream.of(args)).toList();
    int code =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(printed.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IllegalStateException("stowage " + args[0] + " ended with " + code);
    }
    return printed;
  }

  // ---- real ----

  private Drain drain(List<String> leaving) {
    long before = passed(ports);
    long stray = passed(ports.subList(0, LEAVING));
    long began = System.nanoTime();
    leaving.forEach(worker -> fleet.post(fleet.planeUri(0) + "/leave?worker=" + worker));
    String question = fleet.planeUri(0) + "/leaving?workers=" + String.join(",", leaving);
    double copied = 0;
    double seconds = 0;
    long bytes = 0;
    while (seconds == 0) {
      LocalFleet.pause(200);
      String answer = fleet.get(question);
      double now = (System.nanoTime() - began) / 1e9;
      long passed = passed(ports) - before;
      copied = passed > bytes ? now : copied;
      bytes = passed;
      seconds = answer.split("\"safe\": true", -1).length > LEAVING ? now : 0;
      if (now > PATIENCE.toSeconds()) {
        throw new IllegalStateException("not safe to stop: " + answer);
      }
    }
    await("rest", this::isAtRest, QUIET);
    System.out.printf(
        Locale.ROOT, "%,d bytes came to workers that were told to leave later%n",
        passed(ports.subList(0, LEAVING)) - stray);
    return new Drain(passed(ports) - before, copied, seconds);
  }

  private long passed(List<Integer> ports) {
    return ports.stream()
        .mapToLong(port -> Long.parseLong(fleet.get("http://localhost:" + port + "/passed")))
        .sum();
  }
}
