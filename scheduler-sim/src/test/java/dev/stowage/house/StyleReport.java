package dev.stowage.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * The style of a set of sources.
 *
 * @param findings what breaks a rule and is not waived, and waivers that are not in order
 * @param waivers every waiver, used or not
 */
record StyleReport(List<Finding> findings, List<Waiver> waivers) {
  static final String NULL_MARKED = "null-marked";
  static final String DEAD_FILE = "dead-file";
  static final String WAIVER = "waiver";

  private static final Set<String> CAN_BE_WAIVED =
      new LinkedHashSet<>(
          List.of(
              StyleScanner.METHOD_LENGTH,
              StyleScanner.FILE_LENGTH,
              StyleScanner.PARAMETERS,
              StyleScanner.BOOLEAN_PARAMETER,
              StyleScanner.TYPE_NAME,
              StyleScanner.ACCESSOR_NAME,
              StyleScanner.STATIC_STATE,
              DEAD_FILE));

  static StyleReport of(List<SourceFile> sources) {
    List<Finding> all = new ArrayList<>();
    List<Waiver> waivers = new ArrayList<>();
    Openings openings = Openings.of(sources);
    for (SourceFile source : sources) {
      StyleScanner scanner = StyleScanner.scan(source, !openings.isOpen(source));
      all.addAll(scanner.findings());
      waivers.addAll(scanner.waivers());
    }
    all.addAll(unmarkedPackages(sources));
    all.addAll(deadFiles(sources));
    List<Finding> kept = new ArrayList<>(all);
    for (Waiver waiver : waivers) {
      String fault = fault(waiver, all);
      if (fault.isEmpty()) {
        kept.removeIf(finding -> excuses(waiver, finding));
      } else {
        kept.add(new Finding(WAIVER, waiver.file(), waiver.line(), fault, waiver.declaration()));
      }
    }
    return new StyleReport(List.copyOf(kept), List.copyOf(waivers));
  }

  private static String fault(Waiver waiver, List<Finding> findings) {
    if (!CAN_BE_WAIVED.contains(waiver.rule())) {
      return "no rule '" + waiver.rule() + "' can be waived; these can: " + CAN_BE_WAIVED;
    }
    if (waiver.reason().isBlank()) {
      return "a waiver of " + waiver.rule() + " gives no reason";
    }
    boolean used = findings.stream().anyMatch(finding -> excuses(waiver, finding));
    return used ? "" : "nothing here breaks " + waiver.rule() + "; remove the waiver";
  }

  private static boolean excuses(Waiver waiver, Finding finding) {
    return finding.rule().equals(waiver.rule()) && finding.declaration() == waiver.declaration();
  }

  /** Packages, one by module, whose package-info is missing or does not say NullMarked. */
  private static List<Finding> unmarkedPackages(List<SourceFile> sources) {
    Map<String, SourceFile> unmarked = new TreeMap<>();
    Set<String> marked = new TreeSet<>();
    for (SourceFile source : sources) {
      String directory = String.valueOf(source.path().getParent());
      String name = String.valueOf(source.path().getFileName());
      boolean says =
          source.unit().getPackageAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().endsWith("NullMarked"));
      if (name.equals("package-info.java") && says) {
        marked.add(directory);
      } else if (!name.equals("module-info.java")) {
        unmarked.putIfAbsent(directory, source);
      }
    }
    unmarked.keySet().removeAll(marked);
    return unmarked.values().stream()
        .map(source ->
            new Finding(
                NULL_MARKED,
                source.path(),
                1,
                "package " + source.packageName() + " has no @NullMarked package-info",
                null))
        .toList();
  }

  /** Package-private top-level types that no other main source of their package names. */
  private static List<Finding> deadFiles(List<SourceFile> sources) {
    List<Finding> dead = new ArrayList<>();
    Map<SourceFile, Set<String>> names = new HashMap<>();
    sources.forEach(source -> names.put(source, namesIn(source)));
    for (SourceFile source : sources) {
      for (Tree tree : source.unit().getTypeDecls()) {
        if (tree instanceof ClassTree type
            && !type.getModifiers().getFlags().contains(Modifier.PUBLIC)
            && sources.stream()
                .filter(other -> other != source)
                .filter(other -> other.packageName().equals(source.packageName()))
                .noneMatch(other -> names.get(other).contains(type.getSimpleName().toString()))) {
          String what = "no main source of its package uses " + type.getSimpleName();
          dead.add(new Finding(DEAD_FILE, source.path(), source.firstLine(type), what, type));
        }
      }
    }
    return dead;
  }

  private static Set<String> namesIn(SourceFile source) {
    Set<String> names = new TreeSet<>();
    new TreeScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void visitIdentifier(IdentifierTree identifier, @Nullable Void none) {
        names.add(identifier.getName().toString());
        return super.visitIdentifier(identifier, null);
      }

      @Override
      public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void none) {
        names.add(select.getIdentifier().toString());
        return super.visitMemberSelect(select, null);
      }
    }.scan(source.unit(), null);
    return names;
  }
}
