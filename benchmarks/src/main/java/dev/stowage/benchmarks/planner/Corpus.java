package dev.stowage.benchmarks.planner;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws fleets and writes them as the files of {@code stowage plan}: each shape has its own folder,
 * every fleet its own seed, every phase of a fleet a folder of workers, chunks and plan.yaml. Needs
 * nothing but the JDK, because {@code .ci/compare} compiles this file alone.
 */
public final class Corpus {
  /** The shapes of drawn fleets. */
  public static final List<String> SHAPES =
      List.of(
          "equal",
          "equal-tight",
          "zones",
          "levels",
          "limits",
          "mixed",
          "mixed-tight",
          "mixed-limits",
          "weights",
          "labels",
          "budget");

  private record Worker(
      String id,
      long capacity,
      String zone,
      String labels,
      String version,
      String status,
      int most) {
    Worker withStatus(String other) {
      return new Worker(id, capacity, zone, labels, version, other, most);
    }

    Worker withCapacity(long other) {
      return new Worker(id, other, zone, labels, version, status, most);
    }
  }

  private record Chunk(
      String id, long first, long bytes, int weight, String labels, String version) {}

  private static final long GIB = 1L << 30;

  private final Path root;

  public Corpus(Path root) {
    this.root = root;
  }

  /** Writes so many drawn fleets of each shape. */
  public void draw(int fleets) throws IOException {
    for (String shape : SHAPES) {
      for (int at = 0; at < fleets; at++) {
        drawn(shape, at);
      }
    }
  }

  /** Writes two fleets of the published workload, with four events each. */
  public void publish() throws IOException {
    published("published-10k-100", 10_000, 100, 240 * GIB, 2, new int[] {1, 6, 24});
    published("published-100k-200", 100_000, 200, 180 * GIB, 3, new int[] {1});
  }

  private void drawn(String shape, int number) throws IOException {
    SplittableRandom chance = new SplittableRandom(shape.hashCode() * 1_000_003L + number);
    boolean tight = shape.endsWith("tight") || chance.nextInt(4) == 0;
    boolean limited = shape.endsWith("limits");
    boolean large = number % 10 == 0;
    int count = large ? 20 + chance.nextInt(40) : 3 + chance.nextInt(16);
    int chunks = large ? 500 + chance.nextInt(1_500) : 5 + chance.nextInt(95);
    int floor = 1 + chance.nextInt(Math.min(3, count));
    List<Chunk> claims = chunks(shape, chance, 0, chunks);
    long bytes = claims.stream().mapToLong(Chunk::bytes).sum() * floor;
    double fill = tight ? 0.9 + chance.nextInt(14) / 100.0 : 0.4 + chance.nextInt(40) / 100.0;
    long each = Math.max(1, (long) (bytes / fill / count));
    List<Worker> fleet = new ArrayList<>();
    int zones = 2 + chance.nextInt(4);
    for (int at = 0; at < count; at++) {
      long capacity = isEqual(shape) ? each : Math.max(1, each * (1 + chance.nextInt(4)) * 2 / 5);
      int most =
          limited && chance.nextInt(3) == 0
              ? Math.max(1, chunks * floor / count + chance.nextInt(5) - 1)
              : 0;
      fleet.add(worker(shape, chance, at, capacity, zones, most));
    }
    String plan = plan(shape, chance, floor, each);
    Path folder = root.resolve(shape).resolve(id("", 4, number));
    phase(folder, 1, fleet, claims, plan, false);
    List<Worker> after = new ArrayList<>(fleet);
    List<Chunk> then = new ArrayList<>(claims);
    int phase = 2;
    for (int event = 0; event < 3; event++) {
      happen(shape, chance, event, each, zones, after, then);
      phase(folder, phase++, after, then, plan, true);
    }
  }

  private void happen(
      String shape,
      SplittableRandom chance,
      int event,
      long each,
      int zones,
      List<Worker> fleet,
      List<Chunk> chunks) {
    int at = chance.nextInt(fleet.size());
    int next = chunks.size();
    switch (chance.nextInt(5)) {
      case 0 -> fleet.set(at, fleet.get(at).withStatus("leaving"));
      case 1 -> {
        if (fleet.size() > 2) {
          fleet.remove(at);
        }
      }
      case 2 -> fleet.add(worker(shape, chance, 1_000 + event, each, zones, 0));
      case 3 -> {
        long cut = fleet.get(at).capacity() * (60 + chance.nextInt(35)) / 100;
        fleet.set(at, fleet.get(at).withCapacity(Math.max(1, cut)));
      }
      default -> chunks.addAll(chunks(shape, chance, next, 1 + next / 10));
    }
  }

  /** Reports whether all chunks of a shape have one size. */
  public static boolean isEqual(String shape) {
    return shape.startsWith("equal") || List.of("zones", "levels", "limits").contains(shape);
  }

  private static Worker worker(
      String shape, SplittableRandom chance, int at, long capacity, int zones, int most) {
    boolean levels = shape.equals("levels") || shape.endsWith("limits");
    String zone = shape.equals("zones") || levels ? "z" + at % zones : "";
    zone += levels ? "/r" + at / zones % 3 : "";
    boolean labelled = shape.equals("labels");
    String labels = labelled && chance.nextInt(3) > 0 ? "ssd" : "";
    String version = labelled && chance.nextInt(2) == 0 ? "2.0.0" : "1.0.0";
    return new Worker(id("w", 4, at), capacity, zone, labels, version, "active", most);
  }

