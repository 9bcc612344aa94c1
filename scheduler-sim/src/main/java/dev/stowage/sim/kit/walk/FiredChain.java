package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws two exchanges of which one takes what the other gives, and lets the bytes of both arrive
 * before anybody looks: then both fire in one cycle. On a slow network one mostly fires before the
 * other. Not thread-safe.
 */
final class FiredChain implements Provocation {
  private static final int PERCENT_OF_WALKS = 40;
  private static final int PERCENT_OF_STEPS = 3;

  private final Chance chance;
  private final Draft draft;
  private final boolean isWanted;

  /** Draws from this, for a share of the walks. */
  FiredChain(Chance chance, Draft draft) {
    this.chance = chance;
    this.draft = draft;
    isWanted = chance.happens(PERCENT_OF_WALKS);
  }

  /** The exchanges, and a cycle that finds all bytes there. */
  @Override
  public List<String> lines(Story story) {
    if (!isWanted || !chance.happens(PERCENT_OF_STEPS)) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(draft.chain(story));
    if (!lines.isEmpty()) {
      lines.addAll(List.of("schedule", "fetch all", "publish"));
    }
    return lines;
  }
}
