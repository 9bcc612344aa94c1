package dev.stowage.lifecycle.answering;

import dev.stowage.answer.Head;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.model.DatasetId;
import java.util.OptionalLong;

/** Walks along the live chunks of a dataset for its {@link Head}. */
public final class Heads {
  private long covered = -1;
  private long last = -1;
  private boolean gap;

  private Heads() {}

  /** Returns the coverage of a dataset, known or not. */
  public static Head of(LifecycleView view, DatasetId dataset) {
    Heads walk = new Heads();
    ChunkFacts facts = view.tables().chunks.facts;
    view.forEachChunkOf(
        dataset,
        chunk -> {
          if (view.isLive(chunk)) {
            walk.visit(facts.first(chunk), facts.last(chunk));
          }
        });
    return walk.head();
  }

  private Head head() {
    return covered < 0
        ? new Head(OptionalLong.empty(), OptionalLong.empty())
        : new Head(OptionalLong.of(covered), OptionalLong.of(last));
  }

  private void visit(long first, long lastBlock) {
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
