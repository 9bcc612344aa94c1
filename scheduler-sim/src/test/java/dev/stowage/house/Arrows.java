package dev.stowage.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The arrows of the architecture as rules over the packages below one root, so that the same rules
 * judge the library and the planted classes that break them.
 */
final class Arrows {
  /** The table of the architecture: a package imports only packages listed before it. */
  static final List<String> CORE =
      List.of(
          "model",
          "columns",
          "evidence",
          "deterministic",
          "pressure",
          "content",
          "transfer",
          "placement",
          "rebalance",
          "lifecycle",
          "store",
          "audit",
          "propagation",
          "engine");

  private static final List<String> STORAGES = List.of("storage.memory", "storage.postgres");

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

  /** Optional dependencies of the simulator: whoever takes its models does not get them. */
  private static final Pattern OPTIONAL =
      Pattern.compile("(picocli|com\\.fasterxml|de\\.siegmar|org\\.yaml|org\\.postgresql)\\..*");

  private static final List<String> MAY_USE_OPTIONAL =
      List.of("sim.cli", "sim.csv", "sim.plan", "sim.report", "sim.scenario");

  private final String root;

  private Arrows(String root) {
    this.root = root;
  }

  static Arrows below(String root) {
    return new Arrows(root);
  }

  /** Every rule by its name. */
  Map<String, ArchRule> rules() {
    Map<String, ArchRule> rules = new TreeMap<>();
    rules.put("every package is one of the table", every("be listed", this::isListed));
    rules.put("core imports upwards only", no("look down", this::looksDown));
    rules.put("modules depend in one direction", no("turn round", this::leavesItsModule));
    rules.put("transfer is known to the engine alone", no("know it", this::knowsTransfer));
    rules.put("placement does not know rebalance", neither("placement", "rebalance"));
    rules.put("lifecycle does not know content", neither("lifecycle", "content"));
    rules.put("core has no network and no database", core(NETWORK_OR_DATABASE, List.of()));
    rules.put("core touches no file but evidence", core(FILES, List.of("evidence")));
    rules.put("core owns no thread", core(THREADS, List.of("deterministic", "engine")));
    rules.put("core does not reflect", core(REFLECTION, List.of()));
    rules.put("nobody calls the command line", no("call it", this::callsTheCommandLine));
    rules.put("only the command line talks to a terminal", no("talk", this::talksToATerminal));
    rules.put("models do without optional libraries", no("use them", this::needsMoreThanItGets));
    rules.put(
        "the simulator has no cycles",
        SlicesRuleDefinition.slices()
            .matching(root + ".sim.(*)..")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true));
    return rules;
  }

  private boolean isListed(JavaClass type) {
    String name = below(type);
    return name.isEmpty() || CORE.contains(name) || !moduleOf(type).equals("core");
  }

  private boolean looksDown(JavaClass from, JavaClass to) {
    int own = CORE.indexOf(below(from));
    return own >= 0 && isOurs(to) && !below(to).isEmpty() && rank(to) > own;
  }

  /** The place in the table; what is not in it lies below all of it. */
  private int rank(JavaClass type) {
    int place = CORE.indexOf(below(type));
    return place < 0 ? CORE.size() : place;
  }

  private boolean leavesItsModule(JavaClass from, JavaClass to) {
    if (!isOurs(from) || !isOurs(to)) {
      return false;
    }
    String source = moduleOf(from);
    String target = moduleOf(to);
    boolean inside = source.equals(target) || target.equals("core");
    return switch (source) {
      case "benchmarks" -> false;
      case "sim" -> target.equals("benchmarks");
      default -> !inside;
    };
  }

  private boolean knowsTransfer(JavaClass from, JavaClass to) {
    return isIn(to, "transfer") && !isIn(from, "transfer") && !isIn(from, "engine");
  }

  private boolean callsTheCommandLine(JavaClass from, JavaClass to) {
    return isWithin(to, "sim.cli") && !isWithin(from, "sim.cli");
  }

  private boolean talksToATerminal(JavaClass from, JavaClass to) {
    return TERMINAL.matcher(to.getName()).matches() && !isWithin(from, "sim.cli");
  }

  private boolean needsMoreThanItGets(JavaClass from, JavaClass to) {
    return isWithin(from, "sim")
        && OPTIONAL.matcher(to.getName()).matches()
        && MAY_USE_OPTIONAL.stream().noneMatch(room -> isWithin(from, room));
  }

  private ArchRule neither(String source, String target) {
    return no("know it", (from, to) -> isIn(from, source) && isIn(to, target));
  }

  private ArchRule core(Pattern banned, List<String> allowed) {
    return no(
        "use it",
        (from, to) ->
            CORE.contains(below(from))
                && !allowed.contains(below(from))
                && banned.matcher(to.getName()).matches());
  }

  private boolean isIn(JavaClass type, String name) {
    return below(type).equals(name);
  }

  private boolean isWithin(JavaClass type, String name) {
    return below(type).equals(name) || below(type).startsWith(name + ".");
  }

  private boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  /** The package below the root; the whole name for a class that is not ours. */
  private String below(JavaClass type) {
    String name = type.getPackageName();
    if (name.equals(root)) {
      return "";
    }
    return name.startsWith(root + ".") ? name.substring(root.length() + 1) : name;
  }

  private String moduleOf(JavaClass type) {
    for (String storage : STORAGES) {
      if (isWithin(type, storage)) {
        return storage;
      }
    }
    return isWithin(type, "sim") ? "sim" : isWithin(type, "benchmarks") ? "benchmarks" : "core";
  }

  private static ArchRule every(String what, Predicate<JavaClass> holds) {
    return ArchRuleDefinition.classes()
        .should(
            new ArchCondition<JavaClass>(what) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (!holds.test(type)) {
                  events.add(SimpleConditionEvent.violated(type, type.getName() + " is not"));
                }
              }
            });
  }

  private static ArchRule no(String what, BiPredicate<JavaClass, JavaClass> broken) {
    return ArchRuleDefinition.noClasses()
        .that(DescribedPredicate.alwaysTrue())
        .should(
            new ArchCondition<JavaClass>(what) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (Dependency arrow : type.getDirectDependenciesFromSelf()) {
                  if (broken.test(arrow.getOriginClass(), arrow.getTargetClass())) {
                    events.add(SimpleConditionEvent.satisfied(arrow, arrow.getDescription()));
                  }
                }
              }
            });
  }
}
