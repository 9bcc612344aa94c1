package dev.stowage.rebalance;

import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.tables.Terms;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** How far a worker is on its way into maintenance and back (rebalance design, section 8). */
public enum MaintenanceState {
  /** In full service. */
  ACTIVE(WorkerStatus.ACTIVE),
  /** Being emptied. */
  ENTERING(WorkerStatus.LEAVING),
  /** Empty, and left alone. */
  MAINTENANCE(WorkerStatus.CORDONED),
  /** Coming back; not healthy yet. */
  EXITING(WorkerStatus.CORDONED),
  /** Healthy again, and watched for a while. */
  RECOVERY(WorkerStatus.ACTIVE),
  /** It was not empty in time; what it still holds stays there. */
  DRAIN_FAILED(WorkerStatus.CORDONED);

  /** How long a worker is in recovery. */
  public static final Duration RECOVERY_TIME = Duration.ofMinutes(5);

  private final WorkerStatus status;

  MaintenanceState(WorkerStatus status) {
    this.status = status;
  }

  /** The worker status that goes with it. */
  public WorkerStatus status() {
    return status;
  }

  /**
   * A worker under maintenance.
   *
   * @param worker the worker
   * @param state its state
   * @param sinceTick when it came into that state
   * @param deadlineTick the tick by which it has to be empty; looked at while it is entering
   */
  public record Entry(WorkerId worker, MaintenanceState state, long sinceTick, long deadlineTick) {
    /** Refuses nulls. */
    public Entry {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(state, "state");
    }

    /**
     * The entry after the next transition; empty if none is due. Being empty wins over the
     * deadline.
     *
     * @param facts what the worker is like now
     * @param now the tick
     * @param tickLength how long a tick lasts
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
   * What a worker is like.
   *
   * @param isEmpty whether no replica is on it
   * @param isHealthy whether it reports, and owes nothing
   */
  public record Facts(boolean isEmpty, boolean isHealthy) {}
}
