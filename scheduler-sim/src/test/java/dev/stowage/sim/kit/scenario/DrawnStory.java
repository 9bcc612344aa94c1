package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.BlockRange;
import dev.stowage.model.DatasetId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws one line after the other for a fleet of a few workers and two datasets: mostly sensible,
 * sometimes late, repeated, contradictory or wrong. Everything comes from one seed.
 */
final class DrawnStory {
  private static final List<String> WORKERS = List.of("a", "b", "c", "d", "e");

  private final SplittableRandom random;
  private final boolean isHonest;
  private int chunks;

  DrawnStory(long seed) {
    random = new SplittableRandom(seed);
    isHonest = !oneIn(4);
  }

  /** The settings of the story, as a config line has them. */
  String settings() {
    String confirmation = oneIn(3) ? "quorum:" + pick("0", "50", "80", "100") : "per-worker";
    return "config floor="
        + (1 + random.nextInt(3))
        + " drain_window="
        + random.nextInt(6)
        + " confirmation="
        + confirmation
        + (oneIn(5) ? " gates=none" : "")
        + (oneIn(3) ? " suspect_after=6 depart_after=15" : "")
        + (oneIn(3) ? " give_up_after=9" : "")
        + (oneIn(2) ? " retention=" + (5 + random.nextInt(20)) : "")
        + (oneIn(4) ? " max_waiting_chunks=4" : "")
        + (oneIn(4) ? " regrow_after=5" : "")
        + (oneIn(4)
            ? " weight_policy={d: [{from: 0, weight: 1, floor: 1}, {from: -20, weight: 3, floor:"
                + " 2}]}"
            : "");
  }

  List<String> beginning() {
    List<String> lines = new ArrayList<>();
    for (String worker : WORKERS.subList(0, 3 + random.nextInt(3))) {
      lines.add("worker " + worker + " capacity=" + (4 + random.nextInt(7)) + "MiB");
    }
    return lines;
  }

  /** The next line, given what the fleet looks like. */
  String next(LifecycleSnapshot books) {
    int dice = random.nextInt(100);
    if (dice < 18) {
      return "schedule";
    }
    if (dice < 34) {
      return oneIn(6) ? "publish late " + (1 + random.nextInt(3)) : "publish";
    }
    if (dice < 54) {
      return fetch(books);
    }
    if (dice < 56) {
      return "portal " + pick("p", "q");
    }
    if (dice < 62) {
      return "tick " + (1 + random.nextInt(oneIn(6) ? 12 : 3));
    }
    if (dice < 82) {
      return ingesting(books);
    }
    return dice < 95 ? working(books) : rare(books);
  }

  private String fetch(LifecycleSnapshot books) {
    int dice = random.nextInt(12);
    if (dice < 4) {
      return "fetch all";
    }
    String line = "fetch " + worker();
    return dice < 6 ? line + " except " + known(books, "d") : line;
  }

