package dev.stowage.client;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.WorkerId;
import java.io.Serial;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A chunk that a worker is to fetch now. Thread-safe. */
public final class Download {
  private final SliceEntry entry;
  private final List<WorkerId> sources;
  private final long goodBytes;
  private volatile boolean isCancelled;
  private volatile @Nullable WorkerId source;

  /** Ends a fetch that got a part worth keeping. */
  public static final class Partly extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final long goodBytes;

    /** Creates an end at {@code goodBytes} correct bytes from the start of the chunk. */
    public Partly(long goodBytes, String reason) {
      super(reason);
      this.goodBytes = goodBytes;
    }

    /** Returns the number of correct bytes from the start of the chunk. */
    public long goodBytes() {
      return goodBytes;
    }
  }

  Download(SliceEntry entry, List<WorkerId> sources, long goodBytes) {
    this.entry = entry;
    this.sources = List.copyOf(sources);
    this.goodBytes = goodBytes;
    this.source = sources.isEmpty() ? null : sources.get(0);
  }

  /** Returns the chunk, with its number and its size in bytes. */
  public SliceEntry entry() {
    return entry;
  }

  /** Returns the workers that have the chunk, best first; empty if it comes from its origin. */
  public List<WorkerId> sources() {
    return sources;
  }

  /** Returns the bytes from the chunk's start that came before and were reported correct. */
  public long goodBytes() {
    return goodBytes;
  }

  /** Reports whether the chunk is unwanted by now or took too long: the host may stop. */
  public boolean isCancelled() {
    return isCancelled;
  }

  /** Records that the chunk comes from another source than the first. */
  public void from(WorkerId other) {
    source = Objects.requireNonNull(other, "other");
  }

  /** Records that the chunk comes from its origin. */
  public void fromOrigin() {
    source = null;
  }

  Optional<WorkerId> source() {
    return Optional.ofNullable(source);
  }

  void cancel() {
    isCancelled = true;
  }
}
