package dev.stowage.rebalance.tables;

import dev.stowage.model.ChunkNumber;
import dev.stowage.rebalance.MoveRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The remembered moves by chunk number. */
public final class MoveLedger {
  private static final Comparator<ChunkNumber> ORDER =
      Comparator.comparingLong((ChunkNumber number) -> number.lineage().token())
          .thenComparingLong(ChunkNumber::counter);

  private final TreeMap<ChunkNumber, MoveRecord> records = new TreeMap<>(ORDER);
  private long version;

  public long version() {
    return version;
  }

  public int size() {
    return records.size();
  }

  @Nullable
  public MoveRecord get(ChunkNumber chunk) {
    return records.get(chunk);
  }

  public Collection<MoveRecord> all() {
    return records.values();
  }

  public List<MoveRecord> copy() {
    return List.copyOf(records.values());
  }

  public void put(MoveRecord record) {
    if (!record.equals(records.put(record.chunk(), record))) {
      version++;
    }
  }

  public void remove(ChunkNumber chunk) {
    if (records.remove(chunk) != null) {
      version++;
    }
  }

  /** Returns the largest tick at which a recorded move was asked for, or 0. */
  public long newestTick() {
    return records.values().stream().mapToLong(MoveRecord::askedTick).max().orElse(0);
  }

  /** Returns the oldest finished move without reversals asked for before {@code tick}. */
  public Optional<MoveRecord> oldestBefore(long tick) {
    return records.values().stream()
        .filter(record -> !record.isInFlight() && record.askedTick() < tick)
        .filter(record -> record.reversals() == 0)
        .min(Comparator.comparingLong(MoveRecord::askedTick));
  }

  /** Replaces all records. */
  public void restore(List<MoveRecord> kept) {
    records.clear();
    kept.forEach(record -> records.put(record.chunk(), record));
    version++;
  }

  public void clear() {
    records.clear();
    version++;
  }
}
