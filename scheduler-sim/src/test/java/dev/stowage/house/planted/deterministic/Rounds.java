package dev.stowage.house.planted.deterministic;

/** Planted for the test of the arrows: the round executor may. */
public final class Rounds {
  Thread thread = new Thread("planted");
}
