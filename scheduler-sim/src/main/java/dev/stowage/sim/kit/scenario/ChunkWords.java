package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.ProposedChunk;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.sim.kit.scenario.draw.Odds;
import dev.stowage.sim.kit.scenario.draw.Sight;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The words of ingesters: chunks, and exchanges of chunks. Stateless. */
final class ChunkWords {
  /** The share of the room for floors up to which bursts fill a fleet, from 0 to 1. */
  private static final double BURST_SHARE = 0.85;

  private ChunkWords() {}

  static List<Word> all() {
    return List.of(
        Word.command("ingest", ChunkWords::ingest)
            .drawnOne("ingest", Odds.of(14).flood(0), of -> added("ingest", of.options(), of))
            .drawnOne("overlap", Odds.of(2), ChunkWords::overlap)
            .drawnOne(
                "duplicate",
                Odds.of(1),
                of ->
                    of.choices
                        .any(of.sight.known(of.dataset()))
                        .map(key -> "ingest " + key + " 900-909" + of.options()))
            .drawnOne("fill", new Odds(0, 0, 16, 0, 2), of -> upTo(0.5, " weight=12", of))
            .drawnOne("burst", Odds.of(0).flood(10), of -> upTo(BURST_SHARE, " weight=1", of)),
        Word.command("offer", ChunkWords::offer)
            .drawnOne("offer", Odds.of(4).flood(0), of -> added("offer", of.options(), of)),
        Word.command("swap", ChunkWords::swap)
            .drawnOne("swap one", Odds.of(5), of -> one(of, 1))
            .drawnOne("swap split", Odds.of(4), of -> one(of, 2))
            .drawnOne("swap merge", Odds.of(3), of -> two(of, 1))
            .drawnOne("swap regroup", Odds.of(2), of -> two(of, 3))
            .drawnOne("swap chain", Odds.of(4), ChunkWords::onPending)
            .drawnOne("swap foreign", Odds.of(1), ChunkWords::foreign)
            .drawnOne("swap wrong range", Odds.of(1), ChunkWords::wrongRange)
            .drawnOne("swap duplicate", Odds.of(1), ChunkWords::itself)
            .drawn("fired chain", Odds.churning(2), ChunkWords::firedChain),
        Word.command("cancel", ChunkWords::cancel)
            .drawnOne(
                "cancel",
                Odds.of(2),
                of ->
                    of.choices
                        .any(of.sight.books().pendingSwaps())
                        .map(swap -> "cancel " + swap.newChunks().get(0))),
        Word.command("remove", words -> command(new Command.Remove(words.chunk())))
            .drawnOne(
                "remove",
                Odds.of(3).flood(0),
                of -> of.one("remove", of.sight.known(of.dataset()))));
  }

  // ---- how they are read ----

  static FleetStep command(Command<?> command) {
    return stage -> stage.command(command);
  }

  private static ScenarioStep ingest(WordReader words) throws UnreadableWord {
    return command(new Command.Ingest(List.of(words.proposal(words.chunk()))));
  }

  private static ScenarioStep offer(WordReader words) throws UnreadableWord {
    return command(new Command.Offer(List.of(words.proposal(words.chunk()))));
  }

  private static ScenarioStep swap(WordReader words) throws UnreadableWord {
    String expected = "the dataset with a colon, as D:";
    String first = words.take(expected);
    UnreadableWord.unless(first.endsWith(":") && first.length() > 1, first, expected);
    DatasetId dataset = WordReader.of(first.substring(0, first.length() - 1)).dataset();
    List<ChunkKey> oldSide = new ArrayList<>();
    if (!words.peek().equals("->")) {
      for (String id : words.list("the old chunks as C1,C2")) {
        oldSide.add(WordReader.chunkOf(dataset, id));
      }
    }
    words.literal("->");
    List<ProposedChunk> newSide = new ArrayList<>();
    while (words.hasNext() && !words.peek().startsWith("coverage=")) {
      newSide.add(words.proposal(WordReader.chunkOf(dataset, words.take("the id of a new chunk"))));
      if (!words.skip(";")) {
        break;
      }
    }
    Coverage coverage = words.skip("coverage=change") ? Coverage.CHANGE : Coverage.SAME;
    return command(new Command.RegisterSwap(dataset, oldSide, newSide, coverage));
  }

  private static ScenarioStep cancel(WordReader words) throws UnreadableWord {
    ChunkKey chunk = words.chunk();
    return world -> world.cancel(chunk);
  }

  // ---- chunks, drawn ----

  private static Optional<String> added(String word, String options, Drawing of) {
    String dataset = of.dataset();
    return of.choices
        .any(of.sight.freeSlots(dataset))
        .map(first ->
            word
                + " "
                + dataset
                + "/"
                + of.fresh("c")
                + " "
                + first
                + "-"
                + (first + Sight.SLOT - 1)
                + options);
  }

