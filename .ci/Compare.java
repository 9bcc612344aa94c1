import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Compares the plans of two commits; {@code .ci/compare} calls it with a stowage.jar on the class
 * path.
 *
 * <pre>
 *   Compare corpus FOLDER            writes the fleets, each as phases of workers, chunks and plan.yaml
 *   Compare run FOLDER RESULT        plans each fleet until at rest with the stowage.jar on the class path
 *   Compare table OLD NEW [DEMO..]   prints both results side by side; exit status 1 if NEW is worse
 * </pre>
 */
final class Compare {
  /** A figure may become worse by this share before the comparison fails. */
  private static final double MARGIN = 0.005;

  /** A phase that is not at rest after so many plans is given up, and counts as that many. */
  private static final int MOST_CYCLES = 40;

  private static final int FLEETS_OF_A_SHAPE = 120;

  private Compare() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "corpus" -> new Corpus(Path.of(args[1])).write();
      case "run" -> run(Path.of(args[1]), Path.of(args[2]));
      case "table" -> System.exit(new Table().print(Arrays.copyOfRange(args, 1, args.length)));
      default -> throw new IllegalArgumentException("unknown step " + args[0]);
    }
  }

  // ---- the corpus ----

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

  /** Draws fleets; every shape has its own folder, every fleet its own seed. */
  private static final class Corpus {
    private static final long GIB = 1L << 30;

    private final Path root;

    Corpus(Path root) {
      this.root = root;
    }

    void write() throws IOException {
      for (String shape :
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
              "budget")) {
        for (int at = 0; at < FLEETS_OF_A_SHAPE; at++) {
          drawn(shape, at);
        }
      }
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
      Path folder = root.resolve(shape).resolve(String.format(Locale.ROOT, "%04d", number));
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

    private static boolean isEqual(String shape) {
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
      return new Worker(
          String.format(Locale.ROOT, "w%04d", at), capacity, zone, labels, version, "active", most);
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
        drawn.add(
            new Chunk(
                String.format(Locale.ROOT, "c%06d", at), 10L * at, bytes, weight, labels, version));
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

    /**
     * The workload of a published planner, whose ids, sizes and weights shared/design writes down.
     */
    private void published(
        String name, int count, int workers, long capacity, int floor, int[] weights)
        throws IOException {
      List<Chunk> chunks = new ArrayList<>();
      for (int at = 0; at < count + count / 50; at++) {
        String id = String.format(Locale.ROOT, "0000000000/%010d-%010d-%08x", at, at + 1, at);
        chunks.add(new Chunk(id, at * 10L, 104_857_600L, weights[at % weights.length], "", ""));
      }
      List<Worker> fleet = new ArrayList<>();
      for (int at = 0; at <= workers; at++) {
        StringBuilder id = new StringBuilder();
        for (int part = 0; part < 4; part++) {
          id.append(
              String.format(
                  Locale.ROOT,
                  "%016x",
                  Long.reverseBytes(mix(0xA5A5_0000_0000L + 4L * at + part))));
        }
        fleet.add(new Worker(id.toString(), capacity, "", "", "1.0.0", "active", 0));
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

    private static long mix(long x) {
      long z = x + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }

    private static void phase(
        Path folder,
        int number,
        List<Worker> fleet,
        List<Chunk> chunks,
        String plan,
        boolean visible)
        throws IOException {
      Path phase = Files.createDirectories(folder.resolve(String.valueOf(number)));
      try (BufferedWriter out = Files.newBufferedWriter(phase.resolve("workers.csv"))) {
        out.write("worker_id,capacity_bytes,zone,version,labels,status,max_replicas\n");
        for (Worker each : fleet) {
          out.write(
              each.id
                  + ","
                  + each.capacity
                  + ","
                  + each.zone
                  + ","
                  + each.version
                  + ","
                  + each.labels
                  + ","
                  + each.status
                  + ","
                  + (each.most > 0 ? each.most : "")
                  + "\n");
        }
      }
      try (BufferedWriter out = Files.newBufferedWriter(phase.resolve("chunks.csv"))) {
        out.write(
            "dataset,chunk_id,first_block,last_block,size_bytes,weight,min_version,labels,visible\n");
        for (Chunk each : chunks) {
          out.write(
              "d,"
                  + each.id
                  + ","
                  + each.first
                  + ","
                  + (each.first + 9)
                  + ","
                  + each.bytes
                  + ","
                  + each.weight
                  + ","
                  + each.version
                  + ","
                  + each.labels
                  + ","
                  + visible
                  + "\n");
        }
      }
      Files.writeString(phase.resolve("plan.yaml"), plan);
    }
  }

  // ---- one stowage.jar over the corpus ----

  /** Writes a line for each fleet: its name, then its figures in the order of {@link Figures}. */
  private static void run(Path corpus, Path result) throws Exception {
    Tool tool = new Tool();
    List<Path> fleets = new ArrayList<>();
    try (Stream<Path> all = Files.walk(corpus)) {
      all.filter(path -> path.getFileName().toString().equals("1"))
          .map(Path::getParent)
          .sorted()
          .forEach(fleets::add);
    }
    Path scratch = Files.createTempDirectory("compare");
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(result))) {
      for (Path fleet : fleets) {
        out.println(corpus.relativize(fleet) + " " + new Journey(tool, fleet, scratch).figures());
      }
    }
    delete(scratch);
  }

  /**
   * Sums over the phases of a fleet, each at rest.
   *
   * @param givenUp plans in which a search reached its budget, where the jar says so
   */
  private record Figures(
      long shortfalls,
      long deferred,
      long stuck,
      double moved,
      double minimum,
      double balance,
      long phases,
      long cycles,
      long restless,
      long givenUp,
      long millis) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d %d %d %.0f %.0f %.6f %d %d %d %d %d",
          shortfalls,
          deferred,
          stuck,
          moved,
          minimum,
          balance,
          phases,
          cycles,
          restless,
          givenUp,
          millis);
    }

    static Figures parse(String[] words, int from) {
      double[] all = Arrays.stream(words).skip(from).mapToDouble(Double::parseDouble).toArray();
      return new Figures(
          (long) all[0],
          (long) all[1],
          (long) all[2],
          all[3],
          all[4],
          all[5],
          (long) all[6],
          (long) all[7],
          (long) all[8],
          (long) all[9],
          (long) all[10]);
    }

    Figures plus(Figures other) {
      return new Figures(
          shortfalls + other.shortfalls,
          deferred + other.deferred,
          stuck + other.stuck,
          moved + other.moved,
          minimum + other.minimum,
          balance + other.balance,
          phases + other.phases,
          cycles + other.cycles,
          restless + other.restless,
          givenUp + other.givenUp,
          millis + other.millis);
    }
  }

  /** The command line in this process: a process for each plan would take longer than the plans. */
  private static final class Tool {
    private final Method commandLine;
    private final Method console;

    Tool() throws ReflectiveOperationException {
      Class<?> command = Class.forName("dev.stowage.sim.tool.cli.StowageCommand");
      Class<?> consoles = Class.forName("dev.stowage.sim.tool.cli.Console");
      console = consoles.getDeclaredMethod("ofProcess");
      commandLine = command.getDeclaredMethod("commandLine", consoles);
      console.setAccessible(true);
      commandLine.setAccessible(true);
    }

    int execute(String... args) throws ReflectiveOperationException {
      PrintStream shown = System.out;
      System.setOut(new PrintStream(PrintStream.nullOutputStream()));
      try {
        Object line = commandLine.invoke(null, console.invoke(null));
        return (int)
            line.getClass().getMethod("execute", String[].class).invoke(line, (Object) args);
      } finally {
        System.setOut(shown);
      }
    }
  }

  /** Plans one fleet through its phases, each until nothing is left to do. */
  private static final class Journey {
    private final Tool tool;
    private final Path fleet;
    private final Path scratch;
    private final ObjectMapper json = new ObjectMapper();

    Journey(Tool tool, Path fleet, Path scratch) {
      this.tool = tool;
      this.fleet = fleet;
      this.scratch = scratch;
    }

    Figures figures() throws Exception {
      Figures sum = new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      Path held = null;
      for (int phase = 1; Files.isDirectory(fleet.resolve(String.valueOf(phase))); phase++) {
        Path files = fleet.resolve(String.valueOf(phase));
        if (held != null) {
          held = ofPresentWorkers(held, files);
        }
        JsonNode last = null;
        double moved = 0;
        double minimum = 0;
        long millis = 0;
        long givenUp = 0;
        int cycle = 0;
        boolean atRest = false;
        while (!atRest && cycle < MOST_CYCLES) {
          Path out = scratch.resolve("step-" + cycle % 2);
          plan(files, held, out);
          last = json.readTree(out.resolve("summary.json").toFile());
          moved += last.get("bytes_added").asDouble();
          minimum += last.get("bytes_minimum").asDouble();
          millis += last.get("plan_millis").asLong();
          givenUp += last.path("gave_up").size() + last.path("gave_up").asInt(0) > 0 ? 1 : 0;
          atRest = isEmpty(out.resolve("actions.csv"));
          held =
              Files.move(
                  out.resolve("next_held.csv"),
                  scratch.resolve("held-" + cycle % 2 + ".csv"),
                  java.nio.file.StandardCopyOption.REPLACE_EXISTING);
          cycle++;
        }
        sum =
            sum.plus(
                new Figures(
                    last.get("shortfalls").asLong(),
                    last.get("deferred").asLong(),
                    last.get("stuck").asLong(),
                    moved,
                    minimum,
                    imbalance(last),
                    1,
                    cycle,
                    atRest ? 0 : 1,
                    givenUp,
                    millis));
      }
      return sum;
    }

    private void plan(Path files, Path held, Path out) throws ReflectiveOperationException {
      List<String> args =
          new ArrayList<>(
              List.of(
                  "plan",
                  "--workers",
                  files.resolve("workers.csv").toString(),
                  "--chunks",
                  files.resolve("chunks.csv").toString(),
                  "--config",
                  files.resolve("plan.yaml").toString(),
                  "--threads",
                  "1",
                  "--out",
                  out.toString()));
      if (held != null) {
        args.addAll(List.of("--held", held.toString()));
      }
      int status = tool.execute(args.toArray(String[]::new));
      if (status != 0 && status != 4) {
        throw new IllegalStateException("exit status " + status + " of " + String.join(" ", args));
      }
    }

    private Path ofPresentWorkers(Path held, Path files) throws IOException {
      Set<String> present = new HashSet<>();
      try (Stream<String> rows = Files.lines(files.resolve("workers.csv"))) {
        rows.forEach(row -> present.add(row.substring(0, row.indexOf(','))));
      }
      Path kept = scratch.resolve("kept.csv");
      try (Stream<String> rows = Files.lines(held);
          PrintWriter out = new PrintWriter(Files.newBufferedWriter(kept))) {
        rows.filter(row -> row.startsWith("dataset,") || present.contains(row.split(",", 4)[2]))
            .forEach(out::println);
      }
      return kept;
    }

    private static boolean isEmpty(Path csv) throws IOException {
      try (Stream<String> rows = Files.lines(csv)) {
        return rows.skip(1).findAny().isEmpty();
      }
    }

    /** The greatest fill of a worker over the mean of its level. */
    private static double imbalance(JsonNode summary) {
      double worst = 1;
      for (JsonNode group : summary.get("groups")) {
        if (group.get("workers").asInt() > 1) {
          worst = Math.max(worst, group.get("max_over_mean_fill").asDouble());
        }
      }
      return worst;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(each);
      }
    }
  }

  // ---- side by side ----

  private static final class Table {
    private boolean worse;

    /** Prints the table; 1 if a figure became worse by more than the margin. */
    int print(String[] files) throws IOException {
      Map<String, Figures> old = read(Path.of(files[0]));
      Map<String, Figures> now = read(Path.of(files[1]));
      System.out.println(
          "| fleets | short | deferred | stuck | moved/minimum | fullest/mean | plans to rest |"
              + " never at rest | gave up | planning ms |");
      System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
      Map<String, Figures> oldSums = sums(old);
      sums(now).forEach((shape, sum) -> row(shape, oldSums.get(shape), sum));
      now.forEach((fleet, figures) -> single(fleet, old.get(fleet), figures));
      if (files.length > 3) {
        demo(
            new ObjectMapper().readTree(Path.of(files[2]).toFile()),
            new ObjectMapper().readTree(Path.of(files[3]).toFile()));
      }
      System.out.println(
          worse
              ? "WORSE by more than " + 100 * MARGIN + " % where marked with !"
              : "nothing is worse by more than " + 100 * MARGIN + " %");
      return worse ? 1 : 0;
    }

    private static Map<String, Figures> read(Path file) throws IOException {
      Map<String, Figures> all = new LinkedHashMap<>();
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ");
        all.put(words[0], Figures.parse(words, 1));
      }
      return all;
    }

    private static Map<String, Figures> sums(Map<String, Figures> fleets) {
      Map<String, Figures> sums = new LinkedHashMap<>();
      fleets.forEach((fleet, figures) ->
          sums.merge(fleet.substring(0, fleet.indexOf('/')), figures, Figures::plus));
      return sums;
    }

    private void row(String shape, Figures old, Figures now) {
      System.out.println(
          "| "
              + shape
              + " | "
              + String.join(
                  " | ",
                  pair(old.shortfalls, now.shortfalls),
                  pair(old.deferred, now.deferred),
                  pair(old.stuck, now.stuck),
                  ratio(ratioOf(old.moved, old.minimum), ratioOf(now.moved, now.minimum)),
                  ratio(old.balance / old.phases, now.balance / now.phases),
                  pair(old.cycles, now.cycles),
                  pair(old.restless, now.restless),
                  old.givenUp + " > " + now.givenUp,
                  old.millis + " > " + now.millis)
              + " |");
    }

    private static double ratioOf(double moved, double minimum) {
      return minimum == 0 ? 1 + moved : moved / minimum;
    }

    private String pair(long old, long now) {
      return old + " > " + now + mark(old, now);
    }

    private String ratio(double old, double now) {
      return String.format(Locale.ROOT, "%.4f > %.4f", old, now) + mark(old, now);
    }

    private String mark(double old, double now) {
      if (now <= old * (1 + MARGIN)) {
        return "";
      }
      worse = true;
      return " !";
    }

    /** A fleet of which more is left undone than before. */
    private static void single(String fleet, Figures old, Figures now) {
      boolean less =
          now.shortfalls > old.shortfalls || now.deferred > old.deferred || now.stuck > old.stuck;
      if (less) {
        System.out.printf(
            Locale.ROOT,
            "%s: short %d > %d, deferred %d > %d, stuck %d > %d, searches gave up in %d plans%n",
            fleet,
            old.shortfalls,
            now.shortfalls,
            old.deferred,
            now.deferred,
            old.stuck,
            now.stuck,
            now.givenUp);
      }
    }

    private void demo(JsonNode old, JsonNode now) {
      for (String figure : List.of("violations", "shortfalls", "deferred", "stuck", "cycles")) {
        System.out.println(
            "demo " + figure + ": " + pair(old.get(figure).asLong(), now.get(figure).asLong()));
      }
      System.out.println(
          "demo fullest/mean: "
              + ratio(
                  old.get("max_over_mean_fill").asDouble(),
                  now.get("max_over_mean_fill").asDouble()));
      for (int event = 0; event < now.get("events").size(); event++) {
        JsonNode before = old.get("events").get(event);
        JsonNode after = now.get("events").get(event);
        System.out.println(
            "demo "
                + after.get("name").asText()
                + " moved/minimum: "
                + ratio(
                    ratioOf(
                        before.get("bytes_moved").asDouble(),
                        before.get("bytes_minimum").asDouble()),
                    ratioOf(
                        after.get("bytes_moved").asDouble(),
                        after.get("bytes_minimum").asDouble())));
      }
      System.out.printf(
          Locale.ROOT,
          "demo seconds: %.1f > %.1f%n",
          old.get("seconds").asDouble(),
          now.get("seconds").asDouble());
    }
  }
}
