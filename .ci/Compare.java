import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.benchmarks.planner.Corpus;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares the plans of two commits; {@code .ci/compare} calls it with a stowage.jar and {@link
 * Corpus}, compiled against it, on the class path.
 *
 * <pre>
 *   Compare run RESULT [N]           plans each fleet until at rest with the stowage.jar on the class path; with N,
 *                                    only so many of each small shape
 *   Compare one FLEET                the same of one fleet, with a line for each plan
 *   Compare table OLD NEW [DEMO..]   prints both results side by side; exit status 1 if NEW breaks the bar
 * </pre>
 */
final class Compare {
  private Compare() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "run" -> {
        int drawn = args.length > 2 ? Integer.parseInt(args[2]) : Corpus.DRAWN;
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[1])))) {
          for (String fleet : Corpus.names(drawn)) {
            out.println(fleet + " " + new Journey(fleet, false));
          }
        }
      }
      case "one" -> System.out.println(args[1] + " " + new Journey(args[1], true));
      case "table" -> System.exit(new Table().print(Arrays.copyOfRange(args, 1, args.length)));
      default -> throw new IllegalArgumentException("unknown step " + args[0]);
    }
  }

  /** The figures of a fleet; a result names them in this order. */
  private enum Figure {
    SHORT,
    DEFERRED,
    STUCK,
    /** Short replicas and deferred chunks where a tenth of the room is free. */
    NEEDLESS,
    /** Bytes that events move, placing from scratch left out. */
    MOVED,
    MINIMUM,
    /** Bytes that a worker's return moves. */
    COPIED,
    /** Bytes on the disks of workers that return. */
    BROUGHT,
    /** The greatest fill of a worker over the mean of its level, summed over phases. */
    FULLEST,
    PHASES,
    PLANS,
    /** Phases that did not come to rest. */
    RESTLESS,
    /** Plans in which a search was cut short. */
    CUT_SHORT,
    MILLIS;

    double of(double[] sums) {
      return sums[ordinal()];
    }

    double over(Figure whole, double[] sums) {
      return whole.of(sums) == 0 ? 1 + of(sums) : of(sums) / whole.of(sums);
    }
  }

  /** Plans one fleet through its phases, each until nothing is left to do. */
  private static final class Journey {
    private final PlacementPlanner planner = PlacementPlanner.sticky();
    private final double[] sums = new double[Figure.values().length];
    private final MessageDigest hashes;
    private final Map<WorkerId, List<ChunkKey>> disks = new HashMap<>();
    private Corpus.Phase phase;

    /** The replicas of each chunk: the worker's position times 64, and ReplicaBits. */
    private int[][] held = {};

    /** The chunks that portals see. */
    private BitSet seen = new BitSet();

    private Map<Integer, Long> factors = Map.of();
    private long brought;
    private boolean isUnderway;

    Journey(String fleet, boolean isTold) throws NoSuchAlgorithmException {
      hashes = MessageDigest.getInstance("SHA-256");
      for (Corpus.Phase next : Corpus.fleet(fleet)) {
        boolean isFirst = phase == null;
        enter(next);
        live(isFirst, isTold);
      }
    }

    /** Returns the hash of the hashes of all plans, and the figures. */
    @Override
    public String toString() {
      return HexFormat.of().formatHex(hashes.digest())
          + Arrays.stream(sums)
              .mapToObj(sum -> String.format(Locale.ROOT, " %.6f", sum))
              .collect(Collectors.joining());
    }

    private void add(Figure figure, double amount) {
      sums[figure.ordinal()] += amount;
    }

    private void enter(Corpus.Phase next) {
      Map<ChunkKey, Integer> chunks = new HashMap<>();
      next.chunks().forEach(chunk -> chunks.put(chunk.key(), chunks.size()));
      Map<WorkerId, Integer> workers = new HashMap<>();
      next.workers().forEach(worker -> workers.put(worker.id(), workers.size()));
      int[][] then = new int[next.chunks().size()][0];
      BitSet known = new BitSet();
      for (int chunk = 0; chunk < held.length; chunk++) {
        ChunkKey key = phase.chunks().get(chunk).key();
        Integer at = chunks.get(key);
        if (at == null) {
          continue;
        }
        known.set(at, seen.get(chunk) || held[chunk].length > 0);
        for (int replica : held[chunk]) {
          WorkerId id = phase.workers().get(replica >> 6).id();
          boolean isPossessed = (replica & ReplicaBits.POSSESSED) != 0;
          if (workers.containsKey(id)) {
            int routed = isPossessed ? ReplicaBits.ROUTED | ReplicaBits.READABLE : 0;
            append(then, at, workers.get(id) << 6 | replica & 63 | routed);
          } else if (isPossessed) {
            disks.computeIfAbsent(id, gone -> new ArrayList<>()).add(key);
          }
        }
      }
      brought = 0;
      for (WorkerId id : workers.keySet()) {
        for (ChunkKey key : disks.getOrDefault(id, List.of())) {
          Integer at = chunks.get(key);
          if (at != null) {
            append(then, at, workers.get(id) << 6 | ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED);
            brought += next.chunks().get(at).sizeBytes();
          }
        }
        disks.remove(id);
      }
      phase = next;
      held = then;
      seen = known;
    }

    private static void append(int[][] held, int chunk, int replica) {
      held[chunk] = Arrays.copyOf(held[chunk], held[chunk].length + 1);
      held[chunk][held[chunk].length - 1] = replica;
    }

    private void live(boolean isFirst, boolean isTold) {
      PlacementPlan last = null;
      boolean atRest = false;
      long debtBytes = 0;
      long debtReplicas = 0;
      for (int cycle = 0; !atRest && cycle < phase.plans(); cycle++) {
        PlacementInputBuilder builder = phase.input(seen, held);
        PlanRequest.Builder request =
            PlanRequest.builder().movementDebt(debtBytes, debtReplicas);
        factors.forEach(request::previousFactor);
        PlacementInput input = builder.request(request.build()).build();
        long began = System.nanoTime();
        last = planner.plan(input);
        add(Figure.MILLIS, (System.nanoTime() - began) / 1e6);
        hashes.update(last.planHash().getBytes(StandardCharsets.US_ASCII));
        PlanFigures figures = last.figures();
        if (!isFirst) {
          add(brought > 0 ? Figure.COPIED : Figure.MOVED, figures.bytesAdded());
          add(Figure.MINIMUM, brought > 0 ? 0 : figures.bytesMinimum());
        }
        add(Figure.CUT_SHORT, last.cutShort().isEmpty() ? 0 : 1);
        add(Figure.PLANS, 1);
        carryOut(last, input, cycle < phase.crawl() ? cycle : -1);
        atRest = last.actionCount() == 0 && !isUnderway;
        debtBytes = last.debtBytes();
        debtReplicas = last.debtReplicas();
        Map<Integer, Long> least = new TreeMap<>();
        for (PoolFactor each : last.factors()) {
          if (!each.isCapped()) {
            least.merge(each.weight(), each.targetMillionths(), Math::min);
          }
        }
        factors = least;
        if (isTold) {
          String bytes = figures.bytesAdded() + " of " + figures.bytesMinimum() + " bytes ";
          System.out.println(last.actionCount() + " actions, " + bytes + figures.bytesByCause());
        }
      }
      judge(last, atRest);
    }

    private void judge(PlacementPlan last, boolean atRest) {
      double missing = last.shortfalls().stream().mapToLong(Shortage::missing).sum();
      double room =
          phase.workers().stream()
              .filter(worker -> worker.status() == WorkerStatus.ACTIVE)
              .mapToDouble(Worker::capacityBytes)
              .sum();
      double floors = phase.chunks().stream().mapToDouble(Chunk::sizeBytes).sum() * phase.floor();
      add(Figure.SHORT, missing);
      add(Figure.DEFERRED, last.deferrals().size());
      add(Figure.STUCK, last.stuck().size());
      add(Figure.NEEDLESS, floors <= 0.9 * room ? missing + last.deferrals().size() : 0);
      add(Figure.BROUGHT, brought);
      add(
          Figure.FULLEST,
          last.figures().groups().stream()
              .filter(group -> group.workers() > 1)
              .mapToDouble(group -> group.maxOverMeanFill() / 1e6)
              .reduce(1, Math::max));
      add(Figure.PHASES, 1);
      add(Figure.RESTLESS, atRest || phase.plans() < Corpus.MOST_PLANS ? 0 : 1);
    }

    /**
     * Carries out a plan.
     *
     * @param crawling the number of a plan whose copies and drains end by chance, -1 if all end
     */
    private void carryOut(PlacementPlan plan, PlacementInput input, int crawling) {
      isUnderway = false;
      int action = 0;
      for (int chunk = 0; chunk < held.length; chunk++) {
        int[] left = held[chunk].clone();
        for (; action < plan.actionCount() && plan.actionChunk(action) == chunk; action++) {
          boolean isPreempted = plan.kind(action) == ActionKind.PREEMPT;
          int to = isPreempted ? ReplicaBits.DRAINING : ReplicaBits.SUPERSEDED;
          for (int at = 0; at < left.length; at++) {
            if (left[at] >> 6 == plan.actionWorker(action)) {
              left[at] = left[at] & ~ReplicaBits.STATE_MASK | to;
            }
          }
        }
        int routed = seen.get(chunk) ? ReplicaBits.ROUTED | ReplicaBits.READABLE : 0;
        int[] next = plan.wantedWorkers(chunk);
        for (int at = 0; at < next.length; at++) {
          boolean isThere = crawling < 0 || isDone(input, chunk, next[at], crawling);
          for (int replica : held[chunk]) {
            isThere |= replica >> 6 == next[at] && isPossessed(replica);
          }
          isUnderway |= !isThere;
          next[at] = next[at] << 6 | (isThere ? ReplicaBits.POSSESSED | routed : 0);
        }
        held[chunk] = withRemains(input, chunk, next, left, routed, crawling);
      }
    }

    /** Adds what is not wanted and may not go yet, by the deletion rule. */
    private int[] withRemains(
        PlacementInput input, int chunk, int[] next, int[] left, int routed, int crawling) {
      int[] remains =
          Arrays.stream(left)
              .filter(replica -> Arrays.stream(next).noneMatch(it -> it >> 6 == replica >> 6))
              .sorted()
              .toArray();
      int[] all = Arrays.copyOf(next, next.length + remains.length);
      int count = next.length;
      long counted =
          IntStream.concat(Arrays.stream(next), Arrays.stream(remains))
              .filter(Journey::isThere)
              .count();
      long toKeep = Math.max(1, Math.min(phase.floor(), counted));
      for (int replica : remains) {
        if (isThere(replica) && counted <= toKeep) {
          all[count++] = replica & ~63 | ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED | routed;
          continue;
        }
        counted -= isThere(replica) ? 1 : 0;
        boolean isGone =
            crawling < 0
                || !isPossessed(replica)
                || !isThere(replica) && isDone(input, chunk, replica >> 6, crawling);
        if (!isGone) {
          isUnderway = true;
          int bits = ReplicaBits.DRAINING | ReplicaBits.POSSESSED | ReplicaBits.READABLE;
          all[count++] = replica & ~63 | bits;
        }
      }
      return Arrays.copyOf(all, count);
    }

    private static boolean isPossessed(int replica) {
      return (replica & ReplicaBits.POSSESSED) != 0;
    }

    private static boolean isThere(int replica) {
      boolean isDraining = (replica & ReplicaBits.STATE_MASK) == ReplicaBits.DRAINING;
      return isPossessed(replica) && !isDraining;
    }

    /** Throws a coin for a copy or a drain, the same one for every planner. */
    private static boolean isDone(PlacementInput input, int chunk, int worker, int cycle) {
      long pair = Corpus.mix(input.keyHash(chunk)) ^ KeyHash.of(input.worker(worker).id());
      return (Corpus.mix(pair + cycle) & 1) == 0;
    }
  }

  // ---- side by side ----

  /** Both results by shape, and the bar: "Corners" of docs/internals/design/placement.md. */
  private static final class Table {
    /** Bounds the ratio of the new figure to the old one, in ordinary fleets and in corners. */
    private static final double[] MORE = {1.005, 1.02};

    private static final double[] FULLER = {1.005, 1.03};

    private static final double MOST_MOVED = 1.02;
    private static final double MOST_OF_BROUGHT = 0.04;
    private static final ToDoubleFunction<double[]> MOVED_OVER_MINIMUM =
        it -> Figure.MOVED.over(Figure.MINIMUM, it);
    private static final ToDoubleFunction<double[]> COPIED_OVER_BROUGHT =
        it -> Figure.COPIED.over(Figure.BROUGHT, it);
    private static final ToDoubleFunction<double[]> FULLEST_OVER_MEAN =
        it -> Figure.FULLEST.over(Figure.PHASES, it);

    private Map<String, double[]> old;
    private Map<String, double[]> now;
    private final List<String> broken = new ArrayList<>();
    private String shape;

    /** Prints the table; 1 if a figure breaks the bar. */
    int print(String[] files) throws IOException {
      old = read(Path.of(files[0]));
      now = read(Path.of(files[1]));
      System.out.println(
          "| fleets | short | deferred | stuck | moved/minimum | copied/brought back |"
              + " fullest/mean | plans to rest | never at rest | cut short | planning ms |");
      System.out.println("|" + " --- |".repeat(11));
      Map<String, double[]> after = sums(now);
      sums(old).forEach((name, before) -> row(name, before, after.get(name)));
      if (files.length > 3) {
        demo(
            new ObjectMapper().readTree(Path.of(files[2]).toFile()),
            new ObjectMapper().readTree(Path.of(files[3]).toFile()));
      }
      broken.forEach(System.out::println);
      System.out.println(broken.isEmpty() ? "the bar is met" : "BROKEN where marked with !");
      return broken.isEmpty() ? 0 : 1;
    }

    private static Map<String, double[]> read(Path file) throws IOException {
      Map<String, double[]> all = new LinkedHashMap<>();
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ");
        all.put(words[0], Arrays.stream(words).skip(2).mapToDouble(Double::parseDouble).toArray());
      }
      return all;
    }

    private static String shape(String fleet) {
      return fleet.substring(0, fleet.indexOf('/'));
    }

    private static Map<String, double[]> sums(Map<String, double[]> fleets) {
      Map<String, double[]> sums = new LinkedHashMap<>();
      fleets.forEach((fleet, figures) -> sums.merge(shape(fleet), figures, Table::plus));
      return sums;
    }

    private static double[] plus(double[] one, double[] other) {
      return IntStream.range(0, one.length).mapToDouble(at -> one[at] + other[at]).toArray();
    }

    private void row(String name, double[] before, double[] after) {
      shape = name;
      boolean isOrdinary = Corpus.isOrdinary(name);
      double more = MORE[isOrdinary ? 0 : 1];
      double fuller = FULLER[isOrdinary ? 0 : 1];
      Figure needless = Figure.NEEDLESS;
      boolean isNeedless =
          now.entrySet().stream()
              .filter(each -> shape(each.getKey()).equals(name))
              .anyMatch(each ->
                  needless.of(each.getValue()) > needless.of(old.get(each.getKey())));
      isNeedless |= isOrdinary && needless.of(after) > 0;
      List<String> cells = new ArrayList<>(List.of(name));
      cells.add(
          counts(Figure.SHORT, before, after, more, false)
              + mark("needlessly " + plain(needless, before, after), isNeedless, needless::of));
      cells.add(counts(Figure.DEFERRED, before, after, more, false));
      cells.add(counts(Figure.STUCK, before, after, more, false));
      double moved = MOVED_OVER_MINIMUM.applyAsDouble(before) * more;
      moved = Math.max(isOrdinary ? MOST_MOVED : 1, moved);
      cells.add(ratios(MOVED_OVER_MINIMUM, before, after, moved));
      cells.add(
          Figure.BROUGHT.of(after) == 0
              ? ""
              : ratios(COPIED_OVER_BROUGHT, before, after, MOST_OF_BROUGHT));
      double fullest = FULLEST_OVER_MEAN.applyAsDouble(before) * fuller;
      cells.add(ratios(FULLEST_OVER_MEAN, before, after, fullest));
      cells.add(counts(Figure.PLANS, before, after, more, false));
      cells.add(counts(Figure.RESTLESS, before, after, more, Figure.RESTLESS.of(after) > 0));
      cells.add(plain(Figure.CUT_SHORT, before, after));
      cells.add(plain(Figure.MILLIS, before, after));
      System.out.println("| " + String.join(" | ", cells) + " |");
    }

    private static String plain(Figure figure, double[] old, double[] now) {
      return String.format(Locale.ROOT, "%.0f > %.0f", figure.of(old), figure.of(now));
    }

    private String counts(
        Figure figure, double[] before, double[] after, double more, boolean isBroken) {
      boolean isMore = figure.of(after) > Math.ceil(figure.of(before) * more);
      String cell = plain(figure, before, after);
      return cell + mark(cell, isMore || isBroken, figure::of);
    }

    private String ratios(
        ToDoubleFunction<double[]> ratio, double[] before, double[] after, double most) {
      double is = ratio.applyAsDouble(after);
      String cell = String.format(Locale.ROOT, "%.4f > %.4f", ratio.applyAsDouble(before), is);
      return cell + mark(cell, is > most, ratio);
    }

    /** Remembers a broken bar with the five fleets that have become worst. */
    private String mark(String cell, boolean isBroken, ToDoubleFunction<double[]> figure) {
      if (!isBroken) {
        return "";
      }
      ToDoubleFunction<String> worse =
          fleet -> figure.applyAsDouble(now.get(fleet)) - figure.applyAsDouble(old.get(fleet));
      broken.add(
          shape
              + " "
              + cell
              + " !"
              + now.keySet().stream()
                  .filter(fleet -> shape(fleet).equals(shape) && worse.applyAsDouble(fleet) > 0)
                  .sorted(Comparator.comparingDouble(worse).reversed())
                  .limit(5)
                  .map(fleet ->
                      String.format(
                          Locale.ROOT,
                          "; %s %.6g > %.6g",
                          fleet,
                          figure.applyAsDouble(old.get(fleet)),
                          figure.applyAsDouble(now.get(fleet))))
                  .collect(Collectors.joining()));
      return " !";
    }

    private void demo(JsonNode before, JsonNode after) {
      for (String figure :
          List.of(
              "violations", "shortfalls", "deferred", "stuck", "cycles", "max_over_mean_fill")) {
        demo(figure, before.get(figure).asDouble(), after.get(figure).asDouble());
      }
      for (int event = 0; event < after.get("events").size(); event++) {
        JsonNode one = after.get("events").get(event);
        String figure = one.get("name").asText() + " moved/minimum";
        demo(figure, moved(before.get("events").get(event)), moved(one));
      }
    }

    private static double moved(JsonNode event) {
      double minimum = event.get("bytes_minimum").asDouble();
      double moved = event.get("bytes_moved").asDouble();
      return minimum == 0 ? 1 + moved : moved / minimum;
    }

    private void demo(String figure, double before, double after) {
      String line = String.format(Locale.ROOT, "demo %s: %.4f > %.4f", figure, before, after);
      boolean isBroken = after > before * MORE[1];
      System.out.println(line + (isBroken ? " !" : ""));
      if (isBroken) {
        broken.add(line);
      }
    }
  }
}