  private String ingesting(LifecycleSnapshot books) {
    String dataset = pick("d", "d", "e");
    String fresh = "c" + ++chunks;
    String old = known(books, dataset);
    String oldId = old.substring(old.indexOf('/') + 1);
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> "ingest " + dataset + "/" + fresh + " " + place() + size();
      case 4, 5 -> "offer " + dataset + "/" + fresh + " " + place() + size();
      case 6 -> "ingest " + old + " " + place() + size();
      case 7, 8, 9, 10 -> swap(books, dataset, oldId, fresh);
      case 11 -> "remove " + old;
      case 12 -> "remove " + known(books, dataset);
      default -> "cancel " + old;
    };
  }

  private String swap(LifecycleSnapshot books, String dataset, String old, String fresh) {
    BlockRange range = rangeOf(books, dataset, old);
    String head = "swap " + dataset + ": " + old;
    long middle = (range.first() + range.last()) / 2;
    if (oneIn(3) && middle < range.last()) {
      return head
          + " -> "
          + fresh
          + " "
          + range.first()
          + "-"
          + middle
          + size()
          + " ; "
          + fresh
          + "x "
          + (middle + 1)
          + "-"
          + range.last()
          + size();
    }
    if (oneIn(6)) {
      String other = known(books, dataset);
      String otherId = other.substring(other.indexOf('/') + 1);
      BlockRange more = rangeOf(books, dataset, otherId);
      long first = Math.min(range.first(), more.first());
      long last = Math.max(range.last(), more.last());
      return head + "," + otherId + " -> " + fresh + " " + first + "-" + last + size();
    }
    String coverage = oneIn(5) ? " coverage=change" : "";
    long last = oneIn(8) ? range.last() + 10 : range.last();
    return head + " -> " + fresh + " " + range.first() + "-" + last + size() + coverage;
  }

  private String working(LifecycleSnapshot books) {
    String worker = worker();
    return switch (random.nextInt(18)) {
      case 0, 1 -> "suspect " + worker;
      case 2, 3 -> "leave " + worker;
      case 4, 5, 6 -> "return " + worker + " disk=kept";
      case 7 -> "return " + worker + " disk=empty";
      case 8 -> "cordon " + worker;
      case 9 -> "drain " + worker;
      case 10, 11 -> "uncordon " + worker;
      case 12, 13 -> "lost " + worker + " " + known(books, pick("d", "e"));
      case 14 -> "again " + worker;
      case 15 -> "wrong " + pick("life", "lineage", "id", "number") + " " + worker;
      case 16 -> "capacity " + worker + " " + (3 + random.nextInt(8)) + "MiB";
      default -> isHonest ? "fetch " + worker : "partly " + worker + " " + random.nextInt(4);
    };
  }

  private String rare(LifecycleSnapshot books) {
    String chunk = known(books, "d");
    return switch (random.nextInt(13)) {
      case 0 -> "set floor=" + (1 + random.nextInt(3));
      case 1 -> "set drain_window=" + random.nextInt(7);
      case 2 -> "set confirmation=" + pick("per-worker", "quorum:60", "quorum:0");
      case 3 -> "set gates=" + pick("on", "none");
      case 4, 5 -> "purge";
      case 6, 7 -> "crash";
      case 8 -> pick("pin ", "unpin ", "ban ", "unban ") + chunk + "@" + worker();
      case 9 -> pick("freeze", "unfreeze", "unfreeze");
      case 10 -> "back " + random.nextInt(4);
      case 11 -> oneIn(2) ? "checkpoint" : "restore";
      default -> "takeover";
    };
  }

  private String known(LifecycleSnapshot books, String dataset) {
    List<String> known = new ArrayList<>();
    List<String> live = new ArrayList<>();
    books.forEachChunkOf(
        DatasetId.of(dataset),
        chunk -> {
          known.add(books.chunkKey(chunk).toString());
          if (books.chunkState(chunk) == ChunkState.VISIBLE && !books.isMarked(chunk)) {
            live.add(books.chunkKey(chunk).toString());
          }
        });
    if (known.isEmpty() || oneIn(20)) {
      return dataset + "/nobody";
    }
    List<String> from = live.isEmpty() || oneIn(3) ? known : live;
    return from.get(random.nextInt(from.size()));
  }

  private static BlockRange rangeOf(LifecycleSnapshot books, String dataset, String id) {
    int chunk = books.chunkPosition(dev.stowage.model.ChunkKey.of(dataset, id));
    return chunk < 0 ? BlockRange.of(0, 9) : books.chunkRange(chunk);
  }

  private String place() {
    long first = 10L * random.nextInt(12);
    return first + "-" + (first + (oneIn(8) ? 14 : 9));
  }

  private String size() {
    return " size="
        + pick("512KiB", "1MiB", "1MiB", "1536KiB", "2MiB")
        + (oneIn(4) ? " weight=" + pick("1", "4", "12") : "");
  }

  private String worker() {
    return WORKERS.get(random.nextInt(WORKERS.size()));
  }

  private boolean oneIn(int sides) {
    return random.nextInt(sides) == 0;
  }

  private String pick(String... from) {
    return from[random.nextInt(from.length)];
  }
}
