package dev.stowage.propagation.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.replay.PartReplay;
import dev.stowage.propagation.Delivery;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestDeclaration;
import dev.stowage.propagation.InterestMap;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import java.time.Duration;
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
    final List<Map<Long, Map<Integer, Integer>>> histories = new ArrayList<>();
    final List<Map<Integer, Integer>> truths = new ArrayList<>();
    final Map<List<Long>, Map<Integer, Integer>> held = new HashMap<>();
    final long[] sequences = new long[STATES];
    long now;

    World(long seed) {
      random = new Random(seed);
      long budget = 1L + random.nextInt(2_000);
      PropagationConfig config =
          PropagationConfig.DEFAULT
              .withBudget(budget)
              .withRetainedVersions(1 + random.nextInt(20))
              .withLongestStep(Duration.ofSeconds(10));
      log = EvidenceLog.of(PropagationScheduler.header(config, "test"));
      InterestMap interests = new InterestMap();
      scheduler =
          PropagationScheduler.builder(interests, topology()).config(config).recording(log).build();
      for (int state = 0; state < STATES; state++) {
        histories.add(new HashMap<>(Map.of(0L, Map.of())));
        truths.add(new TreeMap<>());
      }
    }

    private PropagationTopology topology() {
      PropagationTopology topology =
          switch (random.nextInt(3)) {
            case 0 -> new StarTopology(NodeId.of(0));
            case 1 -> new TreeTopology(NodeId.of(0), 2);
            default -> new EdgeTopology();
          };
      for (int node = 0; node < NODES; node++) {
        topology.add(NodeId.of(node));
      }
      return topology;
    }

    void step() {
      now += random.nextInt(3) == 0 ? random.nextInt(3_000) * MS : random.nextInt(60) * MS;
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> update();
        case 4 -> declare();
        case 5 -> change();
        case 6 -> lose();
        case 7 -> pull();
        case 8 -> scheduler.recordSend(node(), random.nextInt(500), MS, now);
        default -> disturb();
      }
      deliver();
    }

    private NodeId node() {
      return NodeId.of(random.nextInt(NODES));
    }

    private void update() {
      int state = random.nextInt(STATES);
      Map<Integer, Integer> truth = new TreeMap<>(truths.get(state));
      truth.put(random.nextInt(6), random.nextInt());
      truth.remove(random.nextInt(12));
      StateUpdate update =
          StateUpdate.of(StateId.of(state), NodeId.of(0), ++sequences[state])
              .withBytes(random.nextInt(800))
              .withPriority(PropagationPriority.values()[random.nextInt(4)])
              .withSignificance(random.nextInt(1_000_001));
      PropagationPlan plan =
          scheduler.schedule(random.nextInt(6) == 0 ? update.asKeyframe() : update, now);
      if (plan instanceof PropagationPlan.Planned planned) {
        truths.set(state, truth);
        histories.get(state).put(planned.version(), truth);
      }
    }

    private void declare() {
      InterestLevel level = InterestLevel.values()[random.nextInt(5)];
      long ttl = random.nextInt(3) == 0 ? random.nextInt(2_000) * MS : 0;
      NodeId node = NodeId.of(1 + random.nextInt(NODES - 1));
      StateId state = StateId.of(random.nextInt(STATES));
      if (random.nextInt(8) == 0) {
        scheduler.interests().removeNode(node);
      } else {
        scheduler.interests().register(new InterestDeclaration(node, state, level, now, ttl), now);
      }
    }

    private void change() {
      PropagationTopology topology = scheduler.topology();
      NodeId node = node();
      Link link = TreeShapeTest.link(random);
      if (random.nextInt(6) == 0) {
        scheduler.use(topology());
      } else if (topology instanceof EdgeTopology edges) {
        edges.connect(new PropagationEdge(node, node(), link));
        edges.disconnect(node(), node());
      } else if (topology instanceof TreeTopology tree) {
        tree.link(node, link);
      } else if (topology instanceof StarTopology star) {
        star.link(node, link);
      } else {
        topology.remove(node);
        topology.add(node, link);
      }
    }

    /** A node forgets what it holds, and says so. */
    private void lose() {
      NodeId node = node();
      int state = random.nextInt(STATES);
      held.remove(List.of(node.value(), (long) state));
      scheduler.lost(node, StateId.of(state));
    }

    private void pull() {
      NodeId node = node();
      int state = random.nextInt(STATES);
      if (scheduler.pulled(node, StateId.of(state), random.nextInt(100), now)) {
        held.put(List.of(node.value(), (long) state), truths.get(state));
      }
    }

    private void disturb() {
      StateId state = StateId.of(random.nextInt(STATES));
      switch (random.nextInt(4)) {
        case 0 -> scheduler.pause(state);
        case 1 -> scheduler.resume(state);
        case 2 -> deliver(now + 30_000 * MS);
        default -> deliver(now - 100 * MS);
      }
    }

    private void deliver() {
      deliver(now);
    }

    private void deliver(long at) {
      for (Delivery delivery : scheduler.due(at).deliveries()) {
        apply(delivery);
      }
    }

    private void apply(Delivery delivery) {
      Map<Long, Map<Integer, Integer>> history = histories.get((int) delivery.state().value());
      List<Long> place = List.of(delivery.target().value(), delivery.state().value());
      Map<Integer, Integer> after = history.get(delivery.toVersion());
      if (!delivery.keyframe()) {
        // a delta: what changed between both versions, applied to what the node really holds
        Map<Integer, Integer> base = history.get(delivery.fromVersion().getAsLong());
        Map<Integer, Integer> result = new TreeMap<>(held.getOrDefault(place, Map.of()));
        base.keySet().stream().filter(key -> !after.containsKey(key)).forEach(result::remove);
        after.forEach((key, value) -> {
          if (!value.equals(base.get(key))) {
            result.put(key, value);
          }
        });
        assertThat(result).isEqualTo(after);
      }
      held.put(place, after);
    }

    /** Everything is let go, everybody can be reached, one more update: nobody misses anything. */
    void settle() {
      EdgeTopology all = new EdgeTopology();
      for (int node = 0; node < NODES; node++) {
        all.add(NodeId.of(node));
      }
      scheduler.use(all);
      for (int state = 0; state < STATES; state++) {
        scheduler.resume(StateId.of(state));
      }
      for (int round = 0; round < 2_000 && scheduler.nextDueAt().isPresent(); round++) {
        now = Math.max(now, scheduler.nextDueAt().getAsLong());
        deliver();
      }
      assertThat(scheduler.nextDueAt()).isEmpty();
      for (int state = 0; state < STATES; state++) {
        StateUpdate last =
            StateUpdate.of(StateId.of(state), NodeId.of(0), ++sequences[state]).asKeyframe();
        PropagationPlan plan = scheduler.schedule(last, now);
        long version = ((PropagationPlan.Planned) plan).version();
        histories.get(state).put(version, truths.get(state));
      }
      for (int round = 0; round < 20_000 && scheduler.nextDueAt().isPresent(); round++) {
        now = Math.max(now, scheduler.nextDueAt().getAsLong());
        deliver();
      }
      for (int state = 0; state < STATES; state++) {
        for (NodeId node : scheduler.interests().interestedNodes(StateId.of(state))) {
          InterestLevel level = scheduler.interests().interest(node, StateId.of(state));
          if (level.compareTo(InterestLevel.LOW) > 0 && node.value() != 0) {
            assertThat(held.get(List.of(node.value(), (long) state))).isEqualTo(truths.get(state));
          }
        }
      }
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
