package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.propagation.Message;
import org.jspecify.annotations.Nullable;

/**
 * A router of readers that is told of new routes, and obeys the contract of the lifecycle design,
 * section 8: it does not use an assignment that it could not revalidate for a drain window, so it
 * pulls in time. Not thread-safe.
 */
final class SimulatedPortal {
  private final String name;
  private final long drainWindowTicks;
  private Lineage lineage = Lineage.of(0);
  private @Nullable RouteTable table;
  private long revalidatedAt;

  SimulatedPortal(String name, long drainWindowTicks) {
    this.name = name;
    this.drainWindowTicks = drainWindowTicks;
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
  @Nullable RouteTable table() {
    return table;
  }

  /** Whether it has to poll before {@code tick} has passed, or stop serving. */
  boolean mustPoll(long tick) {
    return table == null || tick - revalidatedAt >= drainWindowTicks;
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
    take(newest, tick);
  }

  void take(RouteTable newest, long tick) {
    table = newest;
    revalidatedAt = tick;
  }
}
