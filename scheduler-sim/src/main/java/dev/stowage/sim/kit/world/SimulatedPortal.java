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

  /** Of what it holds. */
  Lineage lineage() {
    return lineage;
  }

  /** The assignment that it holds; 0 for none. */
  long holds() {
    RouteTable known = table;
    return known == null ? 0 : known.id();
  }

  /** What it routes by; nothing before its first poll. */
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

  /** What it would route by after this; null if it does not begin where the portal stands. */
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

  /** It takes routes of this lineage. */
  void take(RouteTable newest, Lineage of, long tick) {
    lineage = of;
    table = newest;
    taken = new Moment(tick, newest.id());
  }

  /**
   * It takes routes, and lives by them for a window of its own.
   *
   * @param made under per-worker confirmation or not
   */
  public void take(RouteTable newest, Moment now, long window, boolean made) {
    table = newest;
    taken = now;
    windowTicks = window;
    isProven = made;
  }
}
