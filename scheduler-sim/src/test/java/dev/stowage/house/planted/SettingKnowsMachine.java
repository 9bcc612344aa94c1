package dev.stowage.house.planted;

import dev.stowage.house.planted.engine.Machine;

/** Planted for the test of the arrows: a value of the face knows the machinery. */
public final class SettingKnowsMachine {
  Class<?> machine = Machine.class;
}
