package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.Story;
import java.util.List;

/** Draws what leads to a case that other deeds meet too rarely. */
interface Provocation {
  /** Lines that are told one after the other, in place of a deed; mostly none. */
  List<String> lines(Story story);
}
