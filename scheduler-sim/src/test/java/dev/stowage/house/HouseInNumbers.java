package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Measures the house, to be compared before and after it is rebuilt. No test of every build: it is
 * asked for by name, by {@code .ci/house}.
 */
class HouseInNumbers {
  private static final String ROOT = "dev.stowage";

  /** Larger circles are listed with their members. */
  private static final int FEW = 8;

  private final List<String> lines = new ArrayList<>();

  @Test
  void house_isMeasured() throws Exception {
    Repository repository = Repository.here();
    List<SourceFile> sources = new ArrayList<>();
    for (Path file : repository.mainSources()) {
      sources.add(SourceFile.read(repository, file));
    }
    JavaClasses types = MainClasses.all();

    rooms(sources);
    methods(sources);
    exported(repository, types);
    circles(types);
    dispatches(sources);
    calls();

    Files.write(Path.of("target", "house.md"), lines);
    assertThat(lines).isNotEmpty();
  }

  // ---- rooms ----

  private void rooms(List<SourceFile> sources) {
    title("Rooms: packages of main, the largest first");
    row("module", "package", "types", "public", "lines", "of code");
    row("---", "---", "---:", "---:", "---:", "---:");
    SortedMap<String, int[]> rooms = new TreeMap<>();
    for (SourceFile source : sources) {
      if (source.packageName().isEmpty()) {
        continue; // a module declaration
      }
      int[] figures =
          rooms.computeIfAbsent(module(source) + " " + source.packageName(), room -> new int[4]);
      for (Tree declared : source.unit().getTypeDecls()) {
        if (declared instanceof ClassTree type) {
          figures[0]++;
          figures[1] += type.getModifiers().getFlags().contains(Modifier.PUBLIC) ? 1 : 0;
        }
      }
      figures[2] += (int) source.text().lines().count();
      figures[3] += source.codeLines();
    }
    int[] all = new int[4];
    List<Map.Entry<String, int[]>> sorted = new ArrayList<>(rooms.entrySet());
    sorted.sort(Comparator.comparingInt(room -> -room.getValue()[0]));
    for (Map.Entry<String, int[]> room : sorted) {
      int[] figures = room.getValue();
      String[] names = room.getKey().split(" ", 2);
      row(names[0], code(names[1]), figures[0], figures[1], figures[2], figures[3]);
      for (int i = 0; i < all.length; i++) {
        all[i] += figures[i];
      }
    }
    row("all", "", all[0], all[1], all[2], all[3]);
  }

  private static String module(SourceFile source) {
    return source.path().getName(0).toString();
  }

  // ---- methods ----

