package dev.stowage.house.planted.engine;

import dev.stowage.house.planted.Front;

/** Planted for the test of the arrows: the machinery knows the face. */
public final class MachineKnowsFront {
  Class<?> front = Front.class;
}
