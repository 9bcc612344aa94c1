package dev.stowage.house.planted.engine;

import dev.stowage.house.planted.Setting;

/** Planted for the test of the arrows: in order. */
public final class Machine {
  Class<?> setting = Setting.class;
}
