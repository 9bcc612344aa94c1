package dev.stowage.sim.freeze;

import dev.stowage.EngineReplay;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The bytes of every kind of command, and whom its record of evidence is about. */
final class FrozenCommands {
  private static final int EACH = 60;

  /** The published number of the record of a command. */
  private static final int COMMAND = 0x0601;

  private FrozenCommands() {}

  /** Every kind, by its word in the lifecycle. */
  private static Map<String, Function<DrawnValues, byte[]>> kinds() {
    Map<String, Function<DrawnValues, byte[]>> kinds = new TreeMap<>();
    kinds.put("configure", it -> bytes(new Command.Configure(it.whole(), it.config())));
    kinds.put("ingest", it -> bytes(new Command.Ingest(it.some(it::proposal))));
    kinds.put("offer", it -> bytes(new Command.Offer(it.some(it::proposal))));
    kinds.put(
        "swap",
        it ->
            bytes(
                new Command.RegisterSwap(
                    it.dataset(),
                    it.some(it::key),
                    it.some(it::proposal),
                    it.oneOf(List.of(Coverage.SAME, Coverage.CHANGE)))));
    kinds.put("cancel-swap", it -> bytes(new Command.CancelSwap(it.whole())));
    kinds.put("remove", it -> bytes(new Command.Remove(it.key())));
    kinds.put("register", it -> bytes(new Command.Register(it.worker(), it.name())));
    kinds.put("heartbeat", it -> bytes(new Command.Heartbeat(it.header())));
    kinds.put(
        "applied",
        it ->
            bytes(
                new Command.Applied(
                    it.header(), WorkerAssignmentId.of(it.whole()), it.some(it::number))));
    kinds.put("lost", it -> bytes(new Command.Lost(it.header(), it.some(it::number))));
    kinds.put("inventory", it -> bytes(new Command.Inventory(it.header(), it.some(it::number))));
    kinds.put(
        "describe",
        it ->
            bytes(
                new Command.Describe(
                    it.worker(), it.whole(), it.name(), it.version(), it.labels())));
    kinds.put("set-status", it -> bytes(new Command.SetStatus(it.worker(), status(it))));
    kinds.put("wish", it -> bytes(new Command.Wish(it.wish(), it.whole())));
    kinds.put("unwish", it -> bytes(new Command.Unwish(it.wish(), it.whole())));
    kinds.put("freeze", it -> bytes(new Command.Freeze(it.whole())));
    kinds.put("unfreeze", it -> bytes(new Command.Unfreeze(it.whole())));
    kinds.put("begin-lineage", it -> bytes(new Command.BeginLineage(it.lineage())));
    kinds.put("admit", it -> bytes(new Command.Admit()));
    kinds.put("schedule", it -> bytes(new Command.Schedule(it.advice())));
    kinds.put(
        "inventory part",
        it -> bytes(new Command.InventoryPart(it.header(), 2, 3, it.some(it::number))));
    kinds.put("keep", it -> bytes(new Command.Keep(it.annex())));
    kinds.put("publish", it -> bytes(new Command.Publish(it.whole())));
    kinds.put("purge", it -> bytes(new Command.Purge()));
    return kinds;
  }

  private static byte[] bytes(Command<?> command) {
    return CommandCodec.toBytes(command);
  }

  private static WorkerStatus status(DrawnValues values) {
    return values.oneOf(
        List.of(
            WorkerStatus.ACTIVE,
            WorkerStatus.CORDONED,
            WorkerStatus.LEAVING,
            WorkerStatus.SUSPECT,
            WorkerStatus.DEPARTED));
  }

  static List<String> lines() {
    List<String> lines = new ArrayList<>();
    kinds()
        .forEach((kind, draw) -> {
          DrawnValues values = new DrawnValues(kind.length());
          Digest digest = new Digest();
          Digest subjects = new Digest();
          for (int at = 0; at < EACH; at++) {
            byte[] bytes = draw.apply(values);
            digest.add(bytes).add(CommandCodec.toBytes(CommandCodec.fromBytes(bytes)));
            add(subjects, bytes);
          }
          lines.add("command " + kind + " " + digest.hex());
          lines.add("subjects of " + kind + " " + subjects.hex());
        });
    return lines;
  }

  /** The words of such a record hold names of the code, so they are left out. */
  private static void add(Digest digest, byte[] command) {
    byte[] payload = new CanonicalWriter().u64(7).bytes(command).toBytes();
    Explained explained =
        EngineReplay.catalog().explain(EvidenceRecord.of(0, COMMAND, payload, Hash256.ZERO));
    digest.add(explained.type().name());
    explained.subjects().forEach(subject -> digest.add(subject.kind()).add(subject.id()));
  }
}
