package dev.stowage.sim.tool.demo;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.ContentStats;
import dev.stowage.content.Decision;
import dev.stowage.content.Flow;
import dev.stowage.content.Pacing;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleReason;
import dev.stowage.model.Chunk;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.tool.report.TransferWave;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A minute of one busy link: every class always has something to send, sizes are those of the
 * catalogue's chunks, and the pressure on the disk rises until it is critical and falls again. The
 * scheduler is the library's own; the same seed and catalogue give the same wave.
 */
final class PressureWave {
  private static final int SECONDS = 60;
  private static final int STEPS_A_SECOND = 10;
  private static final long STEP_NANOS = 1_000_000_000L / STEPS_A_SECOND;
  private static final long LINK_BYTES_PER_SECOND = 16 << 20;
  private static final long LEAST_BYTES = 1 << 10;
  private static final long MOST_BYTES = 1 << 20;

  // More than the link carries in a step, so that what it could have sent is not lost between two.
  private static final long BURST_BYTES = 4 * MOST_BYTES;

  private static final Duration MAX_WAIT = Duration.ofSeconds(3);
  private static final int BACKLOG = 6;
  private static final int[] WEIGHTS = {1, 1, 2};

  private static final ContentConfig CONFIG =
      ContentConfig.DEFAULT
          .withMaxWait(MAX_WAIT)
          .withInFlightLimit(0)
          .withPacing(
              Pacing.UNLIMITED.withGlobal(new Pacing.Rate(LINK_BYTES_PER_SECOND, BURST_BYTES)));

  private final long seed;
  private final Chance chance;
  private final List<Chunk> chunks;
  private final ContentScheduler scheduler = ContentScheduler.of(CONFIG);
  private final Map<Long, Long> queuedAt = new HashMap<>();
  private final List<String> bands = new ArrayList<>();
  private final Map<String, long[]> classBytes = new LinkedHashMap<>();
  private final Map<String, Long> longestWait = new LinkedHashMap<>();
  private final long[] flowBytes = new long[WEIGHTS.length];
  private final long[][] flowsBySecond = new long[WEIGHTS.length][SECONDS];
  private final Map<Flow, Integer> waiting = new HashMap<>();
  private long nextId = 1;
  private long rescues;
  private long spread;
  private long owed;
  private long largest;

  private PressureWave(long seed, List<Chunk> chunks) {
    this.seed = seed;
    // a sequence of its own: the story draws what it drew before there was a wave
    this.chance = Chance.ofSeed(~seed);
    this.chunks = chunks;
    PriorityClass[] all = PriorityClass.values();
    for (int rank = all.length - 1; rank >= 0; rank--) {
      classBytes.put(all[rank].displayName(), new long[SECONDS]);
    }
  }

  static TransferWave of(long seed, List<Chunk> chunks) {
    PressureWave wave = new PressureWave(seed, chunks);
    for (int step = 0; step < SECONDS * STEPS_A_SECOND; step++) {
      wave.step(step);
    }
    return wave.result();
  }

  private void step(int step) {
    long now = step * STEP_NANOS;
    scheduler.updatePressure(new PressureSnapshot(0, pressure(step), 0, 0, now), now);
    arrive(step, now);
    int second = step / STEPS_A_SECOND;
    Decision decision = scheduler.decide(now);
    while (decision instanceof Decision.Selected selected) {
      sent(selected, second, now);
      refill(now);
      decision = scheduler.decide(now);
    }
    if ((step + 1) % STEPS_A_SECOND == 0) {
      bands.add(scheduler.pressure().band(now).name().toLowerCase(Locale.ROOT));
      for (int flow = 0; flow < WEIGHTS.length; flow++) {
        flowsBySecond[flow][second] = flowBytes[flow] / WEIGHTS[flow];
      }
    }
  }

  /** 0.3 for 12 s, up to 1 until 30 s, there until 36 s, down to 0.3 until 50 s. */
  private static double pressure(int step) {
    double second = (double) step / STEPS_A_SECOND;
    double up = 0.3 + 0.7 * (second - 12) / 18;
    double down = 0.3 + 0.7 * (50 - second) / 14;
    return Math.max(0.3, Math.min(1.0, Math.min(up, down)));
  }

