package dev.stowage.pressure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The few things a sampler wants from the kernel's files. Whatever is missing or reads oddly is
 * null or {@link #UNKNOWN}: a kernel of another age is no error.
 */
final class KernelText {
  static final long UNKNOWN = -1;

  private final MachineFiles files;

  KernelText(MachineFiles files) {
    this.files = files;
  }

  /** The text of the first of these files that can be read; null if none can. */
  @Nullable String first(String... paths) {
    for (String path : paths) {
      try {
        return files.read(path);
      } catch (IOException | RuntimeException e) {
        // not this kernel, or not for this user: the next place
      }
    }
    return null;
  }

  /** The words of the lines of a text. */
  static List<String[]> rows(@Nullable String text) {
    List<String[]> rows = new ArrayList<>();
    if (text != null) {
      for (String line : text.split("\n", -1)) {
        if (!line.isBlank()) {
          rows.add(line.strip().split("\\s+", -1));
        }
      }
    }
    return rows;
  }

  /** The number in a column of the first row that begins with a word. */
  static long number(@Nullable String text, String word, int column) {
    for (String[] row : rows(text)) {
      if (row[0].equals(word)) {
        return column < row.length ? number(row[column]) : UNKNOWN;
      }
    }
    return UNKNOWN;
  }

  /** A number of digits only; {@link #UNKNOWN} for everything else, {@code max} included. */
  static long number(String word) {
    if (!word.matches("[0-9]{1,19}")) {
      return UNKNOWN;
    }
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException beyondALong) {
      return UNKNOWN;
    }
  }

  /** The number that a text begins with. */
  static long number(@Nullable String text, int column) {
    List<String[]> rows = rows(text);
    return rows.isEmpty() || column >= rows.get(0).length ? UNKNOWN : number(rows.get(0)[column]);
  }

  /** Where this process stands among the control groups: of a controller, or of all in one. */
  String groupOf(String controller) {
    for (String[] row : rows(first("/proc/self/cgroup"))) {
      String[] parts = row[0].split(":", 3);
      boolean unified = parts.length == 3 && parts[1].isEmpty();
      if (parts.length == 3
          && (controller.isEmpty()
              ? unified
              : List.of(parts[1].split(",", -1)).contains(controller))) {
        return parts[2].equals("/") || parts[2].contains("..") ? "" : parts[2];
      }
    }
    return "";
  }
}
