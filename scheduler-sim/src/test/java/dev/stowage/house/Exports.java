package dev.stowage.house;

import com.sun.source.tree.ExportsTree;
import com.sun.source.util.TreeScanner;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a module declaration exports: to everybody, and to named modules. */
final class Exports {
  private final NavigableSet<String> toAll = new TreeSet<>();
  private final SortedMap<String, NavigableSet<String>> toSome = new TreeMap<>();

  private Exports() {}

  static Exports of(SourceFile module) {
    Exports exports = new Exports();
    new TreeScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void visitExports(ExportsTree tree, @Nullable Void none) {
        exports.add(tree);
        return null;
      }
    }.scan(module.unit(), null);
    return exports;
  }

  /** The packages that everybody may import. */
  NavigableSet<String> toAll() {
    return toAll;
  }

  /** How many public top-level types of these packages everybody may name. */
  int publicTypes(Iterable<JavaClass> types, Collection<String> packages) {
    NavigableSet<String> names = new TreeSet<>();
    for (JavaClass type : types) {
      String room = type.getPackageName();
      if (toAll.contains(room)
          && packages.contains(room)
          && !type.getName().contains("$")
          && type.getModifiers().contains(JavaModifier.PUBLIC)) {
        names.add(type.getName());
      }
    }
    return names.size();
  }

  /** The bounds that are passed. */
  List<String> tooMany(String root, Rooms rooms, Iterable<JavaClass> types) {
    List<String> passed = new ArrayList<>();
    int all = publicTypes(types, toAll);
    if (all > rooms.mostExported()) {
      passed.add(all + " types are exported, at most " + rooms.mostExported());
    }
    int front = publicTypes(types, rooms.front().stream().map(name -> full(root, name)).toList());
    if (front > rooms.mostInFront()) {
      passed.add(
          front
              + " types are exported in face, words, SPI and planner, at most "
              + rooms.mostInFront());
    }
    return passed;
  }

  /** Where the declaration and the plan differ. */
  List<String> differences(String root, Rooms rooms) {
    SortedMap<String, NavigableSet<String>> planned = new TreeMap<>();
    rooms.everybodys().forEach(name -> planned.put(full(root, name), new TreeSet<>()));
    rooms
        .guests()
        .forEach((name, guests) -> {
          NavigableSet<String> modules = new TreeSet<>();
          guests.stream()
              .filter(FloorPlan::isModule)
              .forEach(guest -> modules.add(full(root, guest)));
          if (!modules.isEmpty()) {
            planned.put(full(root, name), modules);
          }
        });
    SortedMap<String, NavigableSet<String>> declared = new TreeMap<>(toSome);
    toAll.forEach(name -> declared.put(name, new TreeSet<>()));

    List<String> differences = new ArrayList<>();
    declared.forEach((name, modules) -> {
      if (!modules.equals(planned.get(name))) {
        differences.add(name + " is exported" + to(modules) + ", not planned so");
      }
    });
    rooms.unfinished().unbuilt().forEach(name -> planned.remove(full(root, name)));
    planned.forEach((name, modules) -> {
      if (!modules.equals(declared.get(name))) {
        differences.add(name + " is to be exported" + to(modules) + ", and is not");
      }
    });
    return differences;
  }

  /** The whole name of a package that the plan names below the root. */
  static String full(String root, String name) {
    return name.isEmpty() ? root : root + "." + name;
  }

  private static String to(NavigableSet<String> modules) {
    return modules.isEmpty() ? "" : " to " + String.join(", ", modules);
  }

  private void add(ExportsTree tree) {
    String name = tree.getPackageName().toString();
    if (tree.getModuleNames() == null) {
      toAll.add(name);
      return;
    }
    NavigableSet<String> modules = new TreeSet<>();
    tree.getModuleNames().forEach(module -> modules.add(module.toString()));
    toSome.put(name, modules);
  }
}
