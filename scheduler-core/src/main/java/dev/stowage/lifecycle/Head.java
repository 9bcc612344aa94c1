package dev.stowage.lifecycle;

import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.DatasetId;
import java.util.OptionalLong;

/**
 * The last block of the gapless cover from the first live block, and the last covered block
 * (lifecycle design, section 6). Empty without live chunks.
 */
public record Head(OptionalLong coveredTo, OptionalLong last) {
  private static final Head EMPTY = new Head(OptionalLong.empty(), OptionalLong.empty());

  static Head of(Tables tables, DatasetId dataset) {
    int number = tables.chunks.dataset(dataset);
    if (number < 0) {
      return EMPTY;
    }
    Walk walk = new Walk();
    tables
        .chunks
        .order(number)
        .forEach(chunk -> {
          if (tables.chunks.isLive(chunk)) {
            walk.visit(tables.chunks.facts.first(chunk), tables.chunks.facts.last(chunk));
          }
        });
    return walk.head();
  }

  private static final class Walk {
    private long covered = -1;
    private long last = -1;
    private boolean gap;

    Head head() {
      return covered < 0 ? EMPTY : new Head(OptionalLong.of(covered), OptionalLong.of(last));
    }

    void visit(long first, long lastBlock) {
      if (covered < 0) {
        covered = lastBlock;
      } else if (!gap && first - 1 <= covered) {
        covered = Math.max(covered, lastBlock);
      } else {
        gap = true;
      }
      last = Math.max(last, lastBlock);
    }
  }
}
