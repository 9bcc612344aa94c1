package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The replicas on a worker, grouped by the event that ends each of them. Reports count at once,
 * even if no cycle has consumed them. Immutable.
 *
 * @param copying given up by a plan; a wanted replica elsewhere is not yet reported or downloaded
 * @param confirmation given up; a cycle or the watermark has to take in the replicas elsewhere
 * @param drainWindow readable until a window ends, or gone with the next cycle
 * @param budget to leave; held back by the movement budget or by missing room
 * @param stuck to leave, but hindered, in the order of the reasons
 * @param wanted not to leave; followers, who know no plan, include {@code budget} and {@code stuck}
 * @param safeToStop whether other counted workers possess the floor of all its chunks and others
 *     serve all that portals ask it for, and it owes no inventory
 */
public record Leaving(
    WorkerId worker,
    WorkerStatus status,
    Part copying,
    Part confirmation,
    Part drainWindow,
    Part budget,
    List<StuckPart> stuck,
    Part wanted,
    boolean safeToStop) {
  /** Copies the list; throws {@code NullPointerException} for nulls. */
  public Leaving {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(copying, "copying");
    Objects.requireNonNull(confirmation, "confirmation");
    Objects.requireNonNull(drainWindow, "drainWindow");
    Objects.requireNonNull(budget, "budget");
    stuck = List.copyOf(stuck);
    Objects.requireNonNull(wanted, "wanted");
  }

  /** The number and bytes of some replicas, at least 0; {@link Long#MAX_VALUE} on overflow. */
  public record Part(int replicas, long bytes) {
    /** No replicas. */
    public static final Part NONE = new Part(0, 0);

    /** Throws {@code IllegalArgumentException} for counts below 0. */
    public Part {
      if (replicas < 0 || bytes < 0) {
        throw new IllegalArgumentException(
            "part is " + replicas + " replicas and " + bytes + " bytes; at least 0 is accepted");
      }
    }

    /** Returns the sum of this part and {@code other}. */
    public Part and(Part other) {
      return new Part(replicas + other.replicas, SaturatedSum.of(bytes, other.bytes));
    }
  }

  /** The replicas that are stuck for one reason. Immutable. */
  public record StuckPart(Hindrance reason, Part part) {
    /** Throws {@code NullPointerException} if a component is null. */
    public StuckPart {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(part, "part");
    }
  }

  /** The answer to a change of status; {@code leaving} is empty unless the worker is to leave. */
  public record StatusSet(ResultCode code, List<String> reasons, Optional<Leaving> leaving) {
    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public StatusSet {
      Objects.requireNonNull(code, "code");
      reasons = List.copyOf(reasons);
      Objects.requireNonNull(leaving, "leaving");
    }

    /** Reports whether the status is set. */
    public boolean isAccepted() {
      return code.isAccepted();
    }
  }

  /** Returns the sum of all parts. */
  public Part all() {
    return copying.and(confirmation).and(drainWindow).and(budget).and(stuckPart()).and(wanted);
  }

  /** Returns the sum of all stuck parts. */
  public Part stuckPart() {
    return stuck.stream().map(StuckPart::part).reduce(Part.NONE, Part::and);
  }

  /** Returns a line for each nonempty part and one that says whether the worker may stop. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    addLine(lines, copying, "to be copied elsewhere first");
    addLine(lines, confirmation, "copied elsewhere, until a cycle confirms the copies");
    addLine(lines, drainWindow, "readable until the drain window ends");
    addLine(lines, budget, "held back by the movement budget, or by missing room");
    for (StuckPart each : stuck) {
      addLine(lines, each.part(), "stuck: " + each.reason().name().toLowerCase(Locale.ROOT));
    }
    addLine(lines, wanted, "wanted on this worker");
    lines.add("it may " + (safeToStop ? "be switched off now" : "not be switched off yet"));
    return lines;
  }

  private static void addLine(List<String> lines, Part part, String what) {
    if (part.replicas() > 0) {
      String count = part.replicas() + (part.replicas() == 1 ? " replica, " : " replicas, ");
      lines.add(count + part.bytes() + " bytes: " + what);
    }
  }

  /** Returns the parts shown to others ({@link ChunkStatus#shown}); empty for unknown workers. */
  public static Optional<Leaving> shown(LifecycleView taken, LifecycleView ahead, WorkerId id) {
    int worker = ahead.workerPosition(id);
    return worker < 0
        ? Optional.empty()
        : Optional.of(new LeavingCount(taken, ahead, worker, Forecast.NONE).count());
  }

  static Leaving of(LifecycleView state, int worker, Forecast plan) {
    return new LeavingCount(state, state, worker, plan).count();
  }
}
