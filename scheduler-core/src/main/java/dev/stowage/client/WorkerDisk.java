package dev.stowage.client;

import dev.stowage.columns.RandomToken;
import dev.stowage.model.ChunkNumber;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Chunks on the host's disk, for the turn's thread. An exception costs a pause, never a chunk. */
public interface WorkerDisk {
  /** A chunk on the disk, with its size in bytes, at least 0. */
  record Held(ChunkNumber number, long bytes) {
    /** Throws {@link IllegalArgumentException} if {@code bytes} is below 0. */
    public Held {
      Objects.requireNonNull(number, "number");
      if (bytes < 0) {
        throw new IllegalArgumentException("bytes is " + bytes + "; at least 0 is accepted");
      }
    }
  }

  /** Returns an id for a disk without a memory, unlike that of any other; drawn by default. */
  default String newId() {
    return HexFormat.of().toHexDigits(RandomToken.draw());
  }

  /** Returns the whole, correct chunks; after an {@link IOException} the client says nothing. */
  List<Held> held() throws IOException;

  /** Deletes a chunk, absent or not; after an {@link IOException} the client tries again later. */
  void delete(ChunkNumber number) throws IOException;

  /**
   * Begins to fetch a chunk and returns at once. The stage ends once the chunk is whole, proven
   * right and durable; {@link Download.Partly} lets transfers resume. A cancelled fetch may overlap
   * the next of its chunk, so each writes its own file and renames it when whole.
   */
  CompletionStage<?> fetch(Download download);
}
