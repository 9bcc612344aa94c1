package dev.stowage.sim.tool.simulate;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;

/** Where the chunks of a run come from: those of its beginning, and those that come later. */
interface ChunkSource {
  /** The dataset of chunks that come later to listed ones. */
  String GROWN = "grown";

  /** Returns the chunks of the beginning; to be called once. */
  List<Chunk> initial(Chance chance);

  /** Returns another chunk. */
  Chunk next(Chance chance);

  static ChunkSource of(DrawnChunks drawn) {
    return new ChunkSource() {
      private long number;

      @Override
      public List<Chunk> initial(Chance chance) {
        List<Chunk> chunks = new ArrayList<>(drawn.count());
        for (int i = 0; i < drawn.count(); i++) {
          chunks.add(next(chance));
        }
        return chunks;
      }

      @Override
      public Chunk next(Chance chance) {
        return drawn.draw(number++, chance);
      }
    };
  }

  /** Returns a source of listed chunks; later ones have the size and weight of a drawn one. */
  static ChunkSource of(List<Chunk> listed) {
    return new ChunkSource() {
      private long number;

      @Override
      public List<Chunk> initial(Chance chance) {
        return listed;
      }

      @Override
      public Chunk next(Chance chance) {
        if (listed.isEmpty()) {
          throw new IllegalStateException("no chunk is listed whose size could be drawn");
        }
        Chunk like = listed.get(chance.below(listed.size()));
        long at = number++;
        return new Chunk(
            ChunkKey.of(GROWN, "g" + at),
            BlockRange.of(at, at),
            like.sizeBytes(),
            like.weight(),
            like.eligibility());
      }
    };
  }
}
