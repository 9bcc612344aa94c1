package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
import dev.stowage.replay.PartReplay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whoever applies what is delivered, in any history of updates, budgets, cuts, losses and late
 * arrivals, holds what the state was at the version that it was delivered; and the whole history is
 * run again from its record.
 */
class ConvergenceTest {
  private static final long MS = 1_000_000L;
  private static final int STATES = 3;
  private static final int NODES = 8;

  /** The truth about the states, and about what every node holds. */
  private static final class World {
    final Random random;
    final EvidenceLog log;
    final PropagationScheduler scheduler;
    final List<TreeMap<Long, Map<Integer, Integer>>> histories = new ArrayList<>();
    final Map<NodeId, Integer> states = new HashMap<>();
    final Map<NodeId, Map<Integer, Integer>> held = new HashMap<>();
    long now;

    World(long seed) {
      random = new Random(seed);
      PropagationConfig config = PropagationConfig.DEFAULT.withBudget(1L + random.nextInt(2_000));
      log = EvidenceLog.of(PropagationScheduler.header(config, "test"));
      scheduler = PropagationScheduler.recording(config, log);
      for (int state = 0; state < STATES; state++) {
        histories.add(new TreeMap<>(Map.of(0L, Map.of())));
      }
    }

    void step() {
      now += random.nextInt(3) == 0 ? random.nextInt(3_000) * MS : random.nextInt(60) * MS;
      NodeId node = new NodeId(1 + random.nextInt(NODES - 1));
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> update(random.nextInt(STATES), random.nextInt(6) == 0);
        case 4 -> register(node, InterestLevel.values()[random.nextInt(5)]);
        case 5 -> scheduler.register(node, state(node), scheduler.interest(node), link());
        case 6 -> lose(node);
        case 7 -> pull(node);
        case 8 -> scheduler.recordSend(node, random.nextInt(500), MS, now);
        default -> deliver(now + (random.nextBoolean() ? 200_000_000 : -100) * MS);
      }
      deliver(now);
    }

    private int state(NodeId node) {
      return states.computeIfAbsent(node, it -> random.nextInt(STATES));
    }

    private Link link() {
      return new Link(random.nextInt(5), random.nextInt(101), random.nextInt(8) > 0);
    }

    private void update(int state, boolean isKeyframe) {
      Map<Integer, Integer> truth = new TreeMap<>(histories.get(state).lastEntry().getValue());
      truth.put(random.nextInt(6), random.nextInt());
      truth.remove(random.nextInt(12));
      long bytes = random.nextInt(800);
      StateUpdate update =
          new StateUpdate(
              state,
              new NodeId(0),
              PropagationPriority.values()[random.nextInt(4)],
              List.of(bytes, bytes, bytes / 2, 17L),
              isKeyframe,
              random.nextInt(1_000_001));
      histories.get(state).put(scheduler.schedule(update, now).version(), truth);
    }

    private void register(NodeId node, InterestLevel level) {
      if (random.nextInt(8) == 0) {
        scheduler.remove(node);
        states.remove(node);
        held.remove(node);
      } else {
        int other = random.nextInt(STATES);
        if (random.nextInt(6) == 0 && state(node) != other) {
          states.put(node, other);
          held.remove(node);
        }
        Link link = scheduler.link(node).orElse(Link.DEFAULT);
        scheduler.register(node, state(node), level, link);
      }
    }

    /** A node forgets what it holds, and comes back. */
    private void lose(NodeId node) {
      InterestLevel level = scheduler.interest(node);
      held.remove(node);
      scheduler.remove(node);
      scheduler.register(node, state(node), level, Link.DEFAULT);
    }

    private void pull(NodeId node) {
      if (scheduler.pulled(node, random.nextInt(100), now)) {
        held.put(node, truth(node));
      }
    }

    private Map<Integer, Integer> truth(NodeId node) {
      return history(node).lastEntry().getValue();
    }

    private TreeMap<Long, Map<Integer, Integer>> history(NodeId node) {
      return histories.get(state(node));
    }

    private void deliver(long at) {
      scheduler.due(at).deliveries().forEach(this::apply);
    }

    private void apply(Delivery delivery) {
      NodeId node = delivery.target();
      Map<Integer, Integer> after = history(node).get(delivery.toVersion());
      if (!delivery.keyframe()) {
        // a delta: what changed between both versions, applied to what the node really holds
        long from = delivery.fromVersion().getAsLong();
        Map<Integer, Integer> base = history(node).floorEntry(from).getValue();
        Map<Integer, Integer> result = new TreeMap<>(held.getOrDefault(node, Map.of()));
        base.keySet().stream().filter(key -> !after.containsKey(key)).forEach(result::remove);
        after.forEach((key, value) -> {
          if (!value.equals(base.get(key))) {
            result.put(key, value);
          }
        });
        assertThat(result).isEqualTo(after);
      }
      held.put(node, after);
    }

    /** Everybody can be reached, everything is let go, one more update: nobody misses anything. */
    void settle() {
      for (NodeId node : List.copyOf(states.keySet())) {
        scheduler.register(node, state(node), scheduler.interest(node), Link.DEFAULT);
      }
      drain();
      for (int state = 0; state < STATES; state++) {
        update(state, true);
      }
      drain();
      for (NodeId node : states.keySet()) {
        if (scheduler.interest(node).compareTo(InterestLevel.MEDIUM) > 0) {
          assertThat(held.get(node)).isEqualTo(truth(node));
        }
      }
    }

    private void drain() {
      for (int round = 0; round < 20_000 && scheduler.nextDueAt().isPresent(); round++) {
        now = Math.max(now, scheduler.nextDueAt().getAsLong());
        deliver(now);
      }
      assertThat(scheduler.nextDueAt()).isEmpty();
    }
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void whoeverAppliesWhatIsDelivered_holdsTheState_andTheHistoryIsReplayed(@ForAll long seed) {
    World world = new World(seed);
    for (int step = 0; step < 120; step++) {
      world.step();
    }
    world.settle();
    ReplayResult again =
        Replayer.run(world.log.header(), world.log.records(), PropagationScheduler.factory());
    assertThat(again).isInstanceOf(ReplayResult.Same.class);
    for (EvidenceRecord record : world.log.records()) {
      assertThat(PartReplay.catalog().explain(record).toString())
          .doesNotContain("unreadable payload", "unknown type");
    }
  }
}
