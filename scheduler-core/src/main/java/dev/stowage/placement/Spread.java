package dev.stowage.placement;

/** Which failure domains replicas are spread over. */
public enum Spread {
  /** The floor of a chunk lies in as many zones as there are, up to the floor. */
  ZONE,
  /** Zones are not looked at; distinct workers are enough. */
  NONE
}
