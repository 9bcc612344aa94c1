package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.topology.EdgeTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The bound on what a target is sent, stated before the code: in any window {@code w} at most
 * {@code burst + rate * w} bytes, one burst more if something urgent was among them, and the
 * largest of them if that exceeds the burst. And whatever the bound does, nothing that is not of
 * background urgency is lost: it goes, or something newer of its state does.
 */
class TokenBoundTest {
  private static final NodeId SOURCE = NodeId.of(1);
  private static final NodeId TARGET = NodeId.of(2);
  private static final long SECOND = 1_000_000_000L;

  private record Sent(long at, long bytes, boolean urgent) {}

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void bytesInAnyWindow_areBounded(@ForAll long seed) {
    Random random = new Random(seed);
    long rate = 1L + random.nextInt(random.nextBoolean() ? 20 : 5_000);
    World world = new World(rate, 1 + random.nextInt(4));
    long now = 0;
    List<Sent> sent = new ArrayList<>();
    for (int step = 0; step < 150; step++) {
      now += random.nextInt(4) == 0 ? random.nextInt(3) * SECOND : random.nextInt(60_000_000);
      if (random.nextInt(3) > 0) {
        world.update(random, now);
      }
      world.release(now, sent);
    }
    check(sent, rate);
    drain(world, now, sent);
    check(sent, rate);
    world.checkAllUpToDate();
  }

  private static void drain(World world, long from, List<Sent> sent) {
    long now = from;
    while (world.scheduler.nextDueAt().isPresent()) {
      long next = world.scheduler.nextDueAt().getAsLong();
      assertThat(next).isGreaterThan(now - 1);
      now = Math.max(now, next);
      int before = sent.size();
      int dropped = world.release(now, sent);
      boolean isProgress = sent.size() + dropped > before;
      boolean isLater = world.scheduler.nextDueAt().orElse(Long.MAX_VALUE) > now;
      assertThat(isProgress || isLater).isTrue();
    }
  }

  private static void check(List<Sent> sent, long rate) {
    for (int from = 0; from < sent.size(); from++) {
      long sum = 0;
      long largest = 0;
      boolean urgent = false;
      for (int to = from; to < sent.size(); to++) {
        Sent last = sent.get(to);
        sum += last.bytes;
        largest = Math.max(largest, last.bytes);
        urgent |= last.urgent;
        long window = last.at - sent.get(from).at;
        double bound = rate + (double) rate * window / SECOND;
        bound += urgent ? rate : 0;
        bound += largest > rate ? largest : 0;
        assertThat((double) sum).isLessThanOrEqualTo(bound + 1e-6);
      }
    }
  }

  /** One target that is interested in a few states at several levels. */
  private static final class World {
    final PropagationScheduler scheduler;
    final int states;
    final long rate;
    final long[] sequences;

    World(long rate, int states) {
      this.rate = rate;
      this.states = states;
      sequences = new long[states];
      InterestMap interests = new InterestMap();
      EdgeTopology topology = new EdgeTopology();
      topology.add(SOURCE);
      topology.add(TARGET);
      InterestLevel[] levels = InterestLevel.values();
      for (int state = 0; state < states; state++) {
        interests.register(TARGET, StateId.of(state), levels[1 + state % 4]);
      }
      scheduler =
          PropagationScheduler.builder(interests, topology)
              .config(
                  PropagationConfig.DEFAULT
                      .withBudget(rate)
                      .withLongestStep(Duration.ofNanos(Long.MAX_VALUE)))
              .build();
    }

    void update(Random random, long now) {
      int state = random.nextInt(states);
      long size = random.nextInt(8) == 0 ? rate + random.nextInt(2_000) : random.nextLong(rate + 1);
      PropagationPriority[] all = PropagationPriority.values();
      StateUpdate update =
          StateUpdate.of(StateId.of(state), SOURCE, ++sequences[state])
              .withBytes(size)
              .withPriority(all[random.nextInt(all.length)])
              .withSignificance(random.nextInt(StateUpdate.MOST_SIGNIFICANT + 1));
      assertThat(scheduler.schedule(update, now)).isInstanceOf(PropagationPlan.Planned.class);
    }

    int release(long now, List<Sent> sent) {
      Outgoing outgoing = scheduler.due(now);
      for (Delivery delivery : outgoing.deliveries()) {
        boolean urgent = delivery.priority() == PropagationPriority.URGENT;
        sent.add(new Sent(now, delivery.bytes(), urgent));
      }
      for (Outgoing.Dropped dropped : outgoing.dropped()) {
        assertThat(dropped.decision().priority()).isEqualTo(PropagationPriority.BACKGROUND);
        assertThat(dropped.decision().reason()).isEqualTo(PropagationReason.BUDGET);
      }
      return outgoing.dropped().size();
    }

    void checkAllUpToDate() {
      for (int state = 0; state < states; state++) {
        StateId id = StateId.of(state);
        assertThat(scheduler.isWaiting(TARGET, id)).isFalse();
        InterestLevel level = scheduler.interests().interest(TARGET, id);
        if (level.compareTo(InterestLevel.HIGH) >= 0) {
          assertThat(scheduler.held(TARGET, id)).hasValue(scheduler.version(id));
        }
      }
    }
  }
}
