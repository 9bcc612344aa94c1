package dev.stowage.house.planted.placement;

import java.lang.reflect.Method;

/** Planted for the test of the arrows: core reflects. */
public final class PlacementReflects {
  Class<?> method = Method.class;
}
