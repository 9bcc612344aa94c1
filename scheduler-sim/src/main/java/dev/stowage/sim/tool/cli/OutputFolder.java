package dev.stowage.sim.tool.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The output folder of a run: checked before the work starts, written in one go after it. */
final class OutputFolder {
  private final Path folder;

  private OutputFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Creates the folder if needed, and tests whether {@code names} can be written in it.
   *
   * @throws OutputException if not
   */
  static OutputFolder opened(Path folder, List<String> names) throws OutputException {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".stowage", ".tmp"));
    } catch (FileAlreadyExistsException file) {
      throw new OutputException(folder, "a folder", "a file");
    } catch (IOException refused) {
      throw new OutputException(folder, "a folder that can be written to", reason(refused));
    }
    for (String name : names) {
      if (Files.isDirectory(folder.resolve(name))) {
        throw new OutputException(folder.resolve(name), "a file", "a folder");
      }
    }
    return new OutputFolder(folder);
  }

  /**
   * Writes all texts by name: first beside their places, then each into its place at once.
   *
   * @throws OutputException if one cannot be written; earlier contents then stay
   */
  void write(Map<String, String> texts) throws OutputException {
    List<Path> written = new ArrayList<>();
    try {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        Path beside = folder.resolve("." + text.getKey() + ".tmp");
        written.add(beside);
        Files.writeString(beside, text.getValue(), StandardCharsets.UTF_8);
      }
      int next = 0;
      for (String name : texts.keySet()) {
        moveInto(written.get(next++), folder.resolve(name));
      }
    } catch (IOException refused) {
      discard(written);
      throw new OutputException(folder, "a folder that can be written to", reason(refused));
    }
  }

  /**
   * Copies files by name into a folder of this one, and deletes its other contents.
   *
   * @throws OutputException if one cannot be copied
   */
  void keep(String name, Map<String, Path> copies) throws OutputException {
    Path inner = folder.resolve(name);
    Map<Path, Path> ready = new LinkedHashMap<>();
    try {
      Files.createDirectories(inner);
      for (Map.Entry<String, Path> copy : copies.entrySet()) {
        Path beside = inner.resolve("." + copy.getKey() + ".tmp");
        ready.put(beside, inner.resolve(copy.getKey()));
        Files.copy(copy.getValue(), beside, StandardCopyOption.REPLACE_EXISTING);
      }
      try (Stream<Path> known = Files.list(inner)) {
        for (Path old : known.filter(each -> !ready.containsKey(each)).toList()) {
          if (Files.isRegularFile(old)) {
            Files.delete(old);
          }
        }
      }
      for (Map.Entry<Path, Path> each : ready.entrySet()) {
        moveInto(each.getKey(), each.getValue());
      }
    } catch (IOException refused) {
      discard(List.copyOf(ready.keySet()));
      throw new OutputException(inner, "a folder that can be written to", reason(refused));
    }
  }

  Path place(String name) {
    return folder.resolve(name);
  }

  private static void moveInto(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException otherwise) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(List<Path> written) {
    for (Path each : written) {
      try {
        Files.deleteIfExists(each);
      } catch (IOException alreadyBroken) {
        return; // the folder has just refused a write: the first refusal is the one to report
      }
    }
  }

  private static String reason(IOException refused) {
    String word = refused.getClass().getSimpleName();
    if (refused instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return refused.getMessage() == null ? word : word + " " + refused.getMessage();
  }
}
