package dev.stowage.sim.tool.report;

import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The answer of a run: whether the fleet is whole at the end, when it became so, what was worst on
 * the way, and what the time was bound by.
 *
 * @param unfinished what is not as it should be at the end, in words; empty if the fleet is whole
 * @param ticks from the first event until the fleet stayed whole; {@link RunRecord#NEVER} if it did
 *     not
 * @param underFloor the most chunks below their floor after a cycle
 * @param unreadable the most unreadable chunks after a cycle
 * @param bounds what bound the time, in words; empty if nothing did for half of the cycles with
 *     copies to go
 */
public record Verdict(
    List<String> unfinished, long ticks, long underFloor, long unreadable, List<String> bounds) {
  /** Copies the lists. */
  public Verdict {
    unfinished = List.copyOf(unfinished);
    bounds = List.copyOf(bounds);
  }

  static Verdict of(RunRecord run) {
    List<CycleRecord> all = run.cycles();
    int first = firstEvent(run.events(), 0) - 1;
    List<CycleRecord> during = all.subList(Math.min(first, all.size() - 1), all.size());
    long begun = first == 0 ? 0 : all.get(Math.min(first, all.size() - 1) - 1).tick();
    List<CycleRecord> busy = during.stream().filter(each -> each.toGo() > 0).toList();
    List<String> bounds = new ArrayList<>();
    links(run, busy, "downlink").ifPresent(bounds::add);
    links(run, busy, "uplink").ifPresent(bounds::add);
    long budgeted = busy.stream().filter(CycleRecord::isHeldBack).count();
    if (2 * budgeted >= busy.size() && budgeted > 0) {
      bounds.add("the movement budget held copies back in " + of(budgeted, busy));
    }
    return new Verdict(
        all.get(all.size() - 1).unfinished(),
        RunRecord.ticksUntilWhole(during, begun),
        during.stream().mapToLong(each -> each.chunks().underFloor()).max().orElse(0),
        during.stream().mapToLong(each -> each.chunks().unreadable()).max().orElse(0),
        bounds);
  }

  /**
   * Returns the first cycle of the first event that is no fill, or the one after {@code filledAt}
   * if there is none.
   */
  public static int firstEvent(List<EventRecord> events, int filledAt) {
    return events.stream()
        .filter(each -> !each.name().equals("fill") && !each.name().equals("before"))
        .mapToInt(each -> (int) each.firstCycle())
        .findFirst()
        .orElse(filledAt + 1);
  }

  /** Names the links of a direction that were busy in at least half of some cycles. */
  private static Optional<String> links(RunRecord run, List<CycleRecord> busy, String link) {
    SortedMap<String, Long> full = new TreeMap<>();
    busy.forEach(cycle -> cycle.busy().forEach(name -> full.merge(name, 1L, Long::sum)));
    full.keySet().removeIf(name -> !name.startsWith(link));
    full.values().removeIf(count -> 2 * count < busy.size());
    if (full.isEmpty()) {
      return Optional.empty();
    }
    List<WorkerRecord> workers =
        run.workers().stream().filter(each -> full.containsKey(link + " " + each.name())).toList();
    List<String> zones = workers.stream().map(WorkerRecord::zone).distinct().toList();
    String who =
        workers.size() == 1
            ? "the " + link + " of " + workers.get(0).name() + " was"
            : "the "
                + link
                + "s of "
                + NumberFormats.count(workers.size(), "worker")
                + (zones.size() == 1 ? " of " + zones.get(0) : "")
                + " were";
    long most = full.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return Optional.of(who + " at least half full in " + of(most, busy));
  }

  private static String of(long count, List<CycleRecord> cycles) {
    return count + " of " + NumberFormats.count(cycles.size(), "cycle") + " with copies to go";
  }

  /** Returns the answer in one sentence or two. */
  public String sentence() {
    String when =
        !unfinished.isEmpty()
            ? "Not whole at the end: " + String.join(", ", unfinished)
            : ticks == 0
                ? "Whole after every cycle"
                : "Whole " + Unit.SECONDS.print(ticks) + " after the first event";
    String worst =
        "; at worst "
            + NumberFormats.count(unreadable)
            + " unreadable and "
            + NumberFormats.count(underFloor)
            + " below their floor";
    return when + worst + (bounds.isEmpty() ? "" : "; " + String.join(", ", bounds)) + ".";
  }
}
