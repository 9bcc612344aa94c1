package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      boolean isThere = Files.isDirectory(folder);
      throw new OutputException(
          folder,
          "a folder that can be written to",
          (isThere ? "" : "one that cannot be created: ") + OutputException.reason(refused));
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
    List<WholeFile> written = new ArrayList<>();
    try {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        WholeFile whole = WholeFile.of(folder.resolve(text.getKey()));
        written.add(whole);
        whole.write(text.getValue().getBytes(StandardCharsets.UTF_8));
      }
      for (WholeFile whole : written) {
        whole.keep();
      }
    } catch (IOException refused) {
      discard(written);
      throw new OutputException(
          folder, "a folder that can be written to", OutputException.reason(refused));
    }
  }

  /**
   * Copies files by name into a folder of this one, and deletes its other contents.
   *
   * @throws OutputException if one cannot be copied
   */
  void keep(String name, Map<String, Path> copies) throws OutputException {
    Path inner = folder.resolve(name);
    List<WholeFile> ready = new ArrayList<>();
    try {
      Files.createDirectories(inner);
      deleteOthers(inner, copies.keySet());
      for (Map.Entry<String, Path> copy : copies.entrySet()) {
        WholeFile whole = WholeFile.of(inner.resolve(copy.getKey()));
        ready.add(whole);
        Files.copy(copy.getValue(), whole.part(), StandardCopyOption.REPLACE_EXISTING);
      }
      for (WholeFile whole : ready) {
        whole.keep();
      }
    } catch (IOException refused) {
      discard(ready);
      throw new OutputException(
          inner, "a folder that can be written to", OutputException.reason(refused));
    }
  }

  Path place(String name) {
    return folder.resolve(name);
  }

  private static void deleteOthers(Path inner, Set<String> names) throws IOException {
    try (Stream<Path> known = Files.list(inner)) {
      for (Path old :
          known.filter(each -> !names.contains(each.getFileName().toString())).toList()) {
        if (Files.isRegularFile(old)) {
          Files.delete(old);
        }
      }
    }
  }

  private static void discard(List<WholeFile> written) {
    for (WholeFile each : written) {
      try {
        each.close();
      } catch (IOException alreadyBroken) {
        return; // the folder has just refused a write: the first refusal is the one to report
      }
    }
  }
}
