package dev.stowage.house.planted.sim.kit.world;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Planted for the test of the arrows: a model parses what no person writes. */
public final class WorldReadsJson {
  Class<?> reader = ObjectMapper.class;
}
