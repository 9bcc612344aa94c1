package dev.stowage.house.planted.sim.kit.reference;

import dev.stowage.house.planted.engine.Machine;

/** Planted for the test of the arrows: another module knows the machinery. */
public final class ReferenceKnowsMachine {
  Class<?> machine = Machine.class;
}
