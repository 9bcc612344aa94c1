package dev.stowage.propagation;

import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationRecords.Asked;
import dev.stowage.propagation.PropagationRecords.Delivered;
import dev.stowage.propagation.PropagationRecords.Dropped;
import dev.stowage.propagation.PropagationRecords.Input;
import dev.stowage.propagation.PropagationRecords.Outcome;
import dev.stowage.propagation.PropagationRecords.Planned;
import dev.stowage.propagation.PropagationRecords.Released;
import dev.stowage.propagation.outbox.ClockGate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records inputs and outcomes; a question without effect waits, so that it costs no record. */
final class PropagationRecorder {
  static final int MOST_IN_A_RECORD = 50_000;

  private final RecordWriter log;
  private long writtenTime = ClockGate.NO_TIME;
  private @Nullable Asked pending;

  PropagationRecorder(RecordWriter log) {
    this.log = log;
  }

  boolean isOn() {
    return log.isOn();
  }

  void told(Input input) {
    if (log.isOn()) {
      flush();
      write(input);
    }
  }

  private void write(Input input) {
    PropagationRecords.ALL.write(input, log);
    writtenTime = Math.max(writtenTime, input.atNanos());
  }

  /** Keeps a question back unless a replay needs it for the clock. */
  void asked(long now, ClockVerdict verdict, long stepNanos) {
    if (!log.isOn()) {
      return;
    }
    boolean tells =
        verdict != ClockVerdict.STEADY
            || writtenTime == ClockGate.NO_TIME
            || Nanos.between(writtenTime, now) > stepNanos / 2;
    if (tells) {
      told(new Asked(now));
    } else {
      pending = new Asked(now);
    }
  }

  void flush() {
    Asked asked = pending;
    if (asked != null) {
      pending = null;
      write(asked);
    }
  }

  void decided(Outcome outcome) {
    if (log.isOn()) {
      flush();
      PropagationRecords.ALL.write(outcome, log);
    }
  }

  void planned(PropagationPlan.Planned plan) {
    if (log.isOn()) {
      List<NodeId> superseded =
          plan.superseded().stream()
              .limit(MOST_IN_A_RECORD)
              .map(PropagationDecision::target)
              .toList();
      StateId state = plan.update().state();
      decided(new Planned(state, plan.version(), part(plan.decisions(), 0), superseded));
      rest(plan.decisions(), part -> new Planned(state, plan.version(), part, List.of()));
    }
  }

  void released(Outgoing outgoing) {
    if (log.isOn()) {
      List<Delivered> deliveries = outgoing.deliveries().stream().map(Delivered::of).toList();
      if (!deliveries.isEmpty()) {
        decided(new Released(part(deliveries, 0)));
        rest(deliveries, Released::new);
      }
      if (!outgoing.dropped().isEmpty()) {
        decided(new Dropped(part(outgoing.dropped(), 0)));
        rest(outgoing.dropped(), Dropped::new);
      }
    }
  }

  private <E> void rest(List<E> all, Function<List<E>, Outcome> record) {
    for (int from = MOST_IN_A_RECORD; from < all.size(); from += MOST_IN_A_RECORD) {
      decided(record.apply(part(all, from)));
    }
  }

  private static <E> List<E> part(List<E> all, int from) {
    return all.subList(from, Math.min(all.size(), from + MOST_IN_A_RECORD));
  }
}
