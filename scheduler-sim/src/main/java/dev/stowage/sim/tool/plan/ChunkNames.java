package dev.stowage.sim.tool.plan;

import dev.stowage.command.Command;
import dev.stowage.model.ChunkKey;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the chunk that a person names as {@code DATASET/CHUNK_ID}. */
public final class ChunkNames {
  private ChunkNames() {}

  /**
   * Returns the chunk that a text names: the one whose {@link ChunkKey#path} it is, if that is
   * known, else the first one that is known and reads like this. A dataset's name may hold the
   * separator.
   *
   * @param isKnown whether there is such a chunk
   */
  public static Optional<ChunkKey> find(String text, Predicate<ChunkKey> isKnown) {
    Optional<ChunkKey> found = path(text).filter(isKnown);
    if (text.length() > 2 * Command.Bounds.NAME_CHARACTERS + 1) {
      return found;
    }
    for (int slash = text.indexOf('/');
        found.isEmpty() && slash >= 0;
        slash = text.indexOf('/', slash + 1)) {
      found = key(text.substring(0, slash), text.substring(slash + 1)).filter(isKnown);
    }
    return found;
  }

  private static Optional<ChunkKey> path(String text) {
    try {
      return Optional.of(ChunkKey.ofPath(text));
    } catch (IllegalArgumentException noPath) {
      return Optional.empty();
    }
  }

  private static Optional<ChunkKey> key(String dataset, String id) {
    try {
      return Optional.of(ChunkKey.of(dataset, id));
    } catch (IllegalArgumentException noName) {
      return Optional.empty();
    }
  }
}
