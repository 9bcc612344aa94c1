package dev.stowage.house;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.stowage.house.Rooms.Room;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says of each class below one root package where in the house it is. */
final class FloorPlan {
  /** All modules but core, as their packages begin. */
  private static final List<String> OTHER_MODULES =
      List.of("storage.memory", "storage.postgres", "sim", "benchmarks");

  private final String root;
  private final Rooms rooms;
  private final Map<String, Place> places = new HashMap<>();

  private record Place(String below, String module, Optional<Room> room, int rank, String inner) {}

  FloorPlan(String root, Rooms rooms) {
    this.root = root;
    this.rooms = rooms;
  }

  Rooms rooms() {
    return rooms;
  }

  boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  /** The package below the root, as the plan calls it; the whole name for a class not ours. */
  String below(JavaClass type) {
    return place(type).below();
  }

  boolean isWithin(JavaClass type, String name) {
    return isWithin(below(type), name);
  }

  String module(JavaClass type) {
    return place(type).module();
  }

  static boolean isModule(String name) {
    return OTHER_MODULES.contains(name);
  }

  boolean isInCore(JavaClass type) {
    return isOurs(type) && module(type).equals("core");
  }

  /** Whether the plan knows the package, and of the root package the type. */
  boolean isListed(JavaClass type) {
    Optional<Room> room = room(type);
    return room.isPresent()
        && (inner(type).isEmpty()
            ? !hasNoTop(room.get())
            : room.get().inner().contains(inner(type)));
  }

  /** The room, its inner rooms included; empty for what is not listed. */
  Optional<Room> room(JavaClass type) {
    return place(type).room();
  }

  String roomName(JavaClass type) {
    return room(type).map(Room::name).orElseGet(() -> below(type));
  }

  /** The inner room by its name in the room, {@code ""} at the top. */
  String inner(JavaClass type) {
    return place(type).inner();
  }

  /** The place in the order; what is not listed stands below all. */
  int rank(JavaClass type) {
    return place(type).rank();
  }

  /** The place in the order of the inner rooms; what is not listed stands below all. */
  int innerRank(JavaClass type) {
    List<String> inner = room(type).map(Room::inner).orElse(List.of());
    int place = inner.indexOf(inner(type));
    return place < 0 ? inner.size() : place;
  }

  /** Asked for every arrow by every rule: found once for each class. */
  private Place place(JavaClass type) {
    return places.computeIfAbsent(type.getName(), name -> find(type));
  }

  private Place find(JavaClass type) {
    String name = type.getPackageName();
    if (!isOurs(type)) {
      return new Place(name, "core", Optional.empty(), rooms.rooms().size(), "");
    }
    String below = name.equals(root) ? "" : rooms.planned(name.substring(root.length() + 1));
    String module =
        OTHER_MODULES.stream().filter(it -> isWithin(below, it)).findFirst().orElse("core");
    for (int rank = 0; rank < rooms.rooms().size(); rank++) {
      Room room = rooms.rooms().get(rank);
      if (room.isPackage()
          ? isWithin(below, room.name())
          : below.isEmpty() && room.types().contains(simpleName(type))) {
        boolean isTop = !room.isPackage() || below.equals(room.name());
        String inner = isTop ? "" : below.substring(room.name().length() + 1);
        return new Place(below, module, Optional.of(room), rank, inner);
      }
    }
    return new Place(below, module, Optional.empty(), rooms.rooms().size(), "");
  }

  /** The simple name of the top-level type. */
  static String simpleName(JavaClass type) {
    String name = topLevel(type.getBaseComponentType().getName());
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** The top-level type of a class, both by their names. */
  static String topLevel(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  /** The simulator's two halves hold inner rooms alone. */
  private static boolean hasNoTop(Room room) {
    return room.name().startsWith("sim.");
  }

  private static boolean isWithin(String name, String room) {
    return name.equals(room) || name.startsWith(room + ".");
  }
}
