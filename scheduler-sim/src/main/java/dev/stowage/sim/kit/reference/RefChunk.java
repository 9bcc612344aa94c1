package dev.stowage.sim.kit.reference;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.ProposedChunk;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.Comparator;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A chunk and its replicas. */
final class RefChunk {
  static final Comparator<RefChunk> CANONICAL =
      Comparator.comparing((RefChunk chunk) -> chunk.key.dataset())
          .thenComparingLong(chunk -> chunk.range.first())
          .thenComparing(chunk -> chunk.key);

  final ChunkKey key;
  final BlockRange range;
  long sizeBytes;
  final ProposedChunk proposal;
  ChunkState state;
  boolean isMarked;
  @Nullable ChunkNumber number;
  boolean isEstablished;
  boolean isOncePossessed;
  long admittedTick;
  long endTick;
  @Nullable ChunkKey rejectedBy;

  TreeMap<WorkerId, RefReplica> replicas = new TreeMap<>();

  RefChunk(ProposedChunk proposal, ChunkState state, long tick) {
    this.proposal = proposal;
    this.state = state;
    key = proposal.key();
    range = proposal.range();
    sizeBytes = proposal.sizeBytes();
    admittedTick = tick;
  }

  RefChunk copy() {
    RefChunk copy = copyWithout();
    replicas.forEach((worker, replica) -> copy.replicas.put(worker, replica.copy()));
    return copy;
  }

  RefChunk copyWithout() {
    RefChunk copy = new RefChunk(proposal, state, admittedTick);
    copy.isMarked = isMarked;
    copy.number = number;
    copy.isEstablished = isEstablished;
    copy.isOncePossessed = isOncePossessed;
    copy.endTick = endTick;
    copy.rejectedBy = rejectedBy;
    return copy;
  }

  void remove(WorkerId worker) {
    replicas.remove(worker);
  }

  boolean isVisible() {
    return state == ChunkState.VISIBLE;
  }

  boolean isLive() {
    return !isMarked && (state == ChunkState.ADMITTED || state == ChunkState.VISIBLE);
  }

  boolean waits() {
    return state == ChunkState.ADMITTED && !isMarked && !isEstablished;
  }

  boolean overlaps(BlockRange other) {
    return range.first() <= other.last() && other.first() <= range.last();
  }

  @Override
  public String toString() {
    return key
        + " "
        + state
        + (isMarked ? " marked" : "")
        + (isEstablished ? "" : " new")
        + " "
        + number
        + " end "
        + endTick
        + (isOncePossessed ? " once possessed " : " ")
        + replicas;
  }
}
