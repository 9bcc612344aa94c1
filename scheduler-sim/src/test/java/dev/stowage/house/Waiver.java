package dev.stowage.house;

import com.sun.source.tree.Tree;
import java.nio.file.Path;

/** A {@link dev.stowage.StyleWaiver} as it stands in a source. */
record Waiver(String rule, String reason, Path file, long line, Tree declaration) {
  @Override
  public String toString() {
    return file + ":" + line + ": " + rule + ": " + reason;
  }
}
