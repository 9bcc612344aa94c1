package dev.stowage.house;

import static dev.stowage.house.Conditions.all;
import static dev.stowage.house.Conditions.every;
import static dev.stowage.house.Conditions.no;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import dev.stowage.house.Rooms.Room;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The rules of rooms with inner rooms: order, walls, doors, circles, and how much one holds. */
final class Walls {
  private final FloorPlan plan;

  Walls(FloorPlan plan) {
    this.plan = plan;
  }

  Map<String, ArchRule> rules() {
    Map<String, ArchRule> rules = new TreeMap<>();
    rules.put("every package is one of the table", every("be listed", this::isKnown));
    rules.put("the simulator imports upwards only", no("look down", this::looksDownInSim));
    rules.put("an inner room imports upwards only", no("look down", this::looksDownInside));
    rules.put("walls keep others out", no("pass a wall", this::passesWall));
    rules.put("a room enters its inner rooms by its doors", no("pass it by", this::passesDoorBy));
    rules.put("no circle of rooms", all("be free of them", this::circlesOfRooms));
    rules.put("no large circle of types", all("be free of them", this::largeCircles));
    rules.put("no room is large", all("be small", this::largeRooms));
    return rules;
  }

  private boolean isKnown(JavaClass type) {
    return isPackageInfo(type) || plan.isListed(type);
  }

  private boolean looksDownInSim(JavaClass from, JavaClass to) {
    return plan.isWithin(from, "sim")
        && plan.isWithin(to, "sim")
        && plan.rank(to) > plan.rank(from);
  }

  private boolean looksDownInside(JavaClass from, JavaClass to) {
    return isSameRoom(from, to)
        && !plan.inner(from).isEmpty()
        && !plan.inner(to).isEmpty()
        && !plan.inner(from).equals(plan.inner(to))
        && plan.innerRank(to) >= plan.innerRank(from);
  }

  /**
   * Others see of core what is exported. Within core a room that has no wall around it is seen by
   * all below it, and an inner room by its own room alone.
   */
  private boolean passesWall(JavaClass from, JavaClass to) {
    if (!plan.isOurs(from) || !plan.isInCore(to) || isSameRoom(from, to)) {
      return false;
    }
    boolean isOpen = plan.isInCore(from) && plan.inner(to).isEmpty();
    return !isOpen && !isEverybodys(to) && !isGuest(from, to);
  }

  private boolean passesDoorBy(JavaClass from, JavaClass to) {
    return plan.isInCore(from)
        && isSameRoom(from, to)
        && plan.inner(from).isEmpty()
        && !plan.inner(to).isEmpty()
        && !plan.room(from).orElseThrow().doors().contains(FloorPlan.simpleName(from));
  }

  private boolean isSameRoom(JavaClass from, JavaClass to) {
    return plan.room(from).isPresent() && plan.room(from).equals(plan.room(to));
  }

  private boolean isEverybodys(JavaClass type) {
    return plan.rooms().everybodys().contains(plan.below(type));
  }

  private boolean isGuest(JavaClass from, JavaClass to) {
    List<String> guests = plan.rooms().guests().getOrDefault(plan.below(to), List.of());
    return guests.contains(plan.roomName(from)) || guests.contains(plan.module(from));
  }

  /** Between rooms with all that is in them, and between the inner rooms of each. */
  private List<String> circlesOfRooms(Collection<JavaClass> types) {
    List<String> faults = new ArrayList<>(circlesOf(types, plan::roomName));
    for (Room room : plan.rooms().rooms()) {
      List<JavaClass> inside =
          types.stream()
              .filter(type -> plan.roomName(type).equals(room.name()))
              .filter(type -> !plan.inner(type).isEmpty())
              .toList();
      faults.addAll(circlesOf(inside, plan::below));
    }
    return faults;
  }

  /** The arrows between {@code places} that lie on a circle. */
  private List<String> circlesOf(Collection<JavaClass> types, Function<JavaClass, String> places) {
    SortedMap<String, NavigableSet<String>> arrows = new TreeMap<>();
    Map<String, List<String>> seen = new LinkedHashMap<>();
    NavigableSet<String> inside = new TreeSet<>();
    types.forEach(type -> inside.add(type.getName()));
    for (JavaClass type : types) {
      for (Dependency arrow : type.getDirectDependenciesFromSelf()) {
        JavaClass target = arrow.getTargetClass().getBaseComponentType();
        String from = places.apply(type);
        String to = places.apply(target);
        if (inside.contains(target.getName()) && !from.equals(to)) {
          arrows.computeIfAbsent(from, place -> new TreeSet<>()).add(to);
          seen.computeIfAbsent(from + " -> " + to, ends -> new ArrayList<>())
              .add(arrow.getDescription());
        }
      }
    }
    List<String> faults = new ArrayList<>();
    for (NavigableSet<String> circle : Circles.of(arrows)) {
      for (String from : circle) {
        for (String to : circle) {
          faults.addAll(seen.getOrDefault(from + " -> " + to, List.of()));
        }
      }
    }
    return faults;
  }

  private List<String> largeCircles(Collection<JavaClass> types) {
    SortedMap<String, String> rooms = new TreeMap<>();
    List<JavaClass> ours = types.stream().filter(plan::isOurs).toList();
    ours.forEach(type -> rooms.put(FloorPlan.topLevel(type.getName()), plan.roomName(type)));
    List<String> faults = new ArrayList<>();
    for (NavigableSet<String> circle : Circles.of(Circles.betweenTypes(ours))) {
      int most = plan.rooms().mostInCircle(rooms.get(circle.first()));
      if (circle.size() > most) {
        for (String type : circle) {
          faults.add(type + " is in a circle of " + circle.size() + ", at most " + most);
        }
      }
    }
    return faults;
  }

  private List<String> largeRooms(Collection<JavaClass> types) {
    SortedMap<String, NavigableSet<String>> files = new TreeMap<>();
    SortedMap<String, String> names = new TreeMap<>();
    for (JavaClass type : types) {
      if (plan.isOurs(type) && !isPackageInfo(type)) {
        names.put(type.getPackageName(), plan.below(type));
        files
            .computeIfAbsent(type.getPackageName(), name -> new TreeSet<>())
            .add(FloorPlan.topLevel(type.getName()));
      }
    }
    List<String> faults = new ArrayList<>();
    files.forEach((name, held) -> {
      int most = plan.rooms().mostFiles(names.get(name));
      if (held.size() > most) {
        faults.add(name + " has " + held.size() + " files, at most " + most);
      }
    });
    return faults;
  }

  private static boolean isPackageInfo(JavaClass type) {
    return type.getSimpleName().equals("package-info");
  }
}
