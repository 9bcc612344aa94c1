package dev.stowage.propagation.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The fast order against the plain one, with latencies and delays that fit and that do not. */
class DecisionOrderTest {
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void order_isThatOfComparingOneByOne(@ForAll long seed) {
    Random random = new Random(seed);
    long[] values = {0, 1, 2, 1L << 39, (1L << 40) - 1, 1L << 40, Long.MAX_VALUE - 1};
    int fitting = random.nextBoolean() ? 4 : values.length;
    DecisionOrder order = new DecisionOrder();
    List<PropagationDecision> all = new ArrayList<>();
    boolean isByNode = random.nextInt(4) > 0;
    for (int i = 0; i < 60; i++) {
      long latency = random.nextInt(5) == 0 ? Long.MAX_VALUE : values[random.nextInt(fitting)];
      PropagationDecision decision =
          new PropagationDecision(
              NodeId.of(isByNode ? i : random.nextLong()),
              PropagationReason.values()[random.nextInt(3)],
              PropagationPriority.values()[random.nextInt(4)],
              random.nextInt(3) == 0 ? values[random.nextInt(fitting)] : 0,
              random.nextInt(4),
              latency);
      all.add(decision);
      order.add(decision);
    }
    all.sort(null);
    assertThat(order.sorted()).isEqualTo(all);
  }
}
