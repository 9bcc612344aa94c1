package dev.stowage.sim.kit.walk;

import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.world.Chance;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What lies between a fleet and its workers: slices and reports that are late, lost, repeated or
 * overtaken, and links of limited width. It hears what happened, and says, line by line, what
 * follows from it. Not thread-safe.
 */
final class Network {
  private static final long MIB = 1 << 20;
  private static final List<String> PORTALS = List.of("p", "q", "r");

  private final Chance chance;
  private final OrderedQueue<String> due = OrderedQueue.withDefaultCapacity();
  private final TreeMap<WorkerId, Downlink> links = new TreeMap<>();
  private Storm storm;
  private long tick;

  Network(Chance chance, Storm storm) {
    this.chance = chance;
    this.storm = storm;
  }

  /** From now on nothing goes wrong any more; what was late is on its way still. */
  void heal() {
    storm = Storm.healed();
    links.clear();
  }

  /** The next line that is due; null if none is. */
  @Nullable String next() {
    OptionalLong first = due.firstTimestamp();
    return first.isPresent() && first.getAsLong() <= tick ? due.poll() : null;
  }

  /** Something happened: what follows from it, now or later. */
  void heard(String line, Story story) {
    if (!storm.isNetworked()) {
      return;
    }
    if (line.startsWith("tick ")) {
      passed(story);
    } else if (line.equals("schedule")) {
      if (story.scheduled().flatMap(result -> result.minted()).isPresent()) {
        story.workers().forEach(this::slice);
      }
    } else if (line.equals("publish")) {
      for (String portal : PORTALS) {
        if (chance.happens(storm.portalPercent())) {
          later("portal " + portal, chance.below(3));
        }
      }
    }
  }

  /** A new slice for one worker. */
  private void slice(WorkerId id) {
    if (chance.happens(storm.lostPercent())) {
      return;
    }
    if (chance.happens(storm.staleSlicePercent())) {
      later("send " + id, 0);
      later("take " + id, 1 + chance.below(4));
    } else {
      later("take " + id, chance.happens(storm.deafPercent()) ? 1 + chance.below(5) : 0);
    }
  }

  /** Bytes come in while time passes. */
  private void passed(Story story) {
    while (tick < story.tick()) {
      tick++;
      for (WorkerId id : story.workers()) {
        run(id, story);
      }
    }
  }

  private void run(WorkerId id, Story story) {
    Downlink link = links.computeIfAbsent(id, key -> new Downlink(width()));
    boolean wasIdle = link.isIdle();
    link.want(story.wanted(id), tick);
    if (chance.happens(storm.stallPercent())) {
      link.stall(tick, 1 + chance.below(6));
    }
    if (chance.happens(storm.floodPercent())) {
      link.flood(MIB / 2, tick);
    }
    List<ChunkKey> come = link.run(tick);
    if (!come.isEmpty()) {
      later(
          "load "
              + id
              + " "
              + come.stream().map(ChunkKey::toString).collect(Collectors.joining(",")),
          0);
    }
    if (!come.isEmpty() || (wasIdle && chance.happens(40))) {
      report(id);
    }
  }

  private void report(WorkerId id) {
    if (chance.happens(storm.latePercent())) {
      later("report " + id + " late", 0);
      return;
    }
    later("report " + id, 0);
    if (chance.happens(storm.repeatPercent())) {
      later("again " + id, chance.below(3));
    }
  }

  private long width() {
    return storm.isSlow() ? MIB / 2 * (1 + chance.below(4)) : 4 * MIB;
  }

  private void later(String line, long ticks) {
    due.offer(tick + ticks, 0, line);
  }
}
