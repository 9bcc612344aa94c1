package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.Subjects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A section of the table.
 *
 * @param name its name on the command line
 * @param title its heading
 * @param planners the measured planners
 * @param events the measured events
 * @param workload its problems, made anew at each call
 */
record Shape(
    String name,
    String title,
    List<String> planners,
    List<Event> events,
    Supplier<Workload> workload) {
  private static final List<String> EVERYBODY =
      Stream.concat(Subjects.OURS.stream(), Subjects.PEERS.stream()).toList();

  /** The shapes on which every planner is measured, smallest first. */
  private static final List<String> OF_THREE =
      List.of("10k50", "10k200", "r3", "500k2000", "1m2000");

  private static final List<String> PUBLISHED = List.of("10k", "100k", "500k", "1m");

  static List<Shape> all() {
    List<Shape> shapes = new ArrayList<>();
    OF_THREE.forEach(name -> shapes.add(published(name, EVERYBODY)));
    PUBLISHED.forEach(name -> shapes.add(published(name, Subjects.OURS)));
    shapes.add(
        new Shape(
            "capacities",
            "100,000 x 200, 3 replicas, capacities 1 : 2 : 4",
            List.of("stowage", "stowage-warm", "waged", "waged-emergency"),
            List.of(Event.SCRATCH, Event.LEAVE, Event.JOIN, Event.TENTH),
            MixedWorkload::capacities));
    shapes.add(
        new Shape(
            "debian12",
            "Debian 12 on 60 workers of 4, 8 and 16 GiB, floor 2, weights by priority",
            List.of("stowage", "stowage-warm"),
            List.of(Event.SCRATCH, Event.STEADY, Event.LEAVE, Event.JOIN),
            MixedWorkload::debian12));
    for (int fill : new int[] {970, 990, 995}) {
      shapes.add(
          new Shape(
              "full" + fill,
              "10,000 x 50, 3 replicas, 10 to 500 MiB, capacities 1 : 2 : 4, full to "
                  + fill / 10.0
                  + " %",
              List.of("stowage", "waged"),
              List.of(Event.SCRATCH),
              () -> MixedWorkload.full(fill)));
    }
    shapes.add(
        new Shape(
            "deferred",
            "100,000 x 200, 3 replicas, full; 10,000 new chunks have no room",
            List.of("stowage", "stowage-warm"),
            List.of(Event.GROWTH),
            MixedWorkload::deferred));
    return List.copyOf(shapes);
  }

  /**
   * Returns the shape of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Shape byName(String name) {
    for (Shape shape : all()) {
      if (shape.name.equals(name)) {
        return shape;
      }
    }
    throw new IllegalArgumentException("no shape is called " + name);
  }

  /** Reports whether a planner that ran out of time at a smaller shape skips this one. */
  boolean isOfThree() {
    return OF_THREE.contains(name);
  }

  private static Shape published(String name, List<String> planners) {
    PublishedShape shape = PublishedShape.byName(name);
    return new Shape(
        name,
        shape.title(),
        planners,
        Arrays.asList(Event.values()),
        () -> new PublishedWorkload(shape, 1));
  }
}
