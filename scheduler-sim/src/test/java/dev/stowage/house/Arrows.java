package dev.stowage.house;

import static dev.stowage.house.Conditions.no;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The arrows of the architecture as rules over the packages below one root, so that the same rules
 * judge the library and the planted classes that break them. {@link Rooms} has the tables.
 */
final class Arrows {
  private static final Pattern NETWORK_OR_DATABASE =
      Pattern.compile(
          "(java\\.sql|javax\\.sql|java\\.net|java\\.rmi|org\\.postgresql|com\\.zaxxer"
              + "|org\\.flywaydb)\\..*");

  private static final Pattern FILES =
      Pattern.compile(
          "java\\.nio\\.file\\..*|java\\.nio\\.channels\\..*"
              + "|java\\.io\\.(File.*|RandomAccessFile|Console)");

  /**
   * What makes or waits for a thread; an {@code Executor} or a lock that the host hands in is not.
   */
  private static final Pattern THREADS =
      Pattern.compile(
          "java\\.lang\\.(Thread|Thread\\$.*|ThreadGroup|ThreadLocal|Process|ProcessBuilder)"
              + "|java\\.util\\.(Timer|TimerTask)"
              + "|java\\.util\\.concurrent\\.(Executors|.*ExecutorService|.*PoolExecutor|ForkJoin.*"
              + "|CompletableFuture|Future.*|ThreadFactory|CountDownLatch|CyclicBarrier|Phaser)");

  private static final Pattern REFLECTION = Pattern.compile("java\\.lang\\.reflect\\.(?!Array$).*");

  private static final Pattern TERMINAL = Pattern.compile("(picocli|me\\.tongfei)\\..*");

  /** Optional dependencies of the simulator: whoever takes the kit does not get them. */
  private static final Pattern OPTIONAL =
      Pattern.compile("(picocli|de\\.siegmar|org\\.postgresql|io\\.zonky)\\..*");

  private static final Pattern PARSER = Pattern.compile("(com\\.fasterxml|org\\.yaml)\\..*");

  private static final String COMMAND_LINE = "sim.tool.cli";

  /** The round executor, the machinery, and the service that runs loops. */
  private static final List<String> MAY_OWN_THREADS =
      List.of("deterministic", "engine", Rooms.FACE);

  private static final List<String> MAY_USE_OPTIONAL =
      List.of(COMMAND_LINE, "sim.tool.csv", "sim.tool.plan", "sim.tool.report");

  private static final List<String> MAY_PARSE =
      List.of(COMMAND_LINE, "sim.tool.plan", "sim.tool.report", "sim.kit.scenario");

  private final FloorPlan plan;

  private Arrows(FloorPlan plan) {
    this.plan = plan;
  }

  static Arrows in(FloorPlan plan) {
    return new Arrows(plan);
  }

  /** Every rule by its name. */
  Map<String, ArchRule> rules() {
    Map<String, ArchRule> rules = new TreeMap<>(new Walls(plan).rules());
    rules.put("core imports upwards only", no("look down", this::looksDown));
    rules.put("modules depend in one direction", no("turn round", this::leavesItsModule));
    rules.put("transfer is known to engine and face alone", no("know it", this::knowsTransfer));
    rules.put("placement does not know rebalance", neither("placement", "rebalance"));
    rules.put("lifecycle does not know content", neither("lifecycle", "content"));
    rules.put("core has no network and no database", core(NETWORK_OR_DATABASE, List.of()));
    rules.put("core touches no file but evidence", core(FILES, List.of("evidence")));
    rules.put("core owns no thread", core(THREADS, MAY_OWN_THREADS));
    rules.put("core does not reflect", core(REFLECTION, List.of()));
    rules.put("nobody calls the command line", no("call it", this::callsTheCommandLine));
    rules.put("only the command line talks to a terminal", no("talk", this::talksToATerminal));
    rules.put("the kit does without optional libraries", no("use them", this::needsMoreThanItGets));
    rules.put("only files that people write are parsed", no("parse", this::parses));
    return rules;
  }

  private boolean looksDown(JavaClass from, JavaClass to) {
    if (!plan.isInCore(from) || !plan.isOurs(to)) {
      return false;
    }
    return plan.isInCore(to) ? plan.rank(to) > plan.rank(from) : plan.isListed(from);
  }

  private boolean leavesItsModule(JavaClass from, JavaClass to) {
    if (!plan.isOurs(from) || !plan.isOurs(to)) {
      return false;
    }
    String source = plan.module(from);
    String target = plan.module(to);
    boolean inside = source.equals(target) || target.equals("core");
    return switch (source) {
      case "benchmarks" -> false;
      case "sim" -> target.equals("benchmarks");
      default -> !inside;
    };
  }

  private boolean knowsTransfer(JavaClass from, JavaClass to) {
    return plan.isWithin(to, "transfer")
        && !plan.isWithin(from, "transfer")
        && !plan.isWithin(from, "engine")
        && !plan.roomName(from).equals(Rooms.FACE);
  }

  private boolean callsTheCommandLine(JavaClass from, JavaClass to) {
    return plan.isWithin(to, COMMAND_LINE) && !plan.isWithin(from, COMMAND_LINE);
  }

  private boolean talksToATerminal(JavaClass from, JavaClass to) {
    return TERMINAL.matcher(to.getName()).matches() && !plan.isWithin(from, COMMAND_LINE);
  }

  private boolean needsMoreThanItGets(JavaClass from, JavaClass to) {
    return OPTIONAL.matcher(to.getName()).matches() && isInSimBut(MAY_USE_OPTIONAL, from);
  }

  private boolean parses(JavaClass from, JavaClass to) {
    return PARSER.matcher(to.getName()).matches() && isInSimBut(MAY_PARSE, from);
  }

  private boolean isInSimBut(List<String> rooms, JavaClass from) {
    return plan.isWithin(from, "sim")
        && rooms.stream().noneMatch(room -> plan.isWithin(from, room));
  }

  private ArchRule neither(String source, String target) {
    return no("know it", (from, to) -> plan.isWithin(from, source) && plan.isWithin(to, target));
  }

  private ArchRule core(Pattern banned, List<String> allowed) {
    return no(
        "use it",
        (from, to) ->
            plan.isInCore(from)
                && !allowed.contains(plan.roomName(from))
                && banned.matcher(to.getName()).matches());
  }
}
