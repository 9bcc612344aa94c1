package dev.stowage.pressure;

import dev.stowage.pressure.MachineSampler.MachineFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses kernel files; missing or malformed values are null or {@link #UNKNOWN}, never errors. */
final class KernelText {
  static final long UNKNOWN = -1;

  private final MachineFiles files;

  KernelText(MachineFiles files) {
    this.files = files;
  }

  @Nullable String first(String... paths) {
    for (String path : paths) {
      try {
        return files.read(path);
      } catch (IOException | RuntimeException e) {
        // Absent on this kernel or unreadable for this user: try the next path.
      }
    }
    return null;
  }

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

  static long number(@Nullable String text, String word, int column) {
    for (String[] row : rows(text)) {
      if (row[0].equals(word)) {
        return column < row.length ? number(row[column]) : UNKNOWN;
      }
    }
    return UNKNOWN;
  }

  /** Returns an unsigned decimal number; {@link #UNKNOWN} for other words such as {@code max}. */
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

  static long number(@Nullable String text, int column) {
    List<String[]> rows = rows(text);
    return rows.isEmpty() || column >= rows.get(0).length ? UNKNOWN : number(rows.get(0)[column]);
  }

  /** Returns this process's path below a cgroup controller, or in the unified hierarchy for "". */
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
