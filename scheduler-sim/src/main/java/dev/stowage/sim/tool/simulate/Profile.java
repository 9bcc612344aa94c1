package dev.stowage.sim.tool.simulate;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.sim.kit.world.WorldFaults;
import dev.stowage.sim.kit.world.WorldParts;
import dev.stowage.sim.tool.plan.FleetFolder;
import java.util.List;
import java.util.Optional;

/**
 * The input of a simulation: a fleet, its chunks and settings, and timed events.
 *
 * @param name the file, or the name of a ready profile
 * @param about one sentence, possibly empty
 * @param seed the seed of all chance
 * @param steps the number of steps after the fleet was filled, at least 1
 * @param stepTicks the seconds of a step
 * @param portals the number of portals
 * @param faults what goes wrong
 * @param parts what runs beside the fleet
 * @param isFilled true if the bytes of the beginning are on the disks at once, false if they come
 *     over the links
 * @param mayEndUnderWay whether the run is to end before the fleet is whole
 * @param workers the drawn workers of the beginning
 * @param chunks the drawn chunks; empty for a catalogue
 * @param catalogue {@code debian12}, {@code debian12/2} for every second package, or a CSV file of
 *     chunks; empty for drawn chunks
 * @param corrections a CSV file of corrections of the catalogue; empty for those that come with it
 * @param from the fleet that is simulated instead of a drawn one; empty for a drawn one
 * @param config the settings of the fleet
 * @param planner {@code stowage} or {@code stateless}
 * @param transfers {@code joined} or {@code first-come}
 * @param events in order of the file
 * @param expectations in order of the file
 */
public record Profile(
    String name,
    String about,
    long seed,
    int steps,
    int stepTicks,
    int portals,
    WorldFaults faults,
    WorldParts parts,
    boolean isFilled,
    boolean mayEndUnderWay,
    List<DrawnWorkers> workers,
    Optional<DrawnChunks> chunks,
    Optional<String> catalogue,
    Optional<String> corrections,
    Optional<FleetFolder> from,
    LifecycleConfig config,
    String planner,
    String transfers,
    List<Event> events,
    List<Expectation> expectations) {
  /** Keeps copies of the lists. */
  public Profile {
    workers = List.copyOf(workers);
    events = List.copyOf(events);
    expectations = List.copyOf(expectations);
  }
}
