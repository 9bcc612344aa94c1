package dev.stowage.sim.world;

import dev.stowage.engine.Stowage;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.PortalAssignment;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Workers and portals around one fleet, and the oracles that watch them.
 *
 * <p>A {@link #round} lets the time run on, polls portals, runs a scheduling cycle, lets workers
 * delete, download and report, and runs a visibility cycle. Everything that the workers and portals
 * do is drawn from one seed. Not thread-safe.
 */
public final class World {
  private final WorldSettings settings;
  private final Chance chance;
  private final LongSupplier stopwatch;
  private final TreeMap<WorkerId, SimulatedWorker> workers = new TreeMap<>();
  private final List<SimulatedPortal> portals = new ArrayList<>();
  private final WorldFindings findings = new WorldFindings();
  private final SightOracle sight = new SightOracle(findings);
  private final BytesOracle bytes;
  private final CycleAudit audit;
  private Stowage fleet;
  private RouteTable routes = new RouteTable(0, List.of());
  private long tick;
  private long disksMade;
  private int lastResorts;

  /**
   * A world without workers at tick 0.
   *
   * @param fleet what it surrounds; leads its store already
   * @param settings how it is made
   * @param chance where all its chance comes from
   * @param stopwatch nanoseconds from anywhere, for measuring only; nothing is decided by it
   */
  public World(Stowage fleet, WorldSettings settings, Chance chance, LongSupplier stopwatch) {
    this.fleet = Objects.requireNonNull(fleet, "fleet");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.chance = Objects.requireNonNull(chance, "chance");
    this.stopwatch = Objects.requireNonNull(stopwatch, "stopwatch");
    bytes = new BytesOracle(findings, settings.floor());
    audit = new CycleAudit(() -> this.fleet.snapshot(), findings, stopwatch);
    for (int i = 1; i <= settings.portals(); i++) {
      portals.add(new SimulatedPortal("portal-" + i, settings.drainWindowTicks()));
    }
  }

  /** Another facade leads from now on; workers and portals talk to it. */
  public void ledBy(Stowage other) {
    fleet = Objects.requireNonNull(other, "other");
  }

  /** The present tick. */
  public long tick() {
    return tick;
  }

  /** The present time of the host, in nanoseconds. */
  public long nowNanos() {
    return fleet.time().nanosAt(dev.stowage.model.Tick.of(tick));
  }

  /** A worker joins with an empty disk of its capacity. */
  public void join(Worker worker) {
    accepted(fleet.describe(worker, nowNanos()), worker.id());
    SimulatedWorker joined = new SimulatedWorker(worker.id(), emptyDisk(worker.capacityBytes()));
    workers.put(worker.id(), joined);
    joined.start(fleet, nowNanos());
  }

  /** A worker falls silent; its disk stays as it is. */
  public void silence(WorkerId worker) {
    known(worker).stop();
  }

  /** A silent worker comes back with its disk. */
  public void comeBack(WorkerId worker) {
    known(worker).start(fleet, nowNanos());
  }

  /** A silent worker comes back with an empty disk. */
  public void comeBackEmpty(WorkerId worker) {
    SimulatedWorker back = known(worker);
    back.disk().entries().forEach(entry -> bytes.vanished(entry.number()));
    back.replaceDisk(emptyDisk(back.disk().capacityBytes()), tick);
    back.start(fleet, nowNanos());
  }

  /** The host describes a worker anew, such as with another capacity; its disk stays. */
  public void describe(Worker worker) {
    accepted(fleet.describe(worker, nowNanos()), known(worker.id()).id());
  }

  /** One round: what happened in it. */
  public Round round() {
    tick += settings.roundTicks();
    pollPortals();
    audit.before();
    long begun = stopwatch.getAsLong();
    Result.Scheduled scheduled = fleet.schedule(nowNanos());
    long scheduleNanos = stopwatch.getAsLong() - begun;
    audit.after(new Command.Schedule(), scheduled);
    lastResorts = scheduled.movement().lastResort();
    long freed = deleteAndOrder();
    long moved = download();
    audit.before();
    begun = stopwatch.getAsLong();
    Result.Published published = fleet.publish(nowNanos());
    long publishNanos = stopwatch.getAsLong() - begun;
    audit.after(Command.Publish.now(), published);
    RoundTimes times = new RoundTimes(scheduleNanos, publishNanos, audit.drainNanos());
    return new Round(tick, scheduled, published, moved, freed, lagging(), times);
  }

  /** What the oracles of this world found, the first hundred of it; empty if all is well. */
  public List<String> violations() {
    return findings.violations();
  }

  /** How many single facts the oracles looked at. */
  public long checks() {
    return findings.checks();
  }

  /** Routes that led to bytes that had just vanished with their disk. */
  public long measuredMisses() {
    return findings.measuredMisses();
  }

  private void pollPortals() {
    RouteTable newest = newestRoutes();
    boolean isJudged = false;
    for (SimulatedPortal portal : portals) {
      boolean polls = chance.happens(settings.pollPercent());
      if (portal.mustPoll(tick) || polls) {
        RouteTable before = portal.table();
        if (before == null || before.id() != newest.id()) {
          sight.moved(portal.name(), before, newest);
          if (!isJudged) {
            bytes.told(newest, this::hasBytes, this::lostItsDisk);
            isJudged = true;
          }
        }
        portal.take(newest, tick);
      }
    }
  }

  private long deleteAndOrder() {
    RouteTable newest = newestRoutes();
    FleetView slices = fleet.fleet();
    long freed = 0;
    for (SimulatedWorker worker : workers.values()) {
      if (worker.isUp()) {
        freed +=
            worker.take(
                slices.slice(worker.id()),
                tick,
                entry ->
                    bytes.deletes(
                        worker.id(), entry, newest, portals, () -> isExempt(worker.id())));
      }
    }
    return freed;
  }

  /** Last resorts are exempt one by one, as many as the plan admits to. */
  private boolean isExempt(WorkerId worker) {
    return lostItsDisk(worker) || lastResorts-- > 0;
  }

  private long download() {
    long moved = 0;
    long each = settings.linkBytesPerTick() * settings.roundTicks();
    for (SimulatedWorker worker : workers.values()) {
      if (worker.isUp()) {
        moved += worker.download(each, entry -> bytes.came(entry.number()));
        worker.report(fleet, nowNanos());
      }
    }
    return moved;
  }

  private RouteTable newestRoutes() {
    PortalAssignment newest = fleet.fleet().portalAssignment();
    if (newest.id().value() != routes.id()) {
      routes = new RouteTable(newest.id().value(), newest.routes());
    }
    return routes;
  }

  private int lagging() {
    long newest = newestRoutes().id();
    return (int)
        portals.stream()
            .map(SimulatedPortal::table)
            .filter(table -> table == null || table.id() != newest)
            .count();
  }

  private boolean hasBytes(WorkerId worker, ChunkNumber number) {
    SimulatedWorker asked = workers.get(worker);
    return asked != null && asked.disk().holds(number);
  }

  private boolean lostItsDisk(WorkerId worker) {
    SimulatedWorker asked = workers.get(worker);
    return asked != null
        && asked.lostItsDiskAt() != Long.MIN_VALUE
        && tick - asked.lostItsDiskAt() <= settings.drainWindowTicks() + settings.roundTicks();
  }

  private SimulatedDisk emptyDisk(long capacityBytes) {
    disksMade++;
    return new SimulatedDisk(
        "disk-" + disksMade + "-" + Long.toHexString(chance.next()), capacityBytes);
  }

  private SimulatedWorker known(WorkerId worker) {
    SimulatedWorker known = workers.get(worker);
    if (known == null) {
      throw new IllegalArgumentException("worker is " + worker + "; none of that name has joined");
    }
    return known;
  }

  private static void accepted(Result.Answer answer, WorkerId worker) {
    if (!answer.isAccepted()) {
      throw new IllegalStateException(worker + " is refused: " + answer);
    }
  }
}