  private void arrive(int step, long now) {
    queue(PriorityClass.CONTROL, Flow.NONE, 2_000, now);
    queue(PriorityClass.ACK_BITMAP, Flow.NONE, 4_000, now);
    queue(PriorityClass.TELEMETRY, Flow.NONE, 20_000, now);
    if (step % 2 == 0) {
      queue(PriorityClass.PROOF, Flow.NONE, 60_000, now);
    }
    if (step % 5 == 0) {
      queue(PriorityClass.MANIFEST, Flow.NONE, 400_000, now);
    }
    refill(now);
  }

  /** The three flows of data, one of repair and one of prefetch always have something waiting. */
  private void refill(long now) {
    for (int flow = 0; flow < WEIGHTS.length; flow++) {
      refill(PriorityClass.DATA, Flow.ofStream(flow).withWeight(WEIGHTS[flow]), now);
    }
    refill(PriorityClass.REPAIR, Flow.ofStream(10), now);
    refill(PriorityClass.PREFETCH, Flow.ofStream(11), now);
  }

  private void refill(PriorityClass priorityClass, Flow flow, long now) {
    while (waiting.getOrDefault(flow, 0) < BACKLOG) {
      queue(priorityClass, flow, drawnSize(), now);
      waiting.merge(flow, 1, Integer::sum);
    }
  }

  private long drawnSize() {
    long size =
        chunks.isEmpty() ? MOST_BYTES / 4 : chunks.get(chance.below(chunks.size())).sizeBytes();
    return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, size));
  }

  private void queue(PriorityClass priorityClass, Flow flow, long bytes, long now) {
    long id = nextId++;
    queuedAt.put(id, now);
    scheduler.schedule(ContentItem.of(id, priorityClass, bytes, 1, 1).in(flow), now);
  }

  private void sent(Decision.Selected selected, int second, long now) {
    ContentItem item = selected.item();
    String name = item.priorityClass().displayName();
    Objects.requireNonNull(classBytes.get(name))[second] += item.sizeBytes();
    long waited = now - Objects.requireNonNull(queuedAt.remove(item.id()));
    longestWait.merge(name, waited / 1_000_000, Math::max);
    rescues += selected.evidence().reason() == ScheduleReason.AGING ? 1 : 0;
    waiting.computeIfPresent(item.flow(), (flow, count) -> count - 1);
    if (item.priorityClass() == PriorityClass.DATA) {
      flowBytes[(int) item.flow().stream()] += item.sizeBytes();
      largest = Math.max(largest, item.sizeBytes());
      compare();
    }
  }

  /** How far flows are apart, without what went out of turn and is not paid back yet. */
  private void compare() {
    long[] shares = new long[WEIGHTS.length];
    Arrays.setAll(shares, flow -> flowBytes[flow] / WEIGHTS[flow]);
    for (ContentStats.FlowStats flow : flowStats()) {
      long debt = Math.max(0, -flow.deficitBytes());
      int weight = WEIGHTS[(int) flow.stream()];
      owed = Math.max(owed, debt / weight);
      shares[(int) flow.stream()] = (flowBytes[(int) flow.stream()] - debt) / weight;
    }
    for (long one : shares) {
      for (long other : shares) {
        spread = Math.max(spread, one - other);
      }
    }
  }

  private List<ContentStats.FlowStats> flowStats() {
    return scheduler.stats().flows().getOrDefault(PriorityClass.DATA, List.of());
  }

  private TransferWave result() {
    Map<String, long[]> flows = new LinkedHashMap<>();
    for (int flow = 0; flow < WEIGHTS.length; flow++) {
      flows.put("flow " + flow + ", weight " + WEIGHTS[flow], flowsBySecond[flow]);
    }
    return new TransferWave(
        seed,
        bands,
        classBytes,
        flows,
        longestWait,
        rescues,
        new TransferWave.Spread(spread, CONFIG.quantumBytes() + largest, owed));
  }
}
