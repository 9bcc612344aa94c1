package dev.stowage.sim.tool.simulate;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import dev.stowage.sim.kit.world.Chance;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Chunks that are drawn, such as {@code 100000 size=lognormal(64MiB,1) weights=1:80,4:20}.
 *
 * @param count how many there are at the beginning
 * @param sizing their sizes
 * @param datasets over how many datasets they are spread, in turn
 * @param blocks how many blocks each covers
 * @param weights the share of each weight in percent, added up; empty: the default weight
 */
record DrawnChunks(
    int count, Sizing sizing, int datasets, int blocks, NavigableMap<Integer, Integer> weights) {
  static final int MOST = 20_000_000;
  private static final String COUNT = "a number of chunks from 0 to " + MOST;

  static DrawnChunks read(String text) throws UnreadableWord {
    WordReader words = WordReader.of(text);
    String word = words.take(COUNT);
    long count = WordReader.number(word, 0, COUNT);
    UnreadableWord.unless(count <= MOST, word, COUNT);
    Options options = new Options(words, List.of("size", "datasets", "blocks", "weights"));
    words.end();
    Sizing sizing = Sizing.read(options.required("size", Sizing.EXPECTED));
    return new DrawnChunks(
        (int) count,
        sizing,
        positive(options.orElse("datasets", "1"), "datasets"),
        positive(options.orElse("blocks", "100"), "blocks"),
        weights(options.orElse("weights", "")));
  }

  private static int positive(String word, String what) throws UnreadableWord {
    String expected = "a number of " + what + " from 1 to 1000000";
    long number = WordReader.number(word, 1, expected);
    UnreadableWord.unless(number <= 1_000_000, word, expected);
    return (int) number;
  }

  private static NavigableMap<Integer, Integer> weights(String word) throws UnreadableWord {
    NavigableMap<Integer, Integer> weights = new TreeMap<>();
    int sum = 0;
    for (String each : word.isEmpty() ? new String[0] : word.split(",", -1)) {
      String expected = "weights as WEIGHT:PERCENT,.. of 100 percent in all";
      UnreadableWord.unless(each.matches("[1-9][0-9]{0,5}:[0-9]{1,3}"), each, expected);
      int colon = each.indexOf(':');
      sum += Integer.parseInt(each.substring(colon + 1));
      weights.put(sum, Integer.parseInt(each.substring(0, colon)));
    }
    UnreadableWord.unless(
        word.isEmpty() || sum == 100, word, "shares that add up to 100, not to " + sum);
    return weights;
  }

  /** Returns the chunk of a number; each number is drawn once, in ascending order. */
  Chunk draw(long number, Chance chance) {
    DatasetId dataset = DatasetId.of("d" + (1 + number % datasets));
    long first = number / datasets * blocks;
    Chunk chunk =
        Chunk.of(
            ChunkKey.of(dataset.value(), "c" + number),
            BlockRange.of(first, first + blocks - 1),
            sizing.draw(chance));
    return weights.isEmpty()
        ? chunk
        : chunk.withWeight(weights.higherEntry(chance.below(100)).getValue());
  }
}
