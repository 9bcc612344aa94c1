package dev.stowage.sim.kit.scenario.words;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;

/** A chunk on a worker, as {@code D/C@W}. */
public record Pair(ChunkKey chunk, WorkerId worker) {
  private static final String EXPECTED = "a replica as DATASET/CHUNK@WORKER";

  public static Pair take(WordReader words) throws UnreadableWord {
    String word = words.take(EXPECTED);
    int at = word.lastIndexOf('@');
    UnreadableWord.unless(at > 0 && at < word.length() - 1, word, EXPECTED);
    return new Pair(
        WordReader.of(word.substring(0, at)).chunk(),
        WordReader.of(word.substring(at + 1)).worker());
  }

  @Override
  public String toString() {
    return chunk + "@" + worker;
  }
}