  private void methods(List<SourceFile> sources) {
    title("Methods and constructors with a body, in lines");
    row("module", "methods", "p50", "p90", "p99", "longest");
    row("---", "---:", "---:", "---:", "---:", "---:");
    SortedMap<String, List<Long>> lengths = new TreeMap<>();
    List<Long> all = new ArrayList<>();
    for (SourceFile source : sources) {
      List<Long> own = lengths.computeIfAbsent(module(source), module -> new ArrayList<>());
      new TreeScanner<@Nullable Void, @Nullable Void>() {
        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
          if (method.getBody() != null) {
            own.add(source.lastLine(method) - source.firstLine(method) + 1);
          }
          return super.visitMethod(method, null);
        }
      }.scan(source.unit(), null);
    }
    lengths.forEach((module, own) -> {
      quantiles(module, own);
      all.addAll(own);
    });
    quantiles("all", all);
  }

  private void quantiles(String name, List<Long> values) {
    Collections.sort(values);
    row(name, values.size(), at(values, 50), at(values, 90), at(values, 99), at(values, 100));
  }

  private static long at(List<Long> sorted, int percent) {
    return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
  }

  // ---- exports ----

  private void exported(Repository repository, JavaClasses types) {
    title("Public top-level types in packages of core that are exported to everybody");
    row("part", "packages", "types");
    row("---", "---", "---:");
    Path module = Path.of("scheduler-core", "src", "main", "java", "module-info.java");
    Exports exports = Exports.of(SourceFile.read(repository, repository.root().resolve(module)));
    NavigableSet<String> others = new TreeSet<>(exports.toAll());
    int front = 0;
    for (String part : Rooms.FRONT) {
      List<String> packages =
          Rooms.ofTheHouse().exported().get(part).stream()
              .map(name -> Exports.full(ROOT, name))
              .filter(exports.toAll()::contains)
              .toList();
      int count = exports.publicTypes(types, packages);
      row(part, names(packages), count);
      others.removeAll(packages);
      front += count;
    }
    row("these four", "", front);
    row("the rest", names(others), exports.publicTypes(types, others));
    row("all", exports.toAll().size() + " packages", exports.publicTypes(types, exports.toAll()));
  }

  // ---- circles ----

  private void circles(JavaClasses types) {
    title("Circles of top-level types, without benchmarks");
    row("types", "packages", "members of the larger ones");
    row("---:", "---", "---");
    SortedMap<String, NavigableSet<String>> arrows = Circles.betweenTypes(types);
    SortedMap<Integer, Integer> smaller = new TreeMap<>(Comparator.reverseOrder());
    for (NavigableSet<String> circle : Circles.of(arrows)) {
      if (circle.size() < FEW) {
        smaller.merge(circle.size(), 1, Integer::sum);
        continue;
      }
      NavigableSet<String> packages = new TreeSet<>();
      List<String> members = new ArrayList<>();
      for (String type : circle) {
        packages.add(packageOf(type));
        members.add(type.substring(type.lastIndexOf('.') + 1));
      }
      row(circle.size(), names(packages), String.join(" ", members));
    }
    smaller.forEach((size, count) -> row(size, count + (count == 1 ? " circle" : " circles"), ""));

    title("Circles of packages, without benchmarks");
    SortedMap<String, NavigableSet<String>> between = new TreeMap<>();
    arrows.forEach((from, targets) -> {
      for (String to : targets) {
        if (!packageOf(from).equals(packageOf(to))) {
          between.computeIfAbsent(packageOf(from), name -> new TreeSet<>()).add(packageOf(to));
        }
      }
    });
    List<NavigableSet<String>> circles = Circles.of(between);
    circles.forEach(circle -> lines.add("* " + circle.size() + ": " + names(circle)));
    if (circles.isEmpty()) {
      lines.add("None.");
    }
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  // ---- dispatches ----

  private void dispatches(List<SourceFile> sources) {
    title("Lines of main with `instanceof Command.`");
    row("package", "lines");
    row("---", "---:");
    SortedMap<String, Long> found = new TreeMap<>();
    long reference = 0;
    for (SourceFile source : sources) {
      long count = source.text().lines().filter(it -> it.contains("instanceof Command.")).count();
      if (source.packageName().endsWith(".reference")) {
        reference += count;
      } else if (count > 0) {
        found.merge(source.packageName(), count, Long::sum);
      }
    }
    found.forEach((name, count) -> row(code(name), count));
    long all = found.values().stream().mapToLong(Long::longValue).sum();
    row("all but the reference model", all);
    row("with the reference model", all + reference);
  }

  // ---- calls ----

  private void calls() {
    title("One call of the facade: default settings, memory store, 5 workers, 20 chunks a cycle");
    row("call", "frames before the rule", "rule", "classes touched", "methods entered");
    row("---", "---:", "---", "---:", "---:");
    List<CallTrace> traces = CallTrace.all();
    for (CallTrace trace : traces) {
      row(
          code(trace.call()),
          trace.way().isEmpty() ? "not reached" : trace.way().size(),
          code(trace.rule()),
          trace.types().size(),
          trace.entries());
    }
    for (CallTrace trace : traces) {
      lines.add("");
      lines.add("The way of " + code(trace.call()) + ": " + simple(trace.way()) + ".");
    }
  }

  private static String simple(List<String> frames) {
    return String.join(
        ", ",
        frames.stream().map(frame -> code(frame.replaceFirst("^([a-z]\\w*\\.)+", ""))).toList());
  }

  // ---- the page ----

  private void title(String text) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add("## " + text);
    lines.add("");
  }

  private void row(Object... cells) {
    StringBuilder row = new StringBuilder("|");
    for (Object cell : cells) {
      row.append(' ').append(cell).append(" |");
    }
    lines.add(row.toString());
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  /** Packages below the root, and the root itself. */
  private static String names(Iterable<String> packages) {
    List<String> names = new ArrayList<>();
    for (String name : packages) {
      names.add(code(name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : name));
    }
    return String.join(" ", names);
  }
}
