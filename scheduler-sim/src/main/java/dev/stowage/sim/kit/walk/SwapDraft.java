package dev.stowage.sim.kit.walk;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Draws what ingesters say: chunks, and exchanges of chunks. Not thread-safe. */
final class SwapDraft {
  private static final List<String> DATASETS = List.of("d", "e", "f");
  private static final List<Integer> WEIGHTS = List.of(1, 4, 12);

  /** Of the room that floors may take, bursts leave so much. */
  private static final double BURST_SHARE = 0.9;

  private final Chance chance;
  private final Opening opening;
  private int chunks;

  SwapDraft(Chance chance, Opening opening) {
    this.chance = chance;
    this.opening = opening;
  }

  String dataset() {
    return DATASETS.get(chance.below(DATASETS.size()));
  }

  private String fresh() {
    return "c" + ++chunks;
  }

  private String size() {
    return opening.isVaried() ? " size=" + 256 * (2 + chance.below(7)) + "KiB" : " size=1MiB";
  }

  private String options() {
    return size()
        + (chance.happens(60) ? " weight=" + WEIGHTS.get(chance.below(WEIGHTS.size())) : "")
        + (opening.isMixed() && chance.happens(5) ? " min_version=1.1.0" : "");
  }

  // ---- chunks ----

  Optional<String> chunk(Deed deed, Sight sight) {
    String dataset = dataset();
    return switch (deed) {
      case INGEST -> free(dataset, sight).map(at -> added("ingest ", dataset, at) + options());
      case OFFER -> free(dataset, sight).map(at -> added("offer ", dataset, at) + options());
      case FILL ->
          floorShare(sight) < 0.5
              ? free(dataset, sight)
                  .map(at -> added("ingest ", dataset, at) + size() + " weight=12")
              : Optional.empty();
      case BURST -> burst(dataset, sight);
      case OVERLAP ->
          pick(sight.live(dataset))
              .map(key -> {
                BlockRange range = sight.range(key);
                long first = Math.max(0, range.first() - 3);
                String word = chance.happens(50) ? "ingest " : "offer ";
                return word + dataset + "/" + fresh() + " " + first + "-" + (first + 8) + options();
              });
      case DUPLICATE ->
          pick(sight.known(dataset)).map(key -> "ingest " + key + " 900-909" + options());
      case REMOVE -> pick(sight.known(dataset)).map(key -> "remove " + key);
      default -> throw new IllegalStateException("no chunk is drawn for " + deed);
    };
  }

  private String added(String word, String dataset, long first) {
    return word + dataset + "/" + fresh() + " " + first + "-" + (first + Sight.SLOT - 1);
  }

  private Optional<Long> free(String dataset, Sight sight) {
    return pick(sight.freeSlots(dataset));
  }

  private Optional<String> burst(String dataset, Sight sight) {
    return floorShare(sight) < BURST_SHARE - 0.05
        ? free(dataset, sight).map(at -> added("ingest ", dataset, at) + size() + " weight=1")
        : Optional.empty();
  }

  /** The share of all capacity that the floors of live chunks take. */
  private static double floorShare(Sight sight) {
    LifecycleSnapshot books = sight.books();
    long[] sums = new long[2];
    books.forEachChunk(chunk ->
        sums[0] += books.isLive(chunk) ? books.chunkSizeBytes(chunk) * books.floor(chunk) : 0);
    books.forEachWorker(worker -> sums[1] += books.worker(worker).capacityBytes());
    return sums[1] == 0 ? 1 : (double) sums[0] / sums[1];
  }

  // ---- swaps ----

