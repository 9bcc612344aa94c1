package dev.stowage;

/** Hears which fleets of {@link StowageFleets} this process has opened, on the thread of a turn. */
public interface FleetWatch {
  /**
   * Hears that a fleet was opened, before its first turn: the place for {@link Transfers#send} and
   * {@link Propagation#send}. An exception closes the fleet, which is opened again later.
   */
  void opened(String fleet, Stowage stowage, StowageService service);

  /** Hears that a fleet was removed and closed. */
  void closed(String fleet);
}
