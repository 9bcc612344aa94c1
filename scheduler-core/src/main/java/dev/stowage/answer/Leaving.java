package dev.stowage.answer;

import dev.stowage.columns.NoNulls;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Command;
import dev.stowage.command.ResultCode;
import dev.stowage.config.Reason;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The replicas on a worker, grouped by the event that ends each of them. Reports count at once,
 * even if no cycle has consumed them. What the worker is to keep or lose is known from the last
 * plan, which may be older than the state. Immutable.
 *
 * @param tick the largest tick of the state that the answer is of
 * @param planned the tick of the last plan; empty before the first of a leader, and for followers
 * @param copying given up by a plan; a wanted replica elsewhere is not yet reported or downloaded
 * @param confirmation given up; a cycle or the watermark has to take in the replicas elsewhere
 * @param drainWindow readable until a window ends, or gone with the next cycle
 * @param unplanned to leave; no plan that is known here has found places for them yet
 * @param budget to leave; held back by the movement budget, which followers know from the state
 * @param stuck to leave, but hindered in the last plan, in the order of the reasons
 * @param wanted not to leave
 * @param verdict the answer to whether it may be switched off now
 */
public record Leaving(
    WorkerId worker,
    WorkerStatus status,
    Tick tick,
    Optional<Tick> planned,
    Part copying,
    Part confirmation,
    Part drainWindow,
    Part unplanned,
    Part budget,
    List<StuckPart> stuck,
    Part wanted,
    Verdict verdict) {
  /** The most workers whose verdicts are given at once. */
  public static final int MOST_WORKERS = Command.Bounds.WORKERS;

  /** Copies the list; throws {@code NullPointerException} for nulls. */
  public Leaving {
    stuck = List.copyOf(stuck);
  }

  /** Reports whether the worker may be switched off now, as {@link Verdict#isSafe}. */
  public boolean safeToStop() {
    return verdict.isSafe();
  }

  /**
   * The answer to whether a worker may be switched off. All workers with safe verdicts of one state
   * may be switched off together.
   *
   * @param chunk the first chunk in canonical order that hinders; empty for codes about no chunk
   */
  public record Verdict(WorkerId worker, Code code, Optional<ChunkKey> chunk) {
    /** The answer, or the reason of a refusal. */
    public enum Code {
      /** It may be switched off. */
      SAFE,
      /** No such worker is known. */
      UNKNOWN_WORKER,
      /** It was not told to leave or go, and possesses the chunk or may be asked for it. */
      NOT_LEAVING,
      /** It owes its inventory. */
      OWES_INVENTORY,
      /**
       * Counted workers that are neither to leave nor away possess fewer copies of the chunk than
       * its floor, or than its announced absence asks for.
       */
      FLOOR,
      /** The newest routes name it for the chunk. */
      ROUTED,
      /** Portals may still use older routes that name it for the chunk. */
      WINDOW
    }

    /** Reports whether the worker may be switched off. */
    public boolean isSafe() {
      return code == Code.SAFE;
    }

    /** Returns the answer as a clause. */
    public String inWords() {
      String of = chunk.map(ChunkKey::toString).orElse("any chunk");
      return switch (code) {
        case SAFE -> "it may be switched off now";
        case UNKNOWN_WORKER -> "no such worker is known";
        case NOT_LEAVING -> "it may not be switched off: not told to leave, and needed for " + of;
        case OWES_INVENTORY -> "it may not be switched off yet: it owes its inventory";
        case FLOOR -> "it may not be switched off yet: too few copies elsewhere of " + of;
        case ROUTED -> "it may not be switched off yet: routes name it for " + of;
        case WINDOW -> "it may not be switched off yet: older routes name it for " + of;
      };
    }
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
  public record StuckPart(Reason reason, Part part) {}

  /** The answer to a change of status; {@code leaving} is empty unless the worker is to leave. */
  public record StatusSet(ResultCode code, List<String> reasons, Optional<Leaving> leaving) {
    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public StatusSet {
      reasons = List.copyOf(reasons);
    }

    /** Reports whether the status is set. */
    public boolean isAccepted() {
      return code.isAccepted();
    }
  }

  /** Returns the sum of all parts. */
  public Part all() {
    Part known = copying.and(confirmation).and(drainWindow).and(budget);
    return known.and(unplanned).and(stuckPart()).and(wanted);
  }

  /** Returns the sum of all stuck parts. */
  public Part stuckPart() {
    return stuck.stream().map(StuckPart::part).reduce(Part.NONE, Part::and);
  }

  /** Returns a line for each nonempty part and one that says whether the worker may stop. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(partLines());
    lines.add(verdict.inWords());
    return lines;
  }

  /** Returns a line for each nonempty part. */
  public List<String> partLines() {
    List<String> lines = new ArrayList<>();
    addLine(lines, copying, "to be copied elsewhere first");
    addLine(lines, confirmation, "copied elsewhere, until a cycle confirms the copies");
    addLine(lines, drainWindow, "readable until the drain window ends");
    addLine(lines, unplanned, "to leave, once a plan finds places for them");
    addLine(lines, budget, "held back by the movement budget");
    for (StuckPart each : stuck) {
      addLine(lines, each.part(), "stuck: " + each.reason().name().toLowerCase(Locale.ROOT));
    }
    addLine(lines, wanted, "wanted on this worker");
    return lines;
  }

  private static void addLine(List<String> lines, Part part, String what) {
    if (part.replicas() > 0) {
      String count = part.replicas() + (part.replicas() == 1 ? " replica, " : " replicas, ");
      lines.add(count + Unit.BYTES.print(part.bytes()) + ": " + what);
    }
  }

  /**
   * Returns the workers without duplicates, in order. Throws {@code IllegalArgumentException} for
   * more than {@link #MOST_WORKERS} names.
   */
  public static List<WorkerId> distinct(List<WorkerId> workers) {
    if (Objects.requireNonNull(workers, "workers").size() > MOST_WORKERS) {
      throw new IllegalArgumentException(
          "workers has " + workers.size() + " names; at most " + MOST_WORKERS + " are accepted");
    }
    return List.copyOf(new LinkedHashSet<>(NoNulls.in(workers, "workers")));
  }
}
