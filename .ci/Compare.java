import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.benchmarks.planner.Corpus;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the plans of two commits; {@code .ci/compare} calls it with a stowage.jar and {@link
 * Corpus} on the class path.
 *
 * <pre>
 *   Compare corpus FOLDER [N]        writes the fleets, each as phases of workers, chunks and plan.yaml; with N,
 *                                    only so many of each drawn shape
 *   Compare run FOLDER RESULT        plans each fleet until at rest with the stowage.jar on the class path
 *   Compare table OLD NEW [DEMO..]   prints both results side by side; exit status 1 if NEW is worse in all, but for
 *                                    short and stuck replicas of mixed sizes where a search was cut short
 * </pre>
 */
final class Compare {
  /** A figure may become worse by this share before the comparison fails. */
  private static final double MARGIN = 0.005;

  /** A phase that is not at rest after so many plans is given up, and counts as that many. */
  private static final int MOST_CYCLES = 40;

  private static final int FLEETS = 120;

  private Compare() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "corpus" -> {
        Corpus corpus = new Corpus(Path.of(args[1]));
        corpus.draw(args.length > 2 ? Integer.parseInt(args[2]) : FLEETS);
        if (args.length == 2) {
          corpus.publish();
        }
      }
      case "run" -> run(Path.of(args[1]), Path.of(args[2]));
      case "table" -> System.exit(new Table().print(Arrays.copyOfRange(args, 1, args.length)));
      default -> throw new IllegalArgumentException("unknown step " + args[0]);
    }
  }

  // ---- one stowage.jar over the corpus ----

  /** Writes a line for each fleet: its name, a hash of all its plans, its figures. */
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
        Journey journey = new Journey(tool, fleet, scratch);
        Figures figures = journey.figures();
        out.println(corpus.relativize(fleet) + " " + journey.hash() + " " + figures);
      }
    }
    delete(scratch);
  }

  /** The figures of a fleet; a result names them in this order. */
  private enum Figure {
    SHORTFALLS,
    DEFERRED,
    STUCK,
    MOVED,
    MINIMUM,
    /** The greatest fill of a worker over the mean of its level, summed over phases. */
    BALANCE,
    PHASES,
    CYCLES,
    /** Phases that did not come to rest. */
    RESTLESS,
    /** Plans in which a search was cut short, where the jar says so. */
    GAVE_UP,
    MILLIS
  }

  /** Sums over the phases of some fleets, each phase at rest. */
  private static final class Figures {
    private final double[] sums = new double[Figure.values().length];

    double get(Figure figure) {
      return sums[figure.ordinal()];
    }

    void add(Figure figure, double amount) {
      sums[figure.ordinal()] += amount;
    }

    Figures plus(Figures other) {
      Figures both = new Figures();
      for (Figure each : Figure.values()) {
        both.add(each, get(each) + other.get(each));
      }
      return both;
    }

    static Figures parse(String[] words, int from) {
      Figures figures = new Figures();
      for (Figure each : Figure.values()) {
        figures.add(each, Double.parseDouble(words[from + each.ordinal()]));
      }
      return figures;
    }

    @Override
    public String toString() {
      return Arrays.stream(sums)
          .mapToObj(sum -> String.format(Locale.ROOT, "%.6f", sum))
          .collect(Collectors.joining(" "));
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
      commandLine =
          Arrays.stream(command.getDeclaredMethods())
              .filter(method -> method.getName().equals("commandLine"))
              .findAny()
              .orElseThrow();
      console.setAccessible(true);
      commandLine.setAccessible(true);
    }

    int execute(String... args) throws ReflectiveOperationException {
      PrintStream shown = System.out;
      System.setOut(new PrintStream(PrintStream.nullOutputStream()));
      try {
        // A tree before the command line took its arguments describes every command, whatever the arguments.
        Object line =
            commandLine.getParameterCount() == 1
                ? commandLine.invoke(null, console.invoke(null))
                : commandLine.invoke(null, console.invoke(null), args);
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
    private final MessageDigest plans;

    Journey(Tool tool, Path fleet, Path scratch) throws NoSuchAlgorithmException {
      plans = MessageDigest.getInstance("SHA-256");
      this.tool = tool;
      this.fleet = fleet;
      this.scratch = scratch;
    }

    /** The hash of the hashes of all plans that were made. */
    String hash() {
      return HexFormat.of().formatHex(plans.digest());
    }

    Figures figures() throws Exception {
      Figures sum = new Figures();
      Path held = null;
      for (int phase = 1; Files.isDirectory(fleet.resolve(String.valueOf(phase))); phase++) {
        Path files = fleet.resolve(String.valueOf(phase));
        if (held != null) {
          held = ofPresentWorkers(held, files);
        }
        JsonNode last = null;
        boolean atRest = false;
        for (int cycle = 0; !atRest && cycle < MOST_CYCLES; cycle++) {
          Path out = scratch.resolve("step-" + cycle % 2);
          plan(files, held, out);
          last = json.readTree(out.resolve("summary.json").toFile());
          plans.update(last.get("plan_hash").asText().getBytes(StandardCharsets.US_ASCII));
          sum.add(Figure.MOVED, last.get("bytes_added").asDouble());
          sum.add(Figure.MINIMUM, last.get("bytes_minimum").asDouble());
          sum.add(Figure.MILLIS, last.get("plan_millis").asDouble());
          sum.add(Figure.GAVE_UP, last.path("cut_short").isEmpty() ? 0 : 1);
          sum.add(Figure.CYCLES, 1);
          atRest = isEmpty(out.resolve("actions.csv"));
          held = scratch.resolve("held-" + cycle % 2 + ".csv");
          Files.move(out.resolve("next_held.csv"), held, StandardCopyOption.REPLACE_EXISTING);
        }
        sum.add(Figure.PHASES, 1);
        sum.add(Figure.RESTLESS, atRest ? 0 : 1);
        sum.add(Figure.SHORTFALLS, last.get("shortfalls").asDouble());
        sum.add(Figure.DEFERRED, last.get("deferred").asDouble());
        sum.add(Figure.STUCK, last.get("stuck").asDouble());
        sum.add(Figure.BALANCE, imbalance(last));
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
    private static final String MIXED = "all mixed sizes";

    private boolean worse;

    /** Prints the table; 1 if a figure became worse by more than the margin. */
    int print(String[] files) throws IOException {
      Map<String, Figures> old = read(Path.of(files[0]));
      Map<String, Figures> now = read(Path.of(files[1]));
      System.out.println(
          "| fleets | short | deferred | stuck | moved/minimum | fullest/mean | plans to rest |"
              + " never at rest | cut short | planning ms |");
      System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
      for (UnaryOperator<String> kind :
          List.<UnaryOperator<String>>of(Table::shape, Table::sizes)) {
        Map<String, Figures> oldSums = sums(old, kind);
        Map<String, Figures> before = excused(old, old, now, kind);
        Map<String, Figures> after = excused(now, old, now, kind);
        boolean isJudged = kind.apply("budget/0000").equals(MIXED);
        sums(now, kind)
            .forEach((name, sum) ->
                row(name, isJudged, oldSums.get(name), sum, before.get(name), after.get(name)));
      }
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
        all.put(words[0], Figures.parse(words, 2));
      }
      return all;
    }

    private static String shape(String fleet) {
      return fleet.substring(0, fleet.indexOf('/'));
    }

    /** Returns the kind of fleet whose sums are judged: those of one shape are too few for that. */
    private static String sizes(String fleet) {
      String shape = shape(fleet);
      return shape.startsWith("published")
          ? "all published"
          : isMixed(shape) ? MIXED : "all equal sizes";
    }

    private static boolean isMixed(String shape) {
      return !Corpus.isEqual(shape) && !shape.startsWith("published");
    }

    private static Map<String, Figures> sums(
        Map<String, Figures> fleets, UnaryOperator<String> kind) {
      Map<String, Figures> sums = new LinkedHashMap<>();
      fleets.forEach((fleet, figures) -> sums.merge(kind.apply(fleet), figures, Figures::plus));
      return sums;
    }

    private void row(
        String name, boolean isJudged, Figures old, Figures now, Figures before, Figures after) {
      List<String> cells = new ArrayList<>(List.of(name));
      for (Figure each : List.of(Figure.SHORTFALLS, Figure.DEFERRED, Figure.STUCK)) {
        double was = old.get(each) - before.get(each);
        cells.add(plain(each, old, now) + mark(isJudged, was, now.get(each) - after.get(each)));
      }
      cells.add(ratio(isJudged, Figure.MOVED, Figure.MINIMUM, old, now));
      cells.add(ratio(isJudged, Figure.BALANCE, Figure.PHASES, old, now));
      for (Figure each : List.of(Figure.CYCLES, Figure.RESTLESS)) {
        cells.add(plain(each, old, now) + mark(isJudged, old.get(each), now.get(each)));
      }
      cells.add(plain(Figure.GAVE_UP, old, now));
      cells.add(plain(Figure.MILLIS, old, now));
      System.out.println("| " + String.join(" | ", cells) + " |");
    }

    /**
     * Returns sums of short and of stuck replicas of the fleets of mixed sizes that have more of
     * them now and whose newer plans say that a search was cut short; {@link #single} lists these
     * fleets.
     */
    private static Map<String, Figures> excused(
        Map<String, Figures> of,
        Map<String, Figures> old,
        Map<String, Figures> now,
        UnaryOperator<String> kind) {
      Map<String, Figures> excused = new LinkedHashMap<>();
      now.forEach((fleet, figures) -> {
        Figures sum = excused.computeIfAbsent(kind.apply(fleet), name -> new Figures());
        if (isMixed(shape(fleet)) && figures.get(Figure.GAVE_UP) > 0) {
          for (Figure each : List.of(Figure.SHORTFALLS, Figure.STUCK)) {
            boolean isMore = figures.get(each) > old.get(fleet).get(each);
            sum.add(each, isMore ? of.get(fleet).get(each) : 0);
          }
        }
      });
      return excused;
    }

    private static String plain(Figure figure, Figures old, Figures now) {
      return String.format(Locale.ROOT, "%.0f > %.0f", old.get(figure), now.get(figure));
    }

    private String ratio(boolean isJudged, Figure part, Figure whole, Figures old, Figures now) {
      return ratio(
          isJudged, ratioOf(old.get(part), old.get(whole)), ratioOf(now.get(part), now.get(whole)));
    }

    private static double ratioOf(double moved, double minimum) {
      return minimum == 0 ? 1 + moved : moved / minimum;
    }

    private String pair(long old, long now) {
      return old + " > " + now + mark(true, old, now);
    }

    private String ratio(boolean isJudged, double old, double now) {
      return String.format(Locale.ROOT, "%.4f > %.4f", old, now) + mark(isJudged, old, now);
    }

    private String mark(boolean isJudged, double old, double now) {
      if (!isJudged || now <= old * (1 + MARGIN)) {
        return "";
      }
      worse = true;
      return " !";
    }

    /** Names a fleet of which more is left undone than before. */
    private static void single(String fleet, Figures old, Figures now) {
      List<Figure> undone = List.of(Figure.SHORTFALLS, Figure.DEFERRED, Figure.STUCK);
      if (undone.stream().anyMatch(figure -> now.get(figure) > old.get(figure))) {
        System.out.printf(
            Locale.ROOT,
            "%s: short %s, deferred %s, stuck %s, plans in which a search was cut short %s%n",
            fleet,
            plain(Figure.SHORTFALLS, old, now),
            plain(Figure.DEFERRED, old, now),
            plain(Figure.STUCK, old, now),
            plain(Figure.GAVE_UP, old, now));
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
                  true,
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
                    true,
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
