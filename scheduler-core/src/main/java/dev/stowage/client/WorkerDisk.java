package dev.stowage.client;

import dev.stowage.model.ChunkNumber;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * The chunks on a worker's disk, which the host keeps and fetches. Called by the thread of the
 * turn. What is thrown costs an attempt and a pause, never a chunk.
 */
public interface WorkerDisk {
  /**
   * A chunk that is there.
   *
   * @param number its number
   * @param bytes its size, at least 0
   */
  record Held(ChunkNumber number, long bytes) {
    /** Refuses null and a size below 0. */
    public Held {
      Objects.requireNonNull(number, "number");
      if (bytes < 0) {
        throw new IllegalArgumentException("bytes is " + bytes + "; at least 0 is accepted");
      }
    }
  }

  /**
   * Returns the chunks that are there, whole and right. Asked once, when the client starts.
   *
   * @throws IOException if the disk cannot be read; the client says nothing until it can
   */
  List<Held> held() throws IOException;

  /**
   * Deletes a chunk; one that is not there is no failure.
   *
   * @throws IOException if it cannot be deleted; the client tries again later
   */
  void delete(ChunkNumber number) throws IOException;

  /**
   * Begins to fetch a chunk, and returns at once. The stage ends normally once the chunk is whole,
   * compared with whatever proves it right, and durable; it counts as held from then on. A stage
   * that ends with {@link Download.Partly} is resumed where transfers allow it.
   *
   * <p>A fetch that was cancelled may still run when the next one of the same chunk begins: each
   * writes a file of its own, and gives it its name when it is whole.
   */
  CompletionStage<?> fetch(Download download);
}
