package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import dev.stowage.columns.Mix;
import dev.stowage.content.Flow;
import org.jspecify.annotations.Nullable;

/** The flows of a tenant in one class. */
public final class TenantQueue extends Turn {
  private static final int LEAST_CAPACITY = 2;

  public final String name;
  public final TurnRing flows;
  private @Nullable FlowQueue unnamed;
  private @Nullable FlowQueue[] streams = new FlowQueue[LEAST_CAPACITY];
  private int streamCount;

  TenantQueue(String name, TurnRing flows) {
    this.name = name;
    this.flows = flows;
  }

  boolean isUnnamed(FlowQueue flow) {
    return flow == unnamed;
  }

  boolean isEmpty() {
    return streamCount == 0 && unnamed == null;
  }

  @Nullable FlowQueue find(Flow flow) {
    return flow.named() ? streams[place(flow.stream())] : unnamed;
  }

  void add(FlowQueue flow, boolean named) {
    if (!named) {
      unnamed = flow;
      return;
    }
    if (2 * ++streamCount > streams.length) {
      grow();
    }
    streams[place(flow.stream)] = flow;
  }

  void remove(FlowQueue flow) {
    if (flow == unnamed) {
      unnamed = null;
      return;
    }
    streamCount--;
    int mask = streams.length - 1;
    int hole = place(flow.stream);
    int next = (hole + 1) & mask;
    FlowQueue other = streams[next];
    while (other != null) {
      // An entry moves back only if its home does not lie between the hole and the entry.
      if (((next - home(other.stream)) & mask) >= ((next - hole) & mask)) {
        streams[hole] = other;
        hole = next;
      }
      next = (next + 1) & mask;
      other = streams[next];
    }
    streams[hole] = null;
  }

  private int place(long stream) {
    int at = home(stream);
    FlowQueue flow = streams[at];
    while (flow != null && flow.stream != stream) {
      at = (at + 1) & (streams.length - 1);
      flow = streams[at];
    }
    return at;
  }

  private int home(long stream) {
    long mixed = stream * Mix.GOLDEN;
    return (int) (mixed >>> 32) & (streams.length - 1);
  }

  private void grow() {
    @Nullable FlowQueue[] before = streams;
    streams = new FlowQueue[Growth.table(before.length)];
    for (FlowQueue flow : before) {
      if (flow != null) {
        streams[place(flow.stream)] = flow;
      }
    }
  }

  @Override
  long headCharge() {
    return flows.first().headCharge();
  }
}
