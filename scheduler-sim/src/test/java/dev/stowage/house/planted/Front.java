package dev.stowage.house.planted;

import dev.stowage.house.planted.engine.Machine;

/** Planted for the test of the arrows: the face. */
public final class Front {
  Class<?> machine = Machine.class;
  Class<?> setting = Setting.class;
}
