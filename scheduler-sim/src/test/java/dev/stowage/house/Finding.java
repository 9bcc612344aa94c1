package dev.stowage.house;

import com.sun.source.tree.Tree;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A place that breaks a rule.
 *
 * @param declaration what a waiver would have to stand on; null where none can help
 */
record Finding(String rule, Path file, long line, String what, @Nullable Tree declaration) {
  @Override
  public String toString() {
    return file + ":" + line + ": [" + rule + "] " + what;
  }
}
