package dev.stowage.placement.board;

import dev.stowage.columns.WideSum;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.placement.input.FlatInput;
import java.util.stream.IntStream;

/** A catalogue that scans the chunks of an input and keeps the sizes it finds. */
final class ScannedCatalogue implements Catalogue {
  private final ChunkColumns chunks;
  private long leastSize = -1;
  private long largestSize = -1;
  private long totalBytes = -1;

  ScannedCatalogue(ChunkColumns chunks) {
    this.chunks = chunks;
  }

  ScannedCatalogue(ChunkColumns chunks, ReplicationTargets targets) {
    this.chunks = chunks;
    leastSize = targets.leastSize();
    largestSize = targets.largestSize();
    totalBytes = targets.totalBytes();
  }

  @Override
  public long version() {
    return 0;
  }

  @Override
  public int[] canonicalChunks() {
    return IntStream.range(0, chunks.count).toArray();
  }

  @Override
  public FlatInput input(FlatInput planned) {
    return planned;
  }

  @Override
  public long leastSize() {
    measure();
    return leastSize;
  }

  @Override
  public long largestSize() {
    if (largestSize < 0) {
      largestSize = chunks.largestSize(0, chunks.count);
    }
    return largestSize;
  }

  @Override
  public long totalBytes() {
    measure();
    return totalBytes;
  }

  @Override
  public WorkerIndex chunksOn(Slots slots, boolean[] wanted) {
    return slots.chunksOn(wanted, canonicalChunks());
  }

  private void measure() {
    if (leastSize >= 0) {
      return;
    }
    WideSum all = new WideSum();
    all.addAll(chunks.size, 0, chunks.count);
    leastSize = chunks.leastSize(0, chunks.count);
    totalBytes = all.saturated();
  }
}
