package dev.stowage.house.planted.evidence;

import java.nio.file.Path;

/** Planted for the test of the arrows: evidence may. */
public final class Segment {
  Path path = Path.of("planted");
}
