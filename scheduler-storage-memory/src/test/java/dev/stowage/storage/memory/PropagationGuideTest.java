package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Delivery;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient;
import dev.stowage.propagation.Recipient.InterestLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples of the page on propagation, run; and the page, held against this file. */
class PropagationGuideTest {

  private final Map<WorkerId, SliceDocument> disks = new TreeMap<>();
  private final List<Message> routes = new ArrayList<>();

  private void transmit(Message message) {
    if (message instanceof Message.Slice slice) {
      byte[] bytes = DocumentFormat.BINARY.toBytes(slice.document());
      SliceDocument sent = DocumentFormat.BINARY.readSlice(bytes);
      SliceDocument held = disks.getOrDefault(slice.worker(), sent);
      disks.put(slice.worker(), sent.after(held));
    } else {
      routes.add(message);
    }
  }

  @Test
  void assignments_reachWorkersAndPortals() {
    Stowage stowage = fleetOfTwo();
    long now = 0;

    // who is told, and how much each may be sent in a second
    AssignmentPropagation news =
        Propagation.of(stowage, PropagationConfig.DEFAULT.withBudget(100_000));
    news.register(WorkerId.of("one"), now);
    news.register(PortalId.of("reader"), now);

    // after every cycle
    stowage.schedule(now);
    news.follow(now);

    // whenever news.nextDueAt() has come
    now += 10_000_000;
    for (Message message : news.outgoing(now)) {
      transmit(message); // to message.recipient(), exactly message.bytes() long
    }

    assertThat(disks).containsOnlyKeys(WorkerId.of("one"));
    assertThat(routes).hasSize(1);
    WorkerId worker = WorkerId.of("one");
    SliceDocument held = disks.get(worker);

    // the worker could not apply what came: all of it, again
    news.refused(Recipient.of(worker), now);

    // the worker asks, now and then, naming what it holds
    news.pull(worker, held.lineage(), held.id(), now).ifPresent(this::transmit);

    // its path got narrow: it is told which chunks changed, and asks for them when it can
    news.link(Recipient.of(worker), Link.DEFAULT.withBandwidth(20), now);

    assertThat(disks.get(worker))
        .isEqualTo(SliceDocument.of(stowage.fleet().slice(worker).orElseThrow()));
    stowage.close();
  }

  private static Stowage fleetOfTwo() {
    Stowage stowage = Stowage.builder(MemoryChunkStore.builder().fixedLineages().build()).build();
    stowage.claim(0);
    for (WorkerId worker : List.of(WorkerId.of("one"), WorkerId.of("two"))) {
      stowage.describe(Worker.of(worker, 1 << 30), 0);
      stowage.register(worker, "disk of " + worker, 0);
    }
    ChunkKey key = ChunkKey.of("logs", "mon");
    stowage.ingest(List.of(Chunk.of(key, BlockRange.of(0, 9), 1 << 20)), 0);
    return stowage;
  }

  @Test
  void updates_reachWhoIsInterested() {
    long state = 100;
    NodeId hub = new NodeId(1);
    NodeId reader = new NodeId(2);
    long now = 0;

    PropagationScheduler scheduler = PropagationScheduler.of(PropagationConfig.DEFAULT);
    scheduler.register(reader, state, InterestLevel.HIGH, Link.DEFAULT);

    StateUpdate update = StateUpdate.of(state, hub, 2_000);
    PropagationPlan plan = scheduler.schedule(update, now);
    plan.decisions().forEach(decision -> System.out.println(decision.reason()));
    for (Delivery delivery : scheduler.due(now + 10_000_000).deliveries()) {
      // what leads from delivery.fromVersion() to delivery.toVersion(), or everything
      System.out.println(delivery.target() + " " + delivery.keyframe());
    }

    assertThat(scheduler.stats().sends()).isEqualTo(1);
  }
}
