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
 * What a worker still holds, by what has to happen before it is gone, and whether the worker may be
 * switched off before that. The parts together are all replicas on it, in whatever state.
 * Immutable.
 *
 * <p>What was reported counts at once, whether or not a cycle has taken it in.
 *
 * @param worker the worker
 * @param status its status, the one that rules: what a worker holds may be asked of any
 * @param copying given up by a plan, and some replica that the plan wants elsewhere has yet to be
 *     told of or downloaded
 * @param confirmation given up, and all that is wanted elsewhere is there: a visibility cycle, or
 *     under a quorum the watermark, has to take that in
 * @param drainWindow readers may still ask for them until their window ends, or they go with the
 *     next cycle; so does what is left of chunks that are removed
 * @param budget to leave, and no plan gives them up yet: the movement budget holds them back, or
 *     room that others have to free first
 * @param stuck to leave, and not because of any budget, by reason, in the order of the reasons
 * @param wanted on it, and wanted there. Of a worker that is leaving only a follower says so, which
 *     does not know what the leader plans: {@code budget} and {@code stuck} are none then
 * @param safeToStop whether it may be switched off now: of every chunk that it possesses the floor
 *     is possessed on other counted workers, every chunk that portals ask it for they may ask
 *     another worker for that has the bytes, and it owes no inventory
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
  /** Refuses nulls, and copies the list. */
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

  /**
   * Some of the replicas on a worker. Immutable.
   *
   * @param replicas how many, at least 0
   * @param bytes the sizes of their chunks; the largest long where that cannot hold the sum
   */
  public record Part(int replicas, long bytes) {
    /** None. */
    public static final Part NONE = new Part(0, 0);

    /** Refuses counts below 0. */
    public Part {
      if (replicas < 0 || bytes < 0) {
        throw new IllegalArgumentException(
            "part is " + replicas + " replicas and " + bytes + " bytes; at least 0 is accepted");
      }
    }

    /** Both together. */
    public Part and(Part other) {
      return new Part(replicas + other.replicas, SaturatedSum.of(bytes, other.bytes));
    }
  }

  /**
   * What is stuck for one reason. Immutable.
   *
   * @param reason why
   * @param part how much
   */
  public record StuckPart(Hindrance reason, Part part) {
    /** Refuses nulls. */
    public StuckPart {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(part, "part");
    }
  }

  /**
   * The answer to a change of a worker's status. Immutable.
   *
   * @param code {@code ACCEPTED}, or why not
   * @param reasons what is wrong, for {@code INVALID} and {@code TOO_LARGE}; else empty
   * @param leaving what the worker holds, if it is to leave from now on; empty otherwise, and where
   *     it could not be told any more: the status is set all the same
   */
  public record StatusSet(ResultCode code, List<String> reasons, Optional<Leaving> leaving) {
    /** Refuses nulls, and copies the list. */
    public StatusSet {
      Objects.requireNonNull(code, "code");
      reasons = List.copyOf(reasons);
      Objects.requireNonNull(leaving, "leaving");
    }

    /** Whether the status is set. */
    public boolean isAccepted() {
      return code.isAccepted();
    }
  }

  /** All that it holds. */
  public Part all() {
    return copying.and(confirmation).and(drainWindow).and(budget).and(stuckPart()).and(wanted);
  }

  /** All that is stuck, for whatever reason. */
  public Part stuckPart() {
    return stuck.stream().map(StuckPart::part).reduce(Part.NONE, Part::and);
  }

  /** The same in words: a line for each part that is not empty, and whether it may stop. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    addLine(lines, copying, "to be copied elsewhere first");
    addLine(lines, confirmation, "copied, until a cycle takes that in");
    addLine(lines, drainWindow, "until readers no longer ask for them");
    addLine(lines, budget, "held back by the movement budget, or until others free room");
    for (StuckPart each : stuck) {
      addLine(lines, each.part(), "stuck: " + each.reason().name().toLowerCase(Locale.ROOT));
    }
    addLine(lines, wanted, "wanted there");
    lines.add("it may " + (safeToStop ? "be switched off now" : "not be switched off yet"));
    return lines;
  }

  private static void addLine(List<String> lines, Part part, String what) {
    if (part.replicas() > 0) {
      String count = part.replicas() + (part.replicas() == 1 ? " replica, " : " replicas, ");
      lines.add(count + part.bytes() + " bytes: " + what);
    }
  }

  /**
   * What others are told of a worker while no leader has taken in all that was accepted.
   *
   * @param taken the state that the newest leader committed: its floors and marks count
   * @param ahead that state and everything accepted since
   * @return empty if the worker is unknown
   */
  public static Optional<Leaving> shown(LifecycleView taken, LifecycleView ahead, WorkerId id) {
    int worker = ahead.workerPosition(id);
    return worker < 0
        ? Optional.empty()
        : Optional.of(new LeavingCount(taken, ahead, worker, Forecast.NONE).count());
  }

  /** What a leader says of a worker, with a plan at hand. */
  static Leaving of(LifecycleView state, int worker, Forecast plan) {
    return new LeavingCount(state, state, worker, plan).count();
  }
}
