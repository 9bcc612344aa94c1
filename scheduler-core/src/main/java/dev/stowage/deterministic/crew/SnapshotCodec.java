package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.Priority;
import dev.stowage.deterministic.SchedulerConfig;
import dev.stowage.deterministic.SchedulerSnapshot;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Hash256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Takes, restores, encodes and decodes snapshots. */
public final class SnapshotCodec {
  private static final ChainPoint NOWHERE = new ChainPoint(0, Hash256.ZERO);

  private SnapshotCodec() {}

  public static SchedulerSnapshot take(Machine machine) {
    SchedulerConfig config = machine.config();
    List<SchedulerSnapshot.CoreImage> cores = new ArrayList<>();
    for (int core = 0; core < config.cores(); core++) {
      cores.add(imageOf(machine.core(core)));
    }
    List<SchedulerSnapshot.OrderedImage> ordered = new ArrayList<>();
    machine
        .ordered()
        .forEachInOrder(entry ->
            ordered.add(
                new SchedulerSnapshot.OrderedImage(
                    new Timestamp(entry.timestamp()),
                    entry.sequence(),
                    entry.item().core(),
                    entry.item().task())));
    SchedulerSnapshot bare =
        new SchedulerSnapshot(
            config,
            machine.round(),
            machine.clock().now(),
            cores,
            ordered,
            machine.ordered().nextSequence(),
            machine.state().view(),
            Hash256.ZERO,
            NOWHERE);
    Hash256 stateHash = hashOf(bare);
    machine.journal().snapshotTaken(bare.round(), bare.clock().bits(), stateHash);
    return sealed(bare, stateHash, machine.journal().log().point());
  }

  public static void restore(SchedulerSnapshot snapshot, Machine machine) {
    machine.clock().fastForward(snapshot.clock());
    machine.restoreRound(snapshot.round());
    for (int core = 0; core < snapshot.cores().size(); core++) {
      SchedulerSnapshot.CoreImage image = snapshot.cores().get(core);
      CoreState state = machine.core(core);
      state.restoreLocal(image.local());
      state.queue().restorePassedOver(Priority.NORMAL, image.normalPassedOver());
      state.queue().restorePassedOver(Priority.LOW, image.lowPassedOver());
      for (Task task : image.tasks()) {
        machine.restore(core, task);
      }
    }
    OrderedQueue<Machine.OrderedTask> ordered = machine.ordered();
    for (SchedulerSnapshot.OrderedImage image : snapshot.ordered()) {
      ordered.restore(
          image.timestamp().bits(),
          image.core().orElse(0),
          image.sequence(),
          new Machine.OrderedTask(image.task(), image.core()));
    }
    ordered.resumeSequence(snapshot.nextSequence());
    snapshot.state().forEach(machine.state()::write);
  }

  public static byte[] encode(SchedulerSnapshot snapshot) {
    CanonicalWriter out = new CanonicalWriter();
    writeBody(out, snapshot);
    out.hash(snapshot.stateHash());
    out.u64(snapshot.point().index()).hash(snapshot.point().hash());
    return out.toBytes();
  }

  public static SchedulerSnapshot decode(byte[] bytes) {
    CanonicalReader in = CanonicalReader.of(bytes);
    try {
      SchedulerSnapshot bare = readBody(in);
      int bodyBytes = bytes.length - in.remaining();
      Hash256 stateHash = in.hash();
      ChainPoint point = new ChainPoint(in.u64(), in.hash());
      in.end();
      Hash256 found = Hash256.of(Arrays.copyOf(bytes, bodyBytes));
      if (!found.equals(stateHash)) {
        throw new EvidenceException.Malformed(
            bytes.length, "the state has hash " + found + ", the snapshot says " + stateHash);
      }
      return sealed(bare, stateHash, point);
    } catch (IllegalArgumentException e) {
      throw new EvidenceException.Malformed(
          bytes.length - in.remaining(), "snapshot: " + e.getMessage());
    }
  }

  private static SchedulerSnapshot.CoreImage imageOf(CoreState core) {
    List<Task> tasks = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      tasks.addAll(core.queue().lane(priority));
    }
    return new SchedulerSnapshot.CoreImage(
        core.local(),
        core.queue().passedOver(Priority.NORMAL),
        core.queue().passedOver(Priority.LOW),
        tasks);
  }

  private static SchedulerSnapshot sealed(
      SchedulerSnapshot bare, Hash256 stateHash, ChainPoint point) {
    return new SchedulerSnapshot(
        bare.config(),
        bare.round(),
        bare.clock(),
        bare.cores(),
        bare.ordered(),
        bare.nextSequence(),
        bare.state(),
        stateHash,
        point);
  }

  private static Hash256 hashOf(SchedulerSnapshot snapshot) {
    CanonicalWriter out = new CanonicalWriter();
    writeBody(out, snapshot);
    return Hash256.of(out.toBytes());
  }

  private static void writeBody(CanonicalWriter out, SchedulerSnapshot snapshot) {
    out.bytes(snapshot.config().header().encode());
    out.u64(snapshot.round()).u64(snapshot.clock().bits());
    for (SchedulerSnapshot.CoreImage core : snapshot.cores()) {
      out.bytes(core.local().shared()).u32(core.normalPassedOver()).u32(core.lowPassedOver());
      out.u32(core.tasks().size());
      for (Task task : core.tasks()) {
        TaskCodec.write(out, task);
      }
    }
    out.u32(snapshot.ordered().size());
    for (SchedulerSnapshot.OrderedImage each : snapshot.ordered()) {
      out.u64(each.timestamp().bits()).u64(each.sequence());
      TaskCodec.writeCore(out, each.core());
      TaskCodec.write(out, each.task());
    }
    out.u64(snapshot.nextSequence());
    out.map(snapshot.state(), (writer, value) -> writer.bytes(value.shared()));
  }

  private static SchedulerSnapshot readBody(CanonicalReader in) {
    SchedulerConfig config = SchedulerConfig.from(EvidenceHeader.decode(in.bytes()));
    long round = in.u64();
    Timestamp clock = new Timestamp(in.u64());
    List<SchedulerSnapshot.CoreImage> cores = new ArrayList<>();
    for (int core = 0; core < config.cores(); core++) {
      cores.add(
          new SchedulerSnapshot.CoreImage(
              Payload.of(in.bytes()), (int) in.u32(), (int) in.u32(), in.list(TaskCodec::read)));
    }
    List<SchedulerSnapshot.OrderedImage> ordered = in.list(SnapshotCodec::readOrdered);
    long nextSequence = in.u64();
    Map<String, Payload> state = in.map(value -> Payload.of(value.bytes()));
    return new SchedulerSnapshot(
        config, round, clock, cores, ordered, nextSequence, state, Hash256.ZERO, NOWHERE);
  }

  private static SchedulerSnapshot.OrderedImage readOrdered(CanonicalReader in) {
    Timestamp timestamp = new Timestamp(in.u64());
    long sequence = in.u64();
    return new SchedulerSnapshot.OrderedImage(
        timestamp, sequence, TaskCodec.readCore(in), TaskCodec.read(in));
  }
}
