package dev.stowage.sim.kit.reference;

import dev.stowage.command.Result;
import dev.stowage.command.Result.Movement;
import dev.stowage.command.ResultCode;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Tick;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Results in words, without explanatory parts, for comparison and display. */
final class ResultWords {
  private ResultWords() {}

  static String of(Result result) {
    if (result.code() == ResultCode.TIME_JUMP) {
      return result.code().name();
    }
    if (result instanceof Result.Answer answer) {
      return answer.code().name();
    }
    if (result instanceof Result.Versioned versioned) {
      return versioned.code() + " version " + versioned.version();
    }
    if (result instanceof Result.Batch batch) {
      StringBuilder words = new StringBuilder();
      for (Result.Item item : batch.items()) {
        words.append(
            item(item.key(), code(item.code(), item.freeFrom()), item.number(), item.winner()));
      }
      return words.toString();
    }
    if (result instanceof Result.SwapRegistered swap) {
      return code(swap.code(), swap.freeFrom()) + " swap " + swap.swapId();
    }
    if (result instanceof Result.SwapCancelled cancelled) {
      return cancelled.code() + " swaps " + cancelled.swapIds();
    }
    if (result instanceof Result.Registered registered) {
      return registered.code()
          + " life "
          + registered.incarnation()
          + " "
          + registered.lineage()
          + " report "
          + registered.lastReport()
          + (registered.inventoryWanted() ? " owes" : "");
    }
    if (result instanceof Result.Admitted admitted) {
      return "admitted " + admitted.admitted() + " rejected " + admitted.rejected();
    }
    return cycle(result);
  }

  private static String cycle(Result result) {
    if (result instanceof Result.Scheduled scheduled) {
      Movement moved = scheduled.movement();
      TreeMap<String, Object> words = new TreeMap<>();
      words.put("minted", scheduled.minted());
      words.put("admitted", scheduled.admitted());
      words.put("rejected", scheduled.rejected());
      words.put("held", scheduled.heldDeletions());
      words.put("struck", scheduled.struck());
      words.put("more", scheduled.more());
      words.put("unplaced", scheduled.unplaced());
      words.put("guarded", scheduled.guarded());
      words.put("held", scheduled.held());
      words.put("stuck", scheduled.stuck().stream().map(ResultWords::stuck).toList());
      words.put("unknown bytes", scheduled.unknownBytes());
      words.put(
          "moved",
          List.of(
              moved.added(),
              moved.readopted(),
              moved.superseded(),
              moved.preempted(),
              moved.lastResort(),
              moved.settled()));
      return scheduled.tick() + " " + words;
    }
    if (result instanceof Result.Published published) {
      TreeMap<String, Object> words = new TreeMap<>();
      words.put("minted", published.minted());
      words.put("fired", published.fired());
      words.put("promoted", published.promoted());
      words.put("dropped", published.dropped());
      words.put("released", published.released());
      words.put("recalled", published.recalled());
      words.put("unavailable", published.unavailable());
      words.put("held back", published.heldBack());
      words.put("guarded", published.guarded());
      words.put("more", published.more());
      return published.tick() + " " + words;
    }
    if (result instanceof Result.Purged purged) {
      return String.format(
          Locale.ROOT,
          "%s chunks %d swaps %d workers %d",
          purged.tick(),
          purged.chunks(),
          purged.swaps(),
          purged.workers());
    }
    throw new IllegalArgumentException("no words for " + result);
  }

  private static String stuck(Result.Stuck stuck) {
    return stuck.chunk() + "@" + stuck.worker() + " " + stuck.reason();
  }

  static String code(ResultCode code, @Nullable Tick freeFrom) {
    return code + (code == ResultCode.ENDED ? " until " + freeFrom : "");
  }

  static String item(
      ChunkKey key, String code, @Nullable ChunkNumber number, @Nullable ChunkKey winner) {
    return key + " " + code + " " + number + " " + winner + ";";
  }
}
