package dev.stowage.propagation;

import dev.stowage.evidence.parts.Records;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;

/** Declares the records of a {@link PropagationScheduler}, whose times are plausible ones. */
final class PropagationRecords {
  static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(0x0500, "propagation_registered", Registered.class)
          .input(0x0501, "propagation_removed", Removed.class)
          .input(0x0502, "propagation_update", Updated.class)
          .input(0x0503, "propagation_asked", Asked.class)
          .input(0x0504, Sent.class, Sent.SHAPE)
          .outcome(0x0520, "propagation_planned", PropagationPlan.class)
          .outcome(0x0521, "propagation_released", Outgoing.class)
          .build();

  private PropagationRecords() {}

  sealed interface Input {}

  sealed interface Outcome permits PropagationPlan, Outgoing {}

  record Registered(
      @Declare(subject = true) NodeId node,
      @Declare(unsigned = true, subject = true) long state,
      InterestLevel level,
      @Declare(or = "DEFAULT") Link link)
      implements Input {}

  record Removed(@Declare(subject = true) NodeId node) implements Input {}

  record Updated(long atNanos, StateUpdate update) implements Input {}

  record Asked(long atNanos) implements Input {}

  /** Records what the host sent by itself, with whether it is the newest version of the state. */
  record Sent(
      long atNanos,
      @Declare(subject = true) NodeId node,
      @Declare(least = 0) long bytes,
      @Declare(least = 0) long latencyNanos,
      boolean isNewest)
      implements Input {
    static final Shape<Sent> SHAPE = Shape.derived("propagation_sent", Sent.class);

    Sent(long atNanos, NodeId node, long bytes, long latencyNanos, boolean isNewest) {
      this.atNanos = atNanos;
      this.node = node;
      this.bytes = bytes;
      this.latencyNanos = latencyNanos;
      this.isNewest = isNewest;
      SHAPE.checked(this);
    }
  }
}
