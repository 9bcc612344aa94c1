package dev.stowage.house.planted.placement;

import java.nio.file.Path;

/** Planted for the test of the arrows: core reads a file. */
public final class PlacementReadsFile {
  Path path = Path.of("planted");
}
