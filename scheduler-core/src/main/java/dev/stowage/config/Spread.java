package dev.stowage.config;

/** The failure domains that replicas are spread over. */
public enum Spread {
  /** A floor lies in as many domains of the first level as possible, then of the second. */
  ZONE,
  /** Zones are ignored; distinct workers are enough. */
  NONE
}
