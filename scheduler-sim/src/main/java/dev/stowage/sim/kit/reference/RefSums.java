package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** The checksum of every worker's slice, summed anew from the replicas that the model assigns. */
final class RefSums {
  private final TreeMap<WorkerId, Long> sums = new TreeMap<>();

  RefSums(RefFleet fleet) {
    List<Lineage> lineages = fleet.eras.stream().map(RefFleet.Era::token).toList();
    for (RefChunk chunk : fleet.chunks.values()) {
      chunk.replicas.forEach((worker, replica) -> {
        ChunkNumber number = Objects.requireNonNull(chunk.number, "number");
        SliceEntry entry = new SliceEntry(chunk.key, number, chunk.sizeBytes, replica.since);
        sums.merge(worker, entry.checksum(lineages.indexOf(number.lineage())), Long::sum);
      });
    }
  }

  long of(WorkerId worker) {
    return sums.getOrDefault(worker, 0L);
  }
}
