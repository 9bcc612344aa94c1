package dev.stowage.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds circles: sets of which each member reaches each other along the arrows (Tarjan's strongly
 * connected components, without those of one).
 */
final class Circles {
  private final SortedMap<String, NavigableSet<String>> arrows;
  private final SortedMap<String, Integer> numbers = new TreeMap<>();
  private final SortedMap<String, Integer> lowest = new TreeMap<>();
  private final Deque<String> path = new ArrayDeque<>();
  private final NavigableSet<String> onPath = new TreeSet<>();
  private final List<NavigableSet<String>> found = new ArrayList<>();

  private Circles(SortedMap<String, NavigableSet<String>> arrows) {
    this.arrows = arrows;
  }

  /** The circles, the largest first. */
  static List<NavigableSet<String>> of(SortedMap<String, NavigableSet<String>> arrows) {
    Circles search = new Circles(arrows);
    for (String from : arrows.keySet()) {
      if (!search.numbers.containsKey(from)) {
        search.visit(from);
      }
    }
    search.found.sort(
        Comparator.comparingInt((NavigableSet<String> circle) -> -circle.size())
            .thenComparing(NavigableSet::first));
    return search.found;
  }

  /** Who knows whom among the top-level types: a nested class counts as the one around it. */
  static SortedMap<String, NavigableSet<String>> betweenTypes(Iterable<JavaClass> types) {
    SortedMap<String, NavigableSet<String>> arrows = new TreeMap<>();
    for (JavaClass type : types) {
      arrows.computeIfAbsent(FloorPlan.topLevel(type.getName()), name -> new TreeSet<>());
    }
    for (JavaClass type : types) {
      String from = FloorPlan.topLevel(type.getName());
      for (String named : namedBy(type)) {
        String to = FloorPlan.topLevel(named);
        if (!to.equals(from) && arrows.containsKey(to)) {
          arrows.get(from).add(to);
        }
      }
    }
    return arrows;
  }

  /**
   * The import leaves casts out, and some of what stands in signatures: the class file does not.
   */
  private static NavigableSet<String> namedBy(JavaClass type) {
    URI place = type.getSource().orElseThrow().getUri();
    try (InputStream file = place.toURL().openStream()) {
      return ConstantPool.classesNamedIn(file);
    } catch (IOException e) {
      throw new UncheckedIOException(place.toString(), e);
    }
  }

  private void visit(String from) {
    int number = numbers.size();
    numbers.put(from, number);
    lowest.put(from, number);
    path.push(from);
    onPath.add(from);
    for (String to : arrows.getOrDefault(from, new TreeSet<>())) {
      if (!numbers.containsKey(to)) {
        visit(to);
        lowest.merge(from, lowest.get(to), Math::min);
      } else if (onPath.contains(to)) {
        lowest.merge(from, numbers.get(to), Math::min);
      }
    }
    if (lowest.get(from) == number) {
      close(from);
    }
  }

  /** What lies on the path above {@code first} reaches it, and is reached by it. */
  private void close(String first) {
    NavigableSet<String> circle = new TreeSet<>();
    String last;
    do {
      last = path.pop();
      onPath.remove(last);
      circle.add(last);
    } while (!last.equals(first));
    if (circle.size() > 1) {
      found.add(circle);
    }
  }
}
