package dev.stowage.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Types that some packages do not import.
 *
 * @param rule the ban in words
 * @param scope who must not import them
 * @param allowed the rooms in scope that may all the same
 * @param banned the full names of the types
 */
record Ban(String rule, Predicate<JavaClass> scope, List<String> allowed, Pattern banned) {
  static final List<Ban> ALL =
      List.of(
          of(
              "core has no network and no database",
              Rooms::isInCore,
              List.of(),
              "(java\\.sql|javax\\.sql|java\\.net|java\\.rmi|org\\.postgresql|com\\.zaxxer"
                  + "|org\\.flywaydb)\\..*"),
          of(
              "core touches no file but evidence and a client's memory",
              Rooms::isInCore,
              List.of("evidence", "client"),
              "java\\.nio\\.(file|channels)\\..*|java\\.io\\.(File.*|RandomAccessFile|Console)"),
          of(
              "core owns no thread",
              Rooms::isInCore,
              List.of("deterministic", "engine", Rooms.FACE),
              "java\\.lang\\.(Thread|Thread\\$.*|ThreadGroup|ThreadLocal|Process|ProcessBuilder)"
                  + "|java\\.util\\.(Timer|TimerTask)"
                  + "|java\\.util\\.concurrent\\.(Executors|.*ExecutorService|.*PoolExecutor"
                  + "|ForkJoin.*|Future.*|ThreadFactory|CountDownLatch|CyclicBarrier|Phaser)"),
          of(
              "core ends no stage but of commands, submitted work and held questions",
              Rooms::isInCore,
              List.of("deterministic", "engine", "client", Rooms.FACE),
              "java\\.util\\.concurrent\\.CompletableFuture"),
          of(
              "core reflects on records to derive their shapes alone",
              Rooms::isInCore,
              List.of("shape"),
              "java\\.lang\\.reflect\\.(?!Array$).*"),
          of(
              "lifecycle does not know content",
              type -> Rooms.room(type).equals("lifecycle"),
              List.of(),
              "dev\\.stowage\\.content\\..*"),
          of(
              "transfers are known to the face alone",
              Rooms::isOurs,
              List.of("transfers", "replay", Rooms.FACE),
              "dev\\.stowage\\.transfers\\..*"),
          of(
              "only the command line talks to a terminal",
              Rooms::isOurs,
              List.of("sim.tool.cli"),
              "picocli\\..*"),
          of(
              "the kit does without optional libraries",
              Ban::isSimulator,
              List.of("sim.tool.cli", "sim.tool.csv", "sim.tool.plan", "sim.tool.report"),
              "(picocli|de\\.siegmar|freemarker|org\\.postgresql|io\\.zonky)\\..*"),
          of(
              "only files that people write are parsed",
              Ban::isSimulator,
              List.of(
                  "sim.tool.cli",
                  "sim.tool.imports",
                  "sim.tool.plan",
                  "sim.tool.report",
                  "sim.tool.simulate",
                  "sim.tool.yaml",
                  "sim.kit.scenario"),
              "(com\\.fasterxml|org\\.yaml)\\..*"));

  private static Ban of(
      String rule, Predicate<JavaClass> scope, List<String> allowed, String banned) {
    return new Ban(rule, scope, allowed, Pattern.compile(banned));
  }

  private static boolean isSimulator(JavaClass type) {
    return Rooms.isWithin(Rooms.below(type), "sim");
  }

  boolean isBroken(JavaClass from, JavaClass to) {
    return scope.test(from) && !allowed.contains(Rooms.room(from)) && names(to);
  }

  boolean names(JavaClass type) {
    return banned.matcher(type.getName()).matches();
  }
}
