package dev.stowage.sim.kit.walk;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The link of one worker: a content scheduler says what comes next, and no more comes in a tick
 * than the link is wide. A chunk that has begun to come is finished first. Not thread-safe.
 */
final class Downlink {
  /** Ids of items that are no chunks; chunks count up from 1. */
  private static final long FIRST_TELEMETRY = 1L << 40;

  private final ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
  private final TreeMap<Long, SliceEntry> wanted = new TreeMap<>();
  private final long bytesPerTick;
  private @Nullable ContentItem coming;
  private long bytesToCome;
  private long telemetry = FIRST_TELEMETRY;
  private long stalledUntil;

  Downlink(long bytesPerTick) {
    this.bytesPerTick = bytesPerTick;
  }

  /** Wants exactly these from now on. */
  void want(List<SliceEntry> rows, long tick) {
    Map<Long, SliceEntry> now = new HashMap<>();
    for (SliceEntry row : rows) {
      now.put(row.number().counter(), row);
    }
    for (Iterator<Long> known = wanted.keySet().iterator(); known.hasNext(); ) {
      long id = known.next();
      if (!now.containsKey(id)) {
        queue.cancel(id);
        known.remove();
      }
    }
    for (SliceEntry row : rows) {
      long id = row.number().counter();
      if (wanted.putIfAbsent(id, row) == null) {
        schedule(id, PriorityClass.DATA, row.sizeBytes(), tick);
      }
    }
  }

  /** Something that nobody waits for wants to come too. */
  void flood(long bytes, long tick) {
    schedule(telemetry++, PriorityClass.TELEMETRY, bytes, tick);
  }

  private void schedule(long id, PriorityClass priority, long bytes, long tick) {
    ContentItem item = ContentItem.of(id, priority, bytes, 1 + bytes / (double) bytesPerTick, 1);
    queue.schedule(item, nanosAt(tick));
  }

  /** Nothing comes for so many ticks. */
  void stall(long tick, long ticks) {
    stalledUntil = tick + ticks;
  }

  /** What has come whole in one tick, in the order in which it came. */
  List<ChunkKey> run(long tick) {
    List<ChunkKey> come = new ArrayList<>();
    long left = tick < stalledUntil ? 0 : bytesPerTick;
    while (left > 0) {
      ContentItem item = coming == null ? next(tick) : coming;
      if (item == null) {
        break;
      }
      long part = Math.min(left, bytesToCome);
      bytesToCome -= part;
      left -= part;
      if (bytesToCome > 0) {
        break;
      }
      coming = null;
      SliceEntry entry = wanted.remove(item.id());
      if (entry != null) {
        come.add(entry.key());
      }
    }
    return come;
  }

  private @Nullable ContentItem next(long tick) {
    ContentItem item = queue.nextContent(nanosAt(tick)).map(it -> it.item()).orElse(null);
    coming = item;
    bytesToCome = item == null ? 0 : item.sizeBytes();
    return item;
  }

  private static long nanosAt(long tick) {
    return tick * 1_000_000_000L;
  }

  boolean isIdle() {
    return wanted.isEmpty();
  }
}
