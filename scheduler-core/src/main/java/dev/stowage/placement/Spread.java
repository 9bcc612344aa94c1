package dev.stowage.placement;

/** Which failure domains replicas are spread over. */
public enum Spread {
  /**
   * The floor of a chunk lies in as many domains of the first level of the zones as there are, up
   * to the floor; among equals in as many of the second, and so on.
   */
  ZONE,
  /** Zones are not looked at; distinct workers are enough. */
  NONE
}
