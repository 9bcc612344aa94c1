package dev.stowage.rebalance.tables;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The remembered moves by chunk number. Equal content has an equal encoding. */
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

  public byte[] toBytes() {
    CanonicalWriter out = new CanonicalWriter();
    out.list(
        new ArrayList<>(records.values()),
        (to, record) -> {
          to.u64(record.chunk().lineage().token()).u64(record.chunk().counter());
          to.string(record.from().value()).string(record.to().value());
          to.u64(record.sizeBytes()).u64(record.askedTick()).u8(record.phase().ordinal());
          to.u32(record.reversals()).u64(record.pinnedUntilTick());
          to.list(record.left(), (in, worker) -> in.string(worker.value()));
        });
    return out.toBytes();
  }

  /** Replaces all records; {@code IllegalArgumentException}, unchanged, if unreadable. */
  public void restore(byte[] bytes) {
    List<MoveRecord> read;
    try {
      CanonicalReader in = CanonicalReader.of(bytes);
      read = in.list(MoveLedger::read);
      in.end();
    } catch (RuntimeException refused) {
      // Values throw different exceptions for unreadable bytes; callers get one.
      throw new IllegalArgumentException("moves cannot be read: " + refused.getMessage(), refused);
    }
    records.clear();
    read.forEach(record -> records.put(record.chunk(), record));
    version++;
  }

  public void clear() {
    records.clear();
    version++;
  }

  private static MoveRecord read(CanonicalReader in) {
    ChunkNumber chunk = new ChunkNumber(Lineage.of(in.u64()), in.u64());
    WorkerId from = WorkerId.of(in.string());
    WorkerId to = WorkerId.of(in.string());
    long size = in.u64();
    long asked = in.u64();
    MoveRecord.Phase phase = in.oneOf(MoveRecord.Phase.values());
    int reversals = in.i31();
    long pinned = in.u64();
    List<WorkerId> left = in.list(reader -> WorkerId.of(reader.string()));
    return new MoveRecord(
        chunk, from, to, size, asked, phase, reversals, pinned, Objects.requireNonNull(left));
  }
}
