package dev.stowage.client;

import dev.stowage.evidence.files.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps a client's few hundred bytes beside its chunks. Called by the thread of the turn. */
public interface ClientMemory {
  /** Returns a memory in a file of an existing folder, written as a {@link WholeFile}. */
  static ClientMemory at(Path file) {
    Path kept = file.toAbsolutePath();
    return new ClientMemory() {
      @Override
      public byte[] load() throws IOException {
        return Files.exists(kept) ? Files.readAllBytes(kept) : new byte[0];
      }

      @Override
      public void save(byte[] state) throws IOException {
        WholeFile.write(kept, state);
      }
    };
  }

  /** Returns an empty memory that ends with the process, as a disk in memory does. */
  static ClientMemory ofProcess() {
    return new ClientMemory() {
      private byte[] kept = {};

      @Override
      public byte[] load() {
        return kept.clone();
      }

      @Override
      public void save(byte[] state) {
        kept = state.clone();
      }
    };
  }

  /** Returns the last saved bytes, empty if none; after an {@link IOException} the client waits. */
  byte[] load() throws IOException;

  /** Replaces the bytes durably and atomically; the client retries after an {@link IOException}. */
  void save(byte[] state) throws IOException;
}
