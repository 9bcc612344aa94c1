package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Knows where bytes really are, and judges by that what portals are told and what workers delete:
 *
 * <ul>
 *   <li>a portal is only told of workers that really have the bytes;
 *   <li>no worker deletes what some portal may still ask it for;
 *   <li>no deletion leaves a chunk that portals see with fewer real copies than its floor.
 * </ul>
 *
 * <p>Bytes that vanished with a disk, and whose loss a portal has not heard of yet, are a miss that
 * is measured, as the lifecycle design, section 10, allows.
 */
final class BytesOracle {
  private final WorldFindings findings;
  private final int floor;
  private final Map<ChunkNumber, Integer> copies = new HashMap<>();

  /** With a floor of so many copies. */
  BytesOracle(WorldFindings findings, int floor) {
    this.findings = findings;
    this.floor = floor;
  }

  /** Bytes have come to a disk. */
  void came(ChunkNumber number) {
    copies.merge(number, 1, Integer::sum);
  }

  /** Bytes have gone with their disk, by nobody's decision. */
  void vanished(ChunkNumber number) {
    copies.merge(number, -1, Integer::sum);
  }

  /**
   * A portal took a table, or several did at one moment.
   *
   * @param table what they are told
   * @param hasBytes whether a worker's disk holds a chunk
   * @param lostItsDisk whether a worker lost its disk so recently that routes may not know it
   */
  void told(
      RouteTable table,
      BiPredicate<WorkerId, ChunkNumber> hasBytes,
      Predicate<WorkerId> lostItsDisk) {
    for (Route route : table.routes()) {
      findings.checked(route.workers().size());
      for (WorkerId worker : route.workers()) {
        if (hasBytes.test(worker, route.number())) {
          continue;
        }
        if (lostItsDisk.test(worker)) {
          findings.measuredMiss();
        } else {
          findings.violated(
              "world: routes lead to bytes",
              "portals are told of " + route.key() + " on " + worker + ", which has not got it");
        }
      }
    }
  }

  /**
   * A worker is about to delete a chunk, because its slice no longer names it.
   *
   * @param newest what portals are told now
   * @param used the tables that portals still use
   * @param exempt whether the protocol allows that a portal asks in vain: the worker's disk was
   *     replaced since, or the plan took the replica as a last resort for a visible chunk's floor
   */
  void deletes(
      WorkerId worker,
      SliceEntry entry,
      RouteTable newest,
      List<SimulatedPortal> used,
      BooleanSupplier exempt) {
    ChunkNumber number = entry.number();
    findings.checked(1);
    List<SimulatedPortal> askers =
        used.stream()
            .filter(each -> each.table() != null && each.table().asks(number, worker))
            .toList();
    if (!askers.isEmpty() && exempt.getAsBoolean()) {
      findings.measuredMiss();
    } else {
      for (SimulatedPortal portal : askers) {
        findings.violated(
            "world: no bytes are deleted that a portal may ask for",
            portal.name() + " may ask " + worker + " for " + entry.key() + ", which it deletes");
      }
    }
    int left = copies.merge(number, -1, Integer::sum);
    if (newest.shows(number) && left < floor) {
      findings.violated(
          "world: floors are kept",
          worker + " deletes " + entry.key() + " and leaves " + left + " of " + floor + " copies");
    }
  }
}
