package dev.stowage.transfers;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Wanted transfers that neither wait nor go; copies by chunk, oldest debt first. */
final class OwedTransfers {
  private final LinkedHashMap<ChunkNumber, Map<WorkerId, TransferTask>> copies =
      new LinkedHashMap<>();
  private final Set<WorkerId> slices = new TreeSet<>();
  private int copyCount;

  void owe(TransferTask task) {
    SliceEntry entry = task.entry();
    if (entry == null) {
      slices.add(task.worker());
    } else {
      Map<WorkerId, TransferTask> others = copies.remove(entry.number());
      Map<WorkerId, TransferTask> all = others == null ? new LinkedHashMap<>() : others;
      copyCount += all.put(task.worker(), task) == null ? 1 : 0;
      copies.put(entry.number(), all);
    }
  }

  void settle(TransferTask task) {
    SliceEntry entry = task.entry();
    if (entry == null) {
      slices.remove(task.worker());
      return;
    }
    Map<WorkerId, TransferTask> others = copies.get(entry.number());
    if (others != null && others.remove(task.worker()) != null) {
      copyCount--;
      if (others.isEmpty()) {
        copies.remove(entry.number());
      }
    }
  }

  void settleSlice(WorkerId worker) {
    slices.remove(worker);
  }

  List<WorkerId> slices() {
    return List.copyOf(slices);
  }

  List<TransferTask> copiesOf(ChunkNumber number) {
    return List.copyOf(copies.getOrDefault(number, Map.of()).values());
  }

  boolean owes(ChunkNumber number) {
    return copies.containsKey(number);
  }

  ChunkNumber first() {
    return copies.keySet().iterator().next();
  }

  int chunkCount() {
    return copies.size();
  }

  int count() {
    return slices.size() + copyCount;
  }
}
