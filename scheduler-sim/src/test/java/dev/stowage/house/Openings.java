package dev.stowage.house;

import com.sun.source.tree.DirectiveTree;
import com.sun.source.tree.ExportsTree;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What modules export: by the folder of their sources, the packages. No module, no walls. */
final class Openings {
  private final Map<Path, Set<String>> exported = new TreeMap<>();

  private Openings() {}

  static Openings of(Iterable<SourceFile> sources) {
    Openings all = new Openings();
    for (SourceFile source : sources) {
      var module = source.unit().getModule();
      if (module != null) {
        Set<String> packages = new TreeSet<>();
        for (DirectiveTree directive : module.getDirectives()) {
          if (directive instanceof ExportsTree shown && shown.getModuleNames() == null) {
            packages.add(shown.getPackageName().toString());
          }
        }
        all.exported.put(folder(source), packages);
      }
    }
    return all;
  }

  /** Whether other modules see the package of a source. */
  boolean isOpen(SourceFile source) {
    String name = source.packageName();
    Path folder = folder(source);
    for (int level = name.isEmpty() ? 0 : name.split("\\.").length; level > 0; level--) {
      folder = folder == null ? null : folder.getParent();
    }
    Set<String> packages = folder == null ? null : exported.get(folder);
    return packages == null || packages.contains(name);
  }

  private static Path folder(SourceFile source) {
    Path parent = source.path().getParent();
    return parent == null ? Path.of("") : parent;
  }
}
