package dev.stowage.house.planted.sim.kit.world;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Planted for the test of the arrows: a model needs a library that its user does not get. */
public final class WorldReadsJson {
  Class<?> reader = ObjectMapper.class;
}
