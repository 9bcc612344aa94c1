package dev.stowage.house.planted.sim.tool.report;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Planted for the test of the arrows: a report may. */
public final class Summary {
  Class<?> writer = ObjectMapper.class;
}
