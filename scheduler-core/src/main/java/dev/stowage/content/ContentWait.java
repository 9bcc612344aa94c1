package dev.stowage.content;

import dev.stowage.pressure.PressureBand;
import dev.stowage.shape.Unit;
import java.util.Objects;
import java.util.Optional;

/**
 * The wait of an item, as of the scheduler's latest time.
 *
 * @param priorityClass the item's class
 * @param band the band of pressure
 * @param heldBy what holds the item back by itself: backoff, pressure on its class, the window of
 *     its destination, permits, or a missing lane; empty if it may go when its turn comes
 * @param isOfAll true if all destinations together lack permits, false if its own does
 * @param retryAfterNanos the least time until that may end; 0 if nothing holds it, or another end
 * @param waitedNanos the time since it was queued, or failed; 0 in backoff and without a lane
 * @param moreUrgent the number of ready items of classes that go before its own
 * @param besides the number of other ready items of its class
 */
public record ContentWait(
    PriorityClass priorityClass,
    PressureBand band,
    Optional<ScheduleReason> heldBy,
    boolean isOfAll,
    long retryAfterNanos,
    long waitedNanos,
    int moreUrgent,
    int besides) {
  /** Throws {@link NullPointerException} if a component is null. */
  public ContentWait {
    Objects.requireNonNull(priorityClass, "priorityClass");
    Objects.requireNonNull(band, "band");
    Objects.requireNonNull(heldBy, "heldBy");
  }

  /** Returns the wait in words. */
  public String inWords() {
    String name = priorityClass.displayName();
    return switch (heldBy.orElse(ScheduleReason.PRIORITY_CLASS)) {
      case BACKOFF -> "it failed, and is tried again in " + Unit.NANOS.print(retryAfterNanos);
      case NO_LANE -> "it waits as " + name + " for a free lane";
      case PRESSURE_THROTTLE ->
          "it waits as " + name + ", which pressure in band " + band + " holds back";
      case WINDOW ->
          "it waits as " + name + " until the end of something on the way to its destination";
      case PACING ->
          "it waits as "
              + name
              + " for permits "
              + (isOfAll ? "of all destinations" : "of its destination")
              + ", at least "
              + Unit.NANOS.print(retryAfterNanos);
      default ->
          "it waits as "
              + name
              + " behind "
              + moreUrgent
              + " items of more urgent classes, among "
              + besides
              + " others of its class, since "
              + Unit.NANOS.print(waitedNanos);
    };
  }
}
