package dev.stowage.lifecycle.state;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.ArrayGrowth;
import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of touched chunks before the command, in columns. */
final class ChunkImages {
  private static final int WIDTH = 6;

  private static final long[] NONE = {};

  private record Rare(
      Map<Integer, List<Long>> losses,
      Map<Integer, List<WorkerId>> names,
      Map<Integer, ChunkRow> removed,
      Map<Integer, SwapTable.Parts> forgotten) {}

  private static final Rare NOTHING_RARE = new Rare(Map.of(), Map.of(), Map.of(), Map.of());

  private final Tables tables;
  private IntSet seen;
  private IntSet created;
  private long[] hashes = NONE;
  private long[] images = NONE;
  private Rare rare = NOTHING_RARE;

  ChunkImages(Tables tables) {
    this.tables = tables;
    seen = tables.scratch.touchedChunks.cleared();
    created = tables.scratch.createdChunks.cleared();
  }

  void detach() {
    seen = seen.compact();
    created = created.compact();
  }

  void created(int chunk) {
    if (first(chunk)) {
      created.add(chunk);
    }
  }

  void touched(int chunk) {
    if (!first(chunk)) {
      return;
    }
    ChunkTable chunks = tables.chunks;
    int at = seen.size() - 1;
    hashes[at] = chunks.rowHash(chunk);
    int image = at * WIDTH;
    images[image] = (chunks.state(chunk) & 0xff) | ((chunks.flags(chunk) & 0xffL) << 8);
    images[image + 1] = chunks.admitted(chunk);
    images[image + 2] = chunks.established(chunk);
    images[image + 3] = chunks.end(chunk);
    images[image + 4] = chunks.facts.counter(chunk);
    images[image + 5] = chunks.facts.lineage(chunk);
    List<Long> lost = chunks.losses.get(chunk);
    if (lost != null) {
      rare().losses.put(chunk, lost);
    }
    List<WorkerId> gone = chunks.goneNames.get(chunk);
    if (gone != null) {
      rare().names.put(chunk, gone);
    }
  }

  void removed(int chunk) {
    touched(chunk);
    rare().removed.put(chunk, tables.chunks.row(chunk));
    rare().forgotten.put(chunk, tables.swaps.forget(chunk));
  }

  private Rare rare() {
    if (rare == NOTHING_RARE) {
      rare = new Rare(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
    }
    return rare;
  }

  boolean collect(ChangeSet.Parts parts) {
    if (seen.size() == 0) {
      return false;
    }
    List<ChunkRow> put = new ArrayList<>();
    List<ChunkRow> gone = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      int chunk = seen.member(i);
      boolean wasThere = !created.contains(chunk);
      boolean isThere = tables.chunks.exists(chunk);
      long old = wasThere ? hashes[i] : 0;
      long now = isThere ? tables.chunks.rowHash(chunk) : 0;
      tables.digest += now - old;
      if (isThere && (!wasThere || now != old)) {
        if (wasThere && isFirstNamedOnly(chunk, i * WIDTH)) {
          parts.firstNamedOnly(put.size());
        }
        if (!wasThere) {
          parts.created(put.size());
        }
        put.add(tables.chunks.row(chunk));
      } else if (!isThere && wasThere) {
        gone.add(rare.removed.get(chunk));
      }
    }
    parts.chunks(put).removedChunks(gone);
    return !put.isEmpty() || !gone.isEmpty();
  }

  private boolean isFirstNamedOnly(int chunk, int image) {
    ChunkTable chunks = tables.chunks;
    return images[image + 2] == 0
        && chunks.established(chunk) != 0
        && images[image] == ((chunks.state(chunk) & 0xff) | ((chunks.flags(chunk) & 0xffL) << 8))
        && images[image + 1] == chunks.admitted(chunk)
        && images[image + 3] == chunks.end(chunk)
        && images[image + 4] == chunks.facts.counter(chunk)
        && images[image + 5] == chunks.facts.lineage(chunk)
        && !rare.losses.containsKey(chunk)
        && chunks.losses.get(chunk) == null
        && !rare.names.containsKey(chunk)
        && chunks.goneNames.get(chunk) == null;
  }

  void undo() {
    for (int i = seen.size() - 1; i >= 0; i--) {
      int chunk = seen.member(i);
      if (tables.waits(chunk)) {
        tables.waiting(chunk, -1);
      }
      if (created.contains(chunk)) {
        // The next chunk would inherit the swaps of this one.
        tables.swaps.forget(chunk);
        tables.chunks.remove(chunk);
        continue;
      }
      ChunkRow gone = rare.removed.get(chunk);
      SwapTable.Parts swaps = rare.forgotten.get(chunk);
      if (gone != null && swaps != null) {
        tables.chunks.put(gone);
        tables.swaps.recall(chunk, swaps);
      }
      restore(chunk, i * WIDTH);
      if (tables.waits(chunk)) {
        tables.waiting(chunk, 1);
      }
    }
  }

  void reindex() {
    for (int i = 0; i < seen.size(); i++) {
      tables.reindex(seen.member(i));
    }
  }

  private void restore(int chunk, int image) {
    ChunkTable chunks = tables.chunks;
    chunks.noteLive(chunk);
    chunks.state(chunk, (byte) images[image]);
    chunks.flags(chunk, (int) (images[image] >>> 8) & 0xff);
    chunks.admitted(chunk, images[image + 1]);
    chunks.established(chunk, images[image + 2]);
    chunks.end(chunk, images[image + 3]);
    if (images[image + 4] == 0) {
      chunks.clearNumber(chunk);
    } else {
      chunks.number(chunk, (int) images[image + 5], images[image + 4]);
    }
    if (chunks.stateOf(chunk) != ChunkState.REJECTED) {
      chunks.winners.remove(chunk);
    }
    chunks.losses.put(chunk, rare.losses.get(chunk));
    chunks.goneNames.put(chunk, rare.names.get(chunk));
  }

  private boolean first(int chunk) {
    if (!seen.add(chunk)) {
      return false;
    }
    int count = seen.size();
    if (count > hashes.length) {
      int capacity = ArrayGrowth.rows(WIDTH, count + count / 2 + 16L, count);
      hashes = Arrays.copyOf(hashes, capacity);
      images = Arrays.copyOf(images, capacity * WIDTH);
    }
    return true;
  }
}
