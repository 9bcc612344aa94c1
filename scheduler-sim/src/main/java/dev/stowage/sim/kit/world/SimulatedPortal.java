package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.Message;
import org.jspecify.annotations.Nullable;

/**
 * A router of readers that is told of new routes, and obeys the contract of the lifecycle design,
 * section 8: it does not use an assignment that it could not revalidate for a drain window. Not
 * thread-safe.
 */
public final class SimulatedPortal {
  private final String name;
  private long windowTicks;
  private boolean isProven = true;
  private Lineage lineage = Lineage.of(0);
  private @Nullable RouteTable table;
  private Moment taken = new Moment(0, 0);

  /** A portal that has taken nothing, with a drain window of so many ticks. */
  public SimulatedPortal(String name, long windowTicks) {
    this.name = name;
    this.windowTicks = windowTicks;
  }

  String name() {
    return name;
  }

  PortalId id() {
    return PortalId.of(name);
  }

  Lineage lineage() {
    return lineage;
  }

  /** Returns the number of the held assignment; 0 if there is none. */
  long holds() {
    RouteTable known = table;
    return known == null ? 0 : known.id();
  }

  /** Returns the routes in use; null before the first poll. */
  public @Nullable RouteTable table() {
    return table;
  }

  /** Returns the number of visibility cycles when the routes that it uses were made. */
  public long publishes() {
    return taken.publishes();
  }

  /** Reports whether its routes were made under per-worker confirmation: the bytes are there. */
  public boolean isProven() {
    return isProven;
  }

  /** Reports whether it may still route by what it took. */
  public boolean isInUse(long tick) {
    return table != null && tick - taken.tick() < windowTicks;
  }

  /** Reports whether it may ask a worker for a chunk. */
  public boolean mayAsk(ChunkNumber number, WorkerId worker, long tick) {
    RouteTable known = table;
    return known != null && isInUse(tick) && known.asks(number, worker);
  }

  /** Returns the routes after {@code news}; null if its delta begins elsewhere. */
  @Nullable RouteTable after(Message.Routes news, RouteTable full) {
    PortalDelta delta = news.delta().orElse(null);
    RouteTable known = table;
    if (delta == null) {
      return full;
    }
    PortalAssignmentId from = delta.from().orElse(null);
    boolean continues = from != null && from.value() == holds() && delta.lineage().equals(lineage);
    return continues && known != null ? known.changed(delta) : null;
  }

  void take(RouteTable newest, Lineage of, long tick) {
    lineage = of;
    table = newest;
    taken = new Moment(tick, newest.id());
  }

  /**
   * Takes routes, and lives by them for {@code window} ticks.
   *
   * @param made true if they were made under per-worker confirmation
   */
  public void take(RouteTable newest, Moment now, long window, boolean made) {
    table = newest;
    taken = now;
    windowTicks = window;
    isProven = made;
  }
}