  /**
   * Returns a line that adds a chunk while the floors of live chunks take less than {@code share}
   * of all capacity.
   */
  private static Optional<String> upTo(double share, String weight, Drawing of) {
    LifecycleSnapshot books = of.sight.books();
    long[] sums = new long[2];
    books.forEachChunk(chunk ->
        sums[0] += books.isLive(chunk) ? books.chunkSizeBytes(chunk) * books.floor(chunk) : 0);
    books.forEachWorker(worker -> sums[1] += books.worker(worker).capacityBytes());
    return sums[1] > 0 && sums[0] < share * sums[1]
        ? added("ingest", of.size() + weight, of)
        : Optional.empty();
  }

  private static Optional<String> overlap(Drawing of) {
    return of.liveChunk()
        .map(key -> {
          long first = Math.max(0, of.sight.range(key).first() - 3);
          String word = of.choices.happens(50) ? "offer " : "ingest ";
          return word
              + key.dataset()
              + "/"
              + of.fresh("c")
              + " "
              + first
              + "-"
              + (first + 8)
              + of.options();
        });
  }

  // ---- exchanges, drawn ----

  private static Optional<String> one(Drawing of, int parts) {
    String dataset = of.dataset();
    return of.choices
        .any(of.sight.swappable(dataset))
        .map(old -> exchange(dataset, List.of(old), parts, of));
  }

  private static Optional<String> two(Drawing of, int parts) {
    String dataset = of.dataset();
    List<ChunkKey> olds = of.sight.swappable(dataset);
    List<List<ChunkKey>> pairs = new ArrayList<>();
    for (int i = 1; i < olds.size(); i++) {
      if (of.sight.range(olds.get(i - 1)).last() + 1 == of.sight.range(olds.get(i)).first()) {
        pairs.add(List.of(olds.get(i - 1), olds.get(i)));
      }
    }
    return of.choices.any(pairs).map(two -> exchange(dataset, two, parts, of));
  }

  private static Optional<String> onPending(Drawing of) {
    String dataset = of.dataset();
    return of.choices
        .any(of.sight.pendingEnds(dataset))
        .map(old -> exchange(dataset, List.of(old), 1 + of.choices.below(2), of));
  }

  private static Optional<String> foreign(Drawing of) {
    String dataset = of.dataset();
    String other = dataset.equals("d") ? "e" : "d";
    return of.choices
        .any(of.sight.live(other))
        .map(old ->
            "swap " + dataset + ": " + old + " -> " + of.fresh("c") + " 700-709" + of.options());
  }

  private static Optional<String> wrongRange(Drawing of) {
    String dataset = of.dataset();
    return of.choices
        .any(of.sight.swappable(dataset))
        .map(old -> {
          BlockRange range = of.sight.range(old);
          return head(dataset, List.of(old))
              + of.fresh("c")
              + blocks(range.first(), range.last() + 4)
              + of.options()
              + (of.choices.happens(40) ? " coverage=change" : "");
        });
  }

  private static Optional<String> itself(Drawing of) {
    String dataset = of.dataset();
    return of.choices
        .any(of.sight.swappable(dataset))
        .map(old -> {
          BlockRange range = of.sight.range(old);
          return head(dataset, List.of(old))
              + old.id()
              + blocks(range.first(), range.last())
              + of.options();
        });
  }

  /**
   * Draws two exchanges of which one takes what the other gives, and loads the bytes of both before
   * a cycle sees them, so that both fire in one cycle. On a slow network one mostly fires before
   * the other.
   */
  private static List<String> firedChain(Drawing of) {
    String dataset = of.dataset();
    Optional<ChunkKey> old = of.choices.any(of.sight.swappable(dataset));
    if (old.isEmpty()) {
      return List.of();
    }
    BlockRange range = of.sight.range(old.get());
    String blocks = blocks(range.first(), range.last());
    ChunkKey middle = ChunkKey.of(dataset, of.fresh("c"));
    return List.of(
        head(dataset, List.of(old.get())) + middle.id() + blocks + of.options(),
        head(dataset, List.of(middle)) + of.fresh("c") + blocks + of.options(),
        "schedule",
        "fetch all",
        "publish");
  }

  private static String head(String dataset, List<ChunkKey> olds) {
    return "swap "
        + dataset
        + ": "
        + olds.stream().map(ChunkKey::id).collect(Collectors.joining(","))
        + " -> ";
  }

  private static String blocks(long first, long last) {
    return " " + first + "-" + last;
  }

  /**
   * Returns an exchange for the blocks of {@code olds}, cut into {@code parts} chunks or fewer if
   * the blocks do not suffice.
   */
  private static String exchange(String dataset, List<ChunkKey> olds, int parts, Drawing of) {
    long first = of.sight.range(olds.get(0)).first();
    long last = of.sight.range(olds.get(olds.size() - 1)).last();
    long count = Math.min(parts, last - first + 1);
    List<String> news = new ArrayList<>();
    for (long part = 0; part < count; part++) {
      long from = first + (last - first + 1) * part / count;
      long to = first + (last - first + 1) * (part + 1) / count - 1;
      news.add(of.fresh("c") + blocks(from, to) + of.options());
    }
    return head(dataset, olds) + String.join(" ; ", news);
  }
}
