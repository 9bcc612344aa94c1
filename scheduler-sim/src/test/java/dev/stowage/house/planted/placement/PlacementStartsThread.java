package dev.stowage.house.planted.placement;

/** Planted for the test of the arrows: core starts a thread. */
public final class PlacementStartsThread {
  Thread thread = new Thread("planted");
}
