package dev.stowage.sim.tool.simulate;

import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A figure of a run up to one of its steps, without the first fill. Declared here alone. */
public enum RunFigure {
  /** Bytes that came to disks. */
  MOVED_BYTES(Kind.BYTES, part -> part.sum(CycleRecord::movedBytes)),
  /** Bytes that workers deleted. */
  FREED_BYTES(Kind.BYTES, part -> part.sum(CycleRecord::freedBytes)),
  /** The fewest bytes with which the ended events could be answered. */
  MINIMUM_BYTES(
      Kind.BYTES, part -> part.events().stream().mapToDouble(EventRecord::bytesMinimum).sum()),
  /** Bytes moved by ended events over the fewest; 1 if both are 0. */
  MOVED_OVER_MINIMUM(
      Kind.RATIO,
      part -> {
        double moved = part.events().stream().mapToDouble(EventRecord::bytesMoved).sum();
        double least = part.events().stream().mapToDouble(EventRecord::bytesMinimum).sum();
        return least == 0 ? (moved == 0 ? 1 : Double.POSITIVE_INFINITY) : moved / least;
      }),
  /** Seconds from the first event until the fleet stays whole; infinite if it does not. */
  WHOLE_AFTER(Kind.COUNT, Part::wholeAfter),
  /** Copies that are on their way, lack to a floor, or belong to chunks without a place. */
  MISSING_AT_END(
      Kind.COUNT,
      part -> part.last(it -> it.replicas().waiting() + it.shortfalls() + it.deferred())),
  /** Chunks that readers could lose soon, times the seconds of their steps. */
  AT_RISK_CHUNK_SECONDS(
      Kind.COUNT, part -> part.stepTicks() * part.sum(each -> each.chunks().atRisk())),
  /** Visible chunks without a readable copy, times the seconds of their steps. */
  UNREADABLE_CHUNK_SECONDS(
      Kind.COUNT, part -> part.stepTicks() * part.sum(each -> each.chunks().unreadable())),
  /** New chunks that the last plan left out. */
  DEFERRED(Kind.COUNT, part -> part.last(CycleRecord::deferred)),
  /** Replicas that established chunks lack to their floor in the last plan. */
  SHORTFALLS(Kind.COUNT, part -> part.last(CycleRecord::shortfalls)),
  /** Replicas that should leave their worker and cannot. */
  STUCK(Kind.COUNT, part -> part.last(CycleRecord::stuck)),
  /** Seconds of the steps after which a worker that is to leave may not be stopped yet. */
  LEAVING_SECONDS(Kind.COUNT, part -> part.stepTicks() * part.sum(it -> it.leaving() > 0 ? 1 : 0)),
  /** Chunks that portals may see. */
  VISIBLE(Kind.COUNT, part -> part.last(each -> each.chunks().visible())),
  /** Replicas in any state. */
  REPLICAS(Kind.COUNT, part -> part.last(each -> each.replicas().total())),
  /** The fill of the fullest worker, 0 to 1. */
  FULLEST(Kind.SHARE, part -> part.fill(true)),
  /** The fill of the emptiest worker, 0 to 1. */
  EMPTIEST(Kind.SHARE, part -> part.fill(false)),
  /** Reads of the hottest worker over those it is rated for, as the first step begins. */
  HOTTEST_WORKER_BEFORE(Kind.RATIO, part -> hottest(part.cycles().stream().findFirst())),
  /** Those reads as the last step begins; both figures are 0 without {@code reads}. */
  HOTTEST_WORKER(Kind.RATIO, part -> hottest(part.cycles().stream().reduce((a, b) -> b))),
  /** Portals that do not use the newest portal assignment. */
  LAGGING_PORTALS(Kind.COUNT, part -> part.last(CycleRecord::laggingPortals)),
  /** Steps in which bytes moved. */
  MOVING_STEPS(Kind.COUNT, part -> part.sum(each -> each.movedBytes() > 0 ? 1 : 0));

  /** The unit in which a figure is written. */
  public enum Kind {
    /** Bytes. */
    BYTES,
    /** A whole number. */
    COUNT,
    /** A number with three decimals. */
    RATIO,
    /** A number from 0 to 1 with three decimals. */
    SHARE
  }

  /**
   * The steps of a run up to one of them.
   *
   * @param cycles one record for each step
   * @param events the events that ended by then
   * @param begun the number of steps before the first event
   * @param stepTicks the seconds of a step
   */
  public record Part(List<CycleRecord> cycles, List<EventRecord> events, int begun, int stepTicks) {
    double wholeAfter() {
      int whole = cycles.size();
      while (whole > begun && cycles.get(whole - 1).isWhole()) {
        whole--;
      }
      boolean isWhole = whole < cycles.size() || whole <= begun;
      return isWhole
          ? stepTicks * (whole <= begun ? 0 : whole - begun + 1L)
          : Double.POSITIVE_INFINITY;
    }

    double sum(ToDoubleFunction<CycleRecord> of) {
      return cycles.stream().mapToDouble(of).sum();
    }

    double last(ToDoubleFunction<CycleRecord> of) {
      return cycles.isEmpty() ? 0 : of.applyAsDouble(cycles.get(cycles.size() - 1));
    }

    double fill(boolean isFullest) {
      return last(each ->
          each.fill().values().stream()
                  .reduce((one, other) -> isFullest ? Math.max(one, other) : Math.min(one, other))
                  .orElse(0)
              / 1e6);
    }
  }

  private static double hottest(Optional<CycleRecord> cycle) {
    return cycle.map(it -> it.hottest() / 1e6).orElse(0.0);
  }

  private final Kind kind;

  @SuppressWarnings("ImmutableEnumChecker") // a function without a state
  private final ToDoubleFunction<Part> value;

  RunFigure(Kind kind, ToDoubleFunction<Part> value) {
    this.kind = kind;
    this.value = value;
  }

  /** Returns the unit in which it is written. */
  public Kind kind() {
    return kind;
  }

  /** Returns its name in profiles and summaries. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns its value after the steps of {@code part}. */
  public double of(Part part) {
    return value.applyAsDouble(part);
  }

  static String words() {
    return Arrays.stream(values()).map(RunFigure::word).collect(Collectors.joining(", "));
  }
}
