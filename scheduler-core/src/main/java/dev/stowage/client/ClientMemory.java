package dev.stowage.client;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps what a client must not forget over a restart: a few hundred bytes, beside the chunks they
 * belong to. Called by the thread of the turn.
 */
public interface ClientMemory {
  /**
   * Returns a memory in a file of its own, in a folder that exists. A new state is written beside
   * it, as {@code NAME.new}, forced to the disk and renamed.
   */
  static ClientMemory at(Path file) {
    return new FileMemory(file);
  }

  /**
   * Returns what was saved last; empty if nothing was.
   *
   * @throws IOException if it cannot be read; the client does nothing until it can
   */
  byte[] load() throws IOException;

  /**
   * Saves in place of what was there, durably: after a crash either the former or the new bytes are
   * there, as a file has them that is written aside, forced and renamed.
   *
   * @throws IOException if it cannot be written; the client tries again and goes no further
   */
  void save(byte[] state) throws IOException;
}