  private static List<Chunk> chunks(String shape, SplittableRandom chance, int from, int count) {
    List<Chunk> drawn = new ArrayList<>();
    for (int at = from; at < from + count; at++) {
      long bytes =
          isEqual(shape)
              ? 1_000
              : 1 + (chance.nextInt(3) == 0 ? chance.nextInt(5_000) : chance.nextInt(500));
      int weight = shape.equals("weights") ? new int[] {1, 1, 2, 6, 24}[chance.nextInt(5)] : 1;
      boolean labelled = shape.equals("labels");
      String labels = labelled && chance.nextInt(5) == 0 ? "ssd" : "";
      String version = labelled && chance.nextInt(5) == 0 ? "2.0.0" : "";
      drawn.add(new Chunk(id("c", 6, at), 10L * at, bytes, weight, labels, version));
    }
    return drawn;
  }

  private static String plan(String shape, SplittableRandom chance, int floor, long each) {
    StringBuilder plan = new StringBuilder("min_replication: " + floor + "\n");
    if (shape.equals("weights")) {
      plan.append("max_replication: none\nsaturation: 0.8\n");
    }
    if (shape.endsWith("limits")) {
      plan.append(
          "max_per_domain: {1: " + Math.max(1, (floor + 1) / 2 + chance.nextInt(2)) + "}\n");
    }
    if (shape.equals("budget")) {
      plan.append("movement_budget_bytes: " + Math.max(1, each / (2 + chance.nextInt(4))) + "\n");
    }
    return plan.toString();
  }

  /** Writes a fleet of the workload of a published planner, at rest and after four events. */
  private void published(
      String name, int count, int workers, long capacity, int floor, int[] weights)
      throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < count + count / 50; at++) {
      chunks.add(
          new Chunk(
              publishedChunk(at), at * 10L, 104_857_600L, weights[at % weights.length], "", ""));
    }
    List<Worker> fleet = new ArrayList<>();
    for (int at = 0; at <= workers; at++) {
      fleet.add(new Worker(publishedWorker(at), capacity, "", "", "1.0.0", "active", 0));
    }
    List<Chunk> first = chunks.subList(0, count);
    List<Worker> usual = fleet.subList(0, workers);
    String plan = "min_replication: " + floor + "\nspread: none\n";
    plan += weights.length > 1 ? "max_replication: none\n" : "";
    List<Worker> oneLess = new ArrayList<>(usual);
    oneLess.remove(workers / 2);
    List<Worker> tenthLess = new ArrayList<>();
    for (int at = 0; at < workers; at++) {
      if (at % 10 != 5) {
        tenthLess.add(usual.get(at));
      }
    }
    event(name + "/more", usual, first, usual, chunks, plan);
    event(name + "/leave", usual, first, oneLess, first, plan);
    event(name + "/join", usual, first, fleet, first, plan);
    event(name + "/tenth", usual, first, tenthLess, first, plan);
  }

  private void event(
      String name,
      List<Worker> fleet,
      List<Chunk> chunks,
      List<Worker> after,
      List<Chunk> then,
      String plan)
      throws IOException {
    phase(root.resolve(name), 1, fleet, chunks, plan, false);
    phase(root.resolve(name), 2, after, then, plan, true);
  }

  /** Returns the id of a published chunk, without its dataset. */
  static String publishedChunk(int number) {
    return String.format(Locale.ROOT, "0000000000/%010d-%010d-%08x", number, number + 1, number);
  }

  /** Returns the drawn part of the id of a published worker, in hexadecimal. */
  static String publishedWorker(int number) {
    StringBuilder id = new StringBuilder();
    for (int part = 0; part < 4; part++) {
      long word = Long.reverseBytes(mix(0xA5A5_0000_0000L + 4L * number + part));
      id.append(String.format(Locale.ROOT, "%016x", word));
    }
    return id.toString();
  }

  static String id(String prefix, int digits, int number) {
    return String.format(Locale.ROOT, "%s%0" + digits + "d", prefix, number);
  }

  /** Mixes a number, as the published generator does (splitmix64). */
  static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static void phase(
      Path folder, int number, List<Worker> fleet, List<Chunk> chunks, String plan, boolean visible)
      throws IOException {
    Path phase = Files.createDirectories(folder.resolve(String.valueOf(number)));
    try (BufferedWriter out = Files.newBufferedWriter(phase.resolve("workers.csv"))) {
      out.write("worker_id,capacity_bytes,zone,version,labels,status,max_replicas\n");
      for (Worker each : fleet) {
        Object most = each.most > 0 ? each.most : "";
        out.write(
            row(each.id, each.capacity, each.zone, each.version, each.labels, each.status, most));
      }
    }
    try (BufferedWriter out = Files.newBufferedWriter(phase.resolve("chunks.csv"))) {
      out.write(
          "dataset,chunk_id,first_block,last_block,size_bytes,weight,min_version,labels,visible\n");
      for (Chunk each : chunks) {
        long last = each.first + 9;
        out.write(
            row(
                "d",
                each.id,
                each.first,
                last,
                each.bytes,
                each.weight,
                each.version,
                each.labels,
                visible));
      }
    }
    Files.writeString(phase.resolve("plan.yaml"), plan);
  }

  private static String row(Object... cells) {
    return Stream.of(cells).map(String::valueOf).collect(Collectors.joining(",", "", "\n"));
  }
}
