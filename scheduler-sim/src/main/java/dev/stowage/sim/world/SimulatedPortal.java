package dev.stowage.sim.world;

import org.jspecify.annotations.Nullable;

/**
 * A router of readers that polls when it likes, but obeys the contract of the lifecycle design,
 * section 8: it does not use an assignment that it could not revalidate for a drain window. Not
 * thread-safe.
 */
final class SimulatedPortal {
  private final String name;
  private final long drainWindowTicks;
  private @Nullable RouteTable table;
  private long revalidatedAt;

  SimulatedPortal(String name, long drainWindowTicks) {
    this.name = name;
    this.drainWindowTicks = drainWindowTicks;
  }

  String name() {
    return name;
  }

  /** What it routes by; nothing before its first poll. */
  @Nullable RouteTable table() {
    return table;
  }

  /** Whether it has to poll before {@code tick} has passed, or stop serving. */
  boolean mustPoll(long tick) {
    return table == null || tick - revalidatedAt >= drainWindowTicks;
  }

  void take(RouteTable newest, long tick) {
    table = newest;
    revalidatedAt = tick;
  }
}
