package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import dev.stowage.placement.input.Intents;
import dev.stowage.placement.input.PairSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** All that a {@link PlacementInput} says, as text: inputs that ask the same read the same. */
public final class InputText {
  private final PlacementInput input;
  private final List<String> lines = new ArrayList<>();

  private InputText(PlacementInput input) {
    this.input = input;
  }

  /** The text of an input whose positions are canonical; constraints are spelt out. */
  public static String of(PlacementInput input) {
    InputText text = new InputText(input);
    text.lines.add(input.config().toString());
    for (int worker = 0; worker < input.workerCount(); worker++) {
      String avoided = input.isAvoided(worker) ? " avoided" : "";
      text.lines.add("worker " + worker + " " + input.worker(worker) + avoided);
    }
    for (int chunk = 0; chunk < input.chunkCount(); chunk++) {
      text.addChunk(chunk);
    }
    text.addWishes();
    text.addAdvice();
    text.addFactors();
    text.lines.add("frozen " + input.isFrozen() + ", deletions held " + input.isDeletionHeld());
    text.lines.add(
        "debt " + input.flat.debtBytes + " bytes, " + input.flat.debtReplicas + " replicas");
    return String.join("\n", text.lines);
  }

  private void addChunk(int chunk) {
    lines.add(
        String.format(
            Locale.ROOT,
            "chunk %d key %x, %d bytes, weight %d, floor %d, %s, bits %x, admitted %d, lost %d",
            chunk,
            input.keyHash(chunk),
            input.sizeBytes(chunk),
            input.weight(chunk),
            input.floor(chunk),
            input.eligibilityOf(chunk),
            input.chunkBits(chunk),
            input.flat.chunks.admitted(chunk),
            input.flat.chunks.recentlyLost(chunk)));
    for (int at = input.replicaStart(chunk); at < input.replicaStart(chunk + 1); at++) {
      lines.add("  on " + input.replicaWorker(at) + " bits " + input.replicaBits(at));
    }
  }

  private void addWishes() {
    for (int swap = 0; swap < input.flat.swaps.count(); swap++) {
      String side = Arrays.toString(input.flat.swaps.sides()[swap]);
      String waits = Arrays.toString(input.flat.swaps.waits()[swap]);
      lines.add("swap " + swap + " " + side + " after " + waits);
    }
    addPairs("pin", input.flat.pins);
    addPairs("ban", input.flat.bans);
  }

  private void addPairs(String what, long[] pairs) {
    for (long pair : pairs) {
      lines.add(what + " " + PairSet.chunkOf(pair) + "@" + PairSet.workerOf(pair));
    }
  }

  private void addAdvice() {
    Intents intents = input.flat.intents;
    for (int i = 0; i < intents.count(); i++) {
      lines.add("move " + intents.chunk()[i] + " " + intents.from()[i] + ">" + intents.to()[i]);
    }
    addPairs("score", input.flat.scores.pairs());
    lines.add("scores " + Arrays.toString(input.flat.scores.micros()));
  }

  /** The factors before of all weights that chunks have, in each pool. */
  private void addFactors() {
    int[] weights =
        IntStream.range(0, input.chunkCount()).map(input::weight).sorted().distinct().toArray();
    List<String> factors = new ArrayList<>();
    for (int pool = 0; pool < input.flat.pools.size(); pool++) {
      Eligibility eligibility = input.flat.pools.get(pool).eligibility();
      for (int weight : weights) {
        OptionalLong factor = input.flat.previous.of(pool, weight);
        factor.ifPresent(
            known -> factors.add("factor " + known + " of " + weight + " " + eligibility));
      }
    }
    factors.sort(null);
    lines.addAll(factors);
  }
}
