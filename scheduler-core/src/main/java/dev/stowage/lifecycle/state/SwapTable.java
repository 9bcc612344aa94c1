package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.rows.SwapRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

public final class SwapTable {
  private final TreeMap<Long, SwapRow> rows = new TreeMap<>();
  private final TreeSet<Long> pending = new TreeSet<>();
  private final Map<Integer, Long> replacing = new HashMap<>();
  private final Map<Integer, Long> producing = new HashMap<>();
  private @Nullable SwapTable copied;

  @Nullable
  public SwapRow row(long id) {
    return rows.get(id);
  }

  public Iterable<SwapRow> all() {
    return rows.values();
  }

  int count() {
    return rows.size();
  }

  public List<Long> pending() {
    return new ArrayList<>(pending);
  }

  public boolean hasPending() {
    return !pending.isEmpty();
  }

  public long replacing(int chunk) {
    return replacing.getOrDefault(chunk, 0L);
  }

  public long producing(int chunk) {
    return producing.getOrDefault(chunk, 0L);
  }

  public long pendingProducing(int chunk) {
    long id = producing(chunk);
    return id != 0 && pending.contains(id) ? id : 0;
  }

  public void put(SwapRow row, ChunkTable chunks) {
    copied = null;
    rows.put(row.id(), row);
    if (row.isPending()) {
      pending.add(row.id());
    } else {
      pending.remove(row.id());
    }
    for (var key : row.oldChunks()) {
      int chunk = chunks.find(key);
      if (chunk >= 0 && row.isPending()) {
        replacing.put(chunk, row.id());
      } else if (chunk >= 0) {
        replacing.remove(chunk, row.id());
      }
    }
    for (var key : row.newChunks()) {
      int chunk = chunks.find(key);
      if (chunk >= 0 && isMade(row, chunk, chunks)) {
        producing.put(chunk, row.id());
      }
    }
  }

  /** Excludes a later chunk that reuses the key after a purge. */
  private boolean isMade(SwapRow row, int chunk, ChunkTable chunks) {
    return chunks.admitted(chunk) == row.registeredTick() && producing(chunk) <= row.id();
  }

  void remove(long id, ChunkTable chunks) {
    copied = null;
    SwapRow row = rows.remove(id);
    pending.remove(id);
    if (row == null) {
      return;
    }
    for (var key : row.oldChunks()) {
      int chunk = chunks.find(key);
      if (chunk >= 0) {
        replacing.remove(chunk, id);
      }
    }
    for (var key : row.newChunks()) {
      int chunk = chunks.find(key);
      if (chunk >= 0) {
        producing.remove(chunk, id);
      }
    }
  }

  void forget(int chunk) {
    Long replaced = replacing.remove(chunk);
    if (producing.remove(chunk) != null || replaced != null) {
      copied = null;
    }
  }

  SwapTable backTo(SwapTable copy) {
    return copy == copied ? this : copy.fork();
  }

  /** Returns a copy to write. */
  SwapTable fork() {
    SwapTable fork = new SwapTable();
    fork.rows.putAll(rows);
    fork.pending.addAll(pending);
    fork.replacing.putAll(replacing);
    fork.producing.putAll(producing);
    return fork;
  }

  /** Returns a copy for reading: the former one if nothing was written since. */
  SwapTable copy() {
    SwapTable known = copied;
    if (known == null) {
      known = fork();
      copied = known;
    }
    return known;
  }
}
