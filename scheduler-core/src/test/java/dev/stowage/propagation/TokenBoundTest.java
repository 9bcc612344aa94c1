package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
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
  private static final long STATE = 100;
  private static final NodeId SOURCE = new NodeId(1);
  private static final NodeId TARGET = new NodeId(2);
  private static final long SECOND = 1_000_000_000L;

  private record Sent(long at, long bytes, boolean urgent) {}

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void bytesInAnyWindow_areBounded(@ForAll long seed) {
    Random random = new Random(seed);
    long rate = 1L + random.nextInt(random.nextBoolean() ? 20 : 5_000);
    World world = new World(rate, InterestLevel.values()[1 + random.nextInt(4)]);
    long now = 0;
    List<Sent> sent = new ArrayList<>();
    for (int step = 0; step < 150; step++) {
      now += random.nextInt(4) == 0 ? random.nextInt(3) * SECOND : random.nextInt(60_000_000);
      if (random.nextInt(3) > 0) {
        world.update(random, now);
      }
      world.disturb(random, now);
      world.release(now, sent);
    }
    check(sent, rate);
    drain(world, now, sent);
    check(sent, rate);
    world.checkUpToDate();
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

  /** One target, which is interested in one state. */
  private static final class World {
    final PropagationScheduler scheduler;
    final InterestLevel level;
    final long rate;

    /** The newest version that the target needs, and the one that it has. */
    long newest;

    long held;

    World(long rate, InterestLevel level) {
      this.rate = rate;
      this.level = level;
      scheduler = PropagationScheduler.of(PropagationConfig.DEFAULT.withBudget(rate));
      scheduler.register(TARGET, STATE, level, Link.DEFAULT);
    }

    void update(Random random, long now) {
      long size = random.nextInt(8) == 0 ? rate + random.nextInt(2_000) : random.nextLong(rate + 1);
      PropagationPriority[] all = PropagationPriority.values();
      PropagationPlan plan =
          scheduler.schedule(
              new StateUpdate(
                  STATE,
                  SOURCE,
                  all[random.nextInt(all.length)],
                  List.of(size, size, size, size),
                  false,
                  random.nextInt(StateUpdate.MOST_SIGNIFICANT + 1)),
              now);
      newest = plan.version();
    }

    /** The node pulls, or it leaves and comes back, and is not told of what was before. */
    void disturb(Random random, long now) {
      switch (random.nextInt(12)) {
        case 0 -> {
          scheduler.pulled(TARGET, 0, now);
          held = newest;
        }
        case 1 -> {
          scheduler.remove(TARGET);
          scheduler.register(TARGET, STATE, level, Link.DEFAULT);
          held = newest;
        }
        default -> {
          // nothing but updates
        }
      }
    }

    int release(long now, List<Sent> sent) {
      Outgoing outgoing = scheduler.due(now);
      for (Delivery delivery : outgoing.deliveries()) {
        boolean urgent = delivery.priority() == PropagationPriority.URGENT;
        sent.add(new Sent(now, delivery.bytes(), urgent));
        held = delivery.toVersion();
      }
      for (PropagationDecision dropped : outgoing.dropped()) {
        assertThat(dropped.priority()).isEqualTo(PropagationPriority.BACKGROUND);
        assertThat(dropped.reason()).isEqualTo(PropagationReason.BUDGET);
      }
      return outgoing.dropped().size();
    }

    void checkUpToDate() {
      assertThat(scheduler.isWaiting(TARGET)).isFalse();
      if (level.compareTo(InterestLevel.HIGH) >= 0) {
        assertThat(held).isEqualTo(newest);
      }
    }
  }
}
