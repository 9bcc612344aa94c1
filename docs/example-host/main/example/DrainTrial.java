package example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Compares a simulated drain with a real one. Fills worker processes whose links are of limited
 * width, exports the fleet, simulates the drain of three workers from the exported files, drains
 * them, and prints bytes and seconds of both. Exits with 1 if bytes differ by more than 10 % or
 * seconds by more than 25 %.
 */
public final class DrainTrial {
  private static final int LEAVING = 3;

  private final FilledFleet filled;
  private final LocalFleet fleet;
  private final String downlink;

  /** Holds the cost of a drain: bytes, seconds until the last of them, and until all may stop. */
  private record Drain(long bytes, double copied, double seconds) {
    void print(String name) {
      System.out.printf(
          Locale.ROOT, "%-10s %,14d bytes, copied after %.1f s, safe to stop after %.1f s%n",
          name, bytes, copied, seconds);
    }
  }

  private DrainTrial(FilledFleet filled, String downlink) {
    this.filled = filled;
    this.fleet = filled.fleet;
    this.downlink = downlink;
  }

  /**
   * Takes the numbers of workers and chunks, the mean size of a chunk and the bytes that a worker's
   * link receives in a second, the address of a database, the name of a schema to be created, and
   * {@code stowage.jar}.
   */
  public static void main(String[] args) throws Exception {
    boolean isGood;
    try (LocalFleet fleet = new LocalFleet(args[4], args[5], Integer.parseInt(args[2]))) {
      FilledFleet filled =
          new FilledFleet(fleet, Integer.parseInt(args[1]), args[4], args[5], args[6]);
      filled.fill(Integer.parseInt(args[0]), 1L << 40, args[3]);
      isGood = new DrainTrial(filled, args[3]).run();
    }
    System.exit(isGood ? 0 : 1);
  }

  private boolean run() throws Exception {
    List<Integer> ports = filled.ports;
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

  // ---- simulated ----

  private Drain simulate(List<String> leaving) throws IOException, InterruptedException {
    Path exported = fleet.folder().resolve("fleet");
    filled.live("export", "--out", exported.toString());
    requireVisible(exported.resolve("chunks.csv"));
    List<String> lines = new ArrayList<>(List.of("steps: " + steps(), "step: 1", "events:"));
    leaving.forEach(worker -> lines.add("  - \"at 1: drain " + worker + "\""));
    Path profile = Files.write(fleet.folder().resolve("drain.yaml"), lines);
    String[] simulation = {
      "simulate", "--from", exported.toString(), "--profile", profile.toString(), "--json"
    };
    String json = Files.readString(filled.stowage(simulation));
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
    int workers = filled.ports.size();
    double moved = (double) FilledFleet.COPIES * filled.chunks * fleet.chunkBytes * LEAVING / workers;
    return 120 + (long) (2 * moved / (workers - LEAVING) / Long.parseLong(downlink));
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
    if (visible != filled.chunks) {
      throw new IllegalStateException(visible + " chunks are visible; " + filled.chunks + " expected");
    }
  }

  // ---- real ----

  private Drain drain(List<String> leaving) {
    List<Integer> ports = filled.ports;
    long before = passed(ports);
    long stray = passed(ports.subList(0, LEAVING));
    long began = System.nanoTime();
    leaving.forEach(worker -> fleet.post(fleet.planeUri(0) + "/leave?worker=" + worker));
    double copied = 0;
    double seconds = 0;
    long bytes = 0;
    while (seconds == 0) {
      LocalFleet.pause(200);
      boolean isSafe = filled.maySwitchOff(leaving);
      double now = (System.nanoTime() - began) / 1e9;
      long passed = passed(ports) - before;
      copied = passed > bytes ? now : copied;
      bytes = passed;
      seconds = isSafe ? now : 0;
      if (now > FilledFleet.PATIENCE.toSeconds()) {
        throw new IllegalStateException("not safe to stop; logs are in " + fleet.folder());
      }
    }
    filled.await("rest", filled::isAtRest, FilledFleet.QUIET);
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
