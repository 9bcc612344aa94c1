package dev.stowage.evidence;

import java.nio.file.Path;
import java.util.Objects;

/**
 * One place where an evidence file is not what was written.
 *
 * @param file the file
 * @param offset the byte at which it shows, from 0
 * @param index the first record concerned
 * @param expected what should be there
 * @param found what is there
 */
public record Damage(Path file, long offset, long index, String expected, String found) {
  /** Refuses null. */
  public Damage {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(found, "found");
  }

  @Override
  public String toString() {
    return file
        + " byte "
        + offset
        + ", record "
        + index
        + ": expected "
        + expected
        + ", found "
        + found;
  }
}
