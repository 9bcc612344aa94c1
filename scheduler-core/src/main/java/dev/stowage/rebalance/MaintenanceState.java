package dev.stowage.rebalance;

import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.tables.Terms;
import dev.stowage.shape.Shape;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The progress of a worker into maintenance and back (rebalance design, section 8). */
public enum MaintenanceState {
  /** In full service. */
  ACTIVE(WorkerStatus.ACTIVE),
  /** Being emptied. */
  ENTERING(WorkerStatus.LEAVING),
  /** Empty, and left alone. */
  MAINTENANCE(WorkerStatus.CORDONED),
  /** Coming back; not healthy yet. */
  EXITING(WorkerStatus.CORDONED),
  /** Healthy again, and watched for {@link #RECOVERY_TIME}. */
  RECOVERY(WorkerStatus.ACTIVE),
  /** Not emptied in time; its replicas stay. */
  DRAIN_FAILED(WorkerStatus.CORDONED);

  /** The duration of recovery: 5 min. */
  public static final Duration RECOVERY_TIME = Duration.ofMinutes(5);

  private final WorkerStatus status;

  MaintenanceState(WorkerStatus status) {
    this.status = status;
  }

  /** Returns the worker status of this state. */
  public WorkerStatus status() {
    return status;
  }

  /**
   * A worker under maintenance.
   *
   * @param sinceTick the tick of the last transition
   * @param deadlineTick the tick by which an entering worker must be empty
   */
  public record Entry(WorkerId worker, MaintenanceState state, long sinceTick, long deadlineTick) {
    /** The fields of an entry. */
    public static final Shape<Entry> SHAPE =
        Shape.of(
            "maintained_worker",
            row -> {
              var worker = row.value("worker", Entry::worker, WorkerId.FORM);
              var state = row.oneOf("state", MaintenanceState.class, Entry::state);
              var since = row.number("since_tick", Entry::sinceTick);
              var deadline = row.number("deadline_tick", Entry::deadlineTick);
              return v -> new Entry(worker.of(v), state.of(v), since.of(v), deadline.of(v));
            });

    /** Throws {@code NullPointerException} for nulls. */
    public Entry {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(state, "state");
    }

    /** Returns this entry after a reset of time: draining and recovery begin anew. */
    public Entry begunAt(Tick now) {
      boolean isWindow = state == ENTERING || state == RECOVERY;
      long within = Math.max(0, deadlineTick - sinceTick);
      return new Entry(
          worker,
          state,
          isWindow ? now.value() : Math.min(now.value(), sinceTick),
          state == ENTERING
              ? Terms.later(now.value(), within)
              : Math.min(now.value(), deadlineTick));
    }

    /**
     * Returns the entry after the next transition, empty if none is due; emptiness comes before the
     * deadline.
     */
    public Optional<Entry> next(Facts facts, Tick now, Duration tickLength) {
      MaintenanceState to =
          switch (state) {
            case ENTERING -> {
              boolean isLate = now.value() >= deadlineTick;
              yield facts.isEmpty ? MAINTENANCE : isLate ? DRAIN_FAILED : ENTERING;
            }
            case EXITING -> facts.isHealthy ? RECOVERY : EXITING;
            case RECOVERY -> {
              long over = Terms.later(sinceTick, Terms.ticks(RECOVERY_TIME, tickLength));
              yield now.value() >= over ? ACTIVE : RECOVERY;
            }
            case ACTIVE, MAINTENANCE, DRAIN_FAILED -> state;
          };
      return to == state
          ? Optional.empty()
          : Optional.of(new Entry(worker, to, now.value(), deadlineTick));
    }
  }

  /**
   * The condition of a worker.
   *
   * @param isEmpty true if no replica is on it
   * @param isHealthy true if it reports and owes nothing
   */
  public record Facts(boolean isEmpty, boolean isHealthy) {}
}
