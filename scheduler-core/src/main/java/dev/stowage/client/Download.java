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

  /** Ends a fetch of which a part has come that is worth keeping. */
  public static final class Partly extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final long goodBytes;

    /**
     * Tells how far a fetch came.
     *
     * @param goodBytes how many bytes from the start of the chunk are there and are right
     */
    public Partly(long goodBytes, String reason) {
      super(reason);
      this.goodBytes = goodBytes;
    }

    /** Returns how many bytes from the start of the chunk are there and are right. */
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

  /**
   * Returns the workers that have the chunk, the best one first; empty if nobody is known to: it
   * comes from its origin.
   */
  public List<WorkerId> sources() {
    return sources;
  }

  /** Returns how many bytes from the start of the chunk came before and were said to be right. */
  public long goodBytes() {
    return goodBytes;
  }

  /** Reports whether the chunk is not wanted any more, or took too long: the host may stop. */
  public boolean isCancelled() {
    return isCancelled;
  }

  /** Tells that the chunk comes from another source than the first. */
  public void from(WorkerId other) {
    source = Objects.requireNonNull(other, "other");
  }

  /** Tells that the chunk comes from its origin. */
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