  Optional<String> swap(Deed deed, Sight sight) {
    String dataset = dataset();
    List<ChunkKey> olds = sight.swappable(dataset);
    return switch (deed) {
      case SWAP_ONE -> pick(olds).map(old -> exchange(dataset, List.of(old), sight, 1));
      case SWAP_SPLIT -> pick(olds).map(old -> exchange(dataset, List.of(old), sight, 2));
      case SWAP_CHAIN ->
          pick(sight.pendingEnds(dataset))
              .map(old -> exchange(dataset, List.of(old), sight, 1 + chance.below(2)));
      case SWAP_MERGE -> neighbours(olds, sight).map(two -> exchange(dataset, two, sight, 1));
      case SWAP_REGROUP -> neighbours(olds, sight).map(two -> exchange(dataset, two, sight, 3));
      case SWAP_FOREIGN -> foreign(dataset, sight);
      case SWAP_WRONG_RANGE ->
          pick(olds)
              .map(old -> {
                BlockRange range = sight.range(old);
                return head(dataset, List.of(old))
                    + fresh()
                    + " "
                    + range.first()
                    + "-"
                    + (range.last() + 4)
                    + options()
                    + (chance.happens(40) ? " coverage=change" : "");
              });
      case SWAP_DUPLICATE ->
          pick(olds)
              .map(old -> {
                BlockRange range = sight.range(old);
                return head(dataset, List.of(old))
                    + old.id()
                    + " "
                    + range.first()
                    + "-"
                    + range.last()
                    + options();
              });
      case CANCEL ->
          pick(sight.books().pendingSwaps()).map(swap -> "cancel " + swap.newChunks().get(0));
      default -> throw new IllegalStateException("no swap is drawn for " + deed);
    };
  }

  /** Two exchanges of which the second takes what the first gives; empty where there is nothing. */
  List<String> chain(Sight sight) {
    String dataset = dataset();
    Optional<ChunkKey> old = pick(sight.swappable(dataset));
    if (old.isEmpty()) {
      return List.of();
    }
    BlockRange range = sight.range(old.get());
    String blocks = " " + range.first() + "-" + range.last();
    ChunkKey middle = ChunkKey.of(dataset, fresh());
    return List.of(
        head(dataset, List.of(old.get())) + middle.id() + blocks + options(),
        head(dataset, List.of(middle)) + fresh() + blocks + options());
  }

  private Optional<String> foreign(String dataset, Sight sight) {
    String other = dataset.equals("d") ? "e" : "d";
    return pick(sight.live(other))
        .map(old -> "swap " + dataset + ": " + old + " -> " + fresh() + " 700-709" + options());
  }

  private static String head(String dataset, List<ChunkKey> olds) {
    return "swap "
        + dataset
        + ": "
        + olds.stream().map(ChunkKey::id).collect(Collectors.joining(","))
        + " -> ";
  }

  /** The same blocks, cut into so many chunks as far as there are blocks enough. */
  private String exchange(String dataset, List<ChunkKey> olds, Sight sight, int parts) {
    long first = sight.range(olds.get(0)).first();
    long last = sight.range(olds.get(olds.size() - 1)).last();
    long count = Math.min(parts, last - first + 1);
    List<String> news = new ArrayList<>();
    for (long part = 0; part < count; part++) {
      long from = first + (last - first + 1) * part / count;
      long to = first + (last - first + 1) * (part + 1) / count - 1;
      news.add(fresh() + " " + from + "-" + to + options());
    }
    return head(dataset, olds) + String.join(" ; ", news);
  }

  /** Two chunks, one right behind the other. */
  private Optional<List<ChunkKey>> neighbours(List<ChunkKey> olds, Sight sight) {
    List<List<ChunkKey>> pairs = new ArrayList<>();
    for (int i = 1; i < olds.size(); i++) {
      BlockRange left = sight.range(olds.get(i - 1));
      if (left.last() + 1 == sight.range(olds.get(i)).first()) {
        pairs.add(List.of(olds.get(i - 1), olds.get(i)));
      }
    }
    return pick(pairs);
  }

  private <T> Optional<T> pick(List<T> from) {
    return from.isEmpty() ? Optional.empty() : Optional.of(from.get(chance.below(from.size())));
  }
}
